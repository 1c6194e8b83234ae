//! Steps that several families share.

use super::{
    super::{Condition, Note, Snippet, Step, StepKind, merge::Existing},
    Site,
};

/// Asks the registry for its version: 200 when it is open, 401 when it wants a sign-in, 503 while it is disabled.
pub(in crate::setup_guide) fn reach(site: &Site) -> Step {
    let kind = if site.is_plain() { StepKind::Reach } else { StepKind::ReachTls };
    Step::new(kind, [Snippet::run(status_command(site, "")), Snippet::output("200")])
}

/// A command that prints the status which the registry answers with.
pub(super) fn status_command(site: &Site, options: &str) -> String {
    // Without -g curl would read an IPv6 address's brackets as a range.
    let globbing = if site.place.is_ipv6() { "g" } else { "" };
    format!("curl -{globbing}sS {options}-o /dev/null -w '%{{http_code}}\\n' '{}/v2/'", site.place.url())
}

/// Pushes and pulls with `docker` or what is called like it: the proof that counts.
pub(in crate::setup_guide) fn first_push(site: &Site, command: &str) -> Step {
    let image = format!("{}/hello-world:latest", site.prefix());
    let origin = if command == "docker" { "hello-world:latest" } else { "docker.io/library/hello-world:latest" };
    Step::new(
        StepKind::FirstPush,
        [Snippet::run(format!(
            "image={origin}\n\
             {command} pull \"$image\"\n\
             {command} tag \"$image\" '{image}'\n\
             {command} push '{image}'\n\
             {command} rmi '{image}'\n\
             {command} pull '{image}'"
        ))],
    )
    .value("command", command)
}

/// Pulls what was pushed elsewhere, for what only pulls.
pub(super) fn first_pull(site: &Site, command: &str) -> Step {
    Step::new(StepKind::FirstPull, [Snippet::run(format!("{command} '{}/hello-world:latest'", site.prefix()))])
}

/// Signs in, where the registry asks for it.
pub(super) fn sign_in(site: &Site, command: &str) -> Step {
    Step::new(StepKind::Flags, [Snippet::run(format!("{command} '{}'", site.prefix()))]).only(Condition::SignIn)
}

/// Starts something anew.
pub(super) fn restart(commands: &str) -> Step {
    Step::new(StepKind::Restart, [Snippet::run(commands)])
}

/// Restarts Docker, which stops containers.
pub(super) fn restart_docker(commands: &str) -> Step {
    restart(commands).note(Note::RestartStops)
}

/// For what has no file that can be merged.
pub(in crate::setup_guide) fn no_files(_: &Site) -> Vec<Existing> {
    Vec::new()
}
