-- The console: who may sign in, who is signed in, what was configured, and who did what.

CREATE TABLE account (
    id            INTEGER PRIMARY KEY,
    -- In lower case.
    name          TEXT   NOT NULL UNIQUE,
    -- A PHC string: algorithm, parameters and salt stand in it.
    password_hash TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('administrator')),
    created_at    BIGINT NOT NULL
);

-- A session's token is never stored: who reads this table can't use what stands in it.
CREATE TABLE session (
    token_hash TEXT   PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    -- To the minute, so that reading pages does not write at each click.
    used_at    BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_used_at ON session (used_at);

-- Every configuration that was ever saved; the highest version is in force.
CREATE TABLE system_config (
    version  INTEGER PRIMARY KEY,
    -- JSON.
    content  TEXT   NOT NULL,
    saved_at BIGINT NOT NULL,
    saved_by TEXT   NOT NULL
);

CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    at     BIGINT NOT NULL,
    -- The account's name: an entry outlives its account.
    actor  TEXT   NOT NULL,
    -- A noun and what happened to it, such as `system_config.saved`.
    action TEXT   NOT NULL,
    -- JSON; holds no secret.
    detail TEXT   NOT NULL
);
CREATE INDEX audit_by_at ON audit (at);
