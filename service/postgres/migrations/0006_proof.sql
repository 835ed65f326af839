-- What proves that the log is as it was: the tree over its rows, and what was signed of it. The sealer alone writes here.

CREATE SCHEMA kiennghi_proof;

-- How far the tree goes: its leaves, and the last position of the log that is among them.
CREATE TABLE kiennghi_proof.tree_head (
    only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    size bigint NOT NULL DEFAULT 0 CHECK (size >= position),
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0)
);
INSERT INTO kiennghi_proof.tree_head DEFAULT VALUES;

-- Up to 256 hashes of 32 bytes, one after the other; on level L each is of 256**L leaves. Hashes do not compress, and
-- EXTERNAL lets one of them be read without the others.
CREATE TABLE kiennghi_proof.tiles (
    level smallint NOT NULL CHECK (level >= 0),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
    CONSTRAINT tiles_once PRIMARY KEY (level, number)
);
ALTER TABLE kiennghi_proof.tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The leaves that are not events, each after those of the events up to a position. An event at position P is the leaf
-- P - 1 and as many further on as there are of these with a lower position.
CREATE TABLE kiennghi_proof.other_leaves (
    leaf bigint NOT NULL CHECK (leaf >= 0),
    after_position bigint NOT NULL CHECK (after_position >= 0),
    kind text NOT NULL CHECK (kind <> ''),
    data bytea NOT NULL,
    CONSTRAINT other_leaves_once PRIMARY KEY (leaf)
);
CREATE INDEX other_leaves_after ON kiennghi_proof.other_leaves (after_position);

CREATE TABLE kiennghi_proof.checkpoints (
    size bigint NOT NULL CHECK (size >= 0),
    note text NOT NULL CHECK (note <> ''),
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT checkpoints_once PRIMARY KEY (size, note)
);

-- Lines by which witnesses signed a checkpoint.
CREATE TABLE kiennghi_proof.cosignatures (
    size bigint NOT NULL,
    line text NOT NULL CHECK (line <> ''),
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT cosignatures_once PRIMARY KEY (size, line)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_proof.other_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_proof.other_leaves ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_proof.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_proof.checkpoints ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_proof.cosignatures
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_proof.cosignatures ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi_proof.tiles
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_proof.tiles ENABLE ALWAYS TRIGGER never_removed;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi_proof.tree_head
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_proof.tree_head ENABLE ALWAYS TRIGGER never_removed;
