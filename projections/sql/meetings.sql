-- One row a day that a meeting was planned for or held on, and what became of that day.
CREATE TABLE meetings (
    meeting_id uuid NOT NULL,
    nth integer NOT NULL,               -- its days in the order in which they were planned, from 1
    fate text NOT NULL,                 -- planned, moved, held, cancelled
    day date NOT NULL,
    was_planned boolean NOT NULL,
    kind text NOT NULL,
    reception text,
    mode text NOT NULL,
    level text,                         -- like the next and the audience, NULL where nobody said it
    head_of text,
    organiser text NOT NULL,
    audience text,
    topics text[] NOT NULL,
    title text NOT NULL,
    place text NOT NULL,
    chair text NOT NULL,
    chair_position text NOT NULL,
    chair_office text NOT NULL,
    instead_of text,                    -- who should have chaired it
    attendance integer NOT NULL,
    minutes_no text NOT NULL,
    planned_on date,
    moved_to date,
    reason text NOT NULL,
    announce_by date,                   -- last day in time, as it was counted; NULL where no limit is set
    announced_on date,
    conclude_by date,
    notice_no text,                     -- of the conclusion
    notice_on date,
    publish_by date,
    published_on date
);

-- What the head's conclusion gave to whom.
CREATE TABLE meetings_tasks (
    meeting_id uuid NOT NULL,
    number integer NOT NULL,
    unit text NOT NULL,
    organiser text NOT NULL,
    notice_no text NOT NULL,
    given_on date NOT NULL,
    task text NOT NULL,
    due_on date,
    done_on date
);

-- Which petitions are a meeting's: raised there or for it, prepared for it, answered at it.
CREATE TABLE meetings_petitions (
    petition_id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    is_raised boolean NOT NULL,
    is_letter boolean NOT NULL,         -- it came in by itself: no matter of a split letter
    is_case boolean NOT NULL,           -- somebody must answer it: no split letter, no duplicate
    is_prepared boolean NOT NULL,
    is_answered_there boolean NOT NULL,
    outcome text NOT NULL,              -- one of projections.meetings.OUTCOMES
    reference text,
    kind text,
    topic text NOT NULL,
    place bytea NOT NULL,               -- sealed, like the summary
    summary bytea NOT NULL,
    identity_protected boolean NOT NULL,
    stage text NOT NULL,
    unit text NOT NULL,
    received_on date NOT NULL,
    due_on date,                        -- of the clock that runs out first, while it is open
    settled_on date,
    was_due_on date,
    notice_no text,                     -- of the assignment
    notice_on date
) WITH (fillfactor = 85);

-- Indexes
ALTER TABLE meetings ADD PRIMARY KEY (meeting_id, nth);
CREATE INDEX meetings_by_day ON meetings (day, meeting_id);
CREATE INDEX meetings_of_organiser ON meetings (organiser, kind, day) WHERE fate = 'held';
ALTER TABLE meetings_tasks ADD PRIMARY KEY (meeting_id, number);
ALTER TABLE meetings_petitions ADD PRIMARY KEY (petition_id, meeting_id);
CREATE INDEX meetings_petitions_of_meeting ON meetings_petitions (meeting_id);
