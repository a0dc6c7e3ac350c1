-- The bots' own accounts, where they are logged in by somebody: how each stands, and the code to scan.

-- `state`: online, offline or waiting (for `code` to be scanned; a secret of minutes, empty when it is none any
-- more). `since`: when that began; `left_at`: when it was online last, or first heard of; UTC milliseconds.
CREATE TABLE bot_account (
    bot TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    since INT8 NOT NULL,
    left_at INT8 NOT NULL,
    code TEXT NOT NULL,
    code_at INT8 NOT NULL
);
