//! `storage`.

use super::{Key, Kind};

const ELSEWHERE: &str = "blobs lie in a folder here. Copy them into one (rclone does that) and write filesystem with \
                         rootdirectory";

pub(super) const STORAGE: &[Key] = &[
    Key::holds("filesystem", Kind::Map(FILESYSTEM)),
    Key::holds("maintenance", Kind::Map(MAINTENANCE)),
    Key::holds("cache", Kind::Map(CACHE)),
    Key::holds("delete", Kind::Map(DELETE)),
    Key::holds("redirect", Kind::Map(REDIRECT)),
    Key::holds("tag", Kind::Map(TAG)),
    Key::refused("s3", Kind::Any, ELSEWHERE),
    Key::refused("s3aws", Kind::Any, ELSEWHERE),
    Key::refused("s3goamz", Kind::Any, ELSEWHERE),
    Key::refused("gcs", Kind::Any, ELSEWHERE),
    Key::refused("azure", Kind::Any, ELSEWHERE),
    Key::refused("swift", Kind::Any, ELSEWHERE),
    Key::refused("oss", Kind::Any, ELSEWHERE),
    Key::refused("inmemory", Kind::Any, "write filesystem with a rootdirectory in memory, such as /dev/shm/registry"),
];

const FILESYSTEM: &[Key] = &[
    Key::honoured("rootdirectory", Kind::Path, "the data folder").default("/var/lib/registry"),
    Key::ignored("maxthreads", Kind::Integer, "reading and writing needs no threads of its own here"),
];

const MAINTENANCE: &[Key] =
    &[Key::holds("uploadpurging", Kind::Map(UPLOAD_PURGING)), Key::holds("readonly", Kind::Map(READ_ONLY))];

const UPLOAD_PURGING: &[Key] = &[
    Key::honoured("enabled", Kind::Boolean, "whether uploads that nobody goes on with are thrown away").default("true"),
    Key::honoured("age", Kind::Duration, "how long an upload may rest").default("168h"),
    Key::honoured("interval", Kind::Duration, "how often to look for them").default("24h"),
    Key::honoured("dryrun", Kind::Boolean, "whether to log only what would be thrown away").default("false"),
];

const READ_ONLY: &[Key] =
    &[Key::honoured("enabled", Kind::Boolean, "whether pushes and deletions are refused").default("false")];

/// Why `storage.cache.blobdescriptor` must not be `redis`.
pub(in crate::settings) const NO_REDIS: &str = "a shared cache is for several registries on one storage, and this one serves its folder \
                                               alone: descriptors are in its database. Write inmemory, or take the key out";

const CACHE: &[Key] = &[
    Key::ignored("blobdescriptor", Kind::Choice(&["inmemory", "redis"]), "descriptors are in the database"),
    Key::ignored("layerinfo", Kind::Choice(&["inmemory", "redis"]), "descriptors are in the database"),
    Key::ignored("blobdescriptorsize", Kind::Integer, "descriptors are in the database"),
];

const DELETE: &[Key] = &[Key::honoured(
    "enabled",
    Kind::Boolean,
    "whether anyone who may push may delete through /v2/; otherwise only administrators may",
)
.default("false")];

const REDIRECT: &[Key] =
    &[Key::ignored("disable", Kind::Boolean, "blobs are always served from here, never by a redirect")];

const TAG: &[Key] = &[Key::ignored("concurrencylimit", Kind::Integer, "looking tags up is one query")];
