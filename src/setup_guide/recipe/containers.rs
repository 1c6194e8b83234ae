//! The library below Podman, Buildah, Skopeo and CRI-O: registries.conf and its drop-ins
//! (containers-registries.conf(5), containers-registries.conf.d(5), containers-certs.d(5)).

use super::{
    super::{
        Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
        script::Plan,
    },
    Shell, Site,
    ca::{self, Store},
    shared::{first_push, reach, restart},
};

/// One of its users.
pub(in crate::setup_guide) struct Containers {
    /// The folder of drop-ins.
    pub(in crate::setup_guide) drop_ins: &'static str,
    /// Where certificates are looked for, by folders of registries.
    pub(in crate::setup_guide) certs: &'static str,
    /// How a daemon comes to know, if there is one.
    pub(in crate::setup_guide) restart: Option<&'static str>,
    /// Goes to where the files are.
    pub(in crate::setup_guide) enter: Option<&'static str>,
    pub(in crate::setup_guide) proof: Proof,
    pub(in crate::setup_guide) shell: Shell,
    pub(in crate::setup_guide) store: Option<Store>,
    pub(in crate::setup_guide) inside: bool,
    pub(in crate::setup_guide) notes: &'static [Note],
}

/// How to see that it works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::setup_guide) enum Proof {
    /// Podman lists registries, pulls and pushes.
    Podman,
    /// Buildah has Podman's commands, but no list.
    Buildah,
    /// Skopeo copies from registry to registry.
    Skopeo,
    /// Kubernetes' own client pulls.
    Crictl,
}

/// For everybody on the machine.
pub(in crate::setup_guide) const SYSTEM: &str = "/etc/containers/registries.conf.d";
/// The library's folder of certificates.
pub(in crate::setup_guide) const CERTS: &str = "/etc/containers/certs.d";

impl Containers {
    /// Podman as root, in the system's own files.
    pub(in crate::setup_guide) const PODMAN: Self = Self {
        drop_ins: SYSTEM,
        certs: CERTS,
        restart: None,
        enter: None,
        proof: Proof::Podman,
        shell: Shell::Root,
        store: None,
        inside: false,
        notes: &[],
    };

    pub(super) fn steps(&self, site: &Site) -> Vec<Step> {
        let mut steps = vec![reach(site)];
        steps.extend(self.enter.map(|enter| Step::new(StepKind::EnterMachine, [Snippet::run(enter)])));
        match site.trust {
            Trust::Plain => {
                steps.push(check_version());
                let drop_in = self.drop_in(site);
                steps.push(if self.restart.is_none() { drop_in.note(Note::NoDaemon) } else { drop_in });
                steps.extend(self.restart.map(restart));
                if self.proof == Proof::Podman {
                    steps.push(verify_podman(site));
                }
            }
            Trust::PrivateCa => {
                steps.push(ca::get(site));
                steps.push(ca::install(site, self.certs).note(Note::NoRestart));
                steps.extend(self.store.map(|store| ca::trust(site, store)));
                steps.push(ca::verify(site, self.certs));
            }
            Trust::Tls => {}
        }
        steps.push(self.prove(site));
        steps
    }

    pub(super) fn files(&self) -> Vec<Existing> {
        let main = self.drop_ins.strip_suffix(".d").unwrap_or(self.drop_ins);
        vec![Existing::new(main, Format::RegistriesConf)]
    }

    pub(super) fn script(&self) -> Plan {
        let restart = self.restart.unwrap_or_default();
        Plan::Containers { drop_ins: self.drop_ins, certs: self.certs, restart }
    }

    /// A file of this registry's own, so that nothing of anybody else's is touched.
    fn drop_in(&self, site: &Site) -> Step {
        let file = format!("{}/{}", self.drop_ins, drop_in_name(site));
        let text = drop_in(site);
        let commands = format!(
            "mkdir -p {}\ncat > {}/'{}' <<'EOF'\n{text}\nEOF",
            self.drop_ins,
            self.drop_ins,
            drop_in_name(site)
        );
        Step::new(
            StepKind::RegistriesConf,
            [Snippet::content(file.clone(), Language::Toml, text), Snippet::run(commands)],
        )
        .value("file", file)
        .notes(&[Note::DropInsAreV2, Note::UserReplacesSystem])
    }

    fn prove(&self, site: &Site) -> Step {
        match self.proof {
            Proof::Podman => first_push(site, "podman"),
            Proof::Buildah => first_push(site, "buildah"),
            Proof::Skopeo => {
                let image = format!("docker://{}/hello-world:latest", site.prefix());
                let commands = format!(
                    "skopeo copy docker://docker.io/library/hello-world:latest '{image}'\nskopeo inspect '{image}'"
                );
                Step::new(StepKind::FirstPush, [Snippet::run(commands)]).value("command", "skopeo")
            }
            Proof::Crictl => super::shared::first_pull(site, "crictl pull"),
        }
    }
}

/// The drop-in's name: after others', so that it has the last word, and one a registry.
pub(in crate::setup_guide) fn drop_in_name(site: &Site) -> String {
    let name = ca::file_name(site);
    format!("50-{}.conf", name.strip_suffix(".crt").unwrap_or(&name))
}

/// The drop-in.
pub(in crate::setup_guide) fn drop_in(site: &Site) -> String {
    format!("[[registry]]\nlocation = \"{}\"\ninsecure = true", site.prefix())
}

/// One line of version 1 in the main file, and with a drop-in beside it no image command works any more.
fn check_version() -> Step {
    let commands = "grep -n 'registries\\.\\(insecure\\|search\\|block\\)' /etc/containers/registries.conf";
    Step::new(StepKind::CheckRegistriesConf, [Snippet::run(commands)])
}

fn verify_podman(site: &Site) -> Step {
    let output =
        format!("  {}:\n    Blocked: false\n    Insecure: true\n    Location: {}", site.prefix(), site.prefix());
    Step::new(
        StepKind::VerifyPodman,
        [Snippet::run("podman info | sed -n '/^registries:/,/^store:/p'"), Snippet::output(output)],
    )
}
