-- How the house is: what platforms say of themselves, rights that were lost, and what staff were told of it.

-- `skew`: milliseconds that this machine's clock is ahead. `contested_at`: when somebody else last asked for the
-- bot's news. `trouble`: empty, or why the platform's side does not work.
CREATE TABLE bot_condition (
    bot TEXT NOT NULL PRIMARY KEY,
    at INT8 NOT NULL,
    reads_all INT8,
    skew INT8,
    contested_at INT8,
    trouble TEXT NOT NULL
);

CREATE TABLE right_lost (
    room INT8 NOT NULL REFERENCES room (id),
    name TEXT NOT NULL,
    PRIMARY KEY (room, name)
);

-- Community 0: those who run the house were told.
CREATE TABLE alert (
    community INT8 NOT NULL,
    kind TEXT NOT NULL,
    told_at INT8 NOT NULL,
    is_over INT8 NOT NULL,
    PRIMARY KEY (community, kind)
);

CREATE INDEX outbox_failed ON outbox (finished_at) WHERE state = 'failed';
