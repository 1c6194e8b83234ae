-- Members beside administrators; accounts that are disabled; where sessions are; what deeds were about.
-- A table with other checks is a new table: the sessions move to the new accounts before the old ones go, for they
-- would go with them.

CREATE TABLE next_account (
    id            INTEGER PRIMARY KEY,
    -- In lower case.
    name          TEXT   NOT NULL UNIQUE,
    -- A PHC string: algorithm, parameters and salt stand in it.
    password_hash TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('administrator', 'member')),
    created_at    BIGINT NOT NULL,
    -- Since when it may not sign in; NULL while it may.
    disabled_at   BIGINT,
    -- The last sign-in to the console.
    signed_in_at  BIGINT
);
INSERT INTO next_account (id, name, password_hash, role, created_at)
SELECT id, name, password_hash, role, created_at FROM account;

-- A session's token is never stored: who reads this table can't use what stands in it.
CREATE TABLE next_session (
    token_hash TEXT   PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES next_account (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    -- To the minute, so that reading pages does not write at each click.
    used_at    BIGINT NOT NULL,
    -- Where it was opened, and with what: NULL if that is not known.
    address    TEXT,
    user_agent TEXT
) WITHOUT ROWID;
INSERT INTO next_session (token_hash, account_id, created_at, used_at)
SELECT token_hash, account_id, created_at, used_at FROM session;

DROP TABLE session;
DROP TABLE account;
ALTER TABLE next_account RENAME TO account;
ALTER TABLE next_session RENAME TO session;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_used_at ON session (used_at);

-- From where, as far as it is known.
ALTER TABLE audit ADD COLUMN address TEXT;
-- To whom or to what.
ALTER TABLE audit ADD COLUMN subject TEXT;
