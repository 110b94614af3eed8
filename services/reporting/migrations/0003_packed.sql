-- Increments and their sums by day in arrays, some hundred to a row: a figure of a province reads a
-- hundredth of the rows, and writing costs less than half. What was kept is kept.

-- By which number a measure is stored; `measures.py` has the same ones. None is given twice.
CREATE TEMP TABLE numbered (measure text PRIMARY KEY, number smallint NOT NULL) ON COMMIT DROP;
INSERT INTO numbered VALUES
    ('titles_held', 1), ('titles_recognised', 2), ('registrations', 3),
    ('funds_mobilised', 4), ('funds_spent', 5), ('awards_paid', 6),
    ('courses_completed', 7), ('participations', 8), ('distinct_learners', 9);

CREATE TEMP TABLE former ON COMMIT DROP AS
SELECT numbered.number AS measure, log, series.id AS series, valid_on, recorded_at, delta, position,
    date_trunc('month', recorded_at AT TIME ZONE 'UTC' + interval '7 hours')::date AS known_month
FROM increment
JOIN series ON series.id = increment.series
JOIN numbered ON numbered.measure = series.measure;

DROP TABLE increment, cell;

-- Increments of one measure, batch and known month, in parallel arrays. `first_at` and `last_at`
-- bound the times of recording of the whole batch, `batch` and `until_position` its positions.
CREATE TABLE increment_run (
    measure smallint NOT NULL,
    known_month date NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    log text NOT NULL,
    batch bigint NOT NULL,
    until_position bigint NOT NULL,
    series int[] NOT NULL,
    valid_on date[] NOT NULL,
    recorded_at timestamptz[] NOT NULL,
    delta bigint[] NOT NULL,
    position bigint[] NOT NULL
);

-- Their sums by series and valid day, batch by batch.
CREATE TABLE day_sum (
    measure smallint NOT NULL,
    valid_on date NOT NULL,
    known_month date NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    log text NOT NULL,
    batch bigint NOT NULL,
    until_position bigint NOT NULL,
    series int[] NOT NULL,
    total bigint[] NOT NULL
);

-- Rows stay under half a page, so they are neither compressed nor moved out of line.
ALTER TABLE increment_run
    ALTER series SET STORAGE PLAIN,
    ALTER valid_on SET STORAGE PLAIN,
    ALTER recorded_at SET STORAGE PLAIN,
    ALTER delta SET STORAGE PLAIN,
    ALTER position SET STORAGE PLAIN;
ALTER TABLE day_sum
    ALTER series SET STORAGE PLAIN,
    ALTER total SET STORAGE PLAIN;

INSERT INTO increment_run
SELECT measure, known_month, min(recorded_at), max(recorded_at), log, min(position), max(position),
    array_agg(series), array_agg(valid_on), array_agg(recorded_at), array_agg(delta),
    array_agg(position)
FROM (
    SELECT *, (row_number() OVER (
        PARTITION BY measure, log, known_month ORDER BY recorded_at, position
    ) - 1) / 100 AS part
    FROM former
) AS cut
GROUP BY measure, log, known_month, part;

INSERT INTO day_sum
SELECT run.measure, valid_on, known_month, first_at, last_at, log, batch, until_position,
    array_agg(series), array_agg(total)
FROM (
    SELECT measure, cut.valid_on, known_month, first_at, last_at, log, batch, until_position,
        cut.series, sum(cut.delta)::bigint AS total
    FROM increment_run
    CROSS JOIN LATERAL unnest(series, valid_on, delta) AS cut (series, valid_on, delta)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
) AS run
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

CREATE INDEX ON increment_run (measure, known_month);
CREATE INDEX ON day_sum (measure, valid_on);
CREATE INDEX ON day_sum (measure, known_month);

-- One increment, and one sum, to a row again: for those who look, and for taking back.
CREATE VIEW increment AS
SELECT measure, known_month, log, batch, unnest(series) AS series, unnest(valid_on) AS valid_on,
    unnest(recorded_at) AS recorded_at, unnest(delta) AS delta, unnest(position) AS position
FROM increment_run;
CREATE VIEW cell AS
SELECT measure, valid_on, known_month, log, batch, unnest(series) AS series, unnest(total) AS total
FROM day_sum;

-- The months of one measure lie together.
ALTER TABLE cell_month ADD measure smallint;
UPDATE cell_month SET measure = number
FROM series JOIN numbered USING (measure) WHERE series.id = cell_month.series;
ALTER TABLE cell_month
    DROP CONSTRAINT cell_month_pkey,
    ADD PRIMARY KEY (measure, series, valid_month, known_month);
ALTER TABLE place_month ADD measure smallint;
UPDATE place_month SET measure = number
FROM series JOIN numbered USING (measure) WHERE series.id = place_month.series;
ALTER TABLE place_month
    DROP CONSTRAINT place_month_pkey,
    ADD PRIMARY KEY (measure, series, valid_month, known_month);

-- Who is counted by a distinct measure, each pseudonymous id once: a number is a quarter of it.
CREATE TABLE person (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member uuid NOT NULL UNIQUE
);
INSERT INTO person (member) SELECT DISTINCT member FROM member;

-- The persons one event names, in one row.
CREATE TABLE membership (
    series int NOT NULL,
    valid_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    position bigint NOT NULL,
    people int[] NOT NULL
);
INSERT INTO membership
SELECT series, valid_on, recorded_at, position, array_agg(person.id)
FROM member JOIN person USING (member) GROUP BY 1, 2, 3, 4;
CREATE INDEX ON membership (series, valid_on);
DROP TABLE member;
CREATE VIEW member AS
SELECT series, valid_on, recorded_at, position, person.member
FROM membership CROSS JOIN LATERAL unnest(people) AS one (id) JOIN person USING (id);

GRANT SELECT, INSERT, UPDATE, DELETE ON increment_run, day_sum, membership TO ${app};
GRANT SELECT, INSERT ON person TO ${app};
GRANT SELECT ON increment, cell, member TO ${app};
