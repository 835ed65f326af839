-- One row a meeting that was held, with what was raised and answered there.
CREATE TABLE meetings (
    meeting_id uuid PRIMARY KEY,
    kind text NOT NULL,
    level text NOT NULL,
    organiser text NOT NULL,
    title text NOT NULL,
    place text NOT NULL,
    held_on date NOT NULL,
    attendance integer NOT NULL,
    raised integer NOT NULL DEFAULT 0,
    answered_there integer NOT NULL DEFAULT 0
);
CREATE INDEX meetings_held ON meetings (held_on, level);
