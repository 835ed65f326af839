-- The log takes only events of a topic that a version of this program has named. `migrate` names them, as the owner: who
-- may append can no longer add a topic that nobody can read, and so stop everybody who follows the log.

-- Names a topic, and with it its category; both get a number when they are new. A topic belongs to one category for ever.
CREATE FUNCTION kiennghi.name_topic(of_topic text, of_category text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO kiennghi.categories (number, category)
    SELECT (SELECT coalesce(max(c.number), 0) + 1 FROM kiennghi.categories AS c), of_category
    ON CONFLICT (category) DO NOTHING;
    INSERT INTO kiennghi.topics (number, category, topic)
    SELECT (SELECT coalesce(max(t.number), 0) + 1 FROM kiennghi.topics AS t), c.number, of_topic
    FROM kiennghi.categories AS c WHERE c.category = of_category
    ON CONFLICT (topic) DO NOTHING;
END
$$;

-- Gives the number of a topic, and with it that of its category. A topic belongs to one category for ever.
CREATE OR REPLACE FUNCTION kiennghi.number_topic(
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
    IF known IS NULL THEN
        RAISE EXCEPTION 'the topic % is not known to this database', of_topic
            USING ERRCODE = 'integrity_constraint_violation',
                  HINT = '`kiennghi migrate` names the topics of a version';
    ELSIF known <> of_category THEN
        RAISE EXCEPTION 'the topic % belongs to the category %, not to %', of_topic, known, of_category
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION kiennghi.name_topic FROM PUBLIC;
