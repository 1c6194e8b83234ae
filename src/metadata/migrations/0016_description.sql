-- What whoever administers a repository says of it, in Markdown. A row of its own, because lists never read it.
CREATE TABLE repository_description (
    repository_id BIGINT PRIMARY KEY REFERENCES repository (id) ON DELETE CASCADE,
    content       TEXT   NOT NULL,
    saved_at      BIGINT NOT NULL,
    saved_by      TEXT   NOT NULL
);
