-- Whether the one who took the code confirmed it, and only the one who was shown it is still to be asked.
ALTER TABLE link_code ADD COLUMN agreed INT8 NOT NULL DEFAULT 0;
