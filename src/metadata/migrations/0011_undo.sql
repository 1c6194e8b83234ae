-- What became of tags, and what was deleted: kept for a time, so that it can be undone.

-- When a repository was deleted; NULL while it is there. Its row stays while anything is kept of it.
ALTER TABLE repository ADD COLUMN deleted_at BIGINT;

-- Every change of a tag that was made here.
CREATE TABLE tag_change (
    id            INTEGER PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repository (id),
    tag           TEXT   NOT NULL,
    -- NULL where the tag was not there.
    digest_before TEXT,
    digest_after  TEXT,
    at            BIGINT NOT NULL,
    -- The account's name, or the user's on /v2/; empty if nobody has told it.
    actor         TEXT   NOT NULL,
    -- 1 for what was brought back.
    restored      BIGINT NOT NULL
);
CREATE INDEX tag_change_by_tag ON tag_change (repository_id, tag);

-- One deletion that can still be undone. No number is used again, so that no old page undoes another one.
CREATE TABLE deletion (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id  BIGINT NOT NULL REFERENCES repository (id),
    kind           TEXT   NOT NULL CHECK (kind IN ('tags', 'manifest', 'repository')),
    at             BIGINT NOT NULL,
    actor          TEXT   NOT NULL,
    tag_count      BIGINT NOT NULL,
    manifest_count BIGINT NOT NULL
);
CREATE INDEX deletion_by_repository ON deletion (repository_id);

-- What it took away, as it stood in the tables of the same name.
CREATE TABLE deleted_tag (
    deletion_id BIGINT NOT NULL REFERENCES deletion (id) ON DELETE CASCADE,
    name        TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (deletion_id, name)
) WITHOUT ROWID;

CREATE TABLE deleted_manifest (
    deletion_id      BIGINT NOT NULL REFERENCES deletion (id) ON DELETE CASCADE,
    digest           TEXT   NOT NULL,
    media_type       TEXT   NOT NULL,
    artifact_type    TEXT,
    subject          TEXT,
    content          BLOB   NOT NULL,
    size_bytes       BIGINT NOT NULL,
    image_size_bytes BIGINT NOT NULL,
    pushed_at        BIGINT NOT NULL,
    PRIMARY KEY (deletion_id, digest)
);
CREATE INDEX deleted_manifest_by_digest ON deleted_manifest (digest);

CREATE TABLE deleted_reference (
    deletion_id BIGINT NOT NULL REFERENCES deletion (id) ON DELETE CASCADE,
    parent      TEXT   NOT NULL,
    child       TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    PRIMARY KEY (deletion_id, parent, child, kind)
) WITHOUT ROWID;

CREATE TABLE deleted_blob (
    deletion_id BIGINT NOT NULL REFERENCES deletion (id) ON DELETE CASCADE,
    digest      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (deletion_id, digest)
) WITHOUT ROWID;
CREATE INDEX deleted_blob_by_digest ON deleted_blob (digest);

-- The tree is told of a repository that is gone, too. A table with other checks is a new table.
CREATE TABLE next_mirror (
    id            INTEGER PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repository (id),
    kind          TEXT   NOT NULL CHECK (kind IN ('blob', 'manifest', 'tag', 'repository')),
    -- A digest, or a tag; empty for the repository itself.
    name          TEXT   NOT NULL
);
INSERT INTO next_mirror (id, repository_id, kind, name) SELECT id, repository_id, kind, name FROM mirror;
DROP TABLE mirror;
ALTER TABLE next_mirror RENAME TO mirror;
CREATE INDEX mirror_by_repository ON mirror (repository_id);
