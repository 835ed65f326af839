-- Waits for every append that is under way and keeps out the next ones until the transaction ends.
CREATE OR REPLACE FUNCTION kiennghi.hold_log() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT position FROM kiennghi.log_head WHERE only_row FOR UPDATE $$;
