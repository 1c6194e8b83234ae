//! What to know, beside a step or before all of them.

use serde::{Deserialize, Serialize};

use super::words::words;

words! {
    /// Something to know.
    Note in "note" {
        /// HTTP: whoever is on the way reads passwords and images, and can change them.
        ClearText: "clear_text",
        /// Docker accepts 127.0.0.0/8 without configuration, and means its own machine by it.
        Loopback: "loopback",
        /// Inside a virtual machine, a container or a node the client's own machine is another one.
        LoopbackInside: "loopback_inside",
        /// `::1` is accepted without configuration from Docker 28.0.
        LoopbackV6: "loopback_v6",
        /// Image names take an IPv6 address from Docker 25.0.
        Ipv6Since25: "ipv6_since_25",
        /// No Docker for this version takes an IPv6 address in an image name.
        Ipv6Impossible: "ipv6_impossible",
        /// Other clients' releases differ in whether they take one.
        Ipv6Differs: "ipv6_differs",
        /// The port was added: without it Docker would not read the name as a registry's.
        PortAdded: "port_added",
        /// The entry is compared with the image name character by character, port included.
        Exact: "exact",
        /// Without a port in the image name the entry has none either.
        NoPort: "no_port",
        /// Every machine whose daemon pulls needs this.
        EveryDaemon: "every_daemon",
        /// The original documentation asks for Docker 1.8.3.
        MinimumVersion: "minimum_version",
        /// Taken from the vendor's documentation or from others' reports; not run by this project.
        Reported: "reported",
        /// Rootless Docker, the snap package and Docker Desktop read other files.
        OtherDaemons: "other_daemons",
        /// The same option as a flag and in daemon.json stops the daemon.
        OneMethod: "one_method",
        /// Debian's own unit passes `DOCKER_OPTS` from /etc/default/docker.
        DebianDefault: "debian_default",
        /// The distribution presets flags in /etc/sysconfig/docker.
        PresetFlags: "preset_flags",
        /// docker-ce does not read /etc/sysconfig/docker.
        CeIgnoresSysconfig: "ce_ignores_sysconfig",
        /// The key is plural and its value a list; the singular is ignored without a word.
        PluralList: "plural_list",
        /// On broken JSON a reload keeps the old list in force.
        ReloadKeeps: "reload_keeps",
        /// Restarting stops the containers unless live restore is on.
        RestartStops: "restart_stops",
        /// `docker info` lists insecure registries from Docker 1.12.
        InfoSince: "info_since",
        /// The variable has to hold the flag; without it the daemon does not start.
        FlagMissing: "flag_missing",
        /// /etc/default/docker knows no such variable, and systemd's docker reads no such file.
        NoSuchVariable: "no_such_variable",
        /// The file is sourced by a shell, so that the variable can be extended.
        Sourced: "sourced",
        /// systemd does not expand variables in the file, so the line is edited in place.
        NotExpanded: "not_expanded",
        /// Docker 1.13 of CentOS also reads /etc/containers/registries.conf.
        RegistriesConfToo: "registries_conf_too",
        /// Updates replace the unit under /usr/lib.
        VendorUnit: "vendor_unit",
        /// The drop-in repeats the unit's whole command.
        CopyCommand: "copy_command",
        /// No restart is needed.
        NoRestart: "no_restart",
        /// The file ends in .crt and the directory carries the port if the image names do.
        CaFileName: "ca_file_name",
        /// The certificate has to name the host or address as a subject alternative name.
        SubjectAlternativeName: "subject_alternative_name",
        /// The registry has to send its intermediate certificates too.
        Intermediates: "intermediates",
        /// An insecure entry makes Docker skip certs.d.
        InsecureSkipsCerts: "insecure_skips_certs",
        /// What was fetched from the registry itself proves nothing until its fingerprint is compared.
        CompareFingerprint: "compare_fingerprint",
        /// An update of the package may put the file back.
        UpdateResets: "update_resets",
        /// A machine that is made anew has lost the files inside.
        MachineRecreated: "machine_recreated",
        /// Only the desktop application's own engine reads its settings; /etc/docker inside WSL is another one's.
        DesktopNotWsl: "desktop_not_wsl",
        /// While it runs Windows containers, Docker Desktop's engine is Windows' own and reads its file.
        WindowsContainers: "windows_containers",
        /// On Windows the folder's name has no colon.
        WindowsNoColon: "windows_no_colon",
        /// Docker before 24.0 does not read a file with a byte order mark.
        NoByteOrderMark: "no_byte_order_mark",
        /// The application reads the system's list of authorities when it starts.
        RestartDesktop: "restart_desktop",
        /// A registries.conf of one's own replaces the system's, drop-ins and all.
        UserReplacesSystem: "user_replaces_system",
        /// Drop-ins end in .conf and are written in version 2.
        DropInsAreV2: "drop_ins_are_v2",
        /// There is no daemon: it holds from the next command on.
        NoDaemon: "no_daemon",
        /// The host table is needed; `server` alone is not enough.
        HostTable: "host_table",
        /// ctr does not read what Kubernetes' side of containerd reads.
        CtrAlone: "ctr_alone",
        /// config_path does not go together with registry.mirrors and registry.configs.
        NoMirrors: "no_mirrors",
        /// On every node, those that join later too.
        EveryNode: "every_node",
        /// k3s tries HTTPS last, so that its error may be the one that is shown.
        DefaultEndpoint: "default_endpoint",
        /// Nodes are drained and restarted one after the other.
        NodesDrained: "nodes_drained",
        /// Where allowedRegistries is set, the registry has to be in it.
        AllowedRegistries: "allowed_registries",
        /// Old node images need a patch in the cluster's configuration.
        KindBefore027: "kind_before_027",
        /// An existing cluster does not take the flag.
        NewClusterOnly: "new_cluster_only",
        /// A builder in a container does not read the daemon's list.
        BuilderApart: "builder_apart",
        /// `http` and `insecure` are not meant to stand together.
        HttpOrInsecure: "http_or_insecure",
        /// The daemon inside and the one outside are two.
        TwoDaemons: "two_daemons",
        /// The agent's own daemon does the work.
        AgentsDaemon: "agents_daemon",
        /// Flags count for one command.
        OneCommand: "one_command",
        /// Helm has the flag from 3.13.
        HelmSince: "helm_since",
    }
}

/// How loudly a note speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot work, or something breaks.
    Danger,
    /// It works, at a price.
    Warning,
    /// Good to know.
    Info,
}

impl Note {
    /// How loudly the note speaks.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Ipv6Impossible | Self::FlagMissing | Self::NoSuchVariable => Severity::Danger,
            Self::ClearText
            | Self::CompareFingerprint
            | Self::InsecureSkipsCerts
            | Self::LoopbackInside
            | Self::NewClusterOnly
            | Self::NodesDrained
            | Self::NoMirrors
            | Self::OneMethod
            | Self::RestartStops
            | Self::UpdateResets => Severity::Warning,
            _ => Severity::Info,
        }
    }
}
