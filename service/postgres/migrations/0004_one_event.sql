-- A command alone is nearly always one event. Sixteen arrays of one element, unpacked again and again, cost it a quarter
-- of the server's time: it has a way of its own into the log, with the same order, numbers and refusals.

-- When an append after another one is recorded. The time never runs backwards with the position, unless the server's
-- clock was set back by more than a minute: a wrong hour must not be carried on into days that deadlines are counted from.
CREATE FUNCTION kiennghi.time_after(former timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT CASE WHEN former < clock_timestamp() + interval '1 minute'
                THEN greatest(former, clock_timestamp()) ELSE clock_timestamp() END;
END;

-- Appends a command of one event and no identity. With `book` and `year` it gets the next number of that register;
-- `given` is that number, `reference` one that it bears already.
CREATE FUNCTION kiennghi.append_event(
    stream uuid, version bigint, topic text, state bytea, command uuid, reference text,
    book text, year integer, digest bytea, notify boolean,
    OUT first_position bigint, OUT recorded_at timestamptz, OUT given text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + 1, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position, h.recorded_at INTO STRICT first_position, recorded_at;

    IF book IS NOT NULL THEN
        UPDATE kiennghi.registers AS r SET last_number = r.last_number + 1
         WHERE r.book = book AND r.year = year
        RETURNING r.book || '-' || r.year || '-' || lpad(r.last_number::text, greatest(6, length(r.last_number::text)), '0')
        INTO given;
        -- The first of its register, or a number that an imported petition bears.
        IF given IS NULL OR EXISTS (SELECT FROM kiennghi.log AS l WHERE l.reference = given) THEN
            given := (kiennghi.next_references(book, year, 1))[1];
        END IF;
        reference := given;
    END IF;

    INSERT INTO kiennghi.log (originator_id, originator_version, topic, state, notification_id, recorded_at, command_id, reference)
    VALUES (stream, version, topic, state, first_position, recorded_at, command, reference);

    INSERT INTO kiennghi.commands (command_id, originator_id, last_version, last_position, request_digest, recorded_at)
    VALUES (command, stream, version, first_position, digest, recorded_at);

    IF version > 1 AND NOT EXISTS (
        SELECT FROM kiennghi.log AS l WHERE l.originator_id = stream AND l.originator_version = version - 1
    ) THEN
        RAISE EXCEPTION 'an event would follow a version that its stream does not have'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF notify THEN
        PERFORM pg_notify('kiennghi_log', first_position::text);
    END IF;
END
$$;

-- As in 0002, but for the time, which now has one place.
CREATE OR REPLACE FUNCTION kiennghi.append(
    streams uuid[], versions bigint[], topics text[], states bytea[], commands uuid[], "references" text[],
    numbered integer[], books text[], years integer[],
    finished integer[], digests bytea[],
    petitioners uuid[], petitions uuid[], sealed bytea[], wrapped_keys bytea[],
    notify boolean,
    OUT first_position bigint, OUT recorded_at timestamptz, OUT numbers_given text[]
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    amount CONSTANT bigint := cardinality(streams);
    register record;
    given text[];
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + amount, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position - amount + 1, h.recorded_at INTO STRICT first_position, recorded_at;

    IF cardinality(numbered) > 0 THEN
        IF cardinality("references") = 0 THEN
            "references" := array_fill(NULL::text, ARRAY[amount::integer]);
        END IF;
        FOR register IN
            SELECT n.book, n.year, array_agg(n.event ORDER BY n.event) AS events
            FROM unnest(numbered, books, years) AS n (event, book, year) GROUP BY n.book, n.year
        LOOP
            given := kiennghi.next_references(register.book, register.year, cardinality(register.events));
            FOR i IN 1 .. cardinality(register.events) LOOP
                "references"[register.events[i]] := given[i];
            END LOOP;
        END LOOP;
        numbers_given := ARRAY(SELECT "references"[n.event] FROM unnest(numbered) WITH ORDINALITY AS n (event, place) ORDER BY n.place);
    END IF;

    INSERT INTO kiennghi.log (originator_id, originator_version, topic, state, notification_id, recorded_at, command_id, reference)
    SELECT e.stream, e.version, e.topic, e.state, first_position - 1 + e.place, recorded_at, e.command, e.reference
    FROM unnest(streams, versions, topics, states, commands, "references")
         WITH ORDINALITY AS e (stream, version, topic, state, command, reference, place);

    INSERT INTO kiennghi.commands (command_id, originator_id, last_version, last_position, request_digest, recorded_at)
    SELECT commands[c.event], streams[c.event], versions[c.event], first_position - 1 + c.event, c.digest, recorded_at
    FROM unnest(finished, digests) AS c (event, digest);

    IF cardinality(petitioners) > 0 THEN
        INSERT INTO kiennghi_vault.identities (petitioner_ref, petition_id, sealed, created_at)
        SELECT i.petitioner, i.petition, i.seal, recorded_at
        FROM unnest(petitioners, petitions, sealed) AS i (petitioner, petition, seal);
        INSERT INTO kiennghi_vault.identity_keys (petitioner_ref, wrapped_key)
        SELECT i.petitioner, i.wrapped_key FROM unnest(petitioners, wrapped_keys) AS i (petitioner, wrapped_key);
    END IF;

    IF EXISTS (
        SELECT FROM unnest(streams, versions) AS e (stream, version)
        WHERE e.version > 1 AND NOT EXISTS (
            SELECT FROM kiennghi.log AS l WHERE l.originator_id = e.stream AND l.originator_version = e.version - 1)
    ) THEN
        RAISE EXCEPTION 'an event would follow a version that its stream does not have'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF notify THEN
        PERFORM pg_notify('kiennghi_log', (first_position + amount - 1)::text);
    END IF;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA kiennghi FROM PUBLIC;
