//! Desktop applications: their engine runs in a virtual machine and reads what the application gives it.

use super::{
    super::{
        Language, Note, Snippet, Step, StepKind, Trust,
        merge::{Existing, Format},
    },
    Site,
    ca::{self, Store},
    daemon_json,
    docker::{not_insecure, verify_info},
    shared::{first_push, reach, restart},
};

/// What an application's steps differ in.
struct Application {
    /// The file behind its settings.
    file: &'static str,
    kind: StepKind,
    /// How it takes notice.
    restart: Option<&'static str>,
    store: Store,
    windows: bool,
}

const MAC_FILE: &str = "~/.docker/daemon.json";
const WINDOWS_FILE: &str = "%USERPROFILE%\\.docker\\daemon.json";
const ORBSTACK_FILE: &str = "~/.orbstack/config/docker.json";
const SERVER_FILE: &str = "C:\\ProgramData\\docker\\config\\daemon.json";
const LIMA_FILE: &str = "~/.config/docker/daemon.json";

/// Docker's configuration alone: nobody passes flags to these daemons.
fn daemon_json_at(file: &str) -> Vec<Existing> {
    vec![Existing::new(file, Format::DaemonJson)]
}

/// The file behind the settings.
pub(in crate::setup_guide) fn docker_mac_files(_: &Site) -> Vec<Existing> {
    daemon_json_at(MAC_FILE)
}

/// Docker Desktop on a Mac.
pub(in crate::setup_guide) fn docker_mac(site: &Site) -> Vec<Step> {
    let application = Application {
        file: MAC_FILE,
        kind: StepKind::DesktopSettings,
        restart: None,
        store: Store::MacOs,
        windows: false,
    };
    application.steps(site)
}

/// The file behind the settings.
pub(in crate::setup_guide) fn docker_windows_files(_: &Site) -> Vec<Existing> {
    daemon_json_at(WINDOWS_FILE)
}

/// Docker Desktop on Windows.
pub(in crate::setup_guide) fn docker_windows(site: &Site) -> Vec<Step> {
    let application = Application {
        file: WINDOWS_FILE,
        kind: StepKind::DesktopSettings,
        restart: None,
        store: Store::Windows,
        windows: true,
    };
    application.steps(site)
}

/// The file behind the settings.
pub(in crate::setup_guide) fn orbstack_files(_: &Site) -> Vec<Existing> {
    daemon_json_at(ORBSTACK_FILE)
}

/// OrbStack.
pub(in crate::setup_guide) fn orbstack(site: &Site) -> Vec<Step> {
    let application = Application {
        file: ORBSTACK_FILE,
        kind: StepKind::MergeDaemonJson,
        restart: Some("orb restart docker"),
        store: Store::MacOs,
        windows: false,
    };
    application.steps(site)
}

impl Application {
    fn steps(&self, site: &Site) -> Vec<Step> {
        let mut steps = vec![if self.windows { reach_from_windows(site) } else { reach(site) }];
        match site.trust {
            Trust::Plain => {
                steps.push(
                    Step::new(self.kind, [daemon_json::content(site, self.file)])
                        .value("file", self.file)
                        .note(Note::PluralList),
                );
                steps.extend(self.restart.map(restart));
                steps.push(self.info(site));
            }
            Trust::PrivateCa => {
                steps.push(if self.windows { ca::get_from_windows(site) } else { ca::get(site) });
                let mut trust = ca::trust(site, self.store).note(Note::RestartDesktop);
                // Here it is the way, not one more.
                trust.only = None;
                steps.push(trust);
                steps.push(self.listed(site));
            }
            Trust::Tls => steps.push(self.listed(site)),
        }
        steps.push(self.push(site));
        steps
    }

    fn info(&self, site: &Site) -> Step {
        if !self.windows {
            return verify_info(site);
        }
        let list = format!(" Insecure Registries:\n  {}\n  127.0.0.0/8", site.prefix());
        let command = "docker info | Select-String -Context 0,3 'Insecure Registries'";
        Step::new(StepKind::VerifyInfo, [Snippet::power_shell(command), Snippet::output(list)])
    }

    fn listed(&self, site: &Site) -> Step {
        if !self.windows {
            return not_insecure(site);
        }
        let command = format!("docker info | Select-String -SimpleMatch '{}'", site.prefix());
        Step::new(StepKind::NotInsecure, [Snippet::power_shell(command)]).note(Note::InsecureSkipsCerts)
    }

    fn push(&self, site: &Site) -> Step {
        if self.windows { first_push_from_windows(site, "hello-world:latest") } else { first_push(site, "docker") }
    }
}

/// curl comes with Windows 10 1803 and newer; `curl` alone is another program in PowerShell 5.
pub(super) fn reach_from_windows(site: &Site) -> Step {
    let globbing = if site.place.is_ipv6() { "g" } else { "" };
    let command = format!("curl.exe -{globbing}sS -o NUL -w '%{{http_code}}\\n' '{}/v2/'", site.place.url());
    let kind = if site.is_plain() { StepKind::Reach } else { StepKind::ReachTls };
    Step::new(kind, [Snippet::power_shell(command), Snippet::output("200")])
}

/// As `first_push`, in PowerShell.
pub(super) fn first_push_from_windows(site: &Site, origin: &str) -> Step {
    let image = format!("{}/{origin}", site.prefix());
    let commands = format!(
        "docker pull {origin}\ndocker tag {origin} '{image}'\ndocker push '{image}'\ndocker rmi '{image}'\n\
         docker pull '{image}'"
    );
    Step::new(StepKind::FirstPush, [Snippet::power_shell(commands)]).value("command", "docker")
}

/// The file behind the settings.
pub(in crate::setup_guide) fn windows_server_files(_: &Site) -> Vec<Existing> {
    daemon_json_at(SERVER_FILE)
}

/// Windows Server, or Windows containers.
pub(in crate::setup_guide) fn windows_server(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach_from_windows(site)];
    match site.trust {
        Trust::Plain => {
            let file = SERVER_FILE;
            steps.push(
                Step::new(
                    StepKind::MergeDaemonJson,
                    [
                        daemon_json::content(site, file),
                        Snippet::power_shell(WINDOWS_MERGE.replace("@PREFIX@", site.prefix())),
                    ],
                )
                .value("file", file)
                .notes(&[Note::PluralList, Note::NoByteOrderMark]),
            );
            steps.push(restart_service());
        }
        Trust::PrivateCa => {
            steps.push(ca::get_from_windows(site));
            let folder: String = site.prefix().chars().filter(|&c| c != ':').collect();
            let commands = format!(
                "$d = \"$env:ProgramData\\docker\\certs.d\\\" + '{folder}'\n\
                 New-Item -ItemType Directory -Force $d | Out-Null\nCopy-Item ca.crt \"$d\\ca.crt\""
            );
            steps.push(
                Step::new(StepKind::InstallCa, [Snippet::power_shell(commands)])
                    .value("file", format!("C:\\ProgramData\\docker\\certs.d\\{folder}\\ca.crt"))
                    .note(Note::WindowsNoColon),
            );
            steps.push(ca::trust(site, Store::Windows));
        }
        Trust::Tls => {}
    }
    // An image of the same release as the machine is needed there; this one is made for several.
    steps.push(first_push_from_windows(site, "hello-world:latest"));
    steps
}

fn restart_service() -> Step {
    Step::new(StepKind::Restart, [Snippet::power_shell("Restart-Service docker")]).note(Note::RestartStops)
}

/// Keeps other keys and registries, and a copy; reads and writes UTF-8, without a byte order mark. One block, so that an
/// error ends it: pasted lines would go on.
const WINDOWS_MERGE: &str = r#"& {
  $ErrorActionPreference = 'Stop'
  $f = "$env:ProgramData\docker\config\daemon.json"
  $r = '@PREFIX@'
  $t = if (Test-Path $f) { [IO.File]::ReadAllText($f) } else { '' }
  $j = if ($t.Trim()) { $t | ConvertFrom-Json } else { [pscustomobject]@{} }
  $l = @($j.'insecure-registries' | Where-Object { $_ })
  if ($l -cnotcontains $r) { $l += $r }
  $j | Add-Member -Force -NotePropertyName 'insecure-registries' -NotePropertyValue $l
  if (Test-Path $f) { Copy-Item $f "$f.bak.$(Get-Date -Format yyyyMMddHHmmss)" }
  New-Item -ItemType Directory -Force (Split-Path $f) | Out-Null
  [IO.File]::WriteAllText($f, ($j | ConvertTo-Json -Depth 100), (New-Object Text.UTF8Encoding $false))
}"#;

/// Colima: its own configuration holds Docker's.
pub(in crate::setup_guide) fn colima(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    match site.trust {
        Trust::Plain => {
            let text = format!("docker:\n  insecure-registries:\n    - \"{}\"", site.prefix());
            let file = "~/.colima/default/colima.yaml";
            let content = Snippet::content(file, Language::Yaml, text);
            steps.push(
                Step::new(StepKind::MachineConfig, [Snippet::run("colima start --edit"), content]).value("file", file),
            );
            steps.push(restart("colima restart"));
            steps.push(verify_info(site));
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            let enter = format!(
                "colima ssh -- sudo mkdir -p /etc/docker/certs.d/'{prefix}'\n\
                 colima ssh -- sudo tee /etc/docker/certs.d/'{prefix}'/ca.crt < ca.crt > /dev/null",
                prefix = site.prefix()
            );
            steps.push(
                Step::new(StepKind::InstallCa, [Snippet::run(enter)])
                    .value("file", format!("/etc/docker/certs.d/{}/ca.crt", site.prefix()))
                    .notes(&[Note::CaFileName, Note::MachineRecreated]),
            );
        }
        Trust::Tls => {}
    }
    steps.push(first_push(site, "docker"));
    steps
}

/// Rancher Desktop with Docker (moby) as its engine: a script that runs whenever its machine starts. Authorities it
/// takes from the Mac's own store.
pub(in crate::setup_guide) fn rancher(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site)];
    match site.trust {
        Trust::Plain => {
            let file = "~/Library/Application Support/rancher-desktop/lima/_config/override.yaml";
            let text = format!(
                "provision:\n  - mode: system\n    script: |\n      #!/bin/sh\n      set -eu\n      \
                 mkdir -p /etc/docker\n      \
                 [ -s /etc/docker/daemon.json ] ||\n        \
                 echo '{{\"insecure-registries\": [\"{}\"]}}' > /etc/docker/daemon.json",
                site.prefix()
            );
            let content = Snippet::content(file, Language::Yaml, text);
            steps.push(Step::new(StepKind::MachineConfig, [content]).value("file", file));
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            let mut trust = ca::trust(site, Store::MacOs);
            trust.only = None;
            steps.push(trust);
        }
        Trust::Tls => {}
    }
    if site.trust != Trust::Tls {
        steps.push(restart("rdctl shutdown\nrdctl start"));
    }
    steps.push(first_push(site, "docker"));
    steps
}

/// The file behind the settings.
pub(in crate::setup_guide) fn lima_files(_: &Site) -> Vec<Existing> {
    daemon_json_at(LIMA_FILE)
}

/// Lima with its template for Docker, which runs rootless inside.
pub(in crate::setup_guide) fn lima(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site), Step::new(StepKind::EnterMachine, [Snippet::run("limactl shell docker")])];
    match site.trust {
        Trust::Plain => {
            steps.push(daemon_json::merge(site, LIMA_FILE));
            steps.push(super::shared::restart_docker("systemctl --user restart docker"));
            steps.push(verify_info(site));
        }
        Trust::PrivateCa => {
            steps.push(ca::get(site));
            steps.push(ca::install(site, "~/.config/docker/certs.d").note(Note::MachineRecreated));
        }
        Trust::Tls => {}
    }
    steps.push(first_push(site, "docker"));
    steps
}
