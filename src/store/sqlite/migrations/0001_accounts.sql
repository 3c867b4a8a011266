-- Accounts, cases, challenges and what happened to them (schema version 1).
-- Instants are seconds since 1970-01-01T00:00:00Z. `version` counts the writes of a row: the compare-and-set of kyc::Store.

CREATE TABLE account (
    id                    TEXT PRIMARY KEY NOT NULL,
    version               INTEGER NOT NULL,
    login                 TEXT NOT NULL CHECK (login IN ('password_legacy', 'certificate')),
    identity              TEXT NOT NULL
        CHECK (identity IN ('none', 'in_progress', 'verified_certificate', 'verified_selfie_legacy')),
    life                  TEXT NOT NULL CHECK (life IN ('open', 'withdrawn')),
    -- Where the particulars come from, never the particulars (LAW-44). The kind is derived, so it is not here (kyc.md §1).
    particulars_issued_at INTEGER,
    created_at            INTEGER NOT NULL,
    verified_at           INTEGER,
    failures              INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE account_hold (
    account_id TEXT NOT NULL REFERENCES account (id),
    hold       TEXT NOT NULL CHECK (hold IN ('locked_by_failures', 'stopped_by_user', 'stopped_by_operator')),
    PRIMARY KEY (account_id, hold)
) STRICT;

CREATE TABLE kyc_case (
    id              TEXT PRIMARY KEY NOT NULL,
    version         INTEGER NOT NULL,
    account_id      TEXT NOT NULL REFERENCES account (id),
    policy_id       TEXT NOT NULL,
    policy_revision TEXT NOT NULL,
    law_revision_id TEXT NOT NULL,
    state           TEXT NOT NULL,
    -- Of state 'rejected'.
    reason          TEXT,
    -- Of state 'unavailable'.
    dependency      TEXT,
    retry_at        INTEGER,
    challenge_id    TEXT,
    purpose         TEXT,
    occupation      TEXT,
    opened_at       INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX kyc_case_by_account ON kyc_case (account_id);

CREATE TABLE challenge (
    id          TEXT PRIMARY KEY NOT NULL,
    case_id     TEXT NOT NULL REFERENCES kyc_case (id),
    expires_at  INTEGER NOT NULL,
    -- The document the holder signs; it holds every field.
    statement   BLOB NOT NULL,
    consumed_at INTEGER
) STRICT;

-- RSN-25: a verified proof that waits. Personal data; the row goes when the case ends.
CREATE TABLE held_proof (
    case_id      TEXT PRIMARY KEY NOT NULL REFERENCES kyc_case (id),
    challenge_id TEXT NOT NULL REFERENCES challenge (id),
    received_at  INTEGER NOT NULL,
    proof        BLOB NOT NULL
) STRICT;

CREATE TABLE event (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    case_id    TEXT REFERENCES kyc_case (id),
    type       TEXT NOT NULL,
    -- JSON, free of personal data (API-36).
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_account ON event (account_id, sequence);
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE (ABORT, 'events are appended and never changed'); END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    BEGIN SELECT RAISE (ABORT, 'events are appended and never removed'); END;
