-- The log of one service: append-only, dense positions, written through one function.

CREATE TABLE event (
    position    bigint      PRIMARY KEY CHECK (position > 0),
    stream      uuid        NOT NULL,
    version     integer     NOT NULL CHECK (version >= 0),
    type        text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    command     uuid        NOT NULL,
    payload     json        NOT NULL,  -- json, never jsonb: stored and hashed as the same bytes
    meta        json        NOT NULL,
    UNIQUE (stream, version)
);

-- A command's receipt, kept as long as the log. The digest is an HMAC: the body may hold personal data.
CREATE TABLE command (
    command_id     uuid        PRIMARY KEY,
    digest         bytea       NOT NULL,
    named          uuid        NOT NULL,
    version        integer     NOT NULL,
    first_position bigint      NOT NULL,
    last_position  bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL
);

CREATE TABLE snapshot (
    stream  uuid    PRIMARY KEY,
    version integer NOT NULL,
    schema  text    NOT NULL,
    state   json    NOT NULL
);

CREATE TABLE leader (name text PRIMARY KEY, epoch bigint NOT NULL);
CREATE TABLE relay (name text PRIMARY KEY, epoch bigint NOT NULL, position bigint NOT NULL);
CREATE TABLE progress (name text PRIMARY KEY, position bigint NOT NULL);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON command
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Several appends in one transaction, in order; each is accepted or refused alone.
--
-- One element per append: commands, digests, named (the id its reply names), versions (of that thing,
-- afterwards), given (a recorded_at asked for, or null).
-- One element per stream first touched in this batch: check_append, check_stream, check_expected.
-- One element per append that was decided on another of this batch: needs_append, needs_other.
-- One element per event: event_append, streams, event_versions, types, payloads, metas.
-- Appends are counted from 1.
--
-- All accepted: statuses is null, and positions run from head + 1 at recorded_at.
-- Otherwise one status per append: 0 accepted, 1 known command (its receipt follows), 2 known command
-- with another digest, 3 a stream is not at the expected version, 4 the given time is before the last
-- event's, 5 it is in the future, 6 what it was decided on was not accepted.
CREATE FUNCTION append_events(
    commands uuid[], digests bytea[], named uuid[], versions integer[], given timestamptz[],
    check_append integer[], check_stream uuid[], check_expected integer[],
    needs_append integer[], needs_other integer[],
    event_append integer[], streams uuid[], event_versions integer[], types text[],
    payloads text[], metas text[],
    OUT head bigint, OUT recorded_at timestamptz, OUT statuses integer[],
    OUT first_positions bigint[], OUT last_positions bigint[], OUT ids uuid[],
    OUT id_versions integer[], OUT times timestamptz[])
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    size integer := cardinality(commands);
    newest timestamptz;
    known integer[];
    stale integer[];
    i integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'append_events needs read committed'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    -- Released after the commit is visible, so the next holder reads everything before it.
    PERFORM pg_advisory_xact_lock(7453010361000550247);

    SELECT e.position, e.recorded_at INTO head, newest
        FROM event e ORDER BY e.position DESC LIMIT 1;
    head := coalesce(head, 0);
    recorded_at := greatest(clock_timestamp(), newest);

    -- Scalar sub-selects: EXISTS becomes a hashed sub-plan that reads the whole table.
    SELECT array_agg(c.i) INTO known
        FROM unnest(commands) WITH ORDINALITY AS c(id, i)
        WHERE (SELECT true FROM command k WHERE k.command_id = c.id) IS NOT NULL;
    -- A stream nobody wrote to is at 0, and below for those that number from 0.
    SELECT array_agg(c.append) INTO stale
        FROM unnest(check_append, check_stream, check_expected) AS c(append, stream, expected)
        WHERE coalesce((SELECT e.version FROM event e WHERE e.stream = c.stream
                        ORDER BY e.version DESC LIMIT 1), least(c.expected, 0)) <> c.expected;

    IF known IS NULL AND stale IS NULL AND array_remove(given, NULL) = '{}'
        AND (SELECT count(DISTINCT c) FROM unnest(commands) AS c) = size
    THEN
        INSERT INTO event
            SELECT head + e.i, e.stream, e.version, e.type, recorded_at, commands[e.append],
                   e.payload::json, e.meta::json
            FROM unnest(event_append, streams, event_versions, types, payloads, metas)
                 WITH ORDINALITY AS e(append, stream, version, type, payload, meta, i);
        INSERT INTO command
            SELECT commands[e.append], digests[e.append], named[e.append], versions[e.append],
                   head + min(e.i), head + max(e.i), recorded_at
            FROM unnest(event_append) WITH ORDINALITY AS e(append, i)
            GROUP BY e.append;
        RETURN;
    END IF;

    SELECT r.statuses, r.times INTO statuses, times
        FROM append_verdicts(commands, digests, given, known, stale, needs_append, needs_other,
                             newest) AS r;

    INSERT INTO event
        SELECT head + row_number() OVER (ORDER BY e.i), e.stream, e.version, e.type,
               times[e.append], commands[e.append], e.payload::json, e.meta::json
        FROM unnest(event_append, streams, event_versions, types, payloads, metas)
             WITH ORDINALITY AS e(append, stream, version, type, payload, meta, i)
        WHERE statuses[e.append] = 0;
    INSERT INTO command
        SELECT commands[a.append], digests[a.append], named[a.append], versions[a.append],
               head + min(a.place), head + max(a.place), times[a.append]
        FROM (SELECT e.append, row_number() OVER (ORDER BY e.i) AS place
              FROM unnest(event_append) WITH ORDINALITY AS e(append, i)
              WHERE statuses[e.append] = 0) AS a
        GROUP BY a.append;

    SELECT array_agg(k.first_position ORDER BY c.i), array_agg(k.last_position ORDER BY c.i),
           array_agg(k.named ORDER BY c.i), array_agg(k.version ORDER BY c.i),
           array_agg(k.recorded_at ORDER BY c.i)
        INTO first_positions, last_positions, ids, id_versions, times
        FROM unnest(commands) WITH ORDINALITY AS c(id, i)
        LEFT JOIN command k ON k.command_id = c.id;
END $$;

-- The verdict on each append of a batch in which something is out of the ordinary.
CREATE FUNCTION append_verdicts(
    commands uuid[], digests bytea[], given timestamptz[], known integer[], stale integer[],
    needs_append integer[], needs_other integer[], newest timestamptz,
    OUT statuses integer[], OUT times timestamptz[])
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
    size integer := cardinality(commands);
    present timestamptz := clock_timestamp();
    latest timestamptz := newest;
    verdict integer;
    twin integer;
    need integer := 1;
BEGIN
    statuses := array_fill(0, ARRAY[size]);
    times := array_fill(NULL::timestamptz, ARRAY[size]);
    FOR i IN 1..size LOOP
        verdict := 0;
        twin := array_position(commands[1:i - 1], commands[i]);
        IF i = ANY (known) THEN
            verdict := CASE WHEN (SELECT k.digest FROM command k
                                  WHERE k.command_id = commands[i]) = digests[i]
                            THEN 1 ELSE 2 END;
        ELSIF twin IS NOT NULL AND statuses[twin] IN (0, 1) THEN
            verdict := CASE WHEN digests[twin] = digests[i] THEN 1 ELSE 2 END;
        ELSIF i = ANY (stale) THEN
            verdict := 3;
        ELSIF given[i] > present THEN
            verdict := 5;
        ELSIF given[i] < latest THEN
            verdict := 4;
        END IF;
        WHILE needs_append[need] <= i LOOP
            IF verdict = 0 AND statuses[needs_other[need]] <> 0 THEN
                verdict := 6;
            END IF;
            need := need + 1;
        END LOOP;
        IF verdict = 0 THEN
            latest := greatest(coalesce(given[i], present), latest);
        END IF;
        statuses[i] := verdict;
        times[i] := latest;
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION append_events, append_verdicts, refuse_change FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_events TO ${app};
GRANT SELECT ON event, command TO ${app};
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot, leader, relay, progress TO ${app};
