-- What answers requests may do. Run again whenever this file changes, or the role was made after the tables.
-- The last change: it appends nothing and keeps no view; other roles do.

GRANT USAGE ON SCHEMA kiennghi, kiennghi_vault, kiennghi_views TO kiennghi_service;
GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi TO kiennghi_service;
REVOKE EXECUTE ON FUNCTION kiennghi.append, kiennghi.append_event FROM kiennghi_service;
REVOKE CREATE ON SCHEMA kiennghi_views, kiennghi_rebuild FROM kiennghi_service;

-- Readiness takes the lock that every append takes.
GRANT EXECUTE ON FUNCTION kiennghi.hold_log TO kiennghi_service;

GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi_vault TO kiennghi_service;
GRANT DELETE ON kiennghi_vault.identity_keys TO kiennghi_service;
GRANT UPDATE (wrapped_key, vault_key_id) ON kiennghi_vault.text_keys TO kiennghi_service;
GRANT INSERT (petitioner_ref, read_by, purpose) ON kiennghi_vault.identity_accesses TO kiennghi_service;

-- Of alerts: where people are reached, and the clock that was last believed.
GRANT INSERT, UPDATE, DELETE ON kiennghi.contacts TO kiennghi_service;
GRANT UPDATE (decided_on, stopped_at, confirmed_at, confirmed_by) ON kiennghi.alert_clock TO kiennghi_service;

-- Proofs are told over HTTP.
GRANT USAGE ON SCHEMA kiennghi_proof TO kiennghi_service;
GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi_proof TO kiennghi_service;
