//! HTTPS: no insecure entry at all, only a certificate authority that Docker trusts.

use super::{
    Condition, Note, Place, Snippet, Step, StepKind,
    common::{first_push, status_command},
};

/// The steps; the same on every Linux, since Docker 1.3.
pub(super) fn steps(place: &Place) -> Vec<Step> {
    let file = format!("/etc/docker/certs.d/{}/ca.crt", place.prefix());
    let reach = Step::new(StepKind::ReachTls, [Snippet::run(status_command(place, "")), Snippet::output("200")]);
    let install = Step::new(StepKind::InstallCa, [Snippet::run(format!("install -D -m 0644 ca.crt '{file}'"))])
        .only(Condition::NotTrusted)
        .note(Note::CaFileName)
        .note(Note::NoRestart);
    let verify = Step::new(
        StepKind::VerifyCa,
        [Snippet::run(status_command(place, &format!("--cacert '{file}' "))), Snippet::output("200")],
    )
    .only(Condition::NotTrusted)
    .note(Note::SubjectAlternativeName)
    .note(Note::Intermediates);
    let listed = Step::new(
        StepKind::NotInsecure,
        [Snippet::run(format!(
            "docker info 2>/dev/null | sed -n '/Insecure Registries/,/Live Restore/p' | grep -F '{}'",
            place.prefix()
        ))],
    )
    .note(Note::InsecureSkipsCerts);
    vec![reach, install, verify, listed, first_push(place)]
}
