-- What the sealer may do: read what is recorded, and write the tree over it and what was signed. No key of the vault.
-- Run again whenever this file changes, or the role was made after the tables.

GRANT USAGE ON SCHEMA kiennghi, kiennghi_vault, kiennghi_proof TO kiennghi_sealer;
GRANT SELECT ON
    kiennghi.log, kiennghi.log_head, kiennghi.categories, kiennghi.topics, kiennghi.officers, kiennghi.migrations
TO kiennghi_sealer;
GRANT SELECT ON kiennghi_vault.identities, kiennghi_vault.identity_accesses TO kiennghi_sealer;

GRANT SELECT ON ALL TABLES IN SCHEMA kiennghi_proof TO kiennghi_sealer;
GRANT UPDATE (size, position) ON kiennghi_proof.tree_head TO kiennghi_sealer;
GRANT INSERT, UPDATE (hashes) ON kiennghi_proof.tiles TO kiennghi_sealer;
GRANT INSERT ON kiennghi_proof.other_leaves TO kiennghi_sealer;
GRANT INSERT (size, note) ON kiennghi_proof.checkpoints TO kiennghi_sealer;
GRANT INSERT (size, line) ON kiennghi_proof.cosignatures TO kiennghi_sealer;
