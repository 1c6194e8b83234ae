//! The guide's building blocks. Their words live with the console's translations.

/// One numbered step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done, and so its title and reason.
    pub kind: StepKind,
    /// When the step is to be done; `None` for always.
    pub only: Option<Condition>,
    /// Commands, file contents and outputs, in reading order.
    pub snippets: Vec<Snippet>,
    /// What to know while doing it.
    pub notes: Vec<Note>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Sees whether the registry answers from this machine at all.
    Reach,
    /// Sees whether the registry's certificate is trusted already.
    ReachTls,
    /// Looks for places that set the option already: two of them stop the daemon.
    FindConflicts,
    /// Finds the variable that the init script passes on.
    FindVariable,
    /// Sees that the unit reads the file and passes the variable.
    CheckUnit,
    /// Finds out whether upstart or systemd starts Docker.
    FindInit,
    /// Shows the original line, which does not work.
    AsPrinted,
    /// Shows the original line, which works.
    AsPrintedWorks,
    /// Sets the variable in the file that the init script or unit reads.
    SetVariable,
    /// Sets the variable where the init script passes `INSECURE_REGISTRY`.
    SetInsecureRegistry,
    /// Sets `DOCKER_OPTS` where upstart starts Docker.
    SetDockerOpts,
    /// Adds a drop-in where the unit does not pass the variable.
    DropIn,
    /// Adds the key to daemon.json.
    MergeDaemonJson,
    /// Has the daemon check daemon.json before it is asked to read it.
    Validate,
    /// Makes the running daemon read its configuration again.
    Reload,
    /// Starts the daemon anew.
    Restart,
    /// Reads the daemon's list of insecure registries.
    VerifyInfo,
    /// Looks for the flag in the process list.
    VerifyProcess,
    /// Puts the certificate authority where Docker looks for it.
    InstallCa,
    /// Sees that the certificate authority fits.
    VerifyCa,
    /// Sees that the registry is not listed as insecure, which would switch certs.d off.
    NotInsecure,
    /// Pushes and pulls an image.
    FirstPush,
}

/// What an earlier step has to have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The init script passes `other_args`.
    PassesOtherArgs,
    /// The init script passes `INSECURE_REGISTRY`.
    PassesInsecureRegistry,
    /// Process 1 is `init`: upstart.
    Init,
    /// Process 1 is `systemd`.
    Systemd,
    /// The unit does not pass the variable.
    UnitLacksVariable,
    /// The certificate is not trusted yet.
    NotTrusted,
}

/// A text to copy or to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// What the text is.
    pub role: Role,
    /// How it is written.
    pub language: Language,
    /// The file it belongs to.
    pub file: Option<&'static str>,
    /// The text, without a newline at its end.
    pub text: String,
}

/// What a snippet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Commands to run in a root shell.
    Run,
    /// What has to stand in the file afterwards, among whatever else is there.
    Content,
    /// What the commands above print.
    Output,
    /// What the original documentation printed; shown, not to be used.
    Refuted,
}

/// How a snippet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// POSIX shell.
    Shell,
    /// JSON.
    Json,
    /// Shell variables, as init scripts source them and systemd reads them.
    Variables,
    /// A systemd unit.
    Unit,
    /// A program's output.
    Text,
}

/// Something to know, beside a step or before all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// HTTP: whoever is on the way reads passwords and images, and can change them.
    ClearText,
    /// Docker accepts 127.0.0.0/8 without configuration, and means its own machine by it.
    Loopback,
    /// `::1` is accepted without configuration from Docker 28.0.
    LoopbackV6,
    /// Image names take an IPv6 address from Docker 25.0.
    Ipv6Since25,
    /// No Docker for this form takes an IPv6 address in an image name.
    Ipv6Impossible,
    /// The port was added: without it Docker would not read the name as a registry's.
    PortAdded,
    /// The entry is compared with the image name character by character, port included.
    Exact,
    /// Without a port in the image name the entry has none either.
    NoPort,
    /// Every machine whose daemon pulls needs this.
    EveryDaemon,
    /// The original documentation asks for Docker 1.8.3.
    MinimumVersion,
    /// Rootless Docker, the snap package and Docker Desktop read other files.
    OtherDaemons,
    /// The same option as a flag and in daemon.json stops the daemon.
    OneMethod,
    /// Debian's own unit passes `DOCKER_OPTS` from /etc/default/docker.
    DebianDefault,
    /// Amazon Linux, openSUSE and Fedora preset flags in /etc/sysconfig/docker.
    PresetFlags,
    /// docker-ce does not read /etc/sysconfig/docker.
    CeIgnoresSysconfig,
    /// `insecure-registries` in daemon.json from Docker 1.11; 1.10 refuses to start.
    DaemonJsonSince,
    /// The key is plural and its value a list; the singular is ignored without a word.
    PluralList,
    /// `dockerd --validate` from Docker 23.0; before, any JSON parser.
    ValidateSince,
    /// Reload works from Docker 1.13; on broken JSON the old list stays in force.
    ReloadSince,
    /// Restarting stops the containers unless live restore is on.
    RestartStops,
    /// `docker info` lists insecure registries from Docker 1.12.
    InfoSince,
    /// The variable has to hold the flag; without it the daemon does not start.
    FlagMissing,
    /// /etc/default/docker knows no such variable, and systemd's docker reads no such file.
    NoSuchVariable,
    /// The file is sourced by a shell, so that the variable can be extended.
    Sourced,
    /// systemd does not expand variables in the file, so the line is edited in place.
    NotExpanded,
    /// Docker 1.13 of CentOS also reads /etc/containers/registries.conf.
    RegistriesConf,
    /// Updates replace the unit under /usr/lib.
    VendorUnit,
    /// The drop-in repeats the unit's whole command.
    CopyCommand,
    /// No restart is needed.
    NoRestart,
    /// The file ends in .crt and the directory carries the port if the image names do.
    CaFileName,
    /// The certificate has to name the host or address as a subject alternative name.
    SubjectAlternativeName,
    /// The registry has to send its intermediate certificates too.
    Intermediates,
    /// An insecure entry makes Docker skip certs.d.
    InsecureSkipsCerts,
}

/// How loudly a note speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot work, or something breaks.
    Danger,
    /// It works, at a price.
    Warning,
    /// Good to know.
    Info,
}

impl Note {
    /// How loudly the note speaks.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Ipv6Impossible | Self::FlagMissing | Self::NoSuchVariable => Severity::Danger,
            Self::ClearText | Self::OneMethod | Self::RestartStops | Self::InsecureSkipsCerts => Severity::Warning,
            _ => Severity::Info,
        }
    }
}

impl Step {
    pub(super) fn new(kind: StepKind, snippets: impl Into<Vec<Snippet>>) -> Self {
        Self { kind, only: None, snippets: snippets.into(), notes: Vec::new() }
    }

    pub(super) const fn only(mut self, condition: Condition) -> Self {
        self.only = Some(condition);
        self
    }

    pub(super) fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }
}

impl Snippet {
    pub(super) fn run(text: impl Into<String>) -> Self {
        Self { role: Role::Run, language: Language::Shell, file: None, text: text.into() }
    }

    pub(super) fn output(text: impl Into<String>) -> Self {
        Self { role: Role::Output, language: Language::Text, file: None, text: text.into() }
    }

    pub(super) fn content(file: &'static str, language: Language, text: impl Into<String>) -> Self {
        Self { role: Role::Content, language, file: Some(file), text: text.into() }
    }

    pub(super) fn refuted(file: &'static str, text: impl Into<String>) -> Self {
        Self { role: Role::Refuted, language: Language::Variables, file: Some(file), text: text.into() }
    }
}
