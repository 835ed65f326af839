-- What alerts need beside the log: where people are reached, and the clock that was last believed.

-- Not in the log: an address is nobody's history, and goes when a person goes.
CREATE TABLE kiennghi.contacts (
    party text NOT NULL CHECK (party IN ('officer', 'unit')),
    code text NOT NULL CHECK (code <> ''),
    channel text NOT NULL CHECK (channel IN ('email', 'webhook')),
    address text NOT NULL CHECK (address <> ''),
    PRIMARY KEY (party, code, channel)
);

-- One row. `decided_on` is the latest day that alerts were decided on. Since `stopped_at`, written by whichever process
-- saw the clock leap and heeded by all, a leap ahead waits for somebody to confirm the clock; what was confirmed, when by
-- that clock and by whom is kept.
CREATE TABLE kiennghi.alert_clock (
    only_row boolean PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    decided_on date,
    stopped_at timestamptz,
    confirmed_at timestamptz,
    confirmed_by text CHECK (confirmed_by <> '')
);
INSERT INTO kiennghi.alert_clock DEFAULT VALUES;
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON kiennghi.alert_clock
    FOR EACH STATEMENT EXECUTE FUNCTION kiennghi.refuse_change();
