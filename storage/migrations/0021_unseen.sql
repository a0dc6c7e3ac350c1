-- What was not seen: the hours that tasks had, and who was found to have come or left.

-- The weekdays and hours of all tasks in use, from a day on: a change never reaches back. Days before the first
-- entry had no hours. Without `opens` and `closes` a task is open for the community's whole day.
CREATE TABLE task_hours (
    community INT8 NOT NULL REFERENCES community (id),
    since TEXT NOT NULL,
    task INT8 NOT NULL REFERENCES task (id),
    weekdays INT8 NOT NULL,
    opens INT8,
    closes INT8,
    PRIMARY KEY (community, since, task)
);
INSERT INTO task_hours (community, since, task, weekdays, opens, closes)
    SELECT task.community, latest.since, task.id, task.weekdays, task.opens, task.closes FROM task
    JOIN (SELECT community, max(since) AS since FROM due_days GROUP BY community) AS latest
    ON latest.community = task.community WHERE task.archived_at IS NULL;

-- 1: that somebody came (or left) was found in a list of the members, not told when it happened: `joined_at`
-- (or `left_at`) is when it was found.
ALTER TABLE membership ADD COLUMN join_found INT8 NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN leave_found INT8 NOT NULL DEFAULT 0;
