//! Desktop applications (their vendors' documentation; not run by this project).

use crate::setup_guide::{
    Group, Note,
    recipe::{Ipv6, Own, Recipe, Shell, desktop},
    target::{Edition, Entry},
};

const fn entry(slug: &'static str, search: &'static str, versions: &'static [Edition]) -> Entry {
    Entry { slug, group: Group::Desktop, search, question: "", versions }
}

const MAC: Own = Own {
    steps: desktop::docker_mac,
    notes: &[Note::Reported],
    shell: Shell::User,
    inside: true,
    ipv6: Ipv6::SinceDocker25,
    tls_is_alike: false,
};

const WINDOWS: Own = Own {
    steps: desktop::docker_windows,
    notes: &[Note::Reported, Note::DesktopNotWsl],
    shell: Shell::PowerShell,
    ..MAC
};

const fn only(own: Own) -> Edition {
    Edition::only(Recipe::Own(own))
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry("docker-desktop-mac", "docker desktop mac macos osx apple", &[only(MAC)]),
    entry("docker-desktop-windows", "docker desktop windows wsl wsl2 hyper-v", &[only(WINDOWS)]),
    entry("colima", "colima mac macos lima", &[only(Own { steps: desktop::colima, ..MAC })]),
    entry("rancher-desktop", "rancher desktop suse mac macos moby", &[only(Own { steps: desktop::rancher, ..MAC })]),
    entry("lima", "lima limactl mac macos", &[only(Own { steps: desktop::lima, ..MAC })]),
    entry("orbstack", "orbstack orb mac macos", &[only(Own { steps: desktop::orbstack, ..MAC })]),
];
