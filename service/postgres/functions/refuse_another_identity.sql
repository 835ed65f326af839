CREATE OR REPLACE FUNCTION kiennghi.refuse_another_identity() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'a log keeps its id, and its epoch only rises' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
