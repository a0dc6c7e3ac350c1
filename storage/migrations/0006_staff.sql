-- The admin's hand: the staff room, roles of a community's own, and changes that can be undone.

-- The chat where lists, alerts, suggestions and audit go.
ALTER TABLE community ADD COLUMN staff_room INT8;

-- What a role may do in a community, where it differs from what is built in. `rights`: words with spaces between.
CREATE TABLE role_kind (
    community INT8 NOT NULL REFERENCES community (id),
    name TEXT NOT NULL,
    rights TEXT NOT NULL,
    PRIMARY KEY (community, name)
);

-- Room 0: the change was about the whole community. `undo` is what takes it back, as JSON; empty: nothing does.
ALTER TABLE audit ADD COLUMN room INT8 NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN undo TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN undone_by INT8;
CREATE INDEX audit_person ON audit (community, person, id);
CREATE INDEX audit_act ON audit (community, act, id);
