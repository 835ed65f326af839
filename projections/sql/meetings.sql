-- One row a meeting that was held.
CREATE TABLE meetings (
    meeting_id uuid NOT NULL,
    kind text NOT NULL,
    level text NOT NULL,
    organiser text NOT NULL,
    title text NOT NULL,
    place text NOT NULL,
    held_on date NOT NULL,
    attendance integer NOT NULL
);

-- How many petitions were raised there, and how many answers given.
CREATE TABLE meetings_petitions (
    meeting_id uuid NOT NULL,
    raised integer NOT NULL DEFAULT 0,
    answered_there integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- Indexes
ALTER TABLE meetings ADD PRIMARY KEY (meeting_id);
CREATE INDEX meetings_held ON meetings (held_on, level);
ALTER TABLE meetings_petitions ADD PRIMARY KEY (meeting_id);
