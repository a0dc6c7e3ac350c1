-- Changes that take back others, and the ways in which the audit is read.

-- The change that this one takes back.
ALTER TABLE audit ADD COLUMN undoes INT8;

CREATE INDEX audit_room ON audit (community, room, id);
CREATE INDEX audit_at ON audit (community, at, id);
