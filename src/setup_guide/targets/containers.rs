//! Podman and its relatives, on RHEL, Fedora, Debian and others.

use crate::setup_guide::{
    Group, Note,
    recipe::{
        Recipe, Shell,
        containers::{Containers, Proof},
    },
    target::{Edition, Entry},
};

const fn entry(
    slug: &'static str,
    search: &'static str,
    question: &'static str,
    versions: &'static [Edition],
) -> Entry {
    Entry { slug, group: Group::Containers, search, question, versions }
}

const fn edition(slug: &'static str, containers: Containers) -> Edition {
    Edition { slug, recipe: Recipe::Containers(containers) }
}

/// The same for one user alone.
const fn of_user(containers: Containers) -> Containers {
    Containers {
        drop_ins: "~/.config/containers/registries.conf.d",
        certs: "~/.config/containers/certs.d",
        shell: Shell::User,
        ..containers
    }
}

const BUILDAH: Containers = Containers { proof: Proof::Buildah, ..Containers::PODMAN };
const SKOPEO: Containers = Containers { proof: Proof::Skopeo, ..Containers::PODMAN };
const WHOSE: &str = "whose";

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry(
        "podman",
        "podman rhel fedora libpod",
        WHOSE,
        &[edition("system", Containers::PODMAN), edition("user", of_user(Containers::PODMAN))],
    ),
    entry(
        "podman-machine",
        "podman machine podman desktop mac macos windows",
        "",
        &[Edition::only(Recipe::Containers(Containers {
            enter: Some("podman machine ssh\nsudo -i"),
            inside: true,
            shell: Shell::User,
            notes: &[Note::Reported, Note::MachineRecreated],
            ..Containers::PODMAN
        }))],
    ),
    entry("buildah", "buildah", WHOSE, &[edition("system", BUILDAH), edition("user", of_user(BUILDAH))]),
    entry("skopeo", "skopeo", WHOSE, &[edition("system", SKOPEO), edition("user", of_user(SKOPEO))]),
    entry(
        "cri-o",
        "cri-o crio kubernetes",
        "",
        &[Edition::only(Recipe::Containers(Containers {
            restart: Some("systemctl restart crio"),
            proof: Proof::Crictl,
            notes: &[Note::Reported, Note::EveryNode],
            ..Containers::PODMAN
        }))],
    ),
];
