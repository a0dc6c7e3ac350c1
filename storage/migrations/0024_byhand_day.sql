-- The days for which a list came from a room that no bot is in. All others passed unseen there.
CREATE TABLE byhand_day (
    room INT8 NOT NULL REFERENCES room (id),
    day TEXT NOT NULL,
    PRIMARY KEY (room, day)
);
