-- Names a topic, and with it its category; both get a number when they are new. A topic belongs to one category for ever.
CREATE OR REPLACE FUNCTION kiennghi.name_topic(of_topic text, of_category text) RETURNS void
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
