//! A script that does the steps: looks first if asked to, keeps copies, merges, changes nothing the second time, sees
//! that it works and else puts everything back. POSIX shell that needs nothing but what every system has (no jq, no
//! Python), and PowerShell for Windows.
//!
//! The parts in `script/` are the same for everybody; what differs is the handful of values before them.

use super::{
    Authority, Trust,
    recipe::{Site, containers::drop_in_name},
};

#[cfg(test)]
mod tests;

const LIB: &str = include_str!("script/lib.sh");
const JSON: &str = include_str!("script/json.sh");
const DOCKER: &str = include_str!("script/docker.sh");
const DOCKER_DAEMON_JSON: &str = include_str!("script/docker_daemon_json.sh");
const DOCKER_VARIABLE: &str = include_str!("script/docker_variable.sh");
const CONTAINERS: &str = include_str!("script/containers.sh");
const HOSTS: &str = include_str!("script/hosts.sh");
const REGISTRIES_YAML: &str = include_str!("script/registries_yaml.sh");
const KIND: &str = include_str!("script/kind.sh");
const BUILDKITD: &str = include_str!("script/buildkitd.sh");
const WINDOWS: &str = include_str!("script/windows.ps1");

/// A script, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it is written in.
    pub kind: ScriptKind,
    /// Its text.
    pub text: String,
}

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScriptKind {
    /// POSIX shell.
    Shell,
    /// PowerShell.
    PowerShell,
}

impl ScriptKind {
    /// How its file's name ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Shell => "sh",
            Self::PowerShell => "ps1",
        }
    }
}

/// What a script does, by the family of targets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Plan {
    /// Docker with daemon.json.
    DaemonJson {
        file: &'static str,
        certs: &'static str,
        reload: &'static str,
        restart: &'static str,
        /// Whether other files may give the daemon flags.
        flags: bool,
    },
    /// Docker with a variable.
    Variable { file: &'static str, variable: &'static str, sourced: bool, certs: &'static str, restart: &'static str },
    /// registries.conf.
    Containers { drop_ins: &'static str, certs: &'static str, restart: &'static str },
    /// containerd's folder.
    Hosts { folder: &'static str, config: bool, restart: &'static str },
    /// containerd's folder in every node of kind's.
    KindNodes { folder: &'static str },
    /// k3s and RKE2.
    RegistriesYaml { file: &'static str, certs: &'static str, restart: &'static str },
    /// buildkitd.
    Buildkitd,
    /// Docker on Windows; without a service it is the desktop application.
    Windows { file: &'static str, service: &'static str },
}

/// Writes the script of `plan` for a target.
pub(super) fn write(plan: Plan, slug: &str, version: &str, site: &Site, as_root: bool) -> Script {
    let trust = site.trust.slug();
    let query = format!("target={slug}&version={version}&trust={trust}");
    let page = format!("{}/setup?{query}", site.place.url());
    // Both are letters, digits, and signs that leave no quotes.
    let pem = site.authority.as_ref().map(Authority::pem).unwrap_or_default();
    let (pem, fingerprint) = (pem.trim_end(), site.authority.as_ref().map(Authority::fingerprint).unwrap_or_default());
    if let Plan::Windows { file, service } = plan {
        let text = format!(
            "# Sets this machine up for the registry at {url}: {slug}, {trust}.\n\
             # Look first: -DryRun changes nothing. The steps by hand: {page}\n\
             param([switch]$DryRun, [string]$Ca)\n\
             $ErrorActionPreference = 'Stop'\n\
             $Registry = '{prefix}'\n$Trust = '{trust}'\n$File = \"{file}\"\n$Service = '{service}'\n\
             $Authority = '{pem}'\n$Fingerprint = '{fingerprint}'\n\n\
             # One block: a download that breaks off does nothing.\n& {{\n{WINDOWS}}}\n",
            url = site.place.url(),
            prefix = site.prefix(),
        );
        return Script { kind: ScriptKind::PowerShell, text };
    }
    if let Plan::KindNodes { folder } = plan {
        // What each node runs is a machine's own script.
        let inside = Plan::Hosts { folder, config: true, restart: "" };
        let inside = write(inside, slug, version, site, true).text;
        let authority = if pem.is_empty() { "" } else { "yes" };
        let text = format!(
            "#!/bin/sh\n\
             # Sets the nodes of kind's clusters up for the registry at {url}: {slug}, {trust}.\n\
             # Look first: --dry-run changes nothing. The steps by hand: {page}\n\
             set -eu\nSCRIPT='{slug}.sh'\nTRUST='{trust}'\nAUTHORITY='{authority}'\n\n\
             # Each node runs this.\ninside() {{\n  cat <<'INSIDE'\n{inside}INSIDE\n}}\n\n{KIND}\nmain \"$@\"\n",
            url = site.place.url(),
        );
        return Script { kind: ScriptKind::Shell, text };
    }
    let (values, parts) = values_and_parts(plan);
    let other = format!("{}://{}", if site.trust == Trust::Plain { "https" } else { "http" }, site.prefix());
    let mut text = format!(
        "#!/bin/sh\n\
         # Sets this machine up for the registry at {url}: {slug}, {trust}.\n\
         # Look first: --dry-run changes nothing. The steps by hand: {page}\n\
         # shellcheck disable=SC2034 # not every part needs every value\n\
         set -eu\nLC_ALL=C\nexport LC_ALL\n\n\
         SCRIPT='{slug}.sh'\nPAGE='{page}'\nREGISTRY='{prefix}'\nURL='{url}'\nOTHER_URL='{other}'\nTRUST='{trust}'\n\
         AS_ROOT='{as_root}'\nAUTHORITY='{pem}'\nFINGERPRINT='{fingerprint}'\n",
        url = site.place.url(),
        prefix = site.prefix(),
        as_root = if as_root { "yes" } else { "" },
    );
    if matches!(plan, Plan::Containers { .. }) {
        text.push_str(&format!("DROP_IN_NAME='{}'\n", drop_in_name(site)));
    }
    for (name, value) in values {
        // A path of the user's own is found when the script runs.
        match value.strip_prefix("~/") {
            Some(rest) => text.push_str(&format!("{name}=\"$HOME/{rest}\"\n")),
            None => text.push_str(&format!("{name}='{value}'\n")),
        }
    }
    for part in [LIB].iter().chain(parts) {
        text.push('\n');
        text.push_str(part);
    }
    // Last: a download that breaks off does nothing.
    text.push_str("\nmain \"$@\"\n");
    Script { kind: ScriptKind::Shell, text }
}

type Values = Vec<(&'static str, &'static str)>;

fn values_and_parts(plan: Plan) -> (Values, &'static [&'static str]) {
    let yes = |wanted: bool| if wanted { "yes" } else { "" };
    match plan {
        Plan::DaemonJson { file, certs, reload, restart, flags } => (
            vec![
                ("FILE", file),
                ("CERTS", certs),
                ("RELOAD", reload),
                ("RESTART", restart),
                ("FLAG_FILES", yes(flags)),
            ],
            &[JSON, DOCKER, DOCKER_DAEMON_JSON],
        ),
        Plan::Variable { file, variable, sourced, certs, restart } => (
            vec![
                ("FILE", file),
                ("VARIABLE", variable),
                ("SOURCED", yes(sourced)),
                ("CERTS", certs),
                ("RELOAD", ""),
                ("RESTART", restart),
                ("FLAG_FILES", ""),
            ],
            &[JSON, DOCKER, DOCKER_VARIABLE],
        ),
        Plan::Containers { drop_ins, certs, restart } => {
            (vec![("DROP_INS", drop_ins), ("CERTS", certs), ("RESTART", restart)], &[CONTAINERS])
        }
        Plan::Hosts { folder, config, restart } => (
            vec![
                ("FOLDER", folder),
                ("CONFIG", if config { "/etc/containerd/config.toml" } else { "" }),
                ("RESTART", restart),
            ],
            &[HOSTS],
        ),
        Plan::RegistriesYaml { file, certs, restart } => {
            (vec![("FILE", file), ("CERTS", certs), ("RESTART", restart)], &[REGISTRIES_YAML])
        }
        Plan::Buildkitd => (
            vec![
                ("FILE", "/etc/buildkit/buildkitd.toml"),
                ("CERTS", "/etc/buildkit/certs.d"),
                ("RESTART", "systemctl restart buildkit"),
            ],
            &[BUILDKITD],
        ),
        Plan::Windows { .. } | Plan::KindNodes { .. } => (Vec::new(), &[]),
    }
}
