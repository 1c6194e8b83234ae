//! Who comes to the registry, and what came of it: what the console tells live of the machines that are being set up.
//!
//! Plain values, read from a request by [`user_agent`] and told by the server's `visits`. Texts that a client sends are
//! cut and cleaned on the way in, so that none can flood a page.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::oci::RepositoryName;

pub mod user_agent;

/// A program that speaks to the registry, as far as it says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Which one.
    pub program: Program,
    /// Its version, without a `v` in front.
    pub version: Option<String>,
    /// The operating system as Go names it: `linux`.
    pub os: Option<String>,
    /// The processor as Go names it: `amd64`.
    pub architecture: Option<String>,
}

/// The programs that are known by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Program {
    /// The Docker daemon.
    Docker,
    /// The `docker` command itself, as for `docker manifest`.
    DockerCommand,
    /// containerd: Kubernetes, `ctr`, nerdctl.
    Containerd,
    /// A builder of its own, as `docker buildx` makes it.
    Buildkit,
    /// Podman.
    Podman,
    /// Buildah, also when Podman builds.
    Buildah,
    /// Skopeo.
    Skopeo,
    /// Another program on the library of Podman and Skopeo.
    ContainersImage,
    /// CRI-O.
    CriO,
    /// Kaniko.
    Kaniko,
    /// Crane.
    Crane,
    /// Another program on Crane's library.
    GoContainerregistry,
    /// Cosign.
    Cosign,
    /// regctl and its relatives.
    Regctl,
    /// ORAS.
    Oras,
    /// Helm.
    Helm,
    /// curl.
    Curl,
    /// A person's browser.
    Browser,
    /// One that is not known; by the name that it gives itself.
    Other(String),
    /// One that says nothing.
    #[default]
    Unknown,
}

impl Program {
    /// Its name for itself; `None` where words of the reader's language are needed.
    pub fn name(&self) -> Option<&str> {
        Some(match self {
            Self::Docker => "Docker",
            Self::DockerCommand => "docker",
            Self::Containerd => "containerd",
            Self::Buildkit => "BuildKit",
            Self::Podman => "Podman",
            Self::Buildah => "Buildah",
            Self::Skopeo => "Skopeo",
            Self::ContainersImage => "containers/image",
            Self::CriO => "CRI-O",
            Self::Kaniko => "Kaniko",
            Self::Crane => "Crane",
            Self::GoContainerregistry => "go-containerregistry",
            Self::Cosign => "Cosign",
            Self::Regctl => "regctl",
            Self::Oras => "ORAS",
            Self::Helm => "Helm",
            Self::Curl => "curl",
            Self::Other(name) => name,
            Self::Browser | Self::Unknown => return None,
        })
    }
}

/// One thing that a client did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Rises by one from visit to visit while the process runs.
    pub number: u64,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who.
    pub client: Client,
    /// From where.
    pub origin: Origin,
    /// What.
    pub deed: Deed,
}

/// Where a client is, as far as the reader may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Not known, or not for this reader.
    Hidden,
    /// At the reader's own address: his machine, or another one behind the same router.
    Own,
    /// At this address.
    Address(IpAddr),
}

/// What a client did. `image` is `repository:tag` or `repository@digest`; `None` where the reader may not know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Asked whether this is a registry, as every client does first.
    Reached,
    /// The same, with a name and password that are right.
    SignedIn {
        /// The name.
        user: Option<String>,
    },
    /// Asked which image a tag means, and needed no more.
    LookedUp {
        /// Which one.
        image: Option<String>,
    },
    /// Got an image's manifest.
    Pulled {
        /// Which one.
        image: Option<String>,
    },
    /// Put an image, all of which is there now.
    Pushed {
        /// Which one.
        image: Option<String>,
    },
    /// Was refused, or could not be understood.
    Failed {
        /// Why.
        failure: Failure,
        /// What it was about.
        image: Option<String>,
    },
}

/// Why a client did not get what it wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Failure {
    /// It spoke TLS on a port that speaks HTTP.
    TlsOnPlainPort,
    /// It spoke HTTP on a port that speaks TLS.
    PlainOnTlsPort,
    /// It does not accept the registry's certificate.
    CertificateRefused,
    /// It spoke the protocol of Docker 1.5 and older.
    OldProtocol,
    /// The name and password are wrong.
    Credentials,
    /// Too many wrong passwords came from there.
    TooManyAttempts,
    /// It is known, but may not do this.
    Denied,
    /// The registry is switched off.
    Disabled,
    /// There is no such tag or manifest.
    ManifestUnknown,
    /// There is no such repository.
    NameUnknown,
    /// There is no such layer.
    BlobUnknown,
    /// The upload is not open (any more).
    UploadUnknown,
    /// The connection broke off before everything had come.
    Truncated,
    /// The parts of an upload did not follow one another.
    Range,
    /// What came has another digest than was said.
    Digest,
    /// The repository's or the tag's name is not allowed.
    NameInvalid,
    /// The manifest is no good, or parts of it are not there.
    ManifestInvalid,
    /// The server has no room left.
    OutOfSpace,
    /// Something is broken on the server.
    Server,
    /// There is nothing of that kind here.
    Other,
}

/// Who reads of visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Sees everything.
    Administrator,
    /// Sees that a client of some kind came, not which images or who; and whether it came from his own address.
    Anyone {
        /// His own address.
        address: Option<IpAddr>,
    },
}

impl Visit {
    /// The image that was pushed or pulled, and its repository; `None` for any other visit.
    pub fn image(&self) -> Option<(RepositoryName, &str)> {
        let (Deed::Pulled { image: Some(image) } | Deed::Pushed { image: Some(image) }) = &self.deed else {
            return None;
        };
        let (name, _) = image.split_once('@').or_else(|| image.rsplit_once(':'))?;
        Some((RepositoryName::parse(name).ok()?, image))
    }

    /// The visit as `reader` may know it.
    #[must_use]
    pub fn for_reader(mut self, reader: Reader) -> Self {
        let Reader::Anyone { address } = reader else { return self };
        self.origin = match self.origin {
            Origin::Address(from) if Some(from) == address => Origin::Own,
            Origin::Address(_) | Origin::Hidden | Origin::Own => Origin::Hidden,
        };
        match &mut self.deed {
            Deed::Reached => {}
            Deed::SignedIn { user } => *user = None,
            Deed::LookedUp { image } | Deed::Pulled { image } | Deed::Pushed { image } | Deed::Failed { image, .. } => {
                *image = None
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use time::macros::datetime;

    use super::*;

    fn visit(deed: Deed) -> Visit {
        Visit {
            number: 7,
            at: datetime!(2026-01-02 03:04:05 UTC),
            client: user_agent::parse("skopeo/1.9.3"),
            origin: Origin::Address([192, 168, 1, 22].into()),
            deed,
        }
    }

    #[test]
    fn an_administrator_sees_everything() {
        let visit = visit(Deed::Pulled { image: Some("team/app:1.0".into()) });
        assert_eq!(visit.clone().for_reader(Reader::Administrator), visit);
    }

    #[test]
    fn others_see_the_kind_of_client_only() {
        let image = Some("team/secret:1.0".to_owned());
        let deeds = [
            Deed::SignedIn { user: Some("mallory".into()) },
            Deed::LookedUp { image: image.clone() },
            Deed::Pulled { image: image.clone() },
            Deed::Pushed { image: image.clone() },
            Deed::Failed { failure: Failure::Credentials, image },
        ];
        for deed in deeds {
            let shown = visit(deed).for_reader(Reader::Anyone { address: Some([10, 0, 0, 1].into()) });
            let text = serde_json::to_string(&shown).unwrap();
            assert_eq!(shown.client.program, Program::Skopeo);
            for secret in ["192.168", "secret", "mallory"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }

    #[test]
    fn what_was_pushed_or_pulled_lies_in_a_repository() {
        let image = |deed| visit(deed).image().map(|(name, image)| (name.to_string(), image.to_owned()));
        let of = |text: &str| Some(text.to_owned());
        let expected = |image: &str| Some(("team/app".to_owned(), image.to_owned()));
        assert_eq!(image(Deed::Pulled { image: of("team/app:1.0") }), expected("team/app:1.0"));
        let by_digest = "team/app@sha256:0123";
        assert_eq!(image(Deed::Pushed { image: of(by_digest) }), expected(by_digest));
        assert_eq!(image(Deed::Pulled { image: None }), None);
        assert_eq!(image(Deed::LookedUp { image: of("team/app:1.0") }), None);
        assert_eq!(image(Deed::Pulled { image: of("no image") }), None);
    }

    #[test]
    fn others_recognise_their_own_address() {
        let reader = Reader::Anyone { address: Some([192, 168, 1, 22].into()) };
        let shown = visit(Deed::Reached).for_reader(reader);
        assert_eq!(shown.origin, Origin::Own);
        assert!(!serde_json::to_string(&shown).unwrap().contains("192.168"));
    }

    #[test]
    fn a_visit_is_read_as_it_was_written() {
        let visit = visit(Deed::Failed { failure: Failure::Truncated, image: None });
        let text = serde_json::to_string(&visit).unwrap();
        assert_eq!(serde_json::from_str::<Visit>(&text).unwrap(), visit);
    }
}
