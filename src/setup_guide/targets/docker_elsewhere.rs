//! Docker on a NAS and on Windows Server. The paths on a NAS are those that several of their users report.

use crate::setup_guide::{
    Group, Note,
    recipe::{
        Ipv6, Own, Recipe, Shell, desktop,
        docker::{Docker, Era, Setting},
    },
    script::Plan,
    target::{Edition, Entry},
};

const NAS: Docker =
    Docker { reload: None, era: Era::Reloads, notes: &[Note::Reported, Note::UpdateResets], ..Docker::LINUX };

const SYNOLOGY_7_2: Docker = Docker {
    setting: Setting::DaemonJson("/var/packages/ContainerManager/etc/dockerd.json"),
    restart: "systemctl restart pkg-ContainerManager-dockerd",
    ..NAS
};

const SYNOLOGY_OLD: Docker = Docker {
    setting: Setting::DaemonJson("/var/packages/Docker/etc/dockerd.json"),
    restart: "synopkg stop Docker\nsynopkg start Docker",
    ..NAS
};

const QNAP: Docker = Docker {
    setting: Setting::DaemonJsonAt {
        file: "/share/CACHEDEV1_DATA/.qpkg/container-station/etc/docker.json",
        find: "ps | grep '[d]ocker.json'",
    },
    restart: "/etc/init.d/container-station.sh restart",
    ..NAS
};

const WINDOWS_SERVER: Own = Own {
    steps: desktop::windows_server,
    files: desktop::windows_server_files,
    script: Some(Plan::Windows { file: "$env:ProgramData\\docker\\config\\daemon.json", service: "docker" }),
    notes: &[Note::Reported],
    shell: Shell::PowerShell,
    inside: false,
    ipv6: Ipv6::SinceDocker25,
    tls_is_alike: false,
};

const fn entry(
    slug: &'static str,
    search: &'static str,
    question: &'static str,
    versions: &'static [Edition],
) -> Entry {
    Entry { slug, group: Group::DockerElsewhere, search, question, versions }
}

pub(in crate::setup_guide) const TARGETS: &[Entry] = &[
    entry(
        "synology",
        "synology dsm nas diskstation container manager",
        "synology",
        &[
            Edition { slug: "dsm-7.2", recipe: Recipe::Docker(SYNOLOGY_7_2) },
            Edition { slug: "dsm-7.1", recipe: Recipe::Docker(SYNOLOGY_OLD) },
        ],
    ),
    entry("qnap", "qnap qts nas container station", "", &[Edition::only(Recipe::Docker(QNAP))]),
    entry("windows-server", "windows server containers powershell", "", &[Edition::only(Recipe::Own(WINDOWS_SERVER))]),
];
