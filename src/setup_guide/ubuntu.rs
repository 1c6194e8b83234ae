//! Ubuntu: upstart (14.04) sources `/etc/default/docker` (moby contrib/init/upstart/docker.conf); from 16.04
//! systemd starts Docker and does not read that file, see `linux`.

use super::{
    Condition, Language, Note, Place, Snippet, Step, StepKind,
    common::{append_line, find_conflicts, first_push, reach, restart_service, verify_info, verify_process},
    daemon_json,
};

const FILE: &str = "/etc/default/docker";

/// The form that works on 14.04.
pub(super) fn upstart(place: &Place) -> Vec<Step> {
    vec![
        reach(place),
        find_init("init"),
        find_conflicts(),
        Step::new(StepKind::SetDockerOpts, set(place)).note(Note::Sourced),
        restart_service(),
        verify_process(place, "/usr/bin/dockerd"),
        first_push(place),
    ]
}

/// The form as printed: there is no such variable. Both that take its place follow.
pub(super) fn original(place: &Place) -> Vec<Step> {
    let printed = format!("INSECURE_REGISTRY=\"{}\"", place.prefix());
    let mut steps = vec![
        reach(place),
        Step::new(StepKind::AsPrinted, [Snippet::refuted(FILE, printed)]).note(Note::NoSuchVariable),
        find_init("systemd"),
    ];
    // No Docker for 14.04 takes an IPv6 address in an image name.
    if !place.is_ipv6() {
        steps.extend([
            Step::new(StepKind::SetDockerOpts, set(place)).only(Condition::Init).note(Note::Sourced),
            restart_service().only(Condition::Init),
            verify_process(place, "/usr/bin/dockerd").only(Condition::Init),
        ]);
    }
    steps.extend([
        daemon_json::merge(place).only(Condition::Systemd),
        daemon_json::reload().only(Condition::Systemd),
        verify_info(place).only(Condition::Systemd),
        first_push(place),
    ]);
    steps
}

fn find_init(expected: &str) -> Step {
    Step::new(StepKind::FindInit, [Snippet::run("ps -p 1 -o comm="), Snippet::output(expected)])
}

fn set(place: &Place) -> [Snippet; 2] {
    let line = format!("DOCKER_OPTS=\"$DOCKER_OPTS --insecure-registry {}\"", place.prefix());
    [Snippet::content(FILE, Language::Variables, line.clone()), Snippet::run(append_line(FILE, &line))]
}
