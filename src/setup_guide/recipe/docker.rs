//! A Docker daemon: where it is told of the registry, how it comes to know, and how to see that it does.

use super::{
    super::{
        Condition, Language, Note, Snippet, Step, StepKind,
        merge::{Existing, Format},
        script::Plan,
    },
    Ipv6, Shell, Site,
    ca::{self, Store},
    daemon_json,
    shared::{first_push, reach, restart_docker},
    variable,
};

/// One daemon.
#[derive(Clone, Copy)]
pub(in crate::setup_guide) struct Docker {
    pub(in crate::setup_guide) setting: Setting,
    /// Where it looks for certificates, by folders of registries.
    pub(in crate::setup_guide) certs: &'static str,
    /// Reads daemon.json again, where that can be had; containers go on.
    pub(in crate::setup_guide) reload: Option<&'static str>,
    /// Starts it anew.
    pub(in crate::setup_guide) restart: &'static str,
    pub(in crate::setup_guide) era: Era,
    pub(in crate::setup_guide) store: Option<Store>,
    pub(in crate::setup_guide) shell: Shell,
    /// Whether it runs in a virtual machine, for which `localhost` is another.
    pub(in crate::setup_guide) inside: bool,
    /// What to know before beginning.
    pub(in crate::setup_guide) notes: &'static [Note],
    /// What to know where conflicts are looked for.
    pub(in crate::setup_guide) conflicts: &'static [Note],
}

/// Where the registry is named. One place a machine: two of them stop the daemon.
#[derive(Clone, Copy)]
pub(in crate::setup_guide) enum Setting {
    /// The key in this file.
    DaemonJson(&'static str),
    /// The key in this file, which may lie elsewhere: the command finds it.
    DaemonJsonAt { file: &'static str, find: &'static str },
    /// A variable in a file that a shell sources.
    Sourced { file: &'static str, variable: &'static str, find: Find },
    /// A variable in a file that systemd reads.
    Environment { file: &'static str, variable: &'static str },
    /// A drop-in that repeats the unit's command with the flag.
    DropIn,
}

/// What has to be found out before a variable is set.
#[derive(Clone, Copy)]
pub(in crate::setup_guide) enum Find {
    /// Which of two names the init script uses.
    Variable,
    /// What starts Docker.
    Init,
}

/// What Docker can do, by the release that brought it (moby CHANGELOG.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::setup_guide) enum Era {
    /// 1.8 to 1.10: flags only; 1.10 refuses to start with this key in daemon.json.
    Flags,
    /// 1.11 and 1.12: takes the key when it starts.
    Restarts,
    /// 1.13 to 20.10: takes the key when it is told to reload.
    Reloads,
    /// 23.0 and newer: checks the file, too.
    Validates,
}

impl Era {
    /// Docker 25.0 is newer than the last release for machines that need flags.
    pub(super) const fn ipv6(self) -> Ipv6 {
        match self {
            Self::Validates => Ipv6::SinceDocker25,
            _ => Ipv6::Impossible,
        }
    }
}

impl Docker {
    /// `/etc/docker`, systemd, root: what most Linux machines have.
    pub(in crate::setup_guide) const LINUX: Self = Self {
        setting: Setting::DaemonJson(daemon_json::FILE),
        certs: "/etc/docker/certs.d",
        reload: Some("systemctl reload docker"),
        restart: "systemctl restart docker",
        era: Era::Validates,
        store: None,
        shell: Shell::Root,
        inside: false,
        notes: &[],
        conflicts: &[],
    };

    pub(super) fn steps(&self, site: &Site) -> Vec<Step> {
        let mut steps = vec![reach(site)];
        if !site.is_plain() {
            steps.extend(self.certificate(site));
        } else if !site.place.is_loopback_v4() || self.inside {
            // Docker accepts 127.0.0.0/8 as it is: only the proof remains.
            steps.extend(self.entry(site));
        }
        steps.push(first_push(site, "docker"));
        steps
    }

    pub(super) fn files(&self) -> Vec<Existing> {
        match self.setting {
            // Flags in any other file stop the daemon once the key is there.
            Setting::DaemonJson(file) | Setting::DaemonJsonAt { file, .. } => {
                vec![Existing::new(file, Format::DaemonJson), Existing::new("", Format::Flags)]
            }
            Setting::Sourced { file, variable, .. } => {
                vec![Existing::new(file, Format::Sourced).with_variable(variable)]
            }
            Setting::Environment { file, variable } => {
                vec![Existing::new(file, Format::Environment).with_variable(variable)]
            }
            Setting::DropIn => vec![Existing::new(DROP_IN, Format::Unit)],
        }
    }

    pub(super) fn script(&self) -> Option<Plan> {
        let reload = self.reload.filter(|_| self.era >= Era::Reloads).unwrap_or_default();
        let (certs, restart) = (self.certs, self.restart);
        match self.setting {
            Setting::DaemonJson(file) | Setting::DaemonJsonAt { file, .. } => {
                Some(Plan::DaemonJson { file, certs, reload, restart, flags: file == daemon_json::FILE })
            }
            Setting::Sourced { file, variable, .. } => {
                Some(Plan::Variable { file, variable, sourced: true, certs, restart })
            }
            Setting::Environment { file, variable } => {
                Some(Plan::Variable { file, variable, sourced: false, certs, restart })
            }
            // The unit's own command is for people to copy.
            Setting::DropIn => None,
        }
    }

    /// Names the registry, and sees that the daemon knows.
    fn entry(&self, site: &Site) -> Vec<Step> {
        match self.setting {
            Setting::DaemonJson(file) => self.daemon_json(site, file, None),
            Setting::DaemonJsonAt { file, find } => self.daemon_json(site, file, Some(find)),
            Setting::Sourced { file, variable, find } => {
                let mut steps = match find {
                    Find::Variable => vec![find_variable()],
                    Find::Init => vec![find_init("init"), self.find_conflicts()],
                };
                let program = if matches!(find, Find::Variable) { "/usr/bin/docker -d" } else { "/usr/bin/dockerd" };
                steps.push(variable::extend(site, StepKind::SetVariable, file, variable));
                steps.extend([restart_docker(self.restart), verify_process(site, program)]);
                steps
            }
            Setting::Environment { file, variable } => {
                let program =
                    if self.era == Era::Flags { "/usr/bin/docker daemon" } else { "/usr/bin/dockerd-current" };
                let mut steps = vec![
                    check_unit().note(Note::CeIgnoresSysconfig),
                    self.find_conflicts(),
                    variable::edit(site, file, variable),
                    restart_docker(self.restart),
                    verify_process(site, program),
                ];
                if self.era > Era::Flags {
                    steps.push(verify_info(site));
                }
                steps
            }
            Setting::DropIn => vec![
                self.find_conflicts(),
                drop_in_flag(site),
                restart_docker(self.restart),
                verify_process(site, "/usr/bin/docker daemon"),
            ],
        }
    }

    fn daemon_json(&self, site: &Site, file: &'static str, find: Option<&str>) -> Vec<Step> {
        let mut steps = vec![self.find_conflicts()];
        steps.extend(find.map(|find| Step::new(StepKind::FindDaemonJson, [Snippet::run(find)]).value("file", file)));
        steps.push(daemon_json::merge(site, file));
        steps.push(match self.era {
            Era::Validates => Step::new(
                StepKind::Validate,
                [Snippet::run(format!("dockerd --validate --config-file {file}")), Snippet::output("configuration OK")],
            ),
            _ => Step::new(StepKind::ValidateJson, [Snippet::run(format!("python3 -m json.tool {file}"))]),
        });
        steps.push(match self.reload {
            Some(reload) if self.era >= Era::Reloads => reload_step(reload),
            _ => restart_docker(self.restart),
        });
        let verify = verify_info(site);
        steps.push(if self.era == Era::Restarts { verify.note(Note::InfoSince) } else { verify });
        steps
    }

    /// HTTPS: no entry at all, only an authority to trust. The same since Docker 1.3.
    fn certificate(&self, site: &Site) -> Vec<Step> {
        let mut steps = Vec::new();
        if site.trust == super::super::Trust::PrivateCa {
            steps.push(ca::get(site));
            steps.push(ca::install(site, self.certs).note(Note::NoRestart));
            steps.extend(self.store.map(|store| ca::trust(site, store)));
            steps.push(ca::verify(site, self.certs));
        }
        steps.push(not_insecure(site));
        steps
    }

    /// Looks where the option may be set already.
    fn find_conflicts(&self) -> Step {
        let places =
            "/etc/docker/daemon.json /etc/sysconfig/docker /etc/default/docker /etc/systemd/system/docker.service.d";
        let commands = format!(
            "ps -ww -C dockerd,dockerd-current,docker -o args= | grep -e '--insecure-registry'\n\
             grep -rsn 'insecure-registr' {places}"
        );
        Step::new(StepKind::FindConflicts, [Snippet::run(commands)]).note(Note::OneMethod).notes(self.conflicts)
    }
}

/// Makes the daemon read the file again; containers go on running.
pub(super) fn reload_step(command: &str) -> Step {
    Step::new(StepKind::Reload, [Snippet::run(command)]).note(Note::ReloadKeeps)
}

/// Which of the two names the init script uses.
pub(super) fn find_variable() -> Step {
    Step::new(
        StepKind::FindVariable,
        [
            Snippet::run("grep -o 'other_args\\|INSECURE_REGISTRY' /etc/init.d/docker | sort -u"),
            Snippet::output("other_args"),
        ],
    )
}

/// What process 1 is.
pub(super) fn find_init(expected: &str) -> Step {
    Step::new(StepKind::FindInit, [Snippet::run("ps -p 1 -o comm="), Snippet::output(expected)])
}

/// The unit has to name the file and the variable.
pub(super) fn check_unit() -> Step {
    Step::new(
        StepKind::CheckUnit,
        [
            Snippet::run("systemctl cat docker | grep -E 'EnvironmentFile|ExecStart|INSECURE_REGISTRY'"),
            Snippet::output(
                "EnvironmentFile=-/etc/sysconfig/docker\n\
                 ExecStart=/usr/bin/docker daemon -H fd:// $OPTIONS $INSECURE_REGISTRY",
            ),
        ],
    )
}

const DROP_IN_FOLDER: &str = "/etc/systemd/system/docker.service.d";
/// The drop-in, which updates leave alone.
pub(super) const DROP_IN: &str = "/etc/systemd/system/docker.service.d/10-insecure-registry.conf";

/// Shows the unit's own command, which the drop-in repeats.
pub(super) fn show_command() -> Snippet {
    Snippet::run(format!("mkdir -p {DROP_IN_FOLDER}\nsystemctl cat docker | sed -n '/^ExecStart=/,/[^\\\\]$/p'"))
}

/// The unit's own command with the flag behind it.
fn drop_in_flag(site: &Site) -> Step {
    let unit = format!(
        "[Service]\nExecStart=\nExecStart=/usr/bin/docker daemon -H fd:// --insecure-registry {}",
        site.prefix()
    );
    Step::new(
        StepKind::DropInFlag,
        [show_command(), Snippet::content(DROP_IN, Language::Unit, unit), Snippet::run("systemctl daemon-reload")],
    )
    .note(Note::CopyCommand)
}

/// Looks for the flag in the process list: all that Docker before 1.12 offers.
pub(super) fn verify_process(site: &Site, program: &str) -> Step {
    // The brackets keep grep from finding itself.
    Step::new(
        StepKind::VerifyProcess,
        [
            Snippet::run("ps -ef | grep '[i]nsecure-registry'"),
            Snippet::output(format!("… {program} … --insecure-registry {} …", site.prefix())),
        ],
    )
}

/// What prints the daemon's own list. The shape is `docker info`'s since 1.12.
const INFO: &str = "docker info 2>/dev/null | sed -n '/Insecure Registries/,/Live Restore/p'";

/// Reads the daemon's own list.
pub(super) fn verify_info(site: &Site) -> Step {
    let list = format!(" Insecure Registries:\n  {}\n  127.0.0.0/8\n Live Restore Enabled: false", site.prefix());
    Step::new(StepKind::VerifyInfo, [Snippet::run(INFO), Snippet::output(list)])
}

/// Sees that certs.d counts.
pub(super) fn not_insecure(site: &Site) -> Step {
    let commands = format!("{INFO} | grep -F '{}'", site.prefix());
    Step::new(StepKind::NotInsecure, [Snippet::run(commands)]).note(Note::InsecureSkipsCerts)
}

/// Keeps the condition of `step` for a version that serves several.
pub(super) fn only(steps: impl IntoIterator<Item = Step>, condition: Condition) -> impl Iterator<Item = Step> {
    steps.into_iter().map(move |step| step.only(condition))
}
