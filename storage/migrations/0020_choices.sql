-- What a number stands for where there are no buttons. Those of one chat never clash while they are open.

-- `action`: the outbox row that shows it. `message`: what it shows it in, by native id, once it is known.
CREATE TABLE choice (
    room INT8 NOT NULL REFERENCES room (id),
    number INT8 NOT NULL,
    data TEXT NOT NULL,
    action INT8 NOT NULL,
    message TEXT,
    shown INT8 NOT NULL,
    lasts INT8 NOT NULL,
    expires_at INT8 NOT NULL,
    PRIMARY KEY (room, number)
);
CREATE INDEX choice_action ON choice (action);
CREATE INDEX choice_expires ON choice (expires_at);
