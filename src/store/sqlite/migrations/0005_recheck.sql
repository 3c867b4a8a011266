-- The periodic sweep: how far it has come, and what it noted (schema version 5). No personal data.

-- One row: the last sweep, as JSON.
CREATE TABLE sweep (
    one   INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    state TEXT NOT NULL
) STRICT;

-- The last look at a kept certificate without its holder (REV-07).
CREATE TABLE validity_note (
    account_id TEXT PRIMARY KEY NOT NULL REFERENCES account (id),
    at         INTEGER NOT NULL,
    current    TEXT NOT NULL CHECK (current IN ('unchanged', 'changed', 'unknown'))
) STRICT;
