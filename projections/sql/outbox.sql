-- One row a message to somebody: what became of it.
CREATE TABLE outbox (
    message_id uuid NOT NULL,
    addressee text NOT NULL,
    unit text NOT NULL,
    channel text NOT NULL,
    lines integer NOT NULL,              -- how many clocks and notices it tells of
    position bigint NOT NULL,            -- of its composing, in the log: the order in which messages go out
    composed_at timestamptz NOT NULL,
    state text NOT NULL,                 -- waiting, sent or dead
    attempts integer NOT NULL,
    next_at timestamptz,                 -- not before; NULL for at once
    reason text,                         -- of the last failure
    changed_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Indexes
ALTER TABLE outbox ADD PRIMARY KEY (message_id);
CREATE INDEX outbox_waiting ON outbox (addressee, channel, position) WHERE state = 'waiting';
CREATE INDEX outbox_by_state ON outbox (state, position);
