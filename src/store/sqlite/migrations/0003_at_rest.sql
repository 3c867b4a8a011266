-- Personal data sealed at rest, confirmation records with a term, evidence, and the audit log (schema version 3).
-- The rows of version 2 are sealed and moved by `schema.rs`, which has the keys.

-- A later challenge of a case voids the earlier ones.
ALTER TABLE challenge ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX challenge_by_case ON challenge (case_id);
-- What was declared, sealed; `purpose` and `occupation` stay empty from now on.
ALTER TABLE kyc_case ADD COLUMN declaration BLOB;

-- Sealed under the ring's record key; without this row nothing of the record opens any more (LAW-25).
CREATE TABLE record_key (
    case_id TEXT PRIMARY KEY NOT NULL REFERENCES kyc_case (id),
    wrapped BLOB NOT NULL
) STRICT;

CREATE TABLE kept_record (
    case_id           TEXT PRIMARY KEY NOT NULL REFERENCES kyc_case (id),
    account_id        TEXT NOT NULL REFERENCES account (id),
    confirmed_at      INTEGER NOT NULL,
    relation_ended_at INTEGER,
    -- Keyed hash of the certificate's serial (LAW-35), with the number of the lookup key.
    serial_key        INTEGER NOT NULL,
    serial_hash       BLOB NOT NULL,
    -- Sealed under the record's own key (docs/confirmation-record.md, docs/evidence-bundle.md).
    document          BLOB NOT NULL,
    bundle_head       BLOB NOT NULL,
    bundle_tail       BLOB NOT NULL
) STRICT;
CREATE INDEX kept_record_by_account ON kept_record (account_id, confirmed_at);
CREATE INDEX kept_record_by_end ON kept_record (relation_ended_at);
CREATE INDEX kept_record_by_serial ON kept_record (serial_hash);
CREATE TRIGGER kept_record_is_never_changed
    BEFORE UPDATE OF case_id, account_id, confirmed_at, document, bundle_head, bundle_tail ON kept_record
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is never overwritten (LAW-24)'); END;
-- The seven years are counted above; what can be said here is that they have begun.
CREATE TRIGGER kept_record_is_kept BEFORE DELETE ON kept_record WHEN OLD.relation_ended_at IS NULL
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is kept (LAW-20)'); END;

CREATE TABLE record_amendment (
    case_id TEXT NOT NULL REFERENCES kyc_case (id),
    number  INTEGER NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (case_id, number)
) STRICT;
CREATE TRIGGER record_amendment_is_never_changed BEFORE UPDATE ON record_amendment
    BEGIN SELECT RAISE (ABORT, 'an amendment is never overwritten (LAW-24)'); END;
CREATE TRIGGER record_amendment_is_kept BEFORE DELETE ON record_amendment
    WHEN EXISTS (SELECT 1 FROM kept_record WHERE case_id = OLD.case_id AND relation_ended_at IS NULL)
    BEGIN SELECT RAISE (ABORT, 'an amendment is kept (LAW-20)'); END;

-- Lists and responses, each once, sealed under the ring's revocation key (LAW-34, LAW-45).
CREATE TABLE revocation_document (
    digest BLOB PRIMARY KEY NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('crl', 'ocsp')),
    sealed BLOB NOT NULL
) STRICT;
CREATE TABLE evidence_revocation (
    case_id  TEXT NOT NULL REFERENCES kyc_case (id),
    position INTEGER NOT NULL,
    digest   BLOB NOT NULL REFERENCES revocation_document (digest),
    PRIMARY KEY (case_id, position)
) STRICT;
CREATE INDEX evidence_revocation_by_digest ON evidence_revocation (digest);

-- The log's name, and where its chain stands, sealed: lines do not vanish unnoticed (docs/audit-log.md).
CREATE TABLE audit_log (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    name BLOB NOT NULL,
    head BLOB NOT NULL
) STRICT;
CREATE TABLE audit_line (
    sequence INTEGER PRIMARY KEY,
    line     TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_line_is_never_changed BEFORE UPDATE ON audit_line
    BEGIN SELECT RAISE (ABORT, 'audit lines are appended and never changed'); END;
CREATE TRIGGER audit_line_is_never_removed BEFORE DELETE ON audit_line
    BEGIN SELECT RAISE (ABORT, 'audit lines are appended and never removed'); END;
