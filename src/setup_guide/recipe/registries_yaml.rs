//! k3s and RKE2: registries.yaml, from which they write containerd's files (k3s documentation, private-registry).

use super::{
    super::{
        Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
        script::Plan,
    },
    Site, ca,
    shared::{first_pull, reach, restart},
};

/// One of the two, on one kind of node.
pub(in crate::setup_guide) struct RegistriesYaml {
    pub(in crate::setup_guide) file: &'static str,
    /// Where its documentation keeps an authority.
    pub(in crate::setup_guide) certs: &'static str,
    pub(in crate::setup_guide) restart: &'static str,
    /// Pulls an image on the node.
    pub(in crate::setup_guide) pull: &'static str,
    pub(in crate::setup_guide) notes: &'static [Note],
}

impl RegistriesYaml {
    pub(super) const fn script(&self) -> Plan {
        Plan::RegistriesYaml { file: self.file, certs: self.certs, restart: self.restart }
    }

    pub(super) fn files(&self, site: &Site) -> Vec<Existing> {
        let ca = format!("{}/{}/ca.crt", self.certs, site.prefix());
        vec![Existing::new(self.file, Format::RegistriesYaml).naming(ca)]
    }

    pub(super) fn steps(&self, site: &Site) -> Vec<Step> {
        let mut steps = vec![reach(site)];
        if site.trust == Trust::PrivateCa {
            steps.push(ca::get(site));
            steps.push(ca::install(site, self.certs));
        }
        if site.trust != Trust::Tls {
            let text = registries_yaml(site, self.certs);
            steps.push(
                Step::new(StepKind::RegistriesYaml, [Snippet::content(self.file, Language::Yaml, text)])
                    .value("file", self.file)
                    .note(Note::EveryNode),
            );
            steps.push(restart(self.restart));
        }
        let pull = first_pull(site, self.pull);
        steps.push(if site.is_plain() { pull.note(Note::DefaultEndpoint) } else { pull });
        steps
    }
}

/// The file as it is when it holds nothing else.
pub(in crate::setup_guide) fn registries_yaml(site: &Site, certs: &str) -> String {
    let prefix = site.prefix();
    match site.trust {
        Trust::Plain => format!("mirrors:\n  \"{prefix}\":\n    endpoint:\n      - \"http://{prefix}\""),
        _ => format!("configs:\n  \"{prefix}\":\n    tls:\n      ca_file: \"{certs}/{prefix}/ca.crt\""),
    }
}
