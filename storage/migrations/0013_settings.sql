-- The settings that new rooms of a community start with, and a look from a setting to the rooms that have their own.

CREATE TABLE room_template (
    community INT8 NOT NULL REFERENCES community (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community, name)
);

CREATE INDEX setting_name ON setting (community, name, room);
