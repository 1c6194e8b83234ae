-- What the list of tags shows beside names: for which machines, and how often each was pulled.

-- `os/architecture/variant`, several with blanks between them, or nothing for what runs nowhere; NULL until it is known.
ALTER TABLE manifest ADD COLUMN platforms TEXT;

ALTER TABLE tag ADD COLUMN pull_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tag ADD COLUMN pulled_at BIGINT;
