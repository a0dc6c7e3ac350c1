-- A fingerprint is the numbers of a text's pairs now, no longer a bit for each. What was kept before cannot be
-- told from it, so each member's next message is compared with nothing.
UPDATE pace SET recent = NULL;
DELETE FROM pace_note;
