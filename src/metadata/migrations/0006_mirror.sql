-- What changed here and does not stand on Distribution's tree yet. A row comes with the change, in one transaction,
-- and goes once the files that say the same outlast a power cut.
CREATE TABLE mirror (
    id            INTEGER PRIMARY KEY,
    repository_id BIGINT NOT NULL REFERENCES repository (id),
    kind          TEXT   NOT NULL CHECK (kind IN ('blob', 'manifest', 'tag')),
    -- A digest, or a tag.
    name          TEXT   NOT NULL
);
CREATE INDEX mirror_by_repository ON mirror (repository_id);

-- What came in before there was a mirror.
INSERT INTO mirror (repository_id, kind, name) SELECT repository_id, 'blob', digest FROM repository_blob;
INSERT INTO mirror (repository_id, kind, name) SELECT repository_id, 'manifest', digest FROM manifest;
INSERT INTO mirror (repository_id, kind, name) SELECT repository_id, 'tag', name FROM tag;

-- 1 for a blob that was found on the tree and whose bytes nobody has compared with its digest yet.
ALTER TABLE blob ADD COLUMN unverified BIGINT NOT NULL DEFAULT 0;
