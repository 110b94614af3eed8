-- What was published, as numbers: each increment kept, and their sums by day and by month.

-- What a number is about, once, so that the tables below stay narrow. Rows are only ever added.
-- Each belongs to the series of its place as a whole, which has no dimensions and names no type.
CREATE TABLE series (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log text NOT NULL,
    type text NOT NULL,
    measure text NOT NULL,
    area text NOT NULL,
    dimensions jsonb NOT NULL,
    whole int REFERENCES series,
    UNIQUE (measure, log, type, area, dimensions),
    CHECK ((whole IS NULL) = (type = ''))
);

-- One number out of one event. There is no primary key: the position row, moved in the same
-- transaction, makes each event count once. A year to a partition keeps the index of the year
-- that is being written small enough for memory.
CREATE TABLE increment (
    series int NOT NULL,
    valid_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    delta bigint NOT NULL,
    position bigint NOT NULL
) PARTITION BY RANGE (recorded_at);

CREATE TABLE increment_other PARTITION OF increment DEFAULT;

DO $$
BEGIN
    FOR year IN 2023..2045 LOOP
        EXECUTE format(
            'CREATE TABLE increment_%s PARTITION OF increment FOR VALUES FROM (%L) TO (%L)',
            year,
            format('%s-01-01T00:00:00Z', year),
            format('%s-01-01T00:00:00Z', year + 1)
        );
    END LOOP;
END
$$;

-- The events behind a cell.
CREATE INDEX ON increment (series, valid_on);
-- What was recorded inside a day, and lists in the order of recording. Entries come in rising order,
-- which is cheap; a BRIN would know nothing of a history just loaded until a vacuum came by.
CREATE INDEX ON increment (recorded_at);

-- Sums of increments by valid day and known day (UTC+7), one row for each batch that touched them:
-- appending costs a third of finding the row to add to, and a sum of sums is the same sum.
CREATE TABLE cell (
    series int NOT NULL,
    valid_on date NOT NULL,
    known_on date NOT NULL,
    total bigint NOT NULL
);
CREATE INDEX ON cell (valid_on);
CREATE INDEX ON cell (known_on);

-- The same sums by whole months.
CREATE TABLE cell_month (
    series int NOT NULL,
    valid_month date NOT NULL,
    known_month date NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (series, valid_month, known_month)
) WITH (fillfactor = 80);

-- The same for places as a whole: a tenth of the rows, and what most questions are answered from.
CREATE TABLE place_month (
    series int NOT NULL,
    valid_month date NOT NULL,
    known_month date NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (series, valid_month, known_month)
) WITH (fillfactor = 80);

-- Who is counted by a distinct measure: pseudonymous ids, one row for each event they are in.
CREATE TABLE member (
    series int NOT NULL,
    member uuid NOT NULL,
    valid_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX ON member (series, valid_on);

-- Losses of a log's tail that were accepted: what had come of events above a position was taken
-- back, and figures known after `known_after` were answered differently until `accepted_at`.
CREATE TABLE withdrawal (
    log text NOT NULL,
    above bigint NOT NULL,
    known_after timestamptz,
    accepted_at timestamptz NOT NULL,
    increments bigint NOT NULL,
    PRIMARY KEY (log, accepted_at)
);

GRANT SELECT, INSERT, UPDATE, DELETE
ON series, increment, cell, cell_month, place_month, member, withdrawal TO ${app};
