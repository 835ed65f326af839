-- What was sealed stays as it was sealed: only its key is ever destroyed, and a key leaves a trace.

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kiennghi_vault.identities
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_vault.identities ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi_vault.text_keys
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_vault.text_keys ENABLE ALWAYS TRIGGER never_removed;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON kiennghi_vault.identity_keys
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
ALTER TABLE kiennghi_vault.identity_keys ENABLE ALWAYS TRIGGER never_emptied;
