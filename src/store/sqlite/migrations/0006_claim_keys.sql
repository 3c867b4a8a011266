-- Which lookup key a claim was taken under, so that none is lost when keys are rotated (schema version 6).

-- The number of the key that was current when the claim was taken. Until now there was one.
ALTER TABLE claim ADD COLUMN lookup_key INTEGER NOT NULL DEFAULT 1;
CREATE INDEX claim_by_lookup_key ON claim (lookup_key);

-- One row: the newest lookup key that anybody opened this database with. Whoever has not got it takes no claims any more.
CREATE TABLE newest_lookup_key (
    one    INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
