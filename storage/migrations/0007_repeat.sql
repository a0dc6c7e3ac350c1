-- What else an account said for a check-in that counts: while one of these messages stands, the day does.
-- `native` is empty for the press of a button, which nobody can take back.
CREATE TABLE repeat (
    community INT8 NOT NULL REFERENCES community (id),
    account INT8 NOT NULL REFERENCES account (id),
    day TEXT NOT NULL,
    task INT8 NOT NULL REFERENCES task (id),
    room INT8 NOT NULL REFERENCES room (id),
    native TEXT NOT NULL,
    note TEXT NOT NULL,
    at INT8 NOT NULL,
    PRIMARY KEY (community, account, day, task, room, native)
);
CREATE INDEX repeat_message ON repeat (room, native);
CREATE INDEX repeat_at ON repeat (at);
