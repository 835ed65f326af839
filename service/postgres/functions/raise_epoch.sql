-- Whoever restores a log from a backup, or promotes a standby that lacked commits, says so by raising the epoch: services
-- that had seen more of the log refuse to serve it until then. It returns the new epoch.
-- `above`: an epoch that was seen before the restore; the new one is higher.
CREATE OR REPLACE FUNCTION kiennghi.raise_epoch(above integer DEFAULT 0) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE kiennghi.log_head AS h SET epoch = greatest(h.epoch, above) + 1 WHERE h.only_row RETURNING h.epoch;
END;
