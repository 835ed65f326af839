-- Appends a command of one event and no identity. A command alone is nearly always that, and arrays of one element,
-- unpacked again and again, cost it a quarter of the server's time: same order, numbers and refusals as `append`.
-- With `book` and `year` the event gets the next number of that register; `given` is that number, `reference` one that
-- it bears already. With `wrapped_key` the petition that it opens gets its key `key_number`. `facts_known` is the position
-- of the last change of law or unit by which it was decided: the append is refused when another one followed.
CREATE OR REPLACE FUNCTION kiennghi.append_event(
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
