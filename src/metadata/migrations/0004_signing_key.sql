-- Keys that the registry signs with: made once, the same for every replica and after every restart.
CREATE TABLE signing_key (
    -- What it signs.
    purpose    TEXT   PRIMARY KEY,
    -- The private key, PKCS#8 in DER.
    content    BLOB   NOT NULL,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
