//! What goes wrong between a client and a private registry, told from the error message that it ends in.
//!
//! Pure and language-neutral: a [`Problem`] is a name whose words stand in the console's translations, a [`Remedy`] a
//! text to copy with the registry's address in it.

use crate::client::Failure;

mod diagnosis;
mod remedy;
mod sign;

pub use diagnosis::{Diagnosis, diagnose};
pub use remedy::{Platform, Remedy, remedies};

/// Declares the problems, each with the name that stands in its page's address and before its words.
macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident: $slug:literal,)*) => {
        /// Something that goes wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Problem { $($(#[$doc])* $variant,)* }

        impl Problem {
            /// Every problem, in the order in which they are listed: as they come up on the way to a first pull.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in the page's address, and the key of its words.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }
        }
    };
}

problems! {
    /// The client speaks HTTPS, the registry HTTP.
    PlainHttp: "http-response-to-https-client",
    /// The same from a builder that does not read the daemon's settings.
    SeparateBuilder: "buildx-ignores-daemon-json",
    /// The client speaks HTTP, the registry HTTPS.
    PlainToTls: "http-request-to-https-server",
    /// Nobody has told the client to trust the certificate's issuer.
    UnknownAuthority: "certificate-signed-by-unknown-authority",
    /// The issuer's certificate lies under a name that means something else.
    CaFileName: "missing-key-for-client-certificate",
    /// The certificate does not name the address.
    NoIpSan: "certificate-without-ip-san",
    /// The certificate has only the name that is not read any more.
    CommonName: "certificate-with-common-name-only",
    /// The certificate is another host's.
    WrongName: "certificate-for-another-name",
    /// The certificate's time is over, or a clock is wrong.
    Expired: "certificate-expired",
    /// Nothing listens there.
    Refused: "connection-refused",
    /// Nothing answers.
    Timeout: "timeout",
    /// The name is not known.
    NoSuchHost: "no-such-host",
    /// The client goes through a proxy that does not reach the registry.
    CompanyProxy: "503-through-company-proxy",
    /// The setting stands in two places.
    FlagAndFile: "set-as-flag-and-in-file",
    /// `hosts` stands in two places.
    HostsConflict: "hosts-set-twice",
    /// Docker 1.10 does not know the key.
    OldDaemonJson: "daemon-json-key-unknown",
    /// The file is no JSON.
    BadJson: "daemon-json-invalid",
    /// The variable lacks the flag.
    FlagMissing: "dockerd-accepts-no-arguments",
    /// What was changed has no effect.
    NoEffect: "setting-has-no-effect",
    /// An update took the setting away.
    LostOnUpdate: "setting-lost-after-update",
    /// Kubernetes pulls with another program than docker.
    Kubernetes: "kubernetes-cannot-pull",
    /// The name and password are missing or wrong.
    Unauthorized: "unauthorized",
    /// Too many wrong passwords.
    TooManyAttempts: "too-many-requests",
    /// The image's name is none.
    InvalidReference: "invalid-reference-format",
    /// There is no such image, or it was looked for elsewhere.
    Unknown: "manifest-or-name-unknown",
    /// The proxy takes no body of that size.
    TooLarge: "413-request-entity-too-large",
    /// The connection is cut in the middle of a push.
    CutOff: "push-is-cut-off",
    /// The client is sent to an address that it can't reach.
    WrongLocation: "push-goes-to-the-wrong-address",
    /// The upload is not there any more.
    UploadUnknown: "blob-upload-unknown",
    /// The answer to a finished layer takes too long.
    SlowCommit: "timeout-awaiting-response-headers",
    /// What arrived is not what was sent.
    DigestMismatch: "digest-does-not-match",
    /// No room is left.
    OutOfSpace: "no-space-left",
    /// The registry is switched off.
    Disabled: "registry-disabled",
    /// The client is older than the protocol.
    OldProtocol: "client-too-old",
}

impl Problem {
    /// The problem with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|problem| problem.slug() == slug)
    }

    /// What most likely is behind a refusal that the registry saw.
    pub const fn of(failure: Failure) -> Option<Self> {
        Some(match failure {
            Failure::TlsOnPlainPort => Self::PlainHttp,
            Failure::PlainOnTlsPort => Self::PlainToTls,
            Failure::CertificateRefused => Self::UnknownAuthority,
            Failure::OldProtocol => Self::OldProtocol,
            Failure::Credentials | Failure::Denied => Self::Unauthorized,
            Failure::TooManyAttempts => Self::TooManyAttempts,
            Failure::Disabled => Self::Disabled,
            Failure::ManifestUnknown | Failure::NameUnknown | Failure::BlobUnknown => Self::Unknown,
            Failure::UploadUnknown => Self::UploadUnknown,
            Failure::Truncated | Failure::Range => Self::CutOff,
            Failure::Digest => Self::DigestMismatch,
            Failure::NameInvalid => Self::InvalidReference,
            Failure::OutOfSpace => Self::OutOfSpace,
            Failure::ManifestInvalid | Failure::Server | Failure::Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_problem_has_an_address_of_its_own() {
        let slugs: BTreeSet<_> = Problem::ALL.iter().map(|problem| problem.slug()).collect();
        assert_eq!(slugs.len(), Problem::ALL.len());
        for &problem in Problem::ALL {
            assert_eq!(Problem::from_slug(problem.slug()), Some(problem));
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(problem.slug().bytes().all(plain), "{}", problem.slug());
        }
        assert_eq!(Problem::from_slug("nothing-of-the-kind"), None);
    }
}
