-- Until when a number that somebody asked all to say is talk, not a press.
ALTER TABLE choice ADD COLUMN aloud_until INT8 NOT NULL DEFAULT 0;
