-- One row a petition whose text has words: what like texts are found by. The text itself is in the log alone.
CREATE TABLE duplicates (
    petition_id uuid NOT NULL,
    bands integer[] NOT NULL,
    places bytea NOT NULL,
    identity_protected boolean NOT NULL
);

-- Indexes
ALTER TABLE duplicates ADD PRIMARY KEY (petition_id);
-- What was entered last is searched one by one until it is sorted in: no more of it than a millisecond's work.
CREATE INDEX duplicates_bands ON duplicates USING gin (bands) WITH (gin_pending_list_limit = 256);
