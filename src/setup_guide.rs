//! The setup guide: how a client machine is made to accept this registry, as steps with snippets.
//!
//! Pure and language-neutral: titles, reasons and notes are variants that the console puts into words; commands,
//! file contents and expected outputs are texts that already hold the registry's address. Nothing here overwrites
//! a client's file: every snippet that edits keeps what stands there and can be run twice.
//!
//! Facts about Docker's versions and files come from moby's sources (CHANGELOG.md, contrib/init/) and
//! distribution's documentation (about/insecure.md, about/certificates.md).

use crate::config::RegistryAddress;

mod centos6;
mod centos7;
mod common;
mod daemon_json;
mod https;
mod linux;
mod place;
mod step;
mod ubuntu;

#[cfg(test)]
mod tests;

pub use place::{Place, Transport};
pub use step::{Condition, Language, Note, Role, Severity, Snippet, Step, StepKind};

/// The kind of machine that is to pull and push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// CentOS 6 and its relatives: SysV init, Docker 1.7 and older.
    Centos6,
    /// CentOS 7 and its relatives: the distribution's docker or docker-ce.
    Centos7,
    /// Ubuntu, 14.04 (upstart) and 16.04 or newer (systemd).
    Ubuntu,
    /// Any Linux whose Docker reads `/etc/docker/daemon.json`.
    Linux,
}

/// A way to configure one target. A target may know several, depending on where its Docker came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A key in `/etc/docker/daemon.json`.
    DaemonJson,
    /// A variable in `/etc/sysconfig/docker`.
    Sysconfig,
    /// A variable in `/etc/default/docker`, read by upstart.
    Upstart,
    /// A certificate in `/etc/docker/certs.d`: all that HTTPS needs.
    CertsD,
    /// What Humpback's documentation printed, with what is wrong in it and the line that works.
    Original,
}

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    /// The client machine.
    pub target: Target,
    /// The wanted form; where the target has no such form, its recommended one is taken.
    pub form: Option<Form>,
    /// The address under which the client reaches the registry.
    pub address: &'a RegistryAddress,
}

/// The guide for one machine and one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// The form that was taken.
    pub form: Form,
    /// The registry as clients see it.
    pub place: Place,
    /// What to know before beginning, most urgent first.
    pub notes: Vec<Note>,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

impl Target {
    /// Every target, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Linux, Self::Ubuntu, Self::Centos7, Self::Centos6];

    /// The name in the page's address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Centos6 => "centos-6",
            Self::Centos7 => "centos-7",
            Self::Ubuntu => "ubuntu",
            Self::Linux => "linux",
        }
    }

    /// The target with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.slug() == slug)
    }

    /// The forms this target has for a registry reached over `transport`, the recommended one first.
    pub const fn forms(self, transport: Transport) -> &'static [Form] {
        match (transport, self) {
            // Where the certificate goes does not depend on how the daemon is started.
            (Transport::Https, _) => &[Form::CertsD],
            (Transport::Http, Self::Centos6) => &[Form::Sysconfig, Form::Original],
            (Transport::Http, Self::Centos7) => &[Form::DaemonJson, Form::Sysconfig, Form::Original],
            (Transport::Http, Self::Ubuntu) => &[Form::DaemonJson, Form::Upstart, Form::Original],
            (Transport::Http, Self::Linux) => &[Form::DaemonJson],
        }
    }
}

impl Form {
    const ALL: [Self; 5] = [Self::DaemonJson, Self::Sysconfig, Self::Upstart, Self::CertsD, Self::Original];

    /// The name in the page's address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::DaemonJson => "daemon-json",
            Self::Sysconfig => "sysconfig",
            Self::Upstart => "upstart",
            Self::CertsD => "certs-d",
            Self::Original => "original",
        }
    }

    /// The form with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.slug() == slug)
    }
}

/// Writes the guide. Total: every target has a form for every address.
pub fn guide(input: Input<'_>) -> Guide {
    let place = Place::of(input.address);
    let forms = input.target.forms(place.transport());
    let form = input.form.filter(|form| forms.contains(form)).unwrap_or(forms[0]);
    let notes = common::notes(&place, input.target, form);
    let steps = if notes.contains(&Note::Ipv6Impossible) {
        Vec::new()
    } else if place.is_loopback_v4() && place.transport() == Transport::Http {
        // Docker accepts 127.0.0.0/8 as it is: only the proof remains.
        vec![common::reach(&place), common::first_push(&place)]
    } else {
        match (form, input.target) {
            (Form::CertsD, _) => https::steps(&place),
            (Form::Upstart, _) => ubuntu::upstart(&place),
            (Form::DaemonJson, target) => linux::steps(&place, target),
            (Form::Sysconfig, Target::Centos6) => centos6::sysconfig(&place),
            (Form::Sysconfig, _) => centos7::sysconfig(&place),
            (Form::Original, Target::Centos6) => centos6::original(&place),
            (Form::Original, Target::Ubuntu) => ubuntu::original(&place),
            (Form::Original, _) => centos7::original(&place),
        }
    };
    Guide { form, place, notes, steps }
}
