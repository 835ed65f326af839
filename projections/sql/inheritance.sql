-- Of each petition that a reorganisation gave to another unit, how it was then and how it is now.
CREATE TABLE inheritance (
    petition_id uuid NOT NULL,
    since_on date NOT NULL,          -- first day of the new unit
    reference text,
    reorganisation_id uuid,
    from_unit text NOT NULL,
    to_unit text NOT NULL,
    was_due_on date NOT NULL,        -- on that day; 9999-12-31 where nothing was counted
    due_on date NOT NULL,            -- now, or when it was settled; 9999-12-31 where nothing is counted
    is_held boolean NOT NULL,
    settled_on date                  -- NULL while an answer is owed
) WITH (fillfactor = 90);

-- Indexes
ALTER TABLE inheritance ADD PRIMARY KEY (petition_id, since_on);
CREATE INDEX inheritance_of_unit ON inheritance (to_unit, petition_id);
