-- A file for each class of LAW-45: what was in one file moves into those beside it. Written in one transaction over all of them.
-- No key reaches from one file into another: where a case or an account has to be there, the store asks before it writes.

-- The same random name in every file: those of two stores are not mixed up.
CREATE TABLE main.store_file (
    one   INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    store BLOB NOT NULL
) STRICT;
INSERT INTO main.store_file (one, store) VALUES (1, randomblob(16));

CREATE TABLE records.store_file (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), store BLOB NOT NULL) STRICT;
CREATE TABLE consents.store_file (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), store BLOB NOT NULL) STRICT;
CREATE TABLE audit.store_file (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), store BLOB NOT NULL) STRICT;
CREATE TABLE revocation.store_file (one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1), store BLOB NOT NULL) STRICT;
INSERT INTO records.store_file SELECT * FROM main.store_file;
INSERT INTO consents.store_file SELECT * FROM main.store_file;
INSERT INTO audit.store_file SELECT * FROM main.store_file;
INSERT INTO revocation.store_file SELECT * FROM main.store_file;

-- Confirmation records and what proves them.
CREATE TABLE records.record_key (
    case_id TEXT PRIMARY KEY NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
CREATE TABLE records.kept_record (
    case_id           TEXT PRIMARY KEY NOT NULL,
    account_id        TEXT NOT NULL,
    confirmed_at      INTEGER NOT NULL,
    relation_ended_at INTEGER,
    serial_key        INTEGER NOT NULL,
    serial_hash       BLOB NOT NULL,
    document          BLOB NOT NULL,
    bundle_head       BLOB NOT NULL,
    bundle_tail       BLOB NOT NULL
) STRICT;
CREATE TABLE records.record_amendment (
    case_id TEXT NOT NULL,
    number  INTEGER NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (case_id, number)
) STRICT;
INSERT INTO records.record_key SELECT * FROM main.record_key;
INSERT INTO records.kept_record SELECT * FROM main.kept_record;
INSERT INTO records.record_amendment SELECT * FROM main.record_amendment;
DROP TABLE main.record_amendment;
DROP TABLE main.kept_record;
DROP TABLE main.record_key;
CREATE INDEX records.kept_record_by_account ON kept_record (account_id, confirmed_at);
CREATE INDEX records.kept_record_by_end ON kept_record (relation_ended_at);
CREATE INDEX records.kept_record_by_serial ON kept_record (serial_hash);
CREATE TRIGGER records.kept_record_is_never_changed
    BEFORE UPDATE OF case_id, account_id, confirmed_at, document, bundle_head, bundle_tail ON kept_record
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is never overwritten (LAW-24)'); END;
CREATE TRIGGER records.kept_record_is_kept BEFORE DELETE ON kept_record WHEN OLD.relation_ended_at IS NULL
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is kept (LAW-20)'); END;
CREATE TRIGGER records.record_amendment_is_never_changed BEFORE UPDATE ON record_amendment
    BEGIN SELECT RAISE (ABORT, 'an amendment is never overwritten (LAW-24)'); END;
CREATE TRIGGER records.record_amendment_is_kept BEFORE DELETE ON record_amendment
    WHEN EXISTS (SELECT 1 FROM kept_record WHERE case_id = OLD.case_id AND relation_ended_at IS NULL)
    BEGIN SELECT RAISE (ABORT, 'an amendment is kept (LAW-20)'); END;

-- Consent (CONS-07).
CREATE TABLE consents.consent (
    account_id TEXT PRIMARY KEY NOT NULL,
    version    INTEGER NOT NULL,
    document   BLOB NOT NULL
) STRICT;
INSERT INTO consents.consent SELECT * FROM main.consent;
DROP TABLE main.consent;

-- The audit log.
CREATE TABLE audit.audit_log (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    name BLOB NOT NULL,
    head BLOB NOT NULL
) STRICT;
CREATE TABLE audit.audit_line (
    sequence INTEGER PRIMARY KEY,
    line     TEXT NOT NULL
) STRICT;
INSERT INTO audit.audit_log SELECT * FROM main.audit_log;
INSERT INTO audit.audit_line SELECT * FROM main.audit_line;
DROP TABLE main.audit_line;
DROP TABLE main.audit_log;
CREATE TRIGGER audit.audit_line_is_never_changed BEFORE UPDATE ON audit_line
    BEGIN SELECT RAISE (ABORT, 'audit lines are appended and never changed'); END;
CREATE TRIGGER audit.audit_line_is_never_removed BEFORE DELETE ON audit_line
    BEGIN SELECT RAISE (ABORT, 'audit lines are appended and never removed'); END;

-- Revocation material, and which case rests on it (LAW-34).
CREATE TABLE revocation.revocation_document (
    digest BLOB PRIMARY KEY NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('crl', 'ocsp')),
    sealed BLOB NOT NULL
) STRICT;
CREATE TABLE revocation.evidence_revocation (
    case_id  TEXT NOT NULL,
    position INTEGER NOT NULL,
    digest   BLOB NOT NULL REFERENCES revocation_document (digest),
    PRIMARY KEY (case_id, position)
) STRICT;
INSERT INTO revocation.revocation_document SELECT * FROM main.revocation_document;
INSERT INTO revocation.evidence_revocation SELECT * FROM main.evidence_revocation;
DROP TABLE main.evidence_revocation;
DROP TABLE main.revocation_document;
CREATE INDEX revocation.evidence_revocation_by_digest ON evidence_revocation (digest);
