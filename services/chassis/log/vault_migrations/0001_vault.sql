-- The vault of one service, in a database of its own: its backups are kept for days, not for years,
-- because a key that is still in a backup is not destroyed.
-- A later table with readable personal data refers to data_key (subject) ON DELETE CASCADE, so that
-- no erasure can forget it.

CREATE TABLE secret (
    name text PRIMARY KEY,
    kek text NOT NULL,
    wrapped bytea NOT NULL
);
COMMENT ON TABLE secret IS 'Key material of the vault itself, wrapped by the key-encryption key.';

CREATE TABLE data_key (
    subject uuid PRIMARY KEY,
    kek text NOT NULL,
    wrapped bytea NOT NULL,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE data_key IS 'One key a person, wrapped. Deleting a row is erasure.';

-- No reference to data_key: a key that is lost must not set the national id free.
CREATE TABLE blind_index (
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    subject uuid NOT NULL
);
COMMENT ON TABLE blind_index IS 'HMAC of a national id to the person who has it.';
CREATE INDEX blind_index_by_subject ON blind_index (subject);

CREATE TABLE erasure (
    subject uuid PRIMARY KEY,
    ordered_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    fingerprint bytea
);
COMMENT ON TABLE erasure IS 'Why a key is missing: without a row here, it is lost.';

CREATE TABLE personal_read (
    at timestamptz NOT NULL,
    actor uuid NOT NULL,
    subject uuid NOT NULL,
    purpose text NOT NULL,
    fields text[] NOT NULL
);
COMMENT ON TABLE personal_read IS 'Who read which personal fields of whom, when and what for.';
CREATE INDEX personal_read_by_subject ON personal_read (subject, at);

GRANT SELECT, INSERT, UPDATE ON secret TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON data_key TO ${app};
GRANT SELECT, INSERT, DELETE ON blind_index TO ${app};
GRANT SELECT, INSERT, UPDATE ON erasure TO ${app};
GRANT SELECT, INSERT ON personal_read TO ${app};
