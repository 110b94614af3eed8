-- What people are found by. Names are readable here and nowhere else, so it lies in the vault's
-- database: with a person's key goes their row. Kept by `work` from the log; may be filled again.
CREATE TABLE subject_name (
    subject uuid PRIMARY KEY REFERENCES data_key (subject) ON DELETE CASCADE,
    model text NOT NULL,
    area text NOT NULL,
    name text NOT NULL,
    name_sort bytea NOT NULL,
    words tsvector NOT NULL
);
COMMENT ON COLUMN subject_name.name_sort IS 'Orders as a Vietnamese list does, by given name.';
COMMENT ON COLUMN subject_name.words IS 'Each word without marks, and behind = with them.';

CREATE INDEX subject_name_in_order ON subject_name (name_sort, subject);
CREATE INDEX subject_name_by_area ON subject_name (area, name_sort, subject);
CREATE INDEX subject_name_by_word ON subject_name USING gin (words);

CREATE TABLE progress (name text PRIMARY KEY, position bigint NOT NULL);

GRANT SELECT, INSERT, UPDATE, DELETE ON subject_name, progress TO ${app};
