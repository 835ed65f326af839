-- What keeps the views may do: read what is recorded and the keys of texts, and make, fill and drop tables of its own.
-- Run again whenever this file changes, or the role was made after the tables.

GRANT USAGE ON SCHEMA kiennghi, kiennghi_vault TO kiennghi_projector;
GRANT SELECT ON
    kiennghi.log, kiennghi.log_head, kiennghi.categories, kiennghi.topics, kiennghi.officers, kiennghi.migrations
TO kiennghi_projector;
GRANT SELECT ON kiennghi_vault.text_keys TO kiennghi_projector;
GRANT USAGE, CREATE ON SCHEMA kiennghi_views, kiennghi_rebuild TO kiennghi_projector;

-- Views are read by the service and by who only reads. Tables that an earlier version made are handed over.
DO $$
DECLARE
    former regclass;
    readers text;
BEGIN
    IF NOT pg_has_role(to_regrole('kiennghi_projector'), 'MEMBER') THEN
        RETURN;
    END IF;
    FOR former IN
        SELECT c.oid FROM pg_class AS c
        WHERE c.relnamespace IN ('kiennghi_views'::regnamespace, 'kiennghi_rebuild'::regnamespace)
          AND c.relkind = 'r' AND c.relowner = to_regrole('kiennghi_service')
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO kiennghi_projector', former);
    END LOOP;
    SELECT string_agg(rolname, ', ') INTO readers FROM pg_roles WHERE rolname IN ('kiennghi_service', 'kiennghi_reader');
    IF readers IS NOT NULL THEN
        SET LOCAL ROLE kiennghi_projector;
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi_views TO %s', readers);
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA kiennghi_views, kiennghi_rebuild GRANT SELECT ON TABLES TO %s', readers
        );
        RESET ROLE;
    END IF;
END
$$;
