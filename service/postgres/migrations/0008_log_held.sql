-- Waits for every append that is under way and keeps out the next ones until the transaction ends. A session that then
-- sits idle in its transaction is ended after half a minute: nothing could be recorded for as long as it liked.
CREATE OR REPLACE FUNCTION kiennghi.hold_log() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT set_config(s.name, '30s', true) FROM pg_settings AS s
    WHERE s.name = 'idle_in_transaction_session_timeout' AND (s.setting::integer = 0 OR s.setting::integer > 30000);
    SELECT position FROM kiennghi.log_head WHERE only_row FOR UPDATE;
$$;
