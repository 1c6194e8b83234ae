//! What Humpback's documentation printed, with what is wrong in it and the line that works: for those who follow it,
//! or meet a machine that was set up by it.

use super::{
    super::{Condition, Language, Note, Snippet, Step, StepKind},
    Site, daemon_json,
    docker::{
        DROP_IN, check_unit, find_init, find_variable, only, reload_step, show_command, verify_info, verify_process,
    },
    shared::{first_push, reach, restart_docker},
    variable,
};

const SYSCONFIG: &str = "/etc/sysconfig/docker";
const DEFAULT: &str = "/etc/default/docker";

/// The line as printed: the value lacks its flag.
fn printed(site: &Site, file: &str) -> Step {
    let line = format!("INSECURE_REGISTRY=\"{}\"", site.prefix());
    Step::new(StepKind::AsPrinted, [Snippet::refuted(file, line)])
}

/// CentOS 6: `other_args` is right, `INSECURE_REGISTRY` lacks its flag.
pub(in crate::setup_guide) fn centos_6(site: &Site) -> Vec<Step> {
    vec![
        reach(site),
        find_variable(),
        variable::extend(site, StepKind::AsPrintedWorks, SYSCONFIG, "other_args").only(Condition::PassesOtherArgs),
        printed(site, SYSCONFIG).note(Note::FlagMissing),
        variable::extend(site, StepKind::SetInsecureRegistry, SYSCONFIG, "INSECURE_REGISTRY")
            .only(Condition::PassesInsecureRegistry),
        restart_docker("service docker restart"),
        verify_process(site, "/usr/bin/docker -d"),
        first_push(site, "docker"),
    ]
}

/// CentOS 7: the value lacks its flag, and the unit is edited where updates replace it.
pub(in crate::setup_guide) fn centos_7(site: &Site) -> Vec<Step> {
    let drop_in = Step::new(
        StepKind::DropIn,
        [
            show_command(),
            Snippet::content(
                DROP_IN,
                Language::Unit,
                "[Service]\n\
                 EnvironmentFile=-/etc/sysconfig/docker\n\
                 ExecStart=\n\
                 ExecStart=/usr/bin/docker daemon -H fd:// $OPTIONS $INSECURE_REGISTRY",
            ),
            Snippet::run("systemctl daemon-reload"),
        ],
    );
    vec![
        reach(site),
        printed(site, SYSCONFIG).note(Note::FlagMissing),
        variable::edit(site, SYSCONFIG, "INSECURE_REGISTRY"),
        check_unit(),
        drop_in.only(Condition::UnitLacksVariable).note(Note::VendorUnit).note(Note::CopyCommand),
        restart_docker("systemctl restart docker"),
        verify_process(site, "/usr/bin/dockerd"),
        first_push(site, "docker"),
    ]
}

/// Ubuntu: there is no such variable. Both that take its place follow.
pub(in crate::setup_guide) fn ubuntu(site: &Site) -> Vec<Step> {
    let mut steps = vec![reach(site), printed(site, DEFAULT).note(Note::NoSuchVariable), find_init("systemd")];
    // No Docker for 14.04 takes an IPv6 address in an image name.
    if !site.place.is_ipv6() {
        let upstart = [
            variable::extend(site, StepKind::SetVariable, DEFAULT, "DOCKER_OPTS"),
            restart_docker("service docker restart"),
            verify_process(site, "/usr/bin/dockerd"),
        ];
        steps.extend(only(upstart, Condition::Init));
    }
    let systemd =
        [daemon_json::merge(site, daemon_json::FILE), reload_step("systemctl reload docker"), verify_info(site)];
    steps.extend(only(systemd, Condition::Systemd));
    steps.push(first_push(site, "docker"));
    steps
}
