-- What must be erasable: who the petitioners are, and the keys of what is sealed.

CREATE TABLE kiennghi_vault.identities (
    petitioner_ref uuid NOT NULL,
    petition_id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT identities_once PRIMARY KEY (petitioner_ref)
);
COMMENT ON COLUMN kiennghi_vault.identities.sealed IS 'nonce, then ciphertext';
CREATE INDEX identities_of_petition ON kiennghi_vault.identities (petition_id);

-- Erasing a person is deleting this row: what is sealed can then be opened by nobody. The marks, by which the same
-- petitioner is found in another petition, are keyed digests of name and identity number: whoever is erased leaves none.
CREATE TABLE kiennghi_vault.identity_keys (
    petitioner_ref uuid NOT NULL,
    wrapped_key bytea NOT NULL,
    name_mark bytea,
    identity_no_mark bytea,
    CONSTRAINT identity_keys_once PRIMARY KEY (petitioner_ref)
);
CREATE INDEX identity_keys_of_name ON kiennghi_vault.identity_keys (name_mark) WHERE name_mark IS NOT NULL;
CREATE INDEX identity_keys_of_identity_no ON kiennghi_vault.identity_keys (identity_no_mark)
    WHERE identity_no_mark IS NOT NULL;

-- The keys under which the texts of a stream are sealed, each wrapped by a key of the vault. Erasing is setting a wrapped
-- key to NULL: the row stays, so that an erased key is not taken for a lost one and its number is not given again.
CREATE TABLE kiennghi_vault.text_keys (
    stream uuid NOT NULL,
    key_number smallint NOT NULL CHECK (key_number >= 1),
    wrapped_key bytea,
    vault_key_id text NOT NULL CHECK (vault_key_id <> ''),
    CONSTRAINT text_keys_once PRIMARY KEY (stream, key_number)
);

CREATE TABLE kiennghi_vault.identity_accesses (
    access_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    petitioner_ref uuid NOT NULL,
    read_by text NOT NULL CHECK (read_by <> ''),
    purpose text NOT NULL CHECK (purpose <> ''),
    read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX identity_accesses_of_petitioner ON kiennghi_vault.identity_accesses (petitioner_ref);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_vault.identity_accesses
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_vault.identity_accesses ENABLE ALWAYS TRIGGER append_only;
