-- One row a petition whose text has words: what like texts are found by. The text itself is in the log alone.
CREATE TABLE duplicates (
    petition_id uuid NOT NULL,
    places bytea NOT NULL,
    identity_protected boolean NOT NULL
);

-- Indexes
ALTER TABLE duplicates ADD PRIMARY KEY (petition_id);
-- The bands, which follow from the places: see `domain.duplicates.sketch`. What was entered last is searched one by one
-- until it is sorted in: no more of it than a millisecond's work.
CREATE INDEX duplicates_bands ON duplicates USING gin ((ARRAY[
    get_byte(places, 0) * 1 + get_byte(places, 1) * 256 + get_byte(places, 2) * 65536 + 0,
    get_byte(places, 3) * 1 + get_byte(places, 4) * 256 + get_byte(places, 5) * 65536 + 16777216,
    get_byte(places, 6) * 1 + get_byte(places, 7) * 256 + get_byte(places, 8) * 65536 + 33554432,
    get_byte(places, 9) * 1 + get_byte(places, 10) * 256 + get_byte(places, 11) * 65536 + 50331648,
    get_byte(places, 12) * 1 + get_byte(places, 13) * 256 + get_byte(places, 14) * 65536 + 67108864,
    get_byte(places, 15) * 1 + get_byte(places, 16) * 256 + get_byte(places, 17) * 65536 + 83886080,
    get_byte(places, 18) * 1 + get_byte(places, 19) * 256 + get_byte(places, 20) * 65536 + 100663296,
    get_byte(places, 21) * 1 + get_byte(places, 22) * 256 + get_byte(places, 23) * 65536 + 117440512,
    get_byte(places, 24) * 1 + get_byte(places, 25) * 256 + get_byte(places, 26) * 65536 + 134217728,
    get_byte(places, 27) * 1 + get_byte(places, 28) * 256 + get_byte(places, 29) * 65536 + 150994944,
    get_byte(places, 30) * 1 + get_byte(places, 31) * 256 + get_byte(places, 32) * 65536 + 167772160,
    get_byte(places, 33) * 1 + get_byte(places, 34) * 256 + get_byte(places, 35) * 65536 + 184549376,
    get_byte(places, 36) * 1 + get_byte(places, 37) * 256 + get_byte(places, 38) * 65536 + 201326592,
    get_byte(places, 39) * 1 + get_byte(places, 40) * 256 + get_byte(places, 41) * 65536 + 218103808,
    get_byte(places, 42) * 1 + get_byte(places, 43) * 256 + get_byte(places, 44) * 65536 + 234881024,
    get_byte(places, 45) * 1 + get_byte(places, 46) * 256 + get_byte(places, 47) * 65536 + 251658240,
    get_byte(places, 48) * 1 + get_byte(places, 49) * 256 + get_byte(places, 50) * 65536 + 268435456,
    get_byte(places, 51) * 1 + get_byte(places, 52) * 256 + get_byte(places, 53) * 65536 + 285212672,
    get_byte(places, 54) * 1 + get_byte(places, 55) * 256 + get_byte(places, 56) * 65536 + 301989888,
    get_byte(places, 57) * 1 + get_byte(places, 58) * 256 + get_byte(places, 59) * 65536 + 318767104
])) WITH (gin_pending_list_limit = 256);
