//! Docker Engine on Linux, by distribution (moby contrib/init/, the distributions' packages).

use crate::setup_guide::{
    Group, Note,
    recipe::{
        Ipv6, Own, Recipe, Shell,
        ca::Store,
        docker::{Docker, Era, Find, Setting},
        original,
        shared::no_files,
    },
    target::{Edition, Entry},
};

/// Why the version is asked for: what a release does with daemon.json.
const DOCKER_RELEASE: &str = "docker_release";

const fn edition(slug: &'static str, docker: Docker) -> Edition {
    Edition { slug, recipe: Recipe::Docker(docker) }
}

const fn validates(docker: Docker) -> Edition {
    edition("docker-23", Docker { era: Era::Validates, ..docker })
}

const fn reloads(docker: Docker) -> Edition {
    edition("docker-1.13", Docker { era: Era::Reloads, ..docker })
}

/// The releases that are still installed: with and without a check of the file.
const fn modern(docker: Docker) -> [Edition; 2] {
    [validates(docker), reloads(docker)]
}

const fn restarts(docker: Docker) -> Edition {
    edition("docker-1.11", Docker { era: Era::Restarts, ..docker })
}

const fn drop_in(docker: Docker) -> Edition {
    edition("docker-1.8", Docker { era: Era::Flags, setting: Setting::DropIn, ..docker })
}

const fn printed(steps: fn(&crate::setup_guide::recipe::Site) -> Vec<crate::setup_guide::Step>, ipv6: Ipv6) -> Edition {
    let own = Own {
        steps,
        files: no_files,
        script: None,
        notes: &[],
        shell: Shell::Root,
        inside: false,
        ipv6,
        tls_is_alike: true,
    };
    Edition { slug: "original", recipe: Recipe::Own(own) }
}

const LINUX: Docker =
    Docker { notes: &[Note::OtherDaemons], conflicts: &[Note::DebianDefault, Note::PresetFlags], ..Docker::LINUX };

const DEBIAN: Docker = Docker { store: Some(Store::Debian), conflicts: &[Note::DebianDefault], ..Docker::LINUX };

const RHEL: Docker = Docker { store: Some(Store::Rhel), conflicts: &[Note::CeIgnoresSysconfig], ..Docker::LINUX };

const CENTOS_7: Docker = Docker {
    setting: Setting::Environment { file: "/etc/sysconfig/docker", variable: "INSECURE_REGISTRY" },
    reload: None,
    store: Some(Store::Rhel),
    ..Docker::LINUX
};

const CENTOS_6: Docker = Docker {
    setting: Setting::Sourced { file: "/etc/sysconfig/docker", variable: "other_args", find: Find::Variable },
    reload: None,
    restart: "service docker restart",
    era: Era::Flags,
    notes: &[Note::MinimumVersion],
    ..Docker::LINUX
};

const UPSTART: Docker = Docker {
    setting: Setting::Sourced { file: "/etc/default/docker", variable: "DOCKER_OPTS", find: Find::Init },
    reload: None,
    restart: "service docker restart",
    era: Era::Flags,
    store: Some(Store::Debian),
    ..Docker::LINUX
};

/// Distributions whose unit's reload is not known to reach the daemon.
const PRESET: Docker =
    Docker { reload: None, store: Some(Store::Rhel), conflicts: &[Note::PresetFlags], ..Docker::LINUX };

const ALPINE: Docker = Docker {
    reload: Some("rc-service docker reload"),
    restart: "rc-service docker restart",
    store: Some(Store::Debian),
    ..Docker::LINUX
};

const SNAP: Docker = Docker {
    setting: Setting::DaemonJson("/var/snap/docker/current/config/daemon.json"),
    certs: "/var/snap/docker/common/etc/certs.d",
    reload: None,
    restart: "snap restart docker",
    ..Docker::LINUX
};

const ROOTLESS: Docker = Docker {
    setting: Setting::DaemonJson("~/.config/docker/daemon.json"),
    certs: "~/.config/docker/certs.d",
    reload: None,
    restart: "systemctl --user restart docker",
    shell: Shell::User,
    // RootlessKit gives the daemon a network of its own.
    inside: true,
    ..Docker::LINUX
};

const fn entry(
    slug: &'static str,
    search: &'static str,
    question: &'static str,
    versions: &'static [Edition],
) -> Entry {
    Entry { slug, group: Group::DockerEngine, search, question, versions }
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry(
        "linux",
        "linux systemd docker engine docker-ce daemon.json moby",
        DOCKER_RELEASE,
        &[validates(LINUX), reloads(LINUX), restarts(LINUX), drop_in(LINUX)],
    ),
    entry(
        "ubuntu",
        "ubuntu upstart docker-ce docker.io 14.04 16.04 18.04 20.04 22.04 24.04",
        "ubuntu",
        &[
            validates(DEBIAN),
            reloads(DEBIAN),
            edition("upstart", UPSTART),
            printed(original::ubuntu, Ipv6::SinceDocker25),
        ],
    ),
    entry("debian", "debian docker.io docker-ce bookworm bullseye", DOCKER_RELEASE, &modern(DEBIAN)),
    entry("rhel", "rhel red hat rocky alma almalinux oracle centos stream docker-ce", DOCKER_RELEASE, &modern(RHEL)),
    entry("fedora", "fedora moby-engine docker-ce", DOCKER_RELEASE, &modern(PRESET)),
    entry(
        "centos-7",
        "centos 7 rhel 7 docker-ce docker-engine sysconfig",
        "centos_7",
        &[
            edition("docker-ce", Docker { era: Era::Validates, ..RHEL }),
            edition("sysconfig-1.13", Docker { era: Era::Restarts, notes: &[Note::RegistriesConfToo], ..CENTOS_7 }),
            edition("sysconfig-1.10", Docker { era: Era::Flags, ..CENTOS_7 }),
            printed(original::centos_7, Ipv6::Impossible),
        ],
    ),
    entry(
        "centos-6",
        "centos 6 rhel 6 sysvinit epel docker-io",
        "centos_6",
        &[edition("sysvinit", CENTOS_6), printed(original::centos_6, Ipv6::Impossible)],
    ),
    entry("amazon-linux", "amazon linux 2 al2 al2023 aws ec2", DOCKER_RELEASE, &modern(PRESET)),
    entry("alpine", "alpine openrc", DOCKER_RELEASE, &modern(ALPINE)),
    entry(
        "suse",
        "suse opensuse leap tumbleweed sles",
        DOCKER_RELEASE,
        &modern(Docker { store: Some(Store::Suse), ..PRESET }),
    ),
    entry("snap", "snap snapd ubuntu core", DOCKER_RELEASE, &modern(SNAP)),
    entry("rootless", "rootless rootlesskit user", DOCKER_RELEASE, &modern(ROOTLESS)),
];
