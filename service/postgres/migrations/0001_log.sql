-- The log of everything that was recorded, what numbers it and what finds a command again.

CREATE SCHEMA kiennghi_views;
CREATE SCHEMA kiennghi_vault;

-- One row: the last position given. Its row lock is held until commit, so that positions have no holes
-- and their order is the order of the commits, whatever the number of processes.
CREATE TABLE kiennghi.log_head (
    only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    recorded_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO kiennghi.log_head DEFAULT VALUES;

CREATE TABLE kiennghi.log (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version >= 1),
    topic text NOT NULL CHECK (topic <> ''),
    state bytea NOT NULL,
    notification_id bigint NOT NULL CHECK (notification_id >= 1),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    command_id uuid NOT NULL,
    reference text CHECK (reference <> ''),
    CONSTRAINT log_version_once PRIMARY KEY (originator_id, originator_version),
    CONSTRAINT log_position_once UNIQUE (notification_id)
) WITH (
    -- Rows never change, so vacuum has only to freeze them and to keep the visibility map: soon and in small steps.
    autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_freeze_min_age = 0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.02
);
CREATE UNIQUE INDEX log_reference_once ON kiennghi.log (reference) WHERE reference IS NOT NULL;

CREATE TABLE kiennghi.registers (
    book text NOT NULL CHECK (book <> ''),
    year integer NOT NULL,
    last_number integer NOT NULL CHECK (last_number >= 0),
    PRIMARY KEY (book, year)
);

CREATE TABLE kiennghi.commands (
    command_id uuid NOT NULL,
    originator_id uuid NOT NULL,
    last_version bigint NOT NULL,
    last_position bigint NOT NULL,
    request_digest bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT commands_once PRIMARY KEY (command_id)
) WITH (
    autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_freeze_min_age = 0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.02
);

CREATE TABLE kiennghi_vault.identities (
    petitioner_ref uuid NOT NULL,
    petition_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT identities_once PRIMARY KEY (petitioner_ref)
);
COMMENT ON COLUMN kiennghi_vault.identities.sealed IS 'nonce, then ciphertext';
CREATE INDEX identities_of_petition ON kiennghi_vault.identities (petition_id);

-- Erasing a person is deleting this row: what is sealed can then be opened by nobody.
CREATE TABLE kiennghi_vault.identity_keys (
    petitioner_ref uuid NOT NULL,
    wrapped_key bytea NOT NULL,
    CONSTRAINT identity_keys_once PRIMARY KEY (petitioner_ref)
);

CREATE TABLE kiennghi_vault.identity_accesses (
    access_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    petitioner_ref uuid NOT NULL,
    read_by text NOT NULL CHECK (read_by <> ''),
    purpose text NOT NULL CHECK (purpose <> ''),
    read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX identity_accesses_of_petitioner ON kiennghi_vault.identity_accesses (petitioner_ref);

CREATE FUNCTION kiennghi.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: what is recorded stays as it is', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- ALWAYS: session_replication_role = replica does not switch them off.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi.log
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.log ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi.commands
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.commands ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_vault.identity_accesses
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_vault.identity_accesses ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi.log_head
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.log_head ENABLE ALWAYS TRIGGER never_removed;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi.registers
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.registers ENABLE ALWAYS TRIGGER never_removed;
