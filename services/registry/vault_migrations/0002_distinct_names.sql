-- Many people bear one name. A search looks among the names there are, then for who bears them in
-- the order of a list: a common word has thousands of names where it has tens of thousands of
-- people. Kept by the search rows themselves: a name comes with its first bearer and goes with the
-- last, in the same transaction, so that no name outlives those who were called so.
CREATE TABLE distinct_name (
    name_sort bytea NOT NULL,
    model text NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (name_sort, model)
);
COMMENT ON TABLE distinct_name IS 'The names of subject_name, once a model; kept by its triggers.';
COMMENT ON COLUMN distinct_name.words IS 'Those of the name, and behind # the model.';

-- The key says which words a name has. Letters foreign to Vietnamese once shared one rank in it.
WITH shared AS (
    SELECT name_sort, min(words::text) AS first
    FROM (SELECT DISTINCT name_sort, words FROM subject_name) AS each_name
    GROUP BY name_sort HAVING count(*) > 1
)
UPDATE subject_name n SET name_sort = n.name_sort || convert_to(words::text, 'UTF8')
FROM shared WHERE shared.name_sort = n.name_sort AND n.words::text <> shared.first;

INSERT INTO distinct_name
SELECT name_sort, model, words || array_to_tsvector(ARRAY['#' || model])
FROM (SELECT DISTINCT name_sort, model, words FROM subject_name) AS each_name
ORDER BY name_sort, model;
-- What waits to be sorted in is read by every search; 256 kB of it are a millisecond.
CREATE INDEX distinct_name_by_word ON distinct_name USING gin (words)
WITH (gin_pending_list_limit = 256);
ANALYZE distinct_name;
DROP INDEX subject_name_by_word;

GRANT SELECT, INSERT, UPDATE, DELETE ON distinct_name TO ${app};

CREATE FUNCTION names_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Nobody takes a name away between our finding it here and our commit.
    PERFORM pg_advisory_xact_lock_shared(hashtext('distinct_name'));
    -- Most names are there already. A subquery for one value is never made into a join.
    INSERT INTO distinct_name
    SELECT name_sort, model, words || array_to_tsvector(ARRAY['#' || model])
    FROM came WHERE (
        SELECT true FROM distinct_name d
        WHERE (d.name_sort, d.model) = (came.name_sort, came.model)
    ) IS NULL
    ON CONFLICT (name_sort, model) DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION names_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('distinct_name'));
    DELETE FROM distinct_name d USING went
    WHERE (d.name_sort, d.model) = (went.name_sort, went.model) AND NOT EXISTS (
        SELECT FROM subject_name s WHERE (s.name_sort, s.model) = (d.name_sort, d.model)
    );
    RETURN NULL;
END $$;

CREATE TRIGGER names_came AFTER INSERT ON subject_name
REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION names_came();
CREATE TRIGGER names_went AFTER DELETE ON subject_name
REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION names_went();
