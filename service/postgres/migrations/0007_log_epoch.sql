-- Whoever restores a log from a backup, or promotes a standby that lacked commits, says so by raising the epoch: services
-- that had seen more of the log refuse to serve it until then. It returns the new epoch.
-- `above`: an epoch that was seen before the restore; the new one is higher.
CREATE FUNCTION kiennghi.raise_epoch(above integer DEFAULT 0) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE kiennghi.log_head AS h SET epoch = greatest(h.epoch, above) + 1 WHERE h.only_row RETURNING h.epoch;
END;
REVOKE EXECUTE ON FUNCTION kiennghi.raise_epoch FROM PUBLIC;

-- Fires only where a statement names these columns: an append costs nothing more.
CREATE FUNCTION kiennghi.refuse_another_identity() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.log_id <> OLD.log_id OR NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'a log keeps its id, and its epoch only rises' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER identity_kept BEFORE UPDATE OF log_id, epoch ON kiennghi.log_head
    FOR EACH ROW EXECUTE FUNCTION kiennghi.refuse_another_identity();
ALTER TABLE kiennghi.log_head ENABLE ALWAYS TRIGGER identity_kept;
