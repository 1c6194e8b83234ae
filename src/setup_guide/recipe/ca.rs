//! The certificate authority: getting it, and the places where clients and systems look for it.

use super::{
    super::{Condition, Note, Snippet, Step, StepKind, download, download_on_windows},
    Site,
    shared::status_command,
};

/// Where a system keeps the authorities that all of its programs trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::setup_guide) enum Store {
    /// Debian, Ubuntu and Alpine (distribution, about/insecure.md).
    Debian,
    /// RHEL, Fedora, CentOS 7 and Amazon Linux (the same page).
    Rhel,
    /// openSUSE and SLES.
    Suse,
    /// The system's keychain (Docker Desktop's documentation).
    MacOs,
    /// Trusted Root Certification Authorities of the machine.
    Windows,
}

/// The authority's file by itself.
const FILE: &str = "ca.crt";

/// Fetches the authority: from where the registry hands it out, else what the registry sends last, which is the authority
/// only where the registry sends it or has signed its own certificate.
pub(in crate::setup_guide) fn get(site: &Site) -> Step {
    if let Some(authority) = &site.authority {
        let fingerprint = format!("sha256 Fingerprint={}", authority.fingerprint());
        return handed_out(Snippet::run(download(&site.place)), fingerprint).only(Condition::NotTrusted);
    }
    let endpoint = site.place.endpoint();
    let host = site.place.host();
    // An address is no server name (RFC 6066, section 3).
    let named = host.chars().any(|c| c.is_ascii_alphabetic()) && !host.starts_with('[');
    let name = if named { format!(" -servername '{host}'") } else { String::new() };
    let commands = format!(
        "openssl s_client -connect '{endpoint}'{name} -showcerts </dev/null 2>/dev/null |\n  \
         awk '/BEGIN CERTIFICATE/ {{ c = \"\" }} {{ c = c $0 \"\\n\" }} /END CERTIFICATE/ {{ l = c }} END {{ printf \"%s\", l }}' > {FILE}\n\
         openssl x509 -in {FILE} -noout -subject -issuer -fingerprint -sha256"
    );
    Step::new(StepKind::GetCa, [Snippet::run(commands)]).only(Condition::NotTrusted).note(Note::CompareFingerprint)
}

/// As [`get`], in PowerShell.
pub(in crate::setup_guide) fn get_from_windows(site: &Site) -> Step {
    match &site.authority {
        Some(authority) => {
            let commands = Snippet::power_shell(download_on_windows(&site.place));
            handed_out(commands, authority.fingerprint().to_owned())
        }
        // Windows has nothing that fetches a chain.
        None => Step::new(StepKind::GetCa, []).note(Note::CompareFingerprint),
    }
}

fn handed_out(commands: Snippet, fingerprint: String) -> Step {
    Step::new(StepKind::DownloadCa, [commands, Snippet::output(fingerprint)]).note(Note::CompareFingerprint)
}

/// The registry's folder below `certs`, as a shell word: only what is typed stands in quotes, so that `~` opens up.
pub(super) fn folder(certs: &str, name: &str) -> String {
    format!("{certs}/'{name}'")
}

/// Puts the authority into the registry's folder below `certs`.
pub(in crate::setup_guide) fn install(site: &Site, certs: &str) -> Step {
    let folder = folder(certs, site.prefix());
    let commands = format!("d={folder}\nmkdir -p \"$d\"\ncp {FILE} \"$d/ca.crt\"\nchmod 0644 \"$d/ca.crt\"");
    Step::new(StepKind::InstallCa, [Snippet::run(commands)])
        .only(Condition::NotTrusted)
        .value("file", format!("{certs}/{}/ca.crt", site.prefix()))
        .note(Note::CaFileName)
}

/// Puts the authority into the system's store.
pub(in crate::setup_guide) fn trust(site: &Site, store: Store) -> Step {
    let snippet = match store {
        Store::Windows => Snippet::power_shell(format!("certutil -addstore -f Root {FILE}")),
        other => Snippet::run(store_commands(site, other)),
    };
    Step::new(StepKind::TrustCa, [snippet]).only(Condition::WholeMachine)
}

/// The commands for a system with a shell.
fn store_commands(site: &Site, store: Store) -> String {
    let name = file_name(site);
    let into =
        |folder: &str, update: &str| format!("cp {FILE} {folder}/'{name}'\nchmod 0644 {folder}/'{name}'\n{update}");
    match store {
        Store::Debian => into("/usr/local/share/ca-certificates", "update-ca-certificates"),
        Store::Rhel => into("/etc/pki/ca-trust/source/anchors", "update-ca-trust"),
        Store::Suse => into("/etc/pki/trust/anchors", "update-ca-certificates"),
        Store::MacOs => {
            format!("sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {FILE}")
        }
        Store::Windows => format!("certutil -addstore -f Root {FILE}"),
    }
}

/// A file of this registry's own, with a name that every file system takes.
pub(in crate::setup_guide) fn file_name(site: &Site) -> String {
    let plain: String = site.prefix().chars().filter(|c| !matches!(c, '[' | ']')).collect();
    format!("{}.crt", plain.replace(':', "-"))
}

/// Asks again, with the authority that was just installed.
pub(in crate::setup_guide) fn verify(site: &Site, certs: &str) -> Step {
    let option = format!("--cacert {}/ca.crt ", folder(certs, site.prefix()));
    verify_with(site, &option)
}

/// Asks again, with `options` for curl.
pub(super) fn verify_with(site: &Site, options: &str) -> Step {
    Step::new(StepKind::VerifyCa, [Snippet::run(status_command(site, options)), Snippet::output("200")])
        .only(Condition::NotTrusted)
        .note(Note::SubjectAlternativeName)
        .note(Note::Intermediates)
}
