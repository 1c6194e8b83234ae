//! How a client fetches what a page shows: the command, as it is typed.
//!
//! Flags for plain HTTP: podman-pull(1) and skopeo-copy(1) `--tls-verify`, nerdctl's global `--insecure-registry`,
//! `--plain-http` of ctr, oras and (since 3.13) helm. Docker, and the runtime behind crictl, are told in their own
//! configuration and have no flag.

use serde::{Deserialize, Serialize};

use super::{Body, ConfigBlob, ManifestView};
use crate::oci::{Digest, RepositoryName, Tag};

/// What `helm package` makes (helm.sh, "OCI-based registries").
const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

/// What decides which clients can do something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArtifactKind {
    /// An image, or an index of images.
    Image,
    /// A Helm chart.
    Chart,
    /// Anything else: files with a type of their own.
    Other,
}

impl ArtifactKind {
    /// What a manifest is.
    pub fn of(view: &ManifestView) -> Self {
        match &view.body {
            Body::Image { config, .. } if config.media_type == HELM_CONFIG => Self::Chart,
            Body::Image { parsed: ConfigBlob::Artifact, .. } => Self::Other,
            Body::Index(_) if view.artifact_type.is_some() => Self::Other,
            _ => Self::Image,
        }
    }
}

/// A program that pulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PullClient {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
    /// containerd's client in Docker's manner.
    Nerdctl,
    /// containerd's own.
    Ctr,
    /// Whatever runtime Kubernetes has.
    Crictl,
    /// Copies between registries and folders.
    Skopeo,
    /// Fetches any artifact's files.
    Oras,
    /// Fetches charts.
    Helm,
}

impl PullClient {
    /// Those that can fetch this kind, the most likely first.
    pub const fn offered(kind: ArtifactKind) -> &'static [Self] {
        match kind {
            ArtifactKind::Image => &[Self::Docker, Self::Podman, Self::Nerdctl, Self::Ctr, Self::Crictl, Self::Skopeo],
            ArtifactKind::Chart => &[Self::Helm, Self::Oras, Self::Skopeo],
            ArtifactKind::Other => &[Self::Oras, Self::Skopeo],
        }
    }

    /// The program's name, on the command line and in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
            Self::Nerdctl => "nerdctl",
            Self::Ctr => "ctr",
            Self::Crictl => "crictl",
            Self::Skopeo => "skopeo",
            Self::Oras => "oras",
            Self::Helm => "helm",
        }
    }

    /// The client of that name among those that can fetch `kind`; the first of them for any other name.
    pub fn choose(name: Option<&str>, kind: ArtifactKind) -> Self {
        let offered = Self::offered(kind);
        offered.iter().copied().find(|client| Some(client.as_str()) == name).unwrap_or(offered[0])
    }

    /// Whether plain HTTP has to be allowed in the client's configuration: no flag does it.
    pub const fn needs_configuration(self) -> bool {
        matches!(self, Self::Docker | Self::Crictl)
    }
}

/// What is to be fetched, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Pull<'a> {
    /// Host and port, as clients write them.
    pub registry: &'a str,
    /// Whether the registry speaks plain HTTP.
    pub plain_http: bool,
    /// The repository.
    pub repository: &'a RepositoryName,
    /// Whether it is an index: some clients take one of its images if not told otherwise.
    pub index: bool,
}

impl Pull<'_> {
    /// The command by tag.
    pub fn by_tag(&self, client: PullClient, tag: &Tag) -> String {
        match client {
            // A chart's version has `+` where a tag can't; Helm writes `_` in its place.
            PullClient::Helm => {
                let chart = quoted(&format!("oci://{}", self.place()));
                let version = tag.as_str().replace('_', "+");
                format!("helm pull {chart} --version {version}{}", self.flag(" --plain-http"))
            }
            _ => self.command(client, &format!("{}:{tag}", self.place()), &format!(":{tag}")),
        }
    }

    /// The command by digest; `None` where the client can't (Helm 3).
    pub fn by_digest(&self, client: PullClient, digest: &Digest) -> Option<String> {
        if client == PullClient::Helm {
            return None;
        }
        Some(self.command(client, &format!("{}@{digest}", self.place()), ""))
    }

    fn place(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    const fn flag(&self, flag: &'static str) -> &'static str {
        if self.plain_http { flag } else { "" }
    }

    fn command(&self, client: PullClient, reference: &str, tagged: &str) -> String {
        let reference = quoted(reference);
        match client {
            PullClient::Docker => format!("docker pull {reference}"),
            PullClient::Podman => format!("podman pull{} {reference}", self.flag(" --tls-verify=false")),
            PullClient::Nerdctl => format!("nerdctl{} pull {reference}", self.flag(" --insecure-registry")),
            PullClient::Ctr => format!("ctr images pull{} {reference}", self.flag(" --plain-http")),
            PullClient::Crictl => format!("crictl pull {reference}"),
            PullClient::Skopeo => {
                let last = self.repository.as_str().rsplit('/').next().unwrap_or_default();
                let all = if self.index { " --all" } else { "" };
                let source = quoted(&format!("docker://{}", reference.trim_matches('\'')));
                format!("skopeo copy{all}{} {source} oci:{last}{tagged}", self.flag(" --src-tls-verify=false"))
            }
            PullClient::Oras => format!("oras pull{} {reference}", self.flag(" --plain-http")),
            PullClient::Helm => format!("helm pull{} {reference}", self.flag(" --plain-http")),
        }
    }
}

/// A word that a shell takes as it stands. Nothing in a reference but an IPv6 address's brackets means something to one.
fn quoted(word: &str) -> String {
    if word.contains('[') { format!("'{word}'") } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn name() -> RepositoryName {
        RepositoryName::parse("team/app").unwrap()
    }

    fn commands(plain_http: bool, index: bool) -> Vec<String> {
        let name = name();
        let pull = Pull { registry: "r.example.com:5000", plain_http, repository: &name, index };
        let tag = Tag::parse("1.0").unwrap();
        let all = [
            PullClient::Docker,
            PullClient::Podman,
            PullClient::Nerdctl,
            PullClient::Ctr,
            PullClient::Crictl,
            PullClient::Skopeo,
            PullClient::Oras,
            PullClient::Helm,
        ];
        all.map(|client| pull.by_tag(client, &tag)).to_vec()
    }

    #[test]
    fn each_client_is_told_of_plain_http_by_its_own_flag() {
        assert_eq!(
            commands(true, false),
            [
                "docker pull r.example.com:5000/team/app:1.0",
                "podman pull --tls-verify=false r.example.com:5000/team/app:1.0",
                "nerdctl --insecure-registry pull r.example.com:5000/team/app:1.0",
                "ctr images pull --plain-http r.example.com:5000/team/app:1.0",
                "crictl pull r.example.com:5000/team/app:1.0",
                "skopeo copy --src-tls-verify=false docker://r.example.com:5000/team/app:1.0 oci:app:1.0",
                "oras pull --plain-http r.example.com:5000/team/app:1.0",
                "helm pull oci://r.example.com:5000/team/app --version 1.0 --plain-http",
            ]
        );
    }

    #[test]
    fn over_https_there_are_no_flags() {
        assert_eq!(
            commands(false, true),
            [
                "docker pull r.example.com:5000/team/app:1.0",
                "podman pull r.example.com:5000/team/app:1.0",
                "nerdctl pull r.example.com:5000/team/app:1.0",
                "ctr images pull r.example.com:5000/team/app:1.0",
                "crictl pull r.example.com:5000/team/app:1.0",
                "skopeo copy --all docker://r.example.com:5000/team/app:1.0 oci:app:1.0",
                "oras pull r.example.com:5000/team/app:1.0",
                "helm pull oci://r.example.com:5000/team/app --version 1.0",
            ]
        );
    }

    #[test]
    fn a_digest_names_the_content_and_a_chart_has_its_version_back() {
        let name = name();
        let pull = Pull { registry: "[2001:db8::1]:5000", plain_http: true, repository: &name, index: false };
        let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).unwrap();
        assert_eq!(
            pull.by_digest(PullClient::Skopeo, &digest).unwrap(),
            format!("skopeo copy --src-tls-verify=false 'docker://[2001:db8::1]:5000/team/app@{digest}' oci:app")
        );
        assert_eq!(pull.by_digest(PullClient::Helm, &digest), None);
        assert_eq!(
            pull.by_tag(PullClient::Helm, &Tag::parse("1.0_build").unwrap()),
            "helm pull 'oci://[2001:db8::1]:5000/team/app' --version 1.0+build --plain-http"
        );
    }

    #[test]
    fn an_unknown_or_unfitting_client_is_the_first() {
        assert_eq!(PullClient::choose(None, ArtifactKind::Image), PullClient::Docker);
        assert_eq!(PullClient::choose(Some("podman"), ArtifactKind::Image), PullClient::Podman);
        assert_eq!(PullClient::choose(Some("podman"), ArtifactKind::Chart), PullClient::Helm);
        assert_eq!(PullClient::choose(Some("<b>"), ArtifactKind::Other), PullClient::Oras);
    }
}
