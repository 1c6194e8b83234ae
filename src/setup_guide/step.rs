//! The guide's building blocks.

use serde::{Deserialize, Serialize};

use super::{Note, words::words};

/// One numbered step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done, and so its title and reason.
    pub kind: StepKind,
    /// When the step is to be done; `None` for always.
    pub only: Option<Condition>,
    /// What stands in the gaps of its texts, by the gap's name.
    pub values: Vec<(&'static str, String)>,
    /// Commands, file contents and outputs, in reading order.
    pub snippets: Vec<Snippet>,
    /// What to know while doing it.
    pub notes: Vec<Note>,
}

words! {
    /// What a step does. Its words are two: `.title` and `.why`.
    StepKind in "step" {
        /// Sees whether the registry answers from this machine at all.
        Reach: "reach",
        /// Sees whether the registry's certificate is trusted already.
        ReachTls: "reach_tls",
        /// Looks for places that set the option already: two of them stop the daemon.
        FindConflicts: "find_conflicts",
        /// Finds the variable that the init script passes on.
        FindVariable: "find_variable",
        /// Sees that the unit reads the file and passes the variable.
        CheckUnit: "check_unit",
        /// Finds out whether upstart or systemd starts Docker.
        FindInit: "find_init",
        /// Shows the original line, which does not work.
        AsPrinted: "as_printed",
        /// Shows the original line, which works.
        AsPrintedWorks: "as_printed_works",
        /// Sets the variable in the file that the init script or unit reads.
        SetVariable: "set_variable",
        /// Sets the variable where the init script passes `INSECURE_REGISTRY`.
        SetInsecureRegistry: "set_insecure_registry",
        /// Adds a drop-in where the unit does not pass the variable.
        DropIn: "drop_in",
        /// Adds a drop-in with the flag itself, for Docker older than the key in daemon.json.
        DropInFlag: "drop_in_flag",
        /// Finds the daemon's own configuration file.
        FindDaemonJson: "find_daemon_json",
        /// Adds the key to daemon.json.
        MergeDaemonJson: "merge_daemon_json",
        /// Has the daemon check daemon.json before it is asked to read it.
        Validate: "validate",
        /// Sees that daemon.json is JSON, for Docker that cannot check it itself.
        ValidateJson: "validate_json",
        /// Makes the running daemon read its configuration again.
        Reload: "reload",
        /// Starts the daemon anew.
        Restart: "restart",
        /// Reads the daemon's list of insecure registries.
        VerifyInfo: "verify_info",
        /// Looks for the flag in the process list.
        VerifyProcess: "verify_process",
        /// Gets the certificate authority.
        GetCa: "get_ca",
        /// Downloads the certificate authority, which the registry hands out.
        DownloadCa: "download_ca",
        /// Puts the certificate authority where this client looks for it.
        InstallCa: "install_ca",
        /// Puts the certificate authority into the system's own store.
        TrustCa: "trust_ca",
        /// Sees that the certificate authority fits.
        VerifyCa: "verify_ca",
        /// Sees that the registry is not listed as insecure, which would switch certs.d off.
        NotInsecure: "not_insecure",
        /// Pushes and pulls an image.
        FirstPush: "first_push",
        /// Pulls an image.
        FirstPull: "first_pull",
        /// Enters the settings of a desktop application.
        DesktopSettings: "desktop_settings",
        /// Goes into the virtual machine.
        EnterMachine: "enter_machine",
        /// Writes the virtual machine's configuration.
        MachineConfig: "machine_config",
        /// Sees that registries.conf is of version 2.
        CheckRegistriesConf: "check_registries_conf",
        /// Writes a drop-in for registries.conf.
        RegistriesConf: "registries_conf",
        /// Reads the list of registries that Podman has.
        VerifyPodman: "verify_podman",
        /// Tells containerd where its registries' folders are.
        ConfigPath: "config_path",
        /// Writes hosts.toml.
        HostsToml: "hosts_toml",
        /// Writes hosts.toml into every node of a kind cluster.
        KindNodes: "kind_nodes",
        /// Writes registries.yaml.
        RegistriesYaml: "registries_yaml",
        /// Makes a cluster with the flag.
        NewCluster: "new_cluster",
        /// Changes the cluster's own image configuration.
        ClusterImage: "cluster_image",
        /// Gives the cluster the certificate authority.
        ClusterCa: "cluster_ca",
        /// Writes buildkitd.toml.
        BuildkitdToml: "buildkitd_toml",
        /// Makes a builder with buildkitd.toml.
        NewBuilder: "new_builder",
        /// Builds and pushes.
        FirstBuild: "first_build",
        /// Writes the pipeline's file.
        Pipeline: "pipeline",
        /// Mounts the certificate authority into the runner's containers.
        RunnerVolume: "runner_volume",
        /// Gives the flags to a command.
        Flags: "flags",
        /// Writes the playbook.
        Playbook: "playbook",
        /// Runs the playbook.
        RunPlaybook: "run_playbook",
        /// Does the same for the agent's own Docker.
        ConfigureAgent: "configure_agent",
    }
}

words! {
    /// What an earlier step has to have shown.
    Condition in "only" {
        /// The init script passes `other_args`.
        PassesOtherArgs: "other_args",
        /// The init script passes `INSECURE_REGISTRY`.
        PassesInsecureRegistry: "insecure_registry",
        /// Process 1 is `init`: upstart.
        Init: "init",
        /// Process 1 is `systemd`.
        Systemd: "systemd",
        /// The unit does not pass the variable.
        UnitLacksVariable: "unit",
        /// The certificate is not trusted yet.
        NotTrusted: "not_trusted",
        /// Other programs of the machine shall trust it, too.
        WholeMachine: "whole_machine",
        /// The configuration does not name the folder yet.
        NoConfigPath: "no_config_path",
        /// The registry asks for a sign-in.
        SignIn: "sign_in",
    }
}

/// A text to copy or to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What the text is.
    pub role: Role,
    /// How it is written.
    pub language: Language,
    /// The file it belongs to.
    pub file: Option<String>,
    /// The text, without a newline at its end.
    pub text: String,
}

/// What a snippet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Commands to run.
    Run,
    /// What has to stand in the file afterwards, among whatever else is there.
    Content,
    /// What the commands above print.
    Output,
    /// What the original documentation printed; shown, not to be used.
    Refuted,
}

/// How a snippet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// POSIX shell.
    Shell,
    /// Windows PowerShell.
    PowerShell,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// `VARIABLE=value` lines, as a shell and systemd reads them.
    Variables,
    /// A systemd unit.
    Unit,
    /// A program's output.
    Text,
}

impl Step {
    pub(super) fn new(kind: StepKind, snippets: impl Into<Vec<Snippet>>) -> Self {
        Self { kind, only: None, values: Vec::new(), snippets: snippets.into(), notes: Vec::new() }
    }

    pub(super) const fn only(mut self, condition: Condition) -> Self {
        self.only = Some(condition);
        self
    }

    pub(super) fn value(mut self, gap: &'static str, value: impl Into<String>) -> Self {
        self.values.push((gap, value.into()));
        self
    }

    pub(super) fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    pub(super) fn notes(mut self, notes: &[Note]) -> Self {
        self.notes.extend(notes);
        self
    }
}

impl Snippet {
    pub(super) fn run(text: impl Into<String>) -> Self {
        Self { role: Role::Run, language: Language::Shell, file: None, text: text.into() }
    }

    pub(super) fn power_shell(text: impl Into<String>) -> Self {
        Self { language: Language::PowerShell, ..Self::run(text) }
    }

    pub(super) fn output(text: impl Into<String>) -> Self {
        Self { role: Role::Output, language: Language::Text, file: None, text: text.into() }
    }

    pub(super) fn content(file: impl Into<String>, language: Language, text: impl Into<String>) -> Self {
        Self { role: Role::Content, language, file: Some(file.into()), text: text.into() }
    }

    pub(super) fn refuted(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self { role: Role::Refuted, ..Self::content(file, Language::Variables, text) }
    }
}
