-- Acts that were recorded two days or more after their day, or after a due date that passed in between.
CREATE TABLE late_entries (
    unit text NOT NULL,
    recorded_on date NOT NULL,
    petition_id uuid NOT NULL,
    version integer NOT NULL,
    officer text NOT NULL,
    act text NOT NULL,
    stated_on date NOT NULL,
    due_on date
) WITH (fillfactor = 90);

-- Indexes
ALTER TABLE late_entries ADD PRIMARY KEY (unit, recorded_on, petition_id, version);
