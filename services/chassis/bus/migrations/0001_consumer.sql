-- What a reader of other services' topics keeps: how far each log is applied, and what is set aside.

CREATE TABLE source (
    log         text        PRIMARY KEY,
    position    bigint      NOT NULL DEFAULT 0 CHECK (position >= 0),
    -- Which event stands at that position; null before the first and after an accepted loss.
    stream      text,
    version     integer,
    recorded_at timestamptz,
    -- On the topic, after the record of that event.
    next_offset bigint      NOT NULL DEFAULT 0,
    -- Which history of the log this is: one more with every accepted loss.
    origin      integer     NOT NULL DEFAULT 1,
    -- The newest position known to be on the topic, and when the topic was last heard of.
    published   bigint      NOT NULL DEFAULT 0,
    seen_at     timestamptz,
    alarm       json,
    alarm_since timestamptz
);

-- The losses accepted: above `above`, what had been applied was withdrawn.
CREATE TABLE source_loss (
    log         text        NOT NULL REFERENCES source,
    origin      integer     NOT NULL,
    above       bigint      NOT NULL,
    reached     bigint      NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (log, origin)
);

CREATE TABLE parked (
    log           text        NOT NULL REFERENCES source,
    record_offset bigint      NOT NULL,
    -- Null when not even the envelope could be read: such a record takes no position.
    position      bigint,
    stream        text,
    type          text,
    reason        text        NOT NULL CHECK (reason IN ('unreadable', 'failed', 'follows')),
    detail        text        NOT NULL,
    value         bytea       NOT NULL,
    applied       bigint      NOT NULL,  -- the source's position when this was parked
    parked_at     timestamptz NOT NULL DEFAULT now(),
    CHECK ((reason = 'unreadable') = (position IS NULL))
);
CREATE UNIQUE INDEX parked_position ON parked (log, position) WHERE position IS NOT NULL;
CREATE UNIQUE INDEX parked_record ON parked (log, record_offset, sha256(value))
    WHERE position IS NULL;
CREATE INDEX parked_stream ON parked (log, stream, position);

GRANT SELECT, INSERT, UPDATE, DELETE ON source, source_loss, parked TO ${app};
