-- Groups of accounts, access tokens of people, and robots. No row's number is ever used again (AUTOINCREMENT), so that
-- nothing that was made for one of them can speak for the next.

CREATE TABLE user_group (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- In lower case.
    name       TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE group_member (
    group_id   BIGINT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, account_id)
) WITHOUT ROWID;
CREATE INDEX group_member_by_account ON group_member (account_id);

-- The secrets of both are random and never stored: who reads these tables can't use what stands in them.
CREATE TABLE access_token (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id  BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- What its owner calls it.
    name        TEXT   NOT NULL,
    secret_hash TEXT   NOT NULL UNIQUE,
    -- JSON: what it is limited to; NULL for whatever its owner may do.
    scope       TEXT,
    created_at  BIGINT NOT NULL,
    -- NULL if it does not end by itself.
    expires_at  BIGINT,
    -- The last use, to the minute, and from where.
    used_at     BIGINT,
    used_from   TEXT,
    UNIQUE (account_id, name)
);

CREATE TABLE robot (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    -- In lower case, without what stands before it to sign in.
    name        TEXT   NOT NULL UNIQUE,
    description TEXT   NOT NULL,
    secret_hash TEXT   NOT NULL UNIQUE,
    -- JSON.
    scope       TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    -- When it got its present secret.
    rotated_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    -- Since when it may not sign in; NULL while it may.
    disabled_at BIGINT,
    used_at     BIGINT,
    used_from   TEXT
);
