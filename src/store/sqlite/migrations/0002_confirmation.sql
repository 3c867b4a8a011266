-- The confirmation record (確認記録, LAW-20…24) and the signatures that have counted (schema version 2).

-- RSN-24: the same signature value never counts for two cases.
CREATE TABLE used_signature (
    digest  BLOB PRIMARY KEY NOT NULL,
    case_id TEXT NOT NULL REFERENCES kyc_case (id)
) STRICT;

-- The only table with name, birth date, address and serial in clear: the law wants them here.
CREATE TABLE confirmation_record (
    case_id                 TEXT PRIMARY KEY NOT NULL REFERENCES kyc_case (id),
    account_id              TEXT NOT NULL REFERENCES account (id),
    policy_id               TEXT NOT NULL,
    policy_revision         TEXT NOT NULL,
    law_revision_id         TEXT NOT NULL,
    -- JSON list of rule numbers.
    because                 TEXT NOT NULL,
    method                  TEXT NOT NULL,
    verifier                TEXT NOT NULL,
    received_at             INTEGER NOT NULL,
    confirmed_at            INTEGER NOT NULL,
    name                    TEXT NOT NULL,
    birthdate               TEXT NOT NULL,
    address                 TEXT NOT NULL,
    certificate_kind        TEXT NOT NULL,
    certificate_issuer      TEXT NOT NULL,
    certificate_generation  TEXT NOT NULL,
    certificate_not_before  INTEGER NOT NULL,
    certificate_not_after   INTEGER NOT NULL,
    certificate_fingerprint BLOB NOT NULL,
    certificate_serial      TEXT NOT NULL,
    revocation_checked_at   INTEGER NOT NULL,
    revocation_this_update  INTEGER,
    revocation_next_update  INTEGER,
    revocation_source       BLOB,
    purpose                 TEXT,
    occupation              TEXT,
    -- JSON of the contract.
    checks                  TEXT NOT NULL,
    statement               BLOB NOT NULL,
    proof                   BLOB NOT NULL
) STRICT;
CREATE INDEX confirmation_record_by_account ON confirmation_record (account_id);
CREATE TRIGGER confirmation_record_is_never_changed BEFORE UPDATE ON confirmation_record
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is never overwritten (LAW-24)'); END;
-- LAW-25: deletion after the term is not built yet, so there is none at all.
CREATE TRIGGER confirmation_record_is_never_removed BEFORE DELETE ON confirmation_record
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is kept (LAW-20)'); END;
