//! containerd's folder of registries, one hosts.toml each (containerd docs/hosts.md).

use super::{
    super::{
        Condition, Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
        script::Plan,
    },
    Site, ca,
    shared::{first_pull, reach, restart},
};

/// One containerd.
pub(in crate::setup_guide) struct Hosts {
    /// The folder, as its configuration names it.
    pub(in crate::setup_guide) folder: &'static str,
    /// How its configuration comes to name the folder, where it may not do so yet.
    pub(in crate::setup_guide) config: Option<ConfigPath>,
    /// What makes it read the folder, where that needs something.
    pub(in crate::setup_guide) restart: Option<&'static str>,
    /// Pulls an image, so that it is seen to work.
    pub(in crate::setup_guide) pull: &'static str,
    pub(in crate::setup_guide) inside: bool,
    pub(in crate::setup_guide) notes: &'static [Note],
}

/// The key `config_path` in config.toml.
#[derive(Clone, Copy)]
pub(in crate::setup_guide) struct ConfigPath {
    /// The file's version.
    pub(in crate::setup_guide) version: u8,
    /// The table that holds the key.
    pub(in crate::setup_guide) table: &'static str,
}

/// containerd 1.5 to 1.7.
pub(in crate::setup_guide) const CONFIG_1: ConfigPath =
    ConfigPath { version: 2, table: "[plugins.\"io.containerd.grpc.v1.cri\".registry]" };
/// containerd 2.
pub(in crate::setup_guide) const CONFIG_2: ConfigPath =
    ConfigPath { version: 3, table: "[plugins.\"io.containerd.cri.v1.images\".registry]" };

/// The folder in containerd's own documentation.
pub(in crate::setup_guide) const FOLDER: &str = "/etc/containerd/certs.d";

impl Hosts {
    pub(super) fn steps(&self, site: &Site) -> Vec<Step> {
        let mut steps = vec![reach(site)];
        if site.trust == Trust::PrivateCa {
            steps.push(ca::get(site));
            steps.push(ca::install(site, self.folder));
        }
        if site.trust != Trust::Tls {
            steps.push(write(site, self.folder));
            if let Some(config) = self.config {
                steps.push(config_path(config, self.folder));
                steps.push(restart("systemctl restart containerd").only(Condition::NoConfigPath));
            }
            steps.extend(self.restart.map(restart));
        }
        steps.push(first_pull(site, self.pull));
        steps
    }
}

impl Hosts {
    pub(super) const fn script(&self) -> Plan {
        let restart = match self.restart {
            Some(restart) => restart,
            None => "",
        };
        Plan::Hosts { folder: self.folder, config: self.config.is_some(), restart }
    }

    pub(super) fn files(&self, site: &Site) -> Vec<Existing> {
        let hosts = format!("{}/{}/hosts.toml", self.folder, site.prefix());
        let mut files = vec![Existing::new(hosts, Format::HostsToml)];
        if self.config.is_some() {
            files.push(Existing::new("/etc/containerd/config.toml", Format::ContainerdConfig).naming(self.folder));
        }
        files
    }
}

/// hosts.toml for this registry.
pub(in crate::setup_guide) fn hosts_toml(site: &Site) -> String {
    let url = site.place.url();
    let ca = if site.trust == Trust::PrivateCa { "\n  ca = \"ca.crt\"" } else { "" };
    format!("server = \"{url}\"\n\n[host.\"{url}\"]\n  capabilities = [\"pull\", \"resolve\", \"push\"]{ca}")
}

/// Writes the file: first as it is to be, then as commands.
fn write(site: &Site, folder: &str) -> Step {
    let text = hosts_toml(site);
    let file = format!("{folder}/{}/hosts.toml", site.prefix());
    let commands = format!(
        "d={}\nmkdir -p \"$d\"\ncat > \"$d/hosts.toml\" <<'EOF'\n{text}\nEOF",
        ca::folder(folder, site.prefix())
    );
    Step::new(StepKind::HostsToml, [Snippet::content(file.clone(), Language::Toml, text), Snippet::run(commands)])
        .value("file", file)
        .notes(&[Note::HostTable, Note::NoRestart])
}

fn config_path(config: ConfigPath, folder: &str) -> Step {
    let text = format!("version = {}\n\n{}\n  config_path = \"{folder}\"", config.version, config.table);
    Step::new(
        StepKind::ConfigPath,
        [
            Snippet::run("containerd config dump | grep -E '^ *config_path = '"),
            Snippet::content("/etc/containerd/config.toml", Language::Toml, text),
        ],
    )
    .only(Condition::NoConfigPath)
    .value("folder", folder)
    .notes(&[Note::NoMirrors, Note::CtrAlone])
}
