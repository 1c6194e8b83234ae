//! The steps and notes that several forms share.

use super::{Form, Note, Place, Snippet, Step, StepKind, Target, Transport};

/// What to know before beginning, most urgent first.
pub(super) fn notes(place: &Place, target: Target, form: Form) -> Vec<Note> {
    let plain = place.transport() == Transport::Http;
    // Docker 25.0 is newer than the last release for these: CentOS 6 (1.7), CentOS 7's own (1.13), Ubuntu 14.04 (18.06).
    let old = target == Target::Centos6
        || matches!((target, form), (_, Form::Sysconfig | Form::Upstart) | (Target::Centos7, Form::Original));
    let mut notes = Vec::new();
    let mut add = |wanted: bool, note| {
        if wanted {
            notes.push(note);
        }
    };
    add(place.is_ipv6() && old, Note::Ipv6Impossible);
    add(place.is_loopback(), Note::Loopback);
    add(place.is_loopback() && place.is_ipv6() && plain, Note::LoopbackV6);
    add(plain && !place.is_loopback(), Note::ClearText);
    add(place.is_ipv6() && !old, Note::Ipv6Since25);
    add(place.port_added(), Note::PortAdded);
    add(!place.is_loopback() && place.port().is_some(), Note::Exact);
    add(!place.is_loopback() && place.port().is_none(), Note::NoPort);
    add(!place.is_loopback(), Note::EveryDaemon);
    add(target == Target::Centos6, Note::MinimumVersion);
    notes.sort_by_key(|note| note.severity());
    notes
}

/// Asks the registry for its version: 200 when it is open, 401 when it wants a sign-in, 503 while it is disabled.
pub(super) fn reach(place: &Place) -> Step {
    Step::new(StepKind::Reach, [Snippet::run(status_command(place, "")), Snippet::output("200")])
}

/// A command that prints the status which the registry answers with.
pub(super) fn status_command(place: &Place, options: &str) -> String {
    // Without -g curl would read an IPv6 address's brackets as a range.
    let globbing = if place.is_ipv6() { "g" } else { "" };
    format!("curl -{globbing}sS {options}-o /dev/null -w '%{{http_code}}\\n' '{}/v2/'", place.url())
}

/// Looks where the option may be set already.
pub(super) fn find_conflicts() -> Step {
    let places =
        "/etc/docker/daemon.json /etc/sysconfig/docker /etc/default/docker /etc/systemd/system/docker.service.d";
    let commands = format!(
        "ps -ww -C dockerd,dockerd-current,docker -o args= | grep -e '--insecure-registry'\n\
         grep -rsn 'insecure-registr' {places}"
    );
    Step::new(StepKind::FindConflicts, [Snippet::run(commands)]).note(Note::OneMethod)
}

/// Appends `line` to `file` unless it is there, after a dated copy. Only for files that a shell sources.
pub(super) fn append_line(file: &str, line: &str) -> String {
    format!(
        "f={file}\n\
         line='{line}'\n\
         [ ! -e \"$f\" ] || cp -p \"$f\" \"$f.bak.$(date +%Y%m%d%H%M%S)\"\n\
         grep -sqxF -e \"$line\" \"$f\" || printf '\\n%s\\n' \"$line\" >> \"$f\"\n\
         grep -n 'insecure-registry' \"$f\""
    )
}

/// Restarts by SysV init or upstart.
pub(super) fn restart_service() -> Step {
    Step::new(StepKind::Restart, [Snippet::run("service docker restart")]).note(Note::RestartStops)
}

/// Restarts by systemd.
pub(super) fn restart_systemd() -> Step {
    Step::new(StepKind::Restart, [Snippet::run("systemctl restart docker")]).note(Note::RestartStops)
}

/// Looks for the flag in the process list: all that Docker before 1.12 offers.
pub(super) fn verify_process(place: &Place, command: &str) -> Step {
    // The brackets keep grep from finding itself.
    Step::new(
        StepKind::VerifyProcess,
        [
            Snippet::run("ps -ef | grep '[i]nsecure-registry'"),
            Snippet::output(format!("… {command} … --insecure-registry {} …", place.prefix())),
        ],
    )
}

/// Reads the daemon's own list. The shape is `docker info`'s since 1.12.
pub(super) fn verify_info(place: &Place) -> Step {
    Step::new(
        StepKind::VerifyInfo,
        [
            Snippet::run("docker info 2>/dev/null | sed -n '/Insecure Registries/,/Live Restore/p'"),
            Snippet::output(format!(
                " Insecure Registries:\n  {}\n  127.0.0.0/8\n Live Restore Enabled: false",
                place.prefix()
            )),
        ],
    )
    .note(Note::InfoSince)
}

/// Pushes and pulls: the proof that counts.
pub(super) fn first_push(place: &Place) -> Step {
    let image = format!("{}/hello-world:latest", place.prefix());
    Step::new(
        StepKind::FirstPush,
        [Snippet::run(format!(
            "image=hello-world:latest\n\
             docker pull \"$image\"\n\
             docker tag \"$image\" '{image}'\n\
             docker push '{image}'\n\
             docker rmi '{image}'\n\
             docker pull '{image}'"
        ))],
    )
}
