-- The settings that new rooms start with; looks from a setting to the rooms that have their own, and to who set it.

CREATE TABLE room_template (
    community INT8 NOT NULL REFERENCES community (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community, name)
);

CREATE INDEX setting_name ON setting (community, name, room);
CREATE INDEX audit_place ON audit (community, act, subject, room, id);
