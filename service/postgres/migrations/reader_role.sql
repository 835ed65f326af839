-- What who only reads may do: an inspector, and whoever verifies the log. No key of the vault and no address.
-- Run again whenever this file changes, or the role was made after the tables.

GRANT USAGE ON SCHEMA kiennghi, kiennghi_vault, kiennghi_views, kiennghi_proof TO kiennghi_reader;
GRANT SELECT ON
    kiennghi.log, kiennghi.log_head, kiennghi.categories, kiennghi.topics, kiennghi.officers, kiennghi.registers,
    kiennghi.readable_log, kiennghi.migrations
TO kiennghi_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi_proof TO kiennghi_reader;
GRANT SELECT ON kiennghi_vault.identities, kiennghi_vault.identity_accesses TO kiennghi_reader;
