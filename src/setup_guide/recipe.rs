//! How a family of targets is set up. A recipe is data that its family's module turns into steps.

use super::{Authority, Note, Place, Step, Trust, merge::Existing, script::Plan};

pub(super) mod build;
pub(super) mod ca;
pub(super) mod containers;
pub(super) mod daemon_json;
pub(super) mod desktop;
pub(super) mod docker;
pub(super) mod hosts;
pub(super) mod kubernetes;
pub(super) mod original;
pub(super) mod registries_yaml;
pub(super) mod shared;
pub(super) mod tools;
pub(super) mod variable;

use containers::Containers;
use docker::Docker;
use hosts::Hosts;
use registries_yaml::RegistriesYaml;

/// What all recipes are told.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The registry as clients see it.
    pub(super) place: Place,
    /// How it is trusted.
    pub(super) trust: Trust,
    /// The authority that the registry hands out, where clients need it.
    pub(super) authority: Option<Authority>,
}

impl Site {
    /// `host` or `host:port`, as image names begin.
    pub(super) fn prefix(&self) -> &str {
        self.place.prefix()
    }

    /// Whether the client speaks HTTP.
    pub(super) fn is_plain(&self) -> bool {
        self.trust == Trust::Plain
    }
}

/// The steps for one version of a target.
pub(super) enum Recipe {
    /// A Docker daemon of the machine's own.
    Docker(Docker),
    /// The library below Podman, Buildah, Skopeo and CRI-O.
    Containers(Containers),
    /// containerd's folder of registries.
    Hosts(Hosts),
    /// k3s and RKE2.
    RegistriesYaml(RegistriesYaml),
    /// What has nothing in common with others.
    Own(Own),
}

/// A recipe of one target alone.
pub(super) struct Own {
    pub(super) steps: fn(&Site) -> Vec<Step>,
    /// The files in which the registry is named, as far as they can be merged.
    pub(super) files: fn(&Site) -> Vec<Existing>,
    /// What a script does, if there is anything to be done on the machine.
    pub(super) script: Option<Plan>,
    pub(super) notes: &'static [Note],
    pub(super) shell: Shell,
    /// Where `localhost` leads.
    pub(super) inside: bool,
    /// Whether image names may hold an IPv6 address.
    pub(super) ipv6: Ipv6,
    /// Whether HTTPS is set up as in the target's other versions.
    pub(super) tls_is_alike: bool,
}

/// Who runs the commands, and in what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shell {
    /// A shell of root.
    Root,
    /// A shell of whoever uses the program.
    User,
    /// PowerShell of an administrator.
    PowerShell,
    /// PowerShell of whoever uses Docker Desktop.
    UserPowerShell,
}

impl Shell {
    /// Where its words stand in the guide's texts.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Root => "shell.root",
            Self::User => "shell.user",
            Self::PowerShell => "shell.power_shell",
            Self::UserPowerShell => "shell.user_power_shell",
        }
    }
}

/// Whether a client takes an IPv6 address in an image name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ipv6 {
    /// Never: the last release for this target is older than Docker 25.0.
    Impossible,
    /// From Docker 25.0.
    SinceDocker25,
    /// Releases differ, or it is not known.
    Differs,
}

impl Recipe {
    /// The steps, in order.
    pub(super) fn steps(&self, site: &Site) -> Vec<Step> {
        match self {
            Self::Docker(docker) => docker.steps(site),
            Self::Containers(containers) => containers.steps(site),
            Self::Hosts(hosts) => hosts.steps(site),
            Self::RegistriesYaml(yaml) => yaml.steps(site),
            Self::Own(own) => (own.steps)(site),
        }
    }

    /// The files in which the registry is named, as far as they can be merged.
    pub(super) fn files(&self, site: &Site) -> Vec<Existing> {
        match self {
            Self::Docker(docker) => docker.files(),
            Self::Containers(containers) => containers.files(),
            Self::Hosts(hosts) => hosts.files(site),
            Self::RegistriesYaml(yaml) => yaml.files(site),
            Self::Own(own) => (own.files)(site),
        }
    }

    /// What a script does; `None` where nothing on the machine is to be configured, or only people can.
    pub(super) fn script(&self) -> Option<Plan> {
        match self {
            Self::Docker(docker) => docker.script(),
            Self::Containers(containers) => Some(containers.script()),
            Self::Hosts(hosts) => Some(hosts.script()),
            Self::RegistriesYaml(yaml) => Some(yaml.script()),
            Self::Own(own) => own.script,
        }
    }

    /// What is to be known of this target before beginning.
    pub(super) const fn notes(&self) -> &'static [Note] {
        match self {
            Self::Docker(docker) => docker.notes,
            Self::Containers(containers) => containers.notes,
            Self::Hosts(hosts) => hosts.notes,
            Self::RegistriesYaml(yaml) => yaml.notes,
            Self::Own(own) => own.notes,
        }
    }

    /// Who runs the commands.
    pub(super) const fn shell(&self) -> Shell {
        match self {
            Self::Docker(docker) => docker.shell,
            Self::Containers(containers) => containers.shell,
            Self::Hosts(_) | Self::RegistriesYaml(_) => Shell::Root,
            Self::Own(own) => own.shell,
        }
    }

    /// Whether its files lie in a machine that is entered first, as its administrator.
    pub(super) const fn is_entered(&self) -> bool {
        match self {
            Self::Containers(containers) => containers.enter.is_some(),
            _ => false,
        }
    }

    /// Whether `localhost` means another machine than the one that the reader sits at.
    pub(super) const fn is_inside(&self) -> bool {
        match self {
            Self::Docker(docker) => docker.inside,
            Self::Containers(containers) => containers.inside,
            Self::Hosts(hosts) => hosts.inside,
            Self::RegistriesYaml(_) => false,
            Self::Own(own) => own.inside,
        }
    }

    /// Whether image names may hold an IPv6 address.
    pub(super) const fn ipv6(&self) -> Ipv6 {
        match self {
            Self::Docker(docker) => docker.era.ipv6(),
            Self::Containers(_) | Self::Hosts(_) | Self::RegistriesYaml(_) => Ipv6::Differs,
            Self::Own(own) => own.ipv6,
        }
    }

    /// Whether the client takes `localhost` for what it is, without any configuration.
    pub(super) const fn accepts_loopback(&self) -> bool {
        match self {
            Self::Docker(docker) => !docker.inside,
            _ => false,
        }
    }

    /// Whether its steps for HTTPS are those of the target's other versions: where Docker looks for certificates does
    /// not depend on how it is started.
    pub(super) const fn tls_is_alike(&self) -> bool {
        match self {
            Self::Docker(_) => true,
            Self::Own(own) => own.tls_is_alike,
            _ => false,
        }
    }
}
