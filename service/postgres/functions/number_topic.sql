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
