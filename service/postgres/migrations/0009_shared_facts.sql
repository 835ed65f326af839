-- A decision is made on the law and the units as of its position in the log: the head notes where the last of them was
-- recorded, and an append that was decided on older ones is refused.

-- Where the last change of law or unit stands is not looked up: the present head is later, and costs one more read.
ALTER TABLE kiennghi.log_head ADD COLUMN facts_position bigint NOT NULL DEFAULT 0 CHECK (facts_position >= 0);
UPDATE kiennghi.log_head SET facts_position = position;

-- A program that has not been restarted yet goes on without the last parameter.
DROP FUNCTION kiennghi.append_event, kiennghi.append;

-- Appends a command of one event and no identity. A command alone is nearly always that, and arrays of one element,
-- unpacked again and again, cost it a quarter of the server's time: same order, numbers and refusals as `append`.
-- With `book` and `year` the event gets the next number of that register; `given` is that number, `reference` one that
-- it bears already. With `wrapped_key` the petition that it opens gets its key `key_number`. `facts_known` is the position
-- of the last change of law or unit by which it was decided: the append is refused when another one followed.
CREATE FUNCTION kiennghi.append_event(
    stream uuid, version integer, category text, topic text, state bytea,
    officer text, unit text, officer_position text, acting_for text,
    command uuid, digest bytea, context bytea,
    reference text, book text, year integer,
    key_number integer, wrapped_key bytea, vault_key_id text,
    notify boolean, facts_known bigint DEFAULT NULL,
    OUT first_position bigint, OUT recorded_at timestamptz, OUT given text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    topic_number smallint;
    category_number smallint;
    known_category text;
    officer_number integer;
    category_before smallint;
    last_fact bigint;
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + 1, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position, h.recorded_at, h.facts_position INTO STRICT first_position, recorded_at, last_fact;
    IF facts_known < last_fact THEN
        RAISE EXCEPTION 'the law or a unit has changed since this was decided' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF category IN ('unit', 'law') THEN
        UPDATE kiennghi.log_head AS h SET facts_position = first_position WHERE h.only_row;
    END IF;

    SELECT t.number, t.category, c.category, o.number
    INTO topic_number, category_number, known_category, officer_number
    FROM kiennghi.topics AS t JOIN kiennghi.categories AS c ON c.number = t.category,
         kiennghi.officers AS o
    WHERE t.topic = topic AND o.officer = officer AND o.unit = unit AND o.position = officer_position
      AND coalesce(o.acting_for, '') = coalesce(acting_for, '');
    IF known_category IS DISTINCT FROM category THEN
        SELECT n.number, n.category INTO topic_number, category_number FROM kiennghi.number_topic(topic, category) AS n;
        officer_number := kiennghi.number_officer(officer, unit, officer_position, acting_for);
    END IF;

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

    INSERT INTO kiennghi.log (position, recorded_at, stream, version, category, topic, officer, command_id,
                              request_digest, context, reference, state)
    VALUES (first_position, recorded_at, stream, version, category_number, topic_number, officer_number, command,
            digest, context, reference, state);

    IF version > 1 THEN
        SELECT l.category INTO category_before
        FROM kiennghi.log AS l WHERE l.stream = stream AND l.version = version - 1;
    END IF;
    IF digest IS NULL OR version > 1 AND category_before IS DISTINCT FROM category_number THEN
        RAISE EXCEPTION 'an event would follow a version that its stream does not have, or has in another category,'
            ' or end no command' USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF wrapped_key IS NOT NULL THEN
        INSERT INTO kiennghi_vault.text_keys (stream, key_number, wrapped_key, vault_key_id)
        VALUES (stream, key_number, wrapped_key, vault_key_id);
    END IF;

    IF notify THEN
        PERFORM pg_notify('kiennghi_log', first_position::text);
    END IF;
END
$$;

-- Appends whole commands: either all that is given becomes part of the log, or nothing.
--   topics, categories; officers .. acting_for: one element a word that the events use, each once
--   streams .. contexts: one element an event, in the order of the log; topic_of and officer_of say which of the words
--     above (counted from 1); digests and contexts are given on the last event of a command and are null on the others
--   "references": one element an event, or none at all
--   numbered, books, years: which of these events (counted from 1) get the next number of which register
--   petitioners .. identity_no_marks: one element an identity
--   key_streams .. vault_key_ids: one element a key of texts
--   facts_known: the position of the last change of law or unit by which all was decided: refused when another one followed
CREATE FUNCTION kiennghi.append(
    topics text[], categories text[],
    officers text[], units text[], officer_positions text[], acting_for text[],
    streams uuid[], versions integer[], topic_of integer[], officer_of integer[], states bytea[],
    commands uuid[], digests bytea[], contexts bytea[], "references" text[],
    numbered integer[], books text[], years integer[],
    petitioners uuid[], petitions uuid[], sealed bytea[], wrapped_keys bytea[],
    name_marks bytea[], identity_no_marks bytea[],
    key_streams uuid[], key_numbers integer[], wrapped_text_keys bytea[], vault_key_ids text[],
    notify boolean, facts_known bigint DEFAULT NULL,
    OUT first_position bigint, OUT recorded_at timestamptz, OUT numbers_given text[]
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    amount CONSTANT bigint := cardinality(streams);
    register record;
    given text[];
    topic_numbers smallint[];
    category_numbers smallint[];
    officer_numbers integer[];
    last_fact bigint;
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + amount, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position - amount + 1, h.recorded_at, h.facts_position INTO STRICT first_position, recorded_at, last_fact;
    IF facts_known < last_fact THEN
        RAISE EXCEPTION 'the law or a unit has changed since this was decided' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF categories && ARRAY['unit', 'law'] THEN
        UPDATE kiennghi.log_head AS h SET facts_position = first_position + amount - 1 WHERE h.only_row;
    END IF;

    -- Nearly always all words are known: looking them up costs a tenth of calling the functions that add new ones.
    topic_numbers := ARRAY(
        SELECT (SELECT t.number FROM kiennghi.topics AS t WHERE t.topic = w.topic)
        FROM unnest(topics) WITH ORDINALITY AS w (topic, place) ORDER BY w.place);
    category_numbers := ARRAY(
        SELECT (SELECT t.category FROM kiennghi.topics AS t JOIN kiennghi.categories AS c ON c.number = t.category
                WHERE t.topic = w.topic AND c.category = w.category)
        FROM unnest(topics, categories) WITH ORDINALITY AS w (topic, category, place) ORDER BY w.place);
    IF array_position(category_numbers, NULL) IS NOT NULL THEN
        SELECT array_agg(n.number ORDER BY w.place), array_agg(n.category ORDER BY w.place)
        INTO topic_numbers, category_numbers
        FROM unnest(topics, categories) WITH ORDINALITY AS w (topic, category, place),
             kiennghi.number_topic(w.topic, w.category) AS n;
    END IF;
    officer_numbers := ARRAY(
        SELECT (SELECT o.number FROM kiennghi.officers AS o
                WHERE o.officer = w.officer AND o.unit = w.unit AND o.position = w.officer_position
                  AND coalesce(o.acting_for, '') = coalesce(w.acting_for, ''))
        FROM unnest(officers, units, officer_positions, acting_for)
             WITH ORDINALITY AS w (officer, unit, officer_position, acting_for, place) ORDER BY w.place);
    IF array_position(officer_numbers, NULL) IS NOT NULL THEN
        officer_numbers := ARRAY(
            SELECT kiennghi.number_officer(w.officer, w.unit, w.officer_position, w.acting_for)
            FROM unnest(officers, units, officer_positions, acting_for)
                 WITH ORDINALITY AS w (officer, unit, officer_position, acting_for, place) ORDER BY w.place);
    END IF;

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

    INSERT INTO kiennghi.log (position, recorded_at, stream, version, category, topic, officer, command_id,
                              request_digest, context, reference, state)
    SELECT first_position - 1 + e.place, recorded_at, e.stream, e.version,
           category_numbers[e.topic], topic_numbers[e.topic], officer_numbers[e.officer], e.command,
           e.digest, e.context, e.reference, e.state
    FROM unnest(streams, versions, topic_of, officer_of, states, commands, digests, contexts, "references")
         WITH ORDINALITY AS e (stream, version, topic, officer, state, command, digest, context, reference, place);

    IF cardinality(petitioners) > 0 THEN
        INSERT INTO kiennghi_vault.identities (petitioner_ref, petition_id, sealed, created_at)
        SELECT i.petitioner, i.petition, i.seal, recorded_at
        FROM unnest(petitioners, petitions, sealed) AS i (petitioner, petition, seal);
        INSERT INTO kiennghi_vault.identity_keys (petitioner_ref, wrapped_key, name_mark, identity_no_mark)
        SELECT i.petitioner, i.wrapped_key, i.name_mark, i.identity_no_mark
        FROM unnest(petitioners, wrapped_keys, name_marks, identity_no_marks)
             AS i (petitioner, wrapped_key, name_mark, identity_no_mark);
    END IF;
    IF cardinality(key_streams) > 0 THEN
        INSERT INTO kiennghi_vault.text_keys (stream, key_number, wrapped_key, vault_key_id)
        SELECT k.stream, k.number, k.wrapped_key, k.vault_key_id
        FROM unnest(key_streams, key_numbers, wrapped_text_keys, vault_key_ids)
             AS k (stream, number, wrapped_key, vault_key_id);
    END IF;

    IF EXISTS (
        SELECT FROM unnest(streams, versions, topic_of, commands, digests)
             WITH ORDINALITY AS e (stream, version, topic, command, digest, place)
        WHERE (e.digest IS NULL) = (commands[e.place + 1] IS DISTINCT FROM e.command)
           -- A value of one row: NOT EXISTS beside OR would let the planner read the whole log into a hash.
           OR e.version > 1 AND category_numbers[e.topic] IS DISTINCT FROM (
               SELECT l.category FROM kiennghi.log AS l WHERE l.stream = e.stream AND l.version = e.version - 1)
    ) THEN
        RAISE EXCEPTION 'an event would follow a version that its stream does not have, or has in another category,'
            ' or end no command' USING ERRCODE = 'integrity_constraint_violation';
    END IF;

    IF notify THEN
        PERFORM pg_notify('kiennghi_log', (first_position + amount - 1)::text);
    END IF;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA kiennghi FROM PUBLIC;
DO $$
BEGIN
    IF to_regrole('kiennghi_service') IS NOT NULL THEN
        GRANT EXECUTE ON FUNCTION kiennghi.append, kiennghi.append_event TO kiennghi_service;
    END IF;
END
$$;
