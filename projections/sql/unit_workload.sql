-- What is counted of each petition, for which unit and from which day on: the rows behind the sums.
CREATE TABLE unit_workload_lines (
    unit text COLLATE "C" NOT NULL,  -- the order of the list, which no locale changes
    counted_on date NOT NULL,
    petition_id uuid NOT NULL,
    line smallint NOT NULL,          -- numbers those of the same unit, day and petition
    figures integer NOT NULL,        -- a bit for each figure that counts the line
    until_on date,                   -- first day on which the figures of spans do not count it any more
    days_taken integer,              -- from the receipt to the latest answer, on its line
    due_on date,
    officer text,
    heir text                        -- the unit that has it by reorganisations; NULL: the same unit
) WITH (fillfactor = 90);

-- Changes of the figures, by the day on which they change, summed up by day, month and year. The figure at the end of a
-- day is the sum of the whole years, months and days up to it; that of a period is the difference of two such sums.
CREATE TABLE unit_workload (
    grain smallint NOT NULL,         -- 1 a year, 2 a month, 3 a day
    starts_on date NOT NULL,         -- first day of it
    unit text NOT NULL,
    heir text NOT NULL,              -- the unit that has it by reorganisations
    letters integer NOT NULL DEFAULT 0,
    received integer NOT NULL DEFAULT 0,
    reopened integer NOT NULL DEFAULT 0,
    reassigned_in integer NOT NULL DEFAULT 0,
    reassigned_out integer NOT NULL DEFAULT 0,
    went_up integer NOT NULL DEFAULT 0,
    went_up_late integer NOT NULL DEFAULT 0,
    answered_at_meeting integer NOT NULL DEFAULT 0,
    answered_in_writing integer NOT NULL DEFAULT 0,
    settled_otherwise integer NOT NULL DEFAULT 0,
    ended_by_going_up integer NOT NULL DEFAULT 0,
    linked integer NOT NULL DEFAULT 0,
    answered_late integer NOT NULL DEFAULT 0,
    answered_without_limit integer NOT NULL DEFAULT 0,
    answered_unproven integer NOT NULL DEFAULT 0,
    settled_otherwise_late integer NOT NULL DEFAULT 0,
    settled_otherwise_without_limit integer NOT NULL DEFAULT 0,
    settled_otherwise_unproven integer NOT NULL DEFAULT 0,
    ended_late integer NOT NULL DEFAULT 0,
    ended_without_limit integer NOT NULL DEFAULT 0,
    ended_unproven integer NOT NULL DEFAULT 0,
    ended_late_inherited integer NOT NULL DEFAULT 0,
    charged_endings integer NOT NULL DEFAULT 0,
    known_late integer NOT NULL DEFAULT 0,
    ran_out integer NOT NULL DEFAULT 0,
    came_late integer NOT NULL DEFAULT 0,
    left_late integer NOT NULL DEFAULT 0,
    came_in integer NOT NULL DEFAULT 0,
    went_out integer NOT NULL DEFAULT 0,
    open integer NOT NULL DEFAULT 0,
    overdue integer NOT NULL DEFAULT 0,
    due_today integer NOT NULL DEFAULT 0,
    suspended integer NOT NULL DEFAULT 0,
    no_limit_set integer NOT NULL DEFAULT 0,
    duties integer NOT NULL DEFAULT 0,
    duties_overdue integer NOT NULL DEFAULT 0,
    charged_open integer NOT NULL DEFAULT 0,
    coordinating integer NOT NULL DEFAULT 0,
    late_now integer NOT NULL DEFAULT 0,
    late_offset bigint NOT NULL DEFAULT 0  -- by it the days late are added up
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
ALTER TABLE unit_workload_lines ADD PRIMARY KEY (unit, counted_on, petition_id, line);
CREATE INDEX unit_workload_answered ON unit_workload_lines (counted_on, unit, days_taken) WHERE days_taken IS NOT NULL;
ALTER TABLE unit_workload ADD PRIMARY KEY (grain, starts_on, unit, heir);
ALTER TABLE unit_workload_durations ADD PRIMARY KEY (grain, starts_on, unit, days) INCLUDE (answers);
ALTER TABLE unit_workload_medians ADD PRIMARY KEY (unit);
