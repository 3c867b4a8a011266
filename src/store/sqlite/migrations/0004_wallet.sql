-- The wallet's facts, consent, unique things and the outbox (schema version 4). Documents are sealed.

-- Under the ring's account key.
CREATE TABLE wallet (
    account_id TEXT PRIMARY KEY NOT NULL REFERENCES account (id),
    version    INTEGER NOT NULL,
    facts      BLOB NOT NULL
) STRICT;

-- Under the ring's consent key, and in a table of its own: two legal bases (CONS-07, LAW-45).
CREATE TABLE consent (
    account_id TEXT PRIMARY KEY NOT NULL REFERENCES account (id),
    version    INTEGER NOT NULL,
    document   BLOB NOT NULL
) STRICT;

-- What is unique in the whole wallet, by keyed hash (ACC-12, BANK-03, UNIQ-01 to UNIQ-03).
CREATE TABLE claim (
    kind       TEXT NOT NULL,
    hash       BLOB NOT NULL,
    -- NULL: burnt, nobody can have it any more.
    account_id TEXT REFERENCES account (id),
    PRIMARY KEY (kind, hash)
) STRICT;

-- Notices leave from here; written with what made them true.
CREATE TABLE outbox (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    tries      INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    sent_at    INTEGER,
    -- Under the ring's account key; NULL once sent.
    notice     BLOB
) STRICT;
CREATE INDEX outbox_waiting ON outbox (not_before, number) WHERE sent_at IS NULL;
