-- What is still to be told to others, for each endpoint in the order of the ids.
CREATE TABLE notification (
    id         INTEGER PRIMARY KEY,
    endpoint   TEXT   NOT NULL,
    -- An event, as JSON.
    content    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notification_by_endpoint ON notification (endpoint, id);

-- What became of what was to be told.
CREATE TABLE notification_endpoint (
    name          TEXT   PRIMARY KEY,
    delivered     BIGINT NOT NULL DEFAULT 0,
    -- Given up, because too much was waiting.
    dropped       BIGINT NOT NULL DEFAULT 0,
    delivered_at  BIGINT,
    last_error    TEXT,
    last_error_at BIGINT
) WITHOUT ROWID;
