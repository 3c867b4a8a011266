-- Requests by the digest of their idempotency key, with the answer that repeats get (API-31, schema version 10). Fingerprint and
-- body are sealed.

CREATE TABLE main.kept_request (
    key           BLOB PRIMARY KEY NOT NULL,
    version       INTEGER NOT NULL,
    begun_at      INTEGER NOT NULL,
    running_until INTEGER NOT NULL,
    fingerprint   BLOB NOT NULL,
    status        INTEGER,
    content_type  TEXT,
    body          BLOB
) STRICT;
CREATE INDEX main.kept_request_by_age ON kept_request (begun_at);
