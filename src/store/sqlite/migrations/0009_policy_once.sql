-- The policy of a bundle is the same for all who were approved under it: each text is kept once (schema version 9). In rows that
-- are older it stands in bundle_head, and they have no bundle_middle.

CREATE TABLE records.policy_text (
    digest BLOB PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

ALTER TABLE records.kept_record ADD COLUMN policy BLOB;
ALTER TABLE records.kept_record ADD COLUMN bundle_middle BLOB;

DROP TRIGGER records.kept_record_is_never_changed;
CREATE TRIGGER records.kept_record_is_never_changed
    BEFORE UPDATE OF case_id, account_id, confirmed_at, document, bundle_head, policy, bundle_middle, bundle_tail ON kept_record
    BEGIN SELECT RAISE (ABORT, 'a confirmation record is never overwritten (LAW-24)'); END;
-- What is sealed may be sealed anew, when keys change; it is held against its digest when it is read.
CREATE TRIGGER records.policy_text_keeps_its_digest BEFORE UPDATE OF digest ON policy_text
    BEGIN SELECT RAISE (ABORT, 'the policy of a record is never overwritten (LAW-24)'); END;
CREATE TRIGGER records.policy_text_is_kept BEFORE DELETE ON policy_text
    WHEN EXISTS (SELECT 1 FROM kept_record WHERE policy = OLD.digest)
    BEGIN SELECT RAISE (ABORT, 'the policy of a record is kept (LAW-20)'); END;
