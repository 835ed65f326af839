-- The log of everything that was recorded, the words that its numbers mean, and what numbers it.

CREATE SCHEMA kiennghi_views;
-- A view is rebuilt here while the old one serves, and then moved over in one transaction.
CREATE SCHEMA kiennghi_rebuild;
CREATE SCHEMA kiennghi_vault;

-- One row: the last position given. Its row lock is held until commit, so that positions have no holes
-- and their order is the order of the commits, whatever the number of processes. `log_id` names this log among all
-- others; `epoch` is raised when a log that was restored from a backup goes on otherwise than it once did.
CREATE TABLE kiennghi.log_head (
    only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    log_id uuid NOT NULL DEFAULT gen_random_uuid(),
    epoch integer NOT NULL DEFAULT 1 CHECK (epoch >= 1)
);
INSERT INTO kiennghi.log_head DEFAULT VALUES;

-- Words that the log says again and again stand here once; the log has their numbers. `append` adds the new ones.
CREATE TABLE kiennghi.categories (
    number smallint PRIMARY KEY CHECK (number >= 1),
    category text NOT NULL UNIQUE CHECK (category <> '')
);
-- These two have their numbers from the beginning, because the index log_of_units names one.
INSERT INTO kiennghi.categories VALUES (1, 'petition'), (2, 'unit');

CREATE TABLE kiennghi.topics (
    number smallint PRIMARY KEY CHECK (number >= 1),
    category smallint NOT NULL,
    topic text NOT NULL UNIQUE CHECK (topic <> '')
);

-- Who acted, as on the day of the act: an officer who is promoted has a second row.
CREATE TABLE kiennghi.officers (
    number integer PRIMARY KEY CHECK (number >= 1),
    officer text NOT NULL CHECK (officer <> ''),
    unit text NOT NULL,
    position text NOT NULL,
    acting_for text CHECK (acting_for <> '')
);
CREATE UNIQUE INDEX officers_once ON kiennghi.officers (officer, unit, position, coalesce(acting_for, ''));

-- Columns of a fixed size come first, so that none needs padding. No foreign keys: `append` alone writes here, and
-- takes the numbers from those tables in the same transaction.
CREATE TABLE kiennghi.log (
    position bigint NOT NULL CHECK (position >= 1),
    recorded_at timestamptz NOT NULL,
    stream uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    category smallint NOT NULL,
    topic smallint NOT NULL,
    officer integer NOT NULL,
    command_id uuid NOT NULL,
    request_digest bytea,
    context bytea,
    reference text CHECK (reference <> ''),
    state bytea NOT NULL,
    CONSTRAINT log_version_once PRIMARY KEY (stream, version),
    CONSTRAINT log_position_once UNIQUE (position),
    CONSTRAINT log_command_whole CHECK ((request_digest IS NULL) = (context IS NULL))
) WITH (
    -- Rows never change, so vacuum has only to freeze them and to keep the visibility map: soon and in small steps.
    autovacuum_vacuum_insert_threshold = 50000,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_freeze_min_age = 0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_analyze_scale_factor = 0.02
);
COMMENT ON COLUMN kiennghi.log.request_digest IS 'on the last event of a command only';
COMMENT ON COLUMN kiennghi.log.context IS 'JSON in UTF-8, on the last event of a command only';
COMMENT ON COLUMN kiennghi.log.state IS 'the fact: JSON in UTF-8';

CREATE UNIQUE INDEX log_reference_once ON kiennghi.log (reference) WHERE reference IS NOT NULL;
-- The events of a command follow one another, and its last one bears the request's digest.
CREATE UNIQUE INDEX log_command_once ON kiennghi.log (command_id) WHERE request_digest IS NOT NULL;
CREATE INDEX log_of_units ON kiennghi.log (position) WHERE category = 2;
-- A command that carries out an approved change has the change's id (16 bytes) as its digest; a request's has 32.
CREATE INDEX log_of_approved_change ON kiennghi.log (request_digest) WHERE octet_length(request_digest) = 16;

CREATE TABLE kiennghi.registers (
    book text NOT NULL CHECK (book <> ''),
    year integer NOT NULL,
    last_number integer NOT NULL CHECK (last_number >= 0),
    PRIMARY KEY (book, year)
);

-- The log for people with a database client: words and JSON.
CREATE VIEW kiennghi.readable_log AS
SELECT l.position, l.recorded_at, l.stream, l.version, c.category, t.topic,
       o.officer, o.unit, o.position AS officer_position, o.acting_for,
       l.command_id, l.request_digest, convert_from(l.context, 'UTF8')::json AS context,
       l.reference, convert_from(l.state, 'UTF8')::json AS state
FROM kiennghi.log AS l
LEFT JOIN kiennghi.categories AS c ON c.number = l.category
LEFT JOIN kiennghi.topics AS t ON t.number = l.topic
LEFT JOIN kiennghi.officers AS o ON o.number = l.officer;

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

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi.categories
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.categories ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi.topics
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.topics ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi.officers
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.officers ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi.log_head
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.log_head ENABLE ALWAYS TRIGGER never_removed;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi.registers
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi.registers ENABLE ALWAYS TRIGGER never_removed;
