-- One row a petition that is open, or was raised by many, past the competent level, or again. What could tell who a
-- protected petitioner is, is not here.
CREATE TABLE hot_spots (
    petition_id uuid NOT NULL,
    reference text,
    kind text,
    place bytea NOT NULL,           -- sealed
    place_mark bytea NOT NULL,      -- equal for equal places
    topic text NOT NULL,
    unit text NOT NULL,
    stage text NOT NULL,
    received_on date NOT NULL,
    is_open boolean NOT NULL,
    is_mass boolean NOT NULL,
    is_level_skipping boolean NOT NULL,
    is_repeated boolean NOT NULL
) WITH (fillfactor = 85);

-- Indexes
ALTER TABLE hot_spots ADD PRIMARY KEY (petition_id);
CREATE INDEX hot_spots_received ON hot_spots (received_on, petition_id);
