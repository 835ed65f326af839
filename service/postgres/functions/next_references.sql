-- Gives the next free numbers of one register. A number that an imported petition already bears is not given again.
CREATE OR REPLACE FUNCTION kiennghi.next_references(of_book text, of_year integer, wanted integer) RETURNS text[]
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
