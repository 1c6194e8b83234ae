-- The console's first page: what was pushed last, and how the stored bytes grow.
CREATE INDEX tag_by_updated_at ON tag (updated_at);

-- One row a day, written again and again until the day is over.
CREATE TABLE storage_sample (
    -- Days since 1970 in UTC.
    day          INTEGER PRIMARY KEY,
    blob_bytes   BIGINT NOT NULL,
    blobs        BIGINT NOT NULL,
    repositories BIGINT NOT NULL,
    tags         BIGINT NOT NULL
);
