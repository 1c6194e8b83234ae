//! daemon.json: the form for every Docker that systemd starts and that no distribution has wrapped.

use super::{
    Note, Place, Step, Target,
    common::{find_conflicts, first_push, reach, verify_info},
    daemon_json,
};

/// The steps, with what is particular to `target`.
pub(super) fn steps(place: &Place, target: Target) -> Vec<Step> {
    let conflicts = match target {
        Target::Centos7 | Target::Centos6 => find_conflicts().note(Note::CeIgnoresSysconfig),
        Target::Ubuntu => find_conflicts().note(Note::DebianDefault),
        Target::Linux => find_conflicts().note(Note::DebianDefault).note(Note::PresetFlags),
    };
    vec![
        reach(place),
        conflicts,
        daemon_json::merge(place).note(Note::OtherDaemons),
        daemon_json::validate(),
        daemon_json::reload(),
        verify_info(place),
        first_push(place),
    ]
}
