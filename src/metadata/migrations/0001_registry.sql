-- Names: repositories, the manifests and blobs in them, tags, and uploads in progress.
-- Portable between SQLite and PostgreSQL but for the type of byte columns: times are microseconds since 1970 in
-- UTC, sizes are bytes.

CREATE TABLE repository (
    id             INTEGER PRIMARY KEY,
    name           TEXT   NOT NULL UNIQUE,
    -- Kept up to date by every transaction that changes them, so that a list of repositories needs no sums.
    manifest_count BIGINT NOT NULL DEFAULT 0,
    tag_count      BIGINT NOT NULL DEFAULT 0,
    -- All blobs that the repository may serve, and all its manifests.
    size_bytes     BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL,
    -- The last manifest push; NULL while only blobs have come in.
    pushed_at      BIGINT
);
CREATE INDEX repository_by_pushed_at ON repository (pushed_at);
CREATE INDEX repository_by_size ON repository (size_bytes);

-- Content that lies complete and verified in the blob store.
CREATE TABLE blob (
    digest     TEXT   PRIMARY KEY,
    size_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Which repository may serve which blob.
CREATE TABLE repository_blob (
    repository_id BIGINT NOT NULL REFERENCES repository (id),
    digest        TEXT   NOT NULL REFERENCES blob (digest),
    created_at    BIGINT NOT NULL,
    PRIMARY KEY (repository_id, digest)
) WITHOUT ROWID;
CREATE INDEX repository_blob_by_digest ON repository_blob (digest);

-- Manifests and indexes, byte for byte as they were pushed.
CREATE TABLE manifest (
    repository_id    BIGINT NOT NULL REFERENCES repository (id),
    digest           TEXT   NOT NULL,
    media_type       TEXT   NOT NULL,
    artifact_type    TEXT,
    subject          TEXT,
    content          BLOB   NOT NULL,
    size_bytes       BIGINT NOT NULL,
    -- The manifest with all that it references, as far as the sizes are known.
    image_size_bytes BIGINT NOT NULL,
    pushed_at        BIGINT NOT NULL,
    PRIMARY KEY (repository_id, digest)
);
CREATE INDEX manifest_by_subject ON manifest (repository_id, subject) WHERE subject IS NOT NULL;

-- What a manifest points at: its config and layers (blobs) or its children (manifests).
CREATE TABLE manifest_reference (
    repository_id BIGINT NOT NULL,
    parent        TEXT   NOT NULL,
    child         TEXT   NOT NULL,
    kind          TEXT   NOT NULL CHECK (kind IN ('config', 'layer', 'manifest')),
    PRIMARY KEY (repository_id, parent, child, kind),
    FOREIGN KEY (repository_id, parent) REFERENCES manifest (repository_id, digest) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX manifest_reference_by_child ON manifest_reference (repository_id, child);

CREATE TABLE tag (
    repository_id BIGINT NOT NULL,
    name          TEXT   NOT NULL,
    digest        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (repository_id, name),
    FOREIGN KEY (repository_id, digest) REFERENCES manifest (repository_id, digest)
) WITHOUT ROWID;
CREATE INDEX tag_by_digest ON tag (repository_id, digest);

-- Uploads in progress. `offset_bytes` and `hash_state` speak of the same moment: bytes beyond the offset that lie
-- in the store were never acknowledged.
CREATE TABLE upload (
    id           TEXT   PRIMARY KEY,
    repository   TEXT   NOT NULL,
    algorithm    TEXT   NOT NULL,
    offset_bytes BIGINT NOT NULL,
    hash_state   BLOB   NOT NULL,
    started_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX upload_by_updated_at ON upload (updated_at);
