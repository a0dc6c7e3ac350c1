-- A person has one score in a community: those of single rooms were read by nobody, and are in the record.
DROP INDEX score_rank;
ALTER TABLE score RENAME TO room_score;

-- Derived: forward-decayed scores in log form (rules/score.py).
CREATE TABLE score (
    community INT8 NOT NULL,
    person INT8 NOT NULL,
    value FLOAT8 NOT NULL,
    half_life FLOAT8 NOT NULL,
    PRIMARY KEY (community, person)
);
INSERT INTO score (community, person, value, half_life)
    SELECT community, person, value, half_life FROM room_score WHERE room = 0;
CREATE INDEX score_rank ON score (community, value DESC, person);
DROP TABLE room_score;
