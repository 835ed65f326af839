-- One row a date that the ladder looks at, of petitions that somebody owes an answer to and that are not suspended,
-- and of duties that are owed, whatever became of the petition.
CREATE TABLE alerts_watched (
    petition_id uuid NOT NULL,
    clock text NOT NULL,
    subject text NOT NULL,              -- of a duty or a task; empty for the whole petition
    category text NOT NULL,             -- of the history that petition_id names: a petition, or a meeting with tasks
    round integer NOT NULL,
    counts_from date NOT NULL,          -- the clock's date; of "handling" the day of receipt
    kind text,
    unit text NOT NULL,
    raised text[] NOT NULL              -- keys of what was raised for the clock, for this date and earlier ones
) WITH (fillfactor = 80);

-- One row an alert of an open petition, or about a duty that is owed.
CREATE TABLE alerts (
    petition_id uuid NOT NULL,
    key text NOT NULL,
    category text NOT NULL,
    reference text,
    clock text NOT NULL,
    subject text NOT NULL,
    round integer NOT NULL,
    due_on date NOT NULL,
    step text NOT NULL,
    fell_due_on date NOT NULL,
    roles text[] NOT NULL,
    channels text[] NOT NULL,
    does text NOT NULL,
    way text,
    rule text NOT NULL,
    kind text,
    unit text NOT NULL,
    officer text,
    is_live boolean NOT NULL,           -- the date is still the clock's, and the petition is not suspended
    acknowledged_on date,
    awaits_reminder boolean NOT NULL
) WITH (fillfactor = 80);

-- One row for whom a message tells what: of an alert by its key, of a notice to the operator by the id alone.
CREATE TABLE alerts_told (
    message_id uuid NOT NULL,
    place integer NOT NULL,
    of_id uuid NOT NULL,
    key text NOT NULL,
    role text NOT NULL
);
CREATE TABLE alerts_messages (
    message_id uuid NOT NULL,
    addressee text NOT NULL,
    channel text NOT NULL,
    ordinal integer NOT NULL,
    composed_on date NOT NULL,
    has_alerts boolean NOT NULL,
    state text NOT NULL,                -- waiting, sent or dead
    changed_at timestamptz NOT NULL,
    attempts integer NOT NULL
);

-- How often messages were composed: one row.
CREATE TABLE alerts_composed (
    stream uuid NOT NULL,
    version integer NOT NULL
);

-- One row for what the operator must hear of, and a day.
CREATE TABLE alerts_notices (
    notice_id uuid NOT NULL,
    subject text NOT NULL,
    about text NOT NULL,
    raised_on date NOT NULL,
    until_on date,
    amount integer
);

-- Indexes
ALTER TABLE alerts_watched ADD PRIMARY KEY (petition_id, clock, subject);
CREATE INDEX alerts_watched_dates ON alerts_watched (clock, counts_from);
ALTER TABLE alerts ADD PRIMARY KEY (petition_id, key);
CREATE INDEX alerts_days ON alerts (fell_due_on DESC, petition_id);
ALTER TABLE alerts_told ADD PRIMARY KEY (message_id, place);
CREATE INDEX alerts_told_of ON alerts_told (of_id, key);
ALTER TABLE alerts_messages ADD PRIMARY KEY (message_id);
CREATE INDEX alerts_messages_to ON alerts_messages (addressee, channel, ordinal);
ALTER TABLE alerts_composed ADD PRIMARY KEY (stream);
ALTER TABLE alerts_notices ADD PRIMARY KEY (notice_id);
