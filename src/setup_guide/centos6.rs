//! CentOS 6: SysV init; the init script sources `/etc/sysconfig/docker` and runs `$exec $other_args`
//! (moby contrib/init/sysvinit-redhat/docker).

use super::{
    Condition, Language, Note, Place, Snippet, Step, StepKind,
    common::{first_push, reach, restart_service, verify_process},
};

const FILE: &str = "/etc/sysconfig/docker";

/// The form that works.
pub(super) fn sysconfig(place: &Place) -> Vec<Step> {
    vec![
        reach(place),
        find_variable(),
        Step::new(StepKind::SetVariable, set(place, "other_args")).note(Note::Sourced),
        restart_service(),
        verify_process(place, "/usr/bin/docker -d"),
        first_push(place),
    ]
}

/// The form as printed: `other_args` is right, `INSECURE_REGISTRY` lacks its flag.
pub(super) fn original(place: &Place) -> Vec<Step> {
    let prefix = place.prefix();
    vec![
        reach(place),
        find_variable(),
        Step::new(StepKind::AsPrintedWorks, set(place, "other_args"))
            .only(Condition::PassesOtherArgs)
            .note(Note::Sourced),
        Step::new(StepKind::AsPrinted, [Snippet::refuted(FILE, format!("INSECURE_REGISTRY=\"{prefix}\""))])
            .note(Note::FlagMissing),
        Step::new(StepKind::SetInsecureRegistry, set(place, "INSECURE_REGISTRY"))
            .only(Condition::PassesInsecureRegistry)
            .note(Note::Sourced),
        restart_service(),
        verify_process(place, "/usr/bin/docker -d"),
        first_push(place),
    ]
}

/// Which of the two names the init script uses.
fn find_variable() -> Step {
    Step::new(
        StepKind::FindVariable,
        [
            Snippet::run("grep -o 'other_args\\|INSECURE_REGISTRY' /etc/init.d/docker | sort -u"),
            Snippet::output("other_args"),
        ],
    )
}

fn set(place: &Place, variable: &str) -> [Snippet; 2] {
    let line = format!("{variable}=\"${variable} --insecure-registry {}\"", place.prefix());
    [Snippet::content(FILE, Language::Variables, line.clone()), Snippet::run(super::common::append_line(FILE, &line))]
}
