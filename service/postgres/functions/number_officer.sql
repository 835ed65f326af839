-- Gives the number of an officer in a position of a unit; whoever is new gets one. The caller holds the lock of the log.
CREATE OR REPLACE FUNCTION kiennghi.number_officer(
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
