-- One row a petition that somebody must answer or answered, or that was raised by many, past the level, or again. What could tell who a
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

-- One row a hot spot that a meeting answers. Its texts are those of the meeting, which has no key of its own.
CREATE TABLE hot_spots_dialogues (
    meeting_id uuid NOT NULL,
    number integer NOT NULL,
    place text NOT NULL,
    topic text NOT NULL,
    title text NOT NULL,
    day date NOT NULL,                  -- on which it was held, or for which it is planned
    is_held boolean NOT NULL,
    is_cancelled boolean NOT NULL
);

-- Indexes
ALTER TABLE hot_spots_dialogues ADD PRIMARY KEY (meeting_id, number);
ALTER TABLE hot_spots ADD PRIMARY KEY (petition_id);
CREATE INDEX hot_spots_received ON hot_spots (received_on, petition_id);
CREATE INDEX hot_spots_of_place ON hot_spots (place_mark, topic, received_on);
