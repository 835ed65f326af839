-- Gives the number of a topic, and with it that of its category; both get one when they are new. The caller holds the
-- lock of the log. A topic belongs to one category for ever.
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
