-- The set-up of rooms, step by step, and when each was last heard.

-- `page`: where the set-up stands (done: it is over). `message`: what shows it, as the platform names it.
-- `came_from`: the community that the room left for the one it is in.
CREATE TABLE room_setup (
    room INT8 NOT NULL PRIMARY KEY REFERENCES room (id),
    page TEXT NOT NULL,
    message TEXT,
    came_from INT8
);

-- The last message of a member: rooms that are silent are seen at once, however long their history.
CREATE TABLE room_heard (
    room INT8 NOT NULL PRIMARY KEY REFERENCES room (id),
    at INT8 NOT NULL
);
INSERT INTO room_heard (room, at) SELECT room, max(at) FROM message WHERE room IN (SELECT id FROM room) GROUP BY room;
