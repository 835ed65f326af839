-- Marks by which the same petitioner is found in another petition: keyed digests of name and identity number. They lie
-- with the key of the identity, so that whoever is erased leaves none.
ALTER TABLE kiennghi_vault.identity_keys ADD COLUMN name_mark bytea, ADD COLUMN identity_no_mark bytea;
CREATE INDEX identity_keys_of_name ON kiennghi_vault.identity_keys (name_mark) WHERE name_mark IS NOT NULL;
CREATE INDEX identity_keys_of_identity_no ON kiennghi_vault.identity_keys (identity_no_mark)
    WHERE identity_no_mark IS NOT NULL;

-- As in 0004, but for the marks. Programs of before, which give none, are answered as they were.
DROP FUNCTION kiennghi.append(
    uuid[], bigint[], text[], bytea[], uuid[], text[], integer[], text[], integer[], integer[], bytea[],
    uuid[], uuid[], bytea[], bytea[], boolean
);
CREATE FUNCTION kiennghi.append(
    streams uuid[], versions bigint[], topics text[], states bytea[], commands uuid[], "references" text[],
    numbered integer[], books text[], years integer[],
    finished integer[], digests bytea[],
    petitioners uuid[], petitions uuid[], sealed bytea[], wrapped_keys bytea[],
    notify boolean,
    name_marks bytea[] DEFAULT '{}', identity_no_marks bytea[] DEFAULT '{}',
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
        INSERT INTO kiennghi_vault.identity_keys (petitioner_ref, wrapped_key, name_mark, identity_no_mark)
        SELECT i.petitioner, i.wrapped_key, i.name_mark, i.identity_no_mark
        FROM unnest(petitioners, wrapped_keys, name_marks, identity_no_marks)
             AS i (petitioner, wrapped_key, name_mark, identity_no_mark);
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
