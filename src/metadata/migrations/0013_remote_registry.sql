-- How the registry behind System Config's address is asked, if it is another one. One row, once anything was saved.
CREATE TABLE remote_registry (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    -- What an administrator says of the address: `ask` it, `this` registry's own, or `other`.
    owner      TEXT   NOT NULL,
    -- The address that the rest is for: for another one nothing of it is sent.
    address    TEXT   NOT NULL,
    user_name  TEXT   NOT NULL,
    -- As it is sent; it never leaves the server but to that address.
    password   TEXT   NOT NULL,
    -- Where it sends for tokens, if that is another host.
    token_host TEXT   NOT NULL,
    -- Certificates (PEM) that its certificate may be signed by.
    authority  TEXT   NOT NULL,
    -- What came of asking last: the address, and whether it is another registry's.
    found      TEXT   NOT NULL DEFAULT '',
    found_at   TEXT   NOT NULL DEFAULT ''
);
