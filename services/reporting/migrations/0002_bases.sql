-- How many there are that could hold a title: brought in by an operator, each with its day and source.
-- Rows are only ever added; of two for one day the later known counts.
CREATE TABLE base (
    base_kind text NOT NULL,
    area text NOT NULL,
    valid_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (base_kind, area, valid_on, recorded_at)
);

GRANT SELECT, INSERT ON base TO ${app};
