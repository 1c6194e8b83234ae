//! Kinds of paths. Names of repositories are no labels: there may be any number of them.

/// What a path is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/v2/`
    Version,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/<name>/tags/list`
    Tags,
    /// `/v2/<name>/referrers/<digest>`
    Referrers,
    /// `/v2/<name>/manifests/<reference>`
    Manifest,
    /// `/v2/<name>/blobs/<digest>`
    Blob,
    /// `/v2/<name>/blobs/uploads/` and below
    Upload,
    /// Whatever else lies below `/v2/`
    Unknown,
    /// `/v1/`
    V1,
    /// `/token`
    Token,
    /// `/healthz` and `/readyz`
    Health,
    /// Pages of the console, what they call and what they load
    Console,
}

impl Route {
    /// Each of them, in the order of [`index`](Self::index).
    pub const ALL: [Self; 12] = [
        Self::Version,
        Self::Catalog,
        Self::Tags,
        Self::Referrers,
        Self::Manifest,
        Self::Blob,
        Self::Upload,
        Self::Unknown,
        Self::V1,
        Self::Token,
        Self::Health,
        Self::Console,
    ];

    /// Its place in [`ALL`](Self::ALL).
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The label.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Catalog => "catalog",
            Self::Tags => "tags",
            Self::Referrers => "referrers",
            Self::Manifest => "manifest",
            Self::Blob => "blob",
            Self::Upload => "upload",
            Self::Unknown => "unknown",
            Self::V1 => "v1",
            Self::Token => "token",
            Self::Health => "health",
            Self::Console => "console",
        }
    }

    /// What `path` is about. What stands before `/v2/` is where the API is mounted.
    pub fn of(path: &str) -> Self {
        if let Some(rest) = path.strip_prefix("/v2/") {
            return Self::below_v2(rest);
        }
        match path {
            "/v2" => Self::Version,
            "/token" => Self::Token,
            "/healthz" | "/readyz" => Self::Health,
            _ if path.starts_with("/v1/") => Self::V1,
            _ if path.starts_with("/repositories/") || path.starts_with("/manifests/") => Self::Console,
            _ => match path.split_once("/v2/") {
                Some((_, rest)) => Self::below_v2(rest),
                None => Self::Console,
            },
        }
    }

    /// The last words decide, for a repository's name may hold any.
    fn below_v2(rest: &str) -> Self {
        if rest.is_empty() {
            return Self::Version;
        }
        if rest == "_catalog" {
            return Self::Catalog;
        }
        let mut words = rest.trim_end_matches('/').rsplit('/');
        match (words.next(), words.next(), words.next()) {
            (Some("list"), Some("tags"), Some(_)) => Self::Tags,
            (Some("uploads"), Some("blobs"), Some(_)) | (Some(_), Some("uploads"), Some("blobs")) => Self::Upload,
            (Some(_), Some("manifests"), Some(_)) => Self::Manifest,
            (Some(_), Some("blobs"), Some(_)) => Self::Blob,
            (Some(_), Some("referrers"), Some(_)) => Self::Referrers,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_kind() {
        let table = [
            ("/v2/", Route::Version),
            ("/v2", Route::Version),
            ("/v2/_catalog", Route::Catalog),
            ("/v2/a/b/tags/list", Route::Tags),
            ("/v2/a/manifests/v1", Route::Manifest),
            ("/v2/blobs/uploads/manifests/v1", Route::Manifest),
            ("/v2/a/blobs/sha256:ab", Route::Blob),
            ("/v2/a/blobs/uploads/", Route::Upload),
            ("/v2/a/blobs/uploads/1-2", Route::Upload),
            ("/v2/a/referrers/sha256:ab", Route::Referrers),
            ("/v2/a", Route::Unknown),
            ("/prefix/v2/a/manifests/v1", Route::Manifest),
            ("/v1/search", Route::V1),
            ("/token", Route::Token),
            ("/readyz", Route::Health),
            ("/", Route::Console),
            ("/repositories/v2/manifests/a", Route::Console),
        ];
        for (path, route) in table {
            assert_eq!(Route::of(path), route, "{path}");
        }
        for (index, route) in Route::ALL.into_iter().enumerate() {
            assert_eq!(route.index(), index);
        }
    }
}
