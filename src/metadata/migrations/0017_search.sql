-- What repositories are found by besides their names: tags, labels and digests.

-- Every tag's name and every label, as `key=value`, once, however many carry it.
CREATE TABLE search_term (
    -- No number is used again, so that words that were left behind lead nowhere.
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    kind  TEXT   NOT NULL CHECK (kind IN ('tag', 'label')),
    text  TEXT   NOT NULL,
    -- 0 until its words are in search_word.
    split BIGINT NOT NULL DEFAULT 0,
    UNIQUE (kind, text)
);
CREATE INDEX search_term_to_split ON search_term (id) WHERE split = 0;

-- What stands in a term from each beginning of a word on, in lower case: whatever is typed, one range of these has it.
CREATE TABLE search_word (
    kind    TEXT   NOT NULL,
    word    TEXT   NOT NULL,
    term_id BIGINT NOT NULL,
    PRIMARY KEY (kind, word, term_id)
) WITHOUT ROWID;

-- The labels of an image's config, and a manifest's annotations.
CREATE TABLE manifest_label (
    repository_id BIGINT NOT NULL,
    digest        TEXT   NOT NULL,
    term_id       BIGINT NOT NULL REFERENCES search_term (id),
    PRIMARY KEY (repository_id, digest, term_id),
    FOREIGN KEY (repository_id, digest) REFERENCES manifest (repository_id, digest) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX manifest_label_by_term ON manifest_label (term_id, repository_id);

-- 0 until its labels are in manifest_label: those of what was here before are read in the background.
ALTER TABLE manifest ADD COLUMN labelled BIGINT NOT NULL DEFAULT 0;
CREATE INDEX manifest_to_label ON manifest (repository_id) WHERE labelled = 0;

CREATE INDEX manifest_by_digest ON manifest (digest, repository_id);
CREATE INDEX tag_by_name ON tag (name, repository_id);
INSERT INTO search_term (kind, text) SELECT DISTINCT 'tag', name FROM tag;
