-- The only way into the log. These run with the rights of whoever owns the log, so that the service needs none to write it:
-- it can neither choose a position nor a time of recording, nor skip a version of a stream. The present text of each
-- function is in service/postgres/functions.

-- Waits for every append that is under way and keeps out the next ones until the transaction ends.
CREATE FUNCTION kiennghi.hold_log() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT position FROM kiennghi.log_head WHERE only_row FOR UPDATE $$;

-- When an append after another one is recorded. The time never runs backwards with the position, unless the server's
-- clock was set back by more than a minute: a wrong hour must not be carried on into days that deadlines are counted from.
CREATE FUNCTION kiennghi.time_after(former timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT CASE WHEN former < clock_timestamp() + interval '1 minute'
                THEN greatest(former, clock_timestamp()) ELSE clock_timestamp() END;
END;

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

-- Gives the number of a topic, and with it that of its category; both get one when they are new. The caller holds the
-- lock of the log. A topic belongs to one category for ever.
CREATE FUNCTION kiennghi.number_topic(
    of_topic text, of_category text, OUT number smallint, OUT category smallint
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    known text;
BEGIN
    SELECT t.number, c.number, c.category INTO number, category, known
    FROM kiennghi.topics AS t JOIN kiennghi.categories AS c ON c.number = t.category WHERE t.topic = of_topic;
    IF known <> of_category THEN
        RAISE EXCEPTION 'the topic % belongs to the category %, not to %', of_topic, known, of_category
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF known IS NULL THEN
        SELECT c.number INTO category FROM kiennghi.categories AS c WHERE c.category = of_category;
        IF category IS NULL THEN
            INSERT INTO kiennghi.categories (number, category)
            SELECT coalesce(max(c.number), 0) + 1, of_category FROM kiennghi.categories AS c
            RETURNING categories.number INTO category;
        END IF;
        INSERT INTO kiennghi.topics (number, category, topic)
        SELECT coalesce(max(t.number), 0) + 1, category, of_topic FROM kiennghi.topics AS t
        RETURNING topics.number INTO number;
    END IF;
END
$$;

-- Gives the number of an officer in a position of a unit; whoever is new gets one. The caller holds the lock of the log.
CREATE FUNCTION kiennghi.number_officer(
    of_officer text, of_unit text, of_position text, of_acting_for text, OUT number integer
)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    SELECT o.number INTO number FROM kiennghi.officers AS o
    WHERE o.officer = of_officer AND o.unit = of_unit AND o.position = of_position
      AND coalesce(o.acting_for, '') = coalesce(of_acting_for, '');
    IF number IS NULL THEN
        INSERT INTO kiennghi.officers (number, officer, unit, position, acting_for)
        SELECT coalesce(max(o.number), 0) + 1, of_officer, of_unit, of_position, of_acting_for
        FROM kiennghi.officers AS o
        RETURNING officers.number INTO number;
    END IF;
END
$$;

-- Appends a command of one event and no identity. A command alone is nearly always that, and arrays of one element,
-- unpacked again and again, cost it a quarter of the server's time: same order, numbers and refusals as `append`.
-- With `book` and `year` the event gets the next number of that register; `given` is that number, `reference` one that
-- it bears already. With `wrapped_key` the petition that it opens gets its key `key_number`.
CREATE FUNCTION kiennghi.append_event(
    stream uuid, version integer, category text, topic text, state bytea,
    officer text, unit text, officer_position text, acting_for text,
    command uuid, digest bytea, context bytea,
    reference text, book text, year integer,
    key_number integer, wrapped_key bytea, vault_key_id text,
    notify boolean,
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
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + 1, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position, h.recorded_at INTO STRICT first_position, recorded_at;

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
CREATE FUNCTION kiennghi.append(
    topics text[], categories text[],
    officers text[], units text[], officer_positions text[], acting_for text[],
    streams uuid[], versions integer[], topic_of integer[], officer_of integer[], states bytea[],
    commands uuid[], digests bytea[], contexts bytea[], "references" text[],
    numbered integer[], books text[], years integer[],
    petitioners uuid[], petitions uuid[], sealed bytea[], wrapped_keys bytea[],
    name_marks bytea[], identity_no_marks bytea[],
    key_streams uuid[], key_numbers integer[], wrapped_text_keys bytea[], vault_key_ids text[],
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
    topic_numbers smallint[];
    category_numbers smallint[];
    officer_numbers integer[];
BEGIN
    UPDATE kiennghi.log_head AS h
       SET position = h.position + amount, recorded_at = kiennghi.time_after(h.recorded_at)
     WHERE h.only_row
    RETURNING h.position - amount + 1, h.recorded_at INTO STRICT first_position, recorded_at;

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
