-- One row a petition: what a list shows of it, and how it stands now.
CREATE TABLE overdue (
    petition_id uuid NOT NULL,
    reference text,
    kind text,
    received_on date NOT NULL,
    channel text,                   -- NULL where nobody said it: a stage above
    place bytea NOT NULL,           -- sealed, like the summary
    summary bytea NOT NULL,
    identity_protected boolean NOT NULL,
    duplicates integer NOT NULL,    -- letters that are linked to it
    since_on date NOT NULL,         -- from this day on it stands so
    stage text,                     -- NULL while nobody owes an answer
    unit text NOT NULL,
    officer text,
    due_on date NOT NULL,           -- of the clock that runs out first; 9999-12-31: no limit is set
    clock text,
    is_held boolean NOT NULL,       -- a suspension holds that date
    waiting_since date              -- for the citizen's supplement
) WITH (fillfactor = 80);

-- How open petitions stood before: what was overdue on a past day is a question too.
CREATE TABLE overdue_past (
    petition_id uuid NOT NULL,
    since_on date NOT NULL,
    until_on date NOT NULL CHECK (until_on > since_on),     -- the first day on which it stood otherwise
    stage text NOT NULL,
    unit text NOT NULL,
    officer text,
    due_on date NOT NULL,
    clock text,
    is_held boolean NOT NULL,
    waiting_since date
);

-- The duties beside and after the answers, each while a unit owes it by a day.
CREATE TABLE overdue_duties (
    petition_id uuid NOT NULL,
    duty text NOT NULL,             -- clock and subject
    since_on date NOT NULL,
    until_on date NOT NULL CHECK (until_on > since_on),     -- 9999-12-31: nobody fulfilled it yet
    stage text NOT NULL,            -- of the petition, on the first day
    unit text NOT NULL,
    due_on date NOT NULL,
    clock text NOT NULL,
    subject text NOT NULL
) WITH (fillfactor = 80);

-- How many lines (open petitions and running duties) are due on which day, as they stand now: the totals of the lists.
CREATE TABLE overdue_due (
    due_on date NOT NULL,
    is_held boolean NOT NULL,
    is_duty boolean NOT NULL,
    lines integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);
CREATE TABLE overdue_due_of_unit (
    unit text NOT NULL,
    due_on date NOT NULL,
    is_held boolean NOT NULL,
    is_duty boolean NOT NULL,
    lines integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- Indexes
ALTER TABLE overdue ADD PRIMARY KEY (petition_id);
-- Covering, so that what stood on a past day is counted in the index alone.
CREATE INDEX overdue_open ON overdue (due_on, petition_id) INCLUDE (since_on, is_held) WHERE stage IS NOT NULL;
CREATE INDEX overdue_open_of_unit ON overdue (unit, due_on, petition_id) INCLUDE (since_on, is_held) WHERE stage IS NOT NULL;
-- What begins after today: an import brings such days, and the totals must leave them out.
CREATE INDEX overdue_open_since ON overdue (since_on) WHERE stage IS NOT NULL;
ALTER TABLE overdue_past ADD PRIMARY KEY (petition_id, since_on);
-- What held on a past day is found by its size, the binary digits of its days: see `projections.ended_intervals`.
CREATE INDEX overdue_past_held ON overdue_past (
    width_bucket(until_on - since_on, '{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}'::integer[]), since_on, unit);
-- What was late, in the order of the list and covering, so that a page is a walk in the index.
CREATE INDEX overdue_past_late ON overdue_past (
    width_bucket(until_on - due_on, '{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}'::integer[]), due_on, petition_id)
    INCLUDE (since_on, until_on) WHERE NOT is_held AND until_on - due_on > 1;
CREATE INDEX overdue_past_late_of_unit ON overdue_past (
    unit, width_bucket(until_on - due_on, '{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}'::integer[]), due_on,
    petition_id) INCLUDE (since_on, until_on) WHERE NOT is_held AND until_on - due_on > 1;
ALTER TABLE overdue_duties ADD PRIMARY KEY (petition_id, duty, since_on);
CREATE INDEX overdue_duties_owed ON overdue_duties (due_on, petition_id, duty) WHERE until_on = '9999-12-31';
CREATE INDEX overdue_duties_owed_by_unit ON overdue_duties (unit, due_on, petition_id, duty) WHERE until_on = '9999-12-31';
CREATE INDEX overdue_duties_owed_since ON overdue_duties (since_on) WHERE until_on = '9999-12-31';
CREATE INDEX overdue_duties_held ON overdue_duties (
    width_bucket(until_on - since_on, '{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}'::integer[]), since_on, unit)
    WHERE until_on < '9999-12-31';
CREATE INDEX overdue_duties_late ON overdue_duties (
    width_bucket(until_on - due_on, '{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}'::integer[]), due_on, petition_id,
    duty) INCLUDE (since_on, until_on, unit) WHERE until_on < '9999-12-31' AND until_on - due_on > 1;
ALTER TABLE overdue_due ADD PRIMARY KEY (due_on, is_held, is_duty);
ALTER TABLE overdue_due_of_unit ADD PRIMARY KEY (unit, due_on, is_held, is_duty);
