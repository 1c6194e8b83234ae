//! The guide's words: each variant's text in the reader's language. Exhaustive, so that nothing goes unsaid.

use humpback::setup_guide::{Condition, Form, Note, Place, Role, Severity, Snippet, StepKind, Target};
use leptos_i18n::I18nContext;

use crate::i18n::{Locale, t_string};

/// What a text is looked up in.
pub(super) type I18n = I18nContext<Locale>;

/// The name of a machine.
pub(super) fn target(i18n: I18n, target: Target) -> String {
    match target {
        Target::Linux => t_string!(i18n, guide.target.linux),
        Target::Ubuntu => t_string!(i18n, guide.target.ubuntu),
        Target::Centos7 => t_string!(i18n, guide.target.centos_7),
        Target::Centos6 => t_string!(i18n, guide.target.centos_6),
    }
    .to_string()
}

/// The name of a form; for its own target, whose other forms it has to differ from.
pub(super) fn form(i18n: I18n, target: Target, form: Form) -> String {
    match (form, target) {
        (Form::DaemonJson, Target::Centos7) => t_string!(i18n, guide.form.daemon_json_centos_7),
        (Form::DaemonJson, Target::Ubuntu) => t_string!(i18n, guide.form.daemon_json_ubuntu),
        (Form::DaemonJson, _) => t_string!(i18n, guide.form.daemon_json),
        (Form::Sysconfig, Target::Centos6) => t_string!(i18n, guide.form.sysconfig_centos_6),
        (Form::Sysconfig, _) => t_string!(i18n, guide.form.sysconfig_centos_7),
        (Form::Upstart, _) => t_string!(i18n, guide.form.upstart),
        (Form::CertsD, _) => t_string!(i18n, guide.form.certs_d),
        (Form::Original, _) => t_string!(i18n, guide.form.original),
    }
    .to_string()
}

/// What a snippet is, and where it belongs.
pub(super) fn snippet_label(i18n: I18n, snippet: &Snippet) -> String {
    let file = snippet.file.unwrap_or_default();
    match snippet.role {
        Role::Run => t_string!(i18n, guide.role.run).to_string(),
        Role::Content => t_string!(i18n, guide.role.content, file = file).to_string(),
        Role::Output => t_string!(i18n, guide.role.output).to_string(),
        Role::Refuted => t_string!(i18n, guide.role.refuted, file = file).to_string(),
    }
}

/// What a snippet's copy button copies: "Copy commands: Restart Docker". `None` for what is only to be compared
/// with, or not to be used at all.
pub(super) fn copied(i18n: I18n, snippet: &Snippet, step: &str) -> Option<String> {
    let file = snippet.file.unwrap_or_default();
    match snippet.role {
        Role::Run => Some(t_string!(i18n, guide.copy.commands, step = step).to_string()),
        Role::Content => Some(t_string!(i18n, guide.copy.content, file = file).to_string()),
        Role::Output | Role::Refuted => None,
    }
}

/// How a note begins.
pub(super) fn severity(i18n: I18n, severity: Severity) -> String {
    match severity {
        Severity::Danger => t_string!(i18n, guide.severity.danger),
        Severity::Warning => t_string!(i18n, guide.severity.warning),
        Severity::Info => t_string!(i18n, guide.severity.info),
    }
    .to_string()
}

/// When a step is to be done.
pub(super) fn condition(i18n: I18n, condition: Condition) -> String {
    match condition {
        Condition::PassesOtherArgs => t_string!(i18n, guide.only.other_args),
        Condition::PassesInsecureRegistry => t_string!(i18n, guide.only.insecure_registry),
        Condition::Init => t_string!(i18n, guide.only.init),
        Condition::Systemd => t_string!(i18n, guide.only.systemd),
        Condition::UnitLacksVariable => t_string!(i18n, guide.only.unit),
        Condition::NotTrusted => t_string!(i18n, guide.only.not_trusted),
    }
    .to_string()
}

/// What a step does.
pub(super) fn step_title(i18n: I18n, kind: StepKind) -> String {
    match kind {
        StepKind::Reach => t_string!(i18n, guide.step.reach.title),
        StepKind::ReachTls => t_string!(i18n, guide.step.reach_tls.title),
        StepKind::FindConflicts => t_string!(i18n, guide.step.find_conflicts.title),
        StepKind::FindVariable => t_string!(i18n, guide.step.find_variable.title),
        StepKind::CheckUnit => t_string!(i18n, guide.step.check_unit.title),
        StepKind::FindInit => t_string!(i18n, guide.step.find_init.title),
        StepKind::AsPrinted => t_string!(i18n, guide.step.as_printed.title),
        StepKind::AsPrintedWorks => t_string!(i18n, guide.step.as_printed_works.title),
        StepKind::SetVariable => t_string!(i18n, guide.step.set_variable.title),
        StepKind::SetInsecureRegistry => t_string!(i18n, guide.step.set_insecure_registry.title),
        StepKind::SetDockerOpts => t_string!(i18n, guide.step.set_docker_opts.title),
        StepKind::DropIn => t_string!(i18n, guide.step.drop_in.title),
        StepKind::MergeDaemonJson => t_string!(i18n, guide.step.merge_daemon_json.title),
        StepKind::Validate => t_string!(i18n, guide.step.validate.title),
        StepKind::Reload => t_string!(i18n, guide.step.reload.title),
        StepKind::Restart => t_string!(i18n, guide.step.restart.title),
        StepKind::VerifyInfo => t_string!(i18n, guide.step.verify_info.title),
        StepKind::VerifyProcess => t_string!(i18n, guide.step.verify_process.title),
        StepKind::InstallCa => t_string!(i18n, guide.step.install_ca.title),
        StepKind::VerifyCa => t_string!(i18n, guide.step.verify_ca.title),
        StepKind::NotInsecure => t_string!(i18n, guide.step.not_insecure.title),
        StepKind::FirstPush => t_string!(i18n, guide.step.first_push.title),
    }
    .to_string()
}

/// Why a step is done, and what its outcome means.
pub(super) fn step_why(i18n: I18n, kind: StepKind) -> String {
    match kind {
        StepKind::Reach => t_string!(i18n, guide.step.reach.why),
        StepKind::ReachTls => t_string!(i18n, guide.step.reach_tls.why),
        StepKind::FindConflicts => t_string!(i18n, guide.step.find_conflicts.why),
        StepKind::FindVariable => t_string!(i18n, guide.step.find_variable.why),
        StepKind::CheckUnit => t_string!(i18n, guide.step.check_unit.why),
        StepKind::FindInit => t_string!(i18n, guide.step.find_init.why),
        StepKind::AsPrinted => t_string!(i18n, guide.step.as_printed.why),
        StepKind::AsPrintedWorks => t_string!(i18n, guide.step.as_printed_works.why),
        StepKind::SetVariable => t_string!(i18n, guide.step.set_variable.why),
        StepKind::SetInsecureRegistry => t_string!(i18n, guide.step.set_insecure_registry.why),
        StepKind::SetDockerOpts => t_string!(i18n, guide.step.set_docker_opts.why),
        StepKind::DropIn => t_string!(i18n, guide.step.drop_in.why),
        StepKind::MergeDaemonJson => t_string!(i18n, guide.step.merge_daemon_json.why),
        StepKind::Validate => t_string!(i18n, guide.step.validate.why),
        StepKind::Reload => t_string!(i18n, guide.step.reload.why),
        StepKind::Restart => t_string!(i18n, guide.step.restart.why),
        StepKind::VerifyInfo => t_string!(i18n, guide.step.verify_info.why),
        StepKind::VerifyProcess => t_string!(i18n, guide.step.verify_process.why),
        StepKind::InstallCa => t_string!(i18n, guide.step.install_ca.why),
        StepKind::VerifyCa => t_string!(i18n, guide.step.verify_ca.why),
        StepKind::NotInsecure => t_string!(i18n, guide.step.not_insecure.why),
        StepKind::FirstPush => t_string!(i18n, guide.step.first_push.why),
    }
    .to_string()
}

/// A note in full.
pub(super) fn note(i18n: I18n, note: Note, place: &Place) -> String {
    let prefix = place.prefix();
    match note {
        Note::ClearText => t_string!(i18n, guide.note.clear_text).to_string(),
        Note::Loopback => t_string!(i18n, guide.note.loopback, prefix = prefix).to_string(),
        Note::LoopbackV6 => t_string!(i18n, guide.note.loopback_v6).to_string(),
        Note::Ipv6Since25 => t_string!(i18n, guide.note.ipv6_since_25).to_string(),
        Note::Ipv6Impossible => t_string!(i18n, guide.note.ipv6_impossible).to_string(),
        Note::PortAdded => t_string!(i18n, guide.note.port_added).to_string(),
        Note::Exact => t_string!(i18n, guide.note.exact, prefix = prefix).to_string(),
        Note::NoPort => t_string!(i18n, guide.note.no_port, prefix = prefix).to_string(),
        Note::EveryDaemon => t_string!(i18n, guide.note.every_daemon).to_string(),
        Note::MinimumVersion => t_string!(i18n, guide.note.minimum_version).to_string(),
        Note::OtherDaemons => t_string!(i18n, guide.note.other_daemons).to_string(),
        Note::OneMethod => t_string!(i18n, guide.note.one_method).to_string(),
        Note::DebianDefault => t_string!(i18n, guide.note.debian_default).to_string(),
        Note::PresetFlags => t_string!(i18n, guide.note.preset_flags).to_string(),
        Note::CeIgnoresSysconfig => t_string!(i18n, guide.note.ce_ignores_sysconfig).to_string(),
        Note::DaemonJsonSince => t_string!(i18n, guide.note.daemon_json_since).to_string(),
        Note::PluralList => t_string!(i18n, guide.note.plural_list).to_string(),
        Note::ValidateSince => t_string!(i18n, guide.note.validate_since).to_string(),
        Note::ReloadSince => t_string!(i18n, guide.note.reload_since).to_string(),
        Note::RestartStops => t_string!(i18n, guide.note.restart_stops).to_string(),
        Note::InfoSince => t_string!(i18n, guide.note.info_since).to_string(),
        Note::FlagMissing => t_string!(i18n, guide.note.flag_missing).to_string(),
        Note::NoSuchVariable => t_string!(i18n, guide.note.no_such_variable).to_string(),
        Note::Sourced => t_string!(i18n, guide.note.sourced).to_string(),
        Note::NotExpanded => t_string!(i18n, guide.note.not_expanded).to_string(),
        Note::RegistriesConf => t_string!(i18n, guide.note.registries_conf).to_string(),
        Note::VendorUnit => t_string!(i18n, guide.note.vendor_unit).to_string(),
        Note::CopyCommand => t_string!(i18n, guide.note.copy_command).to_string(),
        Note::NoRestart => t_string!(i18n, guide.note.no_restart).to_string(),
        Note::CaFileName => t_string!(i18n, guide.note.ca_file_name).to_string(),
        Note::SubjectAlternativeName => t_string!(i18n, guide.note.subject_alternative_name).to_string(),
        Note::Intermediates => t_string!(i18n, guide.note.intermediates).to_string(),
        Note::InsecureSkipsCerts => t_string!(i18n, guide.note.insecure_skips_certs).to_string(),
    }
}
