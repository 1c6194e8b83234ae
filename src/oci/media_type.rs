//! The media types that a registry has to know (OCI image-spec, media-types.md; Distribution, manifest-v2-2.md).

/// An OCI image manifest.
pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// An OCI image index.
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// A Docker image manifest, schema 2.
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
/// A Docker manifest list.
pub const DOCKER_MANIFEST_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
/// A Docker image manifest, schema 1, unsigned.
pub const DOCKER_SCHEMA1: &str = "application/vnd.docker.distribution.manifest.v1+json";
/// A Docker image manifest, schema 1, signed.
pub const DOCKER_SCHEMA1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
/// A layer of a Docker image: a tar archive, compressed with gzip.
pub const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
/// The configuration of an OCI image.
pub const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// The configuration of a Docker image.
pub const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";

/// What a manifest's media type says about its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestKind {
    /// One image or artifact: a config and layers.
    Image,
    /// A list of manifests.
    Index,
    /// Docker's format before 1.10.
    Schema1,
}

impl ManifestKind {
    /// The kind that `media_type` (without parameters) names; `None` if it is not a manifest's.
    pub fn of(media_type: &str) -> Option<Self> {
        match media_type {
            OCI_MANIFEST | DOCKER_MANIFEST => Some(Self::Image),
            OCI_INDEX | DOCKER_MANIFEST_LIST => Some(Self::Index),
            DOCKER_SCHEMA1 | DOCKER_SCHEMA1_SIGNED => Some(Self::Schema1),
            _ => None,
        }
    }
}

/// A header's media type without its parameters, for example without `; charset=utf-8`.
pub fn essence(header: &str) -> &str {
    header.split(';').next().unwrap_or_default().trim()
}

/// Whether layers of this type are fetched from elsewhere and need not be pushed (OCI image-spec, layer.md,
/// "Non-Distributable Layers"; Docker's foreign layers of Windows base images).
pub fn is_non_distributable(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.oci.image.layer.nondistributable.")
        || media_type.starts_with("application/vnd.docker.image.rootfs.foreign.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_do_not_count() {
        assert_eq!(essence("application/vnd.oci.image.index.v1+json; charset=utf-8"), OCI_INDEX);
        assert_eq!(ManifestKind::of(essence(" application/json ;q=1")), None);
    }
}
