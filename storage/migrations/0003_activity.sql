-- Activity: messages for a while, one row for each account, room and day, and what is derived from those.
-- No foreign keys here: these rows are written for every message, and each key would be looked up each time.

-- `scored`: it earned points, `answered`: the account to whom it counted as a reply.
CREATE TABLE message (
    room INT8 NOT NULL,
    native TEXT NOT NULL,
    account INT8 NOT NULL,
    at INT8 NOT NULL,
    scored INT8 NOT NULL,
    answered INT8,
    PRIMARY KEY (room, native)
);

-- A member's last message that scored, and the fingerprints of the last three (with their native ids).
CREATE TABLE pace (
    community INT8 NOT NULL,
    account INT8 NOT NULL,
    last_at INT8 NOT NULL,
    recent BYTEA NOT NULL,
    PRIMARY KEY (community, account)
);

-- Who counted for whom on a day: replies and reactions from `account` to `about`.
CREATE TABLE pair (
    community INT8 NOT NULL,
    day TEXT NOT NULL,
    account INT8 NOT NULL,
    about INT8 NOT NULL,
    replies INT8 NOT NULL,
    reactions INT8 NOT NULL,
    PRIMARY KEY (community, day, account, about)
);

-- Reactions that earned points, so that they can be taken back.
CREATE TABLE reaction (
    room INT8 NOT NULL,
    native TEXT NOT NULL,
    account INT8 NOT NULL,
    day TEXT NOT NULL,
    about INT8 NOT NULL,
    PRIMARY KEY (room, native, account)
);

-- The record: how often each signal counted, and the points it is worth. The rows of one day lie together,
-- so that a busy day touches few pages.
CREATE TABLE activity (
    community INT8 NOT NULL,
    day TEXT NOT NULL,
    account INT8 NOT NULL,
    room INT8 NOT NULL,
    message INT8 NOT NULL,
    reply_given INT8 NOT NULL,
    reply_got INT8 NOT NULL,
    reaction_given INT8 NOT NULL,
    reaction_got INT8 NOT NULL,
    checkin INT8 NOT NULL,
    featured INT8 NOT NULL,
    points FLOAT8 NOT NULL,
    PRIMARY KEY (community, day, account, room)
);
CREATE INDEX activity_account ON activity (community, account, day);

-- The activity rows whose points are not all in scores and tallies; `settled`: those that are.
CREATE TABLE unsettled (
    community INT8 NOT NULL,
    account INT8 NOT NULL,
    day TEXT NOT NULL,
    room INT8 NOT NULL,
    settled FLOAT8 NOT NULL,
    PRIMARY KEY (community, account, day, room)
);

-- Derived: forward-decayed scores in log form (rules/score.py). Room 0 stands for the whole community.
CREATE TABLE score (
    community INT8 NOT NULL,
    room INT8 NOT NULL,
    person INT8 NOT NULL,
    value FLOAT8 NOT NULL,
    half_life FLOAT8 NOT NULL,
    PRIMARY KEY (community, person, room)
);
CREATE INDEX score_rank ON score (community, room, value DESC, person);

-- Derived: points by period: '2026-05-04', '2026-W19', '2026-05', 'all'.
CREATE TABLE tally (
    community INT8 NOT NULL,
    period TEXT NOT NULL,
    person INT8 NOT NULL,
    points FLOAT8 NOT NULL,
    PRIMARY KEY (community, period, person)
);
CREATE INDEX tally_rank ON tally (community, period, points DESC, person);

CREATE INDEX membership_staff ON membership (room) WHERE role IN ('owner', 'admin');
CREATE INDEX person_hidden ON person (id) WHERE hidden = 1;
