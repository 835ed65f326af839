-- The only way into the log. These run with the rights of whoever owns the log, so that the service needs none to write it:
-- it can neither choose a position nor a time of recording, nor skip a version of a stream.

-- Waits for every append that is under way and keeps out the next ones until the transaction ends.
CREATE FUNCTION kiennghi.hold_log() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT position FROM kiennghi.log_head WHERE only_row FOR UPDATE $$;

-- Gives the next free numbers of one register. A number that an imported petition already bears is not given again.
CREATE FUNCTION kiennghi.next_references(of_book text, of_year integer, wanted integer) RETURNS text[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    last integer;
    numbers integer[];
BEGIN
    SELECT r.last_number INTO last FROM kiennghi.registers AS r WHERE r.book = of_book AND r.year = of_year;
    IF NOT FOUND THEN
        INSERT INTO kiennghi.registers (book, year, last_number) VALUES (of_book, of_year, 0);
        last := 0;
    END IF;
    numbers := ARRAY(
        SELECT n.number
        FROM (SELECT generate_series(last + 1, 2147483647) AS number) AS n
        WHERE (SELECT count(*) FROM kiennghi.log AS l
               WHERE l.reference = of_book || '-' || of_year || '-' || lpad(n.number::text, greatest(6, length(n.number::text)), '0')) = 0
        LIMIT wanted
    );
    UPDATE kiennghi.registers AS r SET last_number = numbers[wanted] WHERE r.book = of_book AND r.year = of_year;
    RETURN ARRAY(
        SELECT of_book || '-' || of_year || '-' || lpad(n.number::text, greatest(6, length(n.number::text)), '0')
        FROM unnest(numbers) WITH ORDINALITY AS n (number, place) ORDER BY n.place
    );
END
$$;

-- Appends whole commands: either all that is given becomes part of the log, or nothing.
--   streams .. commands, "references": one element an event, in the order of the log ("references" may be empty: none is given)
--   numbered, books, years: which of these events (counted from 1) get the next number of which register
--   finished, digests: one element a command: its last event (counted from 1) and the digest of the request
--   petitioners .. wrapped_keys: one element an identity
CREATE FUNCTION kiennghi.append(
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
    -- The time never runs backwards with the position, unless the server's clock was set back by more than a minute:
    -- a wrong hour must not be carried on into days that deadlines are counted from.
    UPDATE kiennghi.log_head AS h
       SET position = h.position + amount,
           recorded_at = CASE WHEN h.recorded_at < clock_timestamp() + interval '1 minute'
                              THEN greatest(h.recorded_at, clock_timestamp()) ELSE clock_timestamp() END
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
