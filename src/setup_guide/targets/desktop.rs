//! Desktop applications (their vendors' documentation; not run by this project).

use crate::setup_guide::{
    Group, Note,
    recipe::{Ipv6, Own, Recipe, Shell, desktop, shared::no_files},
    script::Plan,
    target::{Edition, Entry},
};

const fn entry(slug: &'static str, search: &'static str, versions: &'static [Edition]) -> Entry {
    Entry { slug, group: Group::Desktop, search, question: "", versions }
}

/// A daemon.json in the user's own folder, which no flags contradict.
const fn of_user(file: &'static str, certs: &'static str, restart: &'static str) -> Plan {
    Plan::DaemonJson { file, certs, reload: "", restart, flags: false }
}

const MAC: Own = Own {
    steps: desktop::docker_mac,
    files: desktop::docker_mac_files,
    script: Some(of_user("~/.docker/daemon.json", "~/.docker/certs.d", "")),
    notes: &[Note::Reported],
    shell: Shell::User,
    inside: true,
    ipv6: Ipv6::SinceDocker25,
    tls_is_alike: false,
};

const WINDOWS: Own = Own {
    steps: desktop::docker_windows,
    files: desktop::docker_windows_files,
    script: Some(Plan::Windows { file: "$env:USERPROFILE\\.docker\\daemon.json", service: "" }),
    notes: &[Note::Reported, Note::DesktopNotWsl, Note::WindowsContainers],
    shell: Shell::UserPowerShell,
    ..MAC
};

const fn only(own: Own) -> Edition {
    Edition::only(Recipe::Own(own))
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry("docker-desktop-mac", "docker desktop mac macos osx apple", &[only(MAC)]),
    entry("docker-desktop-windows", "docker desktop windows wsl wsl2 hyper-v", &[only(WINDOWS)]),
    entry(
        "colima",
        "colima mac macos lima",
        &[only(Own { steps: desktop::colima, files: no_files, script: None, ..MAC })],
    ),
    entry(
        "rancher-desktop",
        "rancher desktop suse mac macos moby",
        &[only(Own { steps: desktop::rancher, files: no_files, script: None, ..MAC })],
    ),
    entry(
        "lima",
        "lima limactl mac macos",
        &[only(Own {
            steps: desktop::lima,
            files: desktop::lima_files,
            script: Some(of_user(
                "~/.config/docker/daemon.json",
                "~/.config/docker/certs.d",
                "systemctl --user restart docker",
            )),
            ..MAC
        })],
    ),
    entry(
        "orbstack",
        "orbstack orb mac macos",
        &[only(Own {
            steps: desktop::orbstack,
            files: desktop::orbstack_files,
            script: Some(of_user("~/.orbstack/config/docker.json", "~/.docker/certs.d", "orb restart docker")),
            ..MAC
        })],
    ),
];
