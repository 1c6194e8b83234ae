-- Who may do what, the keys of our own token endpoint, and whose an upload is.

-- Every set of rules that was ever saved; the highest version is in force. Without any, all is open, as with registry:2.
CREATE TABLE rule_set (
    version  INTEGER PRIMARY KEY,
    -- JSON.
    content  TEXT   NOT NULL,
    saved_at BIGINT NOT NULL,
    saved_by TEXT   NOT NULL
);

-- Keys that sign tokens: a new one each day, the earlier one for as long as its tokens live.
CREATE TABLE token_key (
    -- Its name in a token's header.
    id         TEXT   PRIMARY KEY,
    -- The private key, PKCS#8 in DER.
    content    BLOB   NOT NULL,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Who has opened an upload; NULL if nobody had to say who he is.
ALTER TABLE upload ADD COLUMN owner TEXT;
