-- One moment for all files: whoever writes a file beside the main one puts the same new stamp into both, in the same transaction.
-- A file that was put back from another copy than the rest has another stamp.

CREATE TABLE main.part_stamp (
    part  TEXT PRIMARY KEY NOT NULL,
    stamp BLOB NOT NULL
) STRICT;
INSERT INTO main.part_stamp (part, stamp) VALUES ('records', x''), ('consents', x''), ('audit', x''), ('revocation', x'');

ALTER TABLE records.store_file ADD COLUMN stamp BLOB NOT NULL DEFAULT x'';
ALTER TABLE consents.store_file ADD COLUMN stamp BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit.store_file ADD COLUMN stamp BLOB NOT NULL DEFAULT x'';
ALTER TABLE revocation.store_file ADD COLUMN stamp BLOB NOT NULL DEFAULT x'';
