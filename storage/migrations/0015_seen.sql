-- Written for every message, read four times a day.
DROP INDEX seen_at;
