-- What appends may do: call the functions that append, and read what it has appended. No key of the vault.
-- Run again whenever this file changes, or the role was made after the tables.

GRANT USAGE ON SCHEMA kiennghi TO kiennghi_writer;
GRANT EXECUTE ON FUNCTION kiennghi.append, kiennghi.append_event, kiennghi.hold_log TO kiennghi_writer;
GRANT SELECT ON
    kiennghi.log, kiennghi.log_head, kiennghi.categories, kiennghi.topics, kiennghi.officers, kiennghi.migrations
TO kiennghi_writer;
