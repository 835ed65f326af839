-- Of each petition the latest answer.
CREATE TABLE unit_workload_answers (
    petition_id uuid NOT NULL,
    answered_unit text NOT NULL,
    answered_on date NOT NULL,
    days_taken integer NOT NULL      -- from receipt to that answer
) WITH (fillfactor = 90);

-- Changes of the figures, by the day on which they change, summed up by day, month and year. The figure at the end of a
-- day is the sum of the whole years, months and days up to it; that of a period is the difference of two such sums.
CREATE TABLE unit_workload (
    grain smallint NOT NULL,         -- 1 a year, 2 a month, 3 a day
    starts_on date NOT NULL,         -- first day of it
    unit text NOT NULL,
    letters integer NOT NULL DEFAULT 0,
    received integer NOT NULL DEFAULT 0,
    answered_at_meeting integer NOT NULL DEFAULT 0,
    answered_in_writing integer NOT NULL DEFAULT 0,
    answered_late integer NOT NULL DEFAULT 0,
    settled_otherwise integer NOT NULL DEFAULT 0,
    went_up integer NOT NULL DEFAULT 0,
    went_up_late integer NOT NULL DEFAULT 0,
    reassigned_in integer NOT NULL DEFAULT 0,
    reassigned_out integer NOT NULL DEFAULT 0,
    reopened integer NOT NULL DEFAULT 0,
    open integer NOT NULL DEFAULT 0,
    overdue integer NOT NULL DEFAULT 0,
    due_today integer NOT NULL DEFAULT 0,
    suspended integer NOT NULL DEFAULT 0,
    no_limit_set integer NOT NULL DEFAULT 0,
    coordinating integer NOT NULL DEFAULT 0,
    duties integer NOT NULL DEFAULT 0,
    duties_overdue integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- How many of the latest answers took how many days, by year and month of the answer.
CREATE TABLE unit_workload_durations (
    grain smallint NOT NULL,         -- 1 a year, 2 a month
    starts_on date NOT NULL,
    unit text NOT NULL,
    days integer NOT NULL,
    answers integer NOT NULL
) WITH (fillfactor = 80);

-- Their medians over all time, so that the table of all units as it is now reads no more than a line a unit.
CREATE TABLE unit_workload_medians (
    unit text NOT NULL,
    median_days numeric              -- NULL when no answer is left
) WITH (fillfactor = 70);

-- Indexes
ALTER TABLE unit_workload_answers ADD PRIMARY KEY (petition_id);
CREATE INDEX unit_workload_answered ON unit_workload_answers (answered_on, answered_unit, days_taken);
ALTER TABLE unit_workload ADD PRIMARY KEY (grain, starts_on, unit);
ALTER TABLE unit_workload_durations ADD PRIMARY KEY (grain, starts_on, unit, days) INCLUDE (answers);
ALTER TABLE unit_workload_medians ADD PRIMARY KEY (unit);
