//! Confirmation records, their amendments and their evidence: sealed under a key of each record's own.

use super::error::translate;
use super::rows::{instant, one};
use super::sealed::{Sealer, WRAPPED, at};
use crate::crypto::sha256;
use crate::evidence::{RevocationDocument, RevocationKind};
use crate::kyc::{AccountId, ActorId, CaseId, ConfirmationRecord, Event, StoreError};
use crate::record::{AmendedField, Amendment, Filing, KeptRecord, KeptSigner};
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::{ENVELOPE_HEAD_BYTES, KeyPurpose, KeyedHash, RecordKey};
use rand_core::OsRng;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

const CORRUPT: StoreError = StoreError::Corrupt { what: "kept_record" };
const TABLE: &str = "kept_record";
const POLICY: &str = "policy_text";

/// A record and its evidence ready to be put away: all that takes no look at the database, so that no other writer waits for it.
pub(super) struct Filed {
    case: CaseId,
    account: AccountId,
    confirmed_at: UnixTime,
    wrapped: Vec<u8>,
    serial: KeyedHash,
    document: Vec<u8>,
    bundle_head: Vec<u8>,
    /// Its text and its digest, where there is one.
    policy: Option<(String, [u8; 32])>,
    bundle_middle: Vec<u8>,
    bundle_tail: Vec<u8>,
    revocation: Vec<(RevocationDocument, [u8; 32])>,
    /// What goes with it.
    event: Event,
}

/// Writes and seals a record and its evidence.
pub(super) fn file(sealer: &Sealer, record: &ConfirmationRecord) -> Result<Filed, StoreError> {
    let (filing, event) = Filing::of(record).map_err(|_| StoreError::Corrupt { what: "a record to be written" })?;
    let case = record.case.as_str();
    let (key, wrapped) = sealer.new_record_key(case)?;
    let seal = |column, plain: &Personal<Vec<u8>>| key.seal(at(TABLE, column, case), plain.reveal(), &mut OsRng);
    let digested = |document: RevocationDocument| {
        let digest = sha256(&document.der);
        (document, digest)
    };
    Ok(Filed {
        case: record.case.clone(),
        account: record.account.clone(),
        confirmed_at: record.confirmed_at,
        serial: sealer.serial_hash(&record.certificate.issuer, record.certificate.serial.reveal())?,
        document: seal("document", &filing.document)?,
        bundle_head: seal("bundle_head", &filing.bundle_head)?,
        bundle_middle: seal("bundle_middle", &filing.bundle_middle)?,
        bundle_tail: seal("bundle_tail", &filing.bundle_tail)?,
        policy: Some(filing.policy).filter(|text| !text.is_empty()).map(|text| {
            let digest = sha256(text.as_bytes());
            (text, digest)
        }),
        revocation: filing.revocation.into_iter().map(digested).collect(),
        wrapped,
        event,
    })
}

/// Puts a record and its evidence away; the event that goes with it comes back.
pub(super) fn insert<'a>(connection: &Connection, sealer: &Sealer, filed: &'a Filed) -> Result<&'a Event, StoreError> {
    let (case, account) = (filed.case.as_str(), filed.account.as_str());
    // Both lie in another file, out of reach of a foreign key.
    let is_known: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM kyc_case WHERE id = ?1) AND EXISTS (SELECT 1 FROM account WHERE id = ?2)",
        )
        .and_then(|mut statement| statement.query_row([case, account], |row| row.get(0)))
        .map_err(translate)?;
    if !is_known {
        return Err(StoreError::Dangling { what: "the case or the account of a record" });
    }
    connection
        .prepare_cached("INSERT INTO record_key (case_id, wrapped) VALUES (?1, ?2)")
        .and_then(|mut statement| statement.execute(params![case, filed.wrapped]))
        .map_err(translate)?;
    connection
        .prepare_cached(
            "INSERT INTO kept_record (case_id, account_id, confirmed_at, serial_key, serial_hash, document, bundle_head,
                                      policy, bundle_middle, bundle_tail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .map_err(translate)?
        .execute(params![
            case,
            account,
            filed.confirmed_at.seconds(),
            filed.serial.key,
            filed.serial.value,
            filed.document,
            filed.bundle_head,
            filed.policy.as_ref().map(|(_, digest)| digest),
            filed.bundle_middle,
            filed.bundle_tail,
        ])
        .map_err(translate)?;
    if let Some((text, digest)) = &filed.policy {
        keep_policy(connection, sealer, text, *digest)?;
    }
    for (position, (document, digest)) in (0_i64..).zip(&filed.revocation) {
        keep_document(connection, sealer, case, position, document, *digest)?;
    }
    Ok(&filed.event)
}

/// No personal data, so it stays when the last record that was made under it is erased. One that lies under an older key, because
/// a program with an older ring came after the renewal, is sealed anew: this record rests on it, too.
fn keep_policy(connection: &Connection, sealer: &Sealer, text: &str, digest: [u8; 32]) -> Result<(), StoreError> {
    let head: Option<Vec<u8>> = connection
        .prepare_cached("SELECT substr(sealed, 1, ?2) FROM policy_text WHERE digest = ?1")
        .and_then(|mut statement| {
            statement.query_row(params![digest, ENVELOPE_HEAD_BYTES], |row| row.get(0)).optional()
        })
        .map_err(translate)?;
    if let Some(head) = head
        && !sealer.ring.is_stale(KeyPurpose::Record, &head)?
    {
        return Ok(());
    }
    let sealed = sealer.seal(KeyPurpose::Record, at(POLICY, "sealed", &hex::encode(digest)), text.as_bytes())?;
    connection
        .prepare_cached(
            "INSERT INTO policy_text (digest, sealed) VALUES (?1, ?2)
             ON CONFLICT (digest) DO UPDATE SET sealed = excluded.sealed",
        )
        .and_then(|mut statement| statement.execute(params![digest, sealed]))
        .map(drop)
        .map_err(translate)
}

fn policy(connection: &Connection, sealer: &Sealer, digest: [u8; 32]) -> Result<String, StoreError> {
    const WHAT: StoreError = StoreError::Corrupt { what: "policy_text" };
    let sealed: Option<Vec<u8>> = connection
        .prepare_cached("SELECT sealed FROM policy_text WHERE digest = ?1")
        .and_then(|mut statement| statement.query_row([digest], |row| row.get(0)).optional())
        .map_err(translate)?;
    let text = sealer.open(KeyPurpose::Record, at(POLICY, "sealed", &hex::encode(digest)), &sealed.ok_or(WHAT)?)?;
    String::from_utf8(text).ok().filter(|text| sha256(text.as_bytes()) == digest).ok_or(WHAT)
}

fn word(kind: RevocationKind) -> &'static str {
    match kind {
        RevocationKind::Crl => "crl",
        RevocationKind::Ocsp => "ocsp",
    }
}

fn keep_document(
    connection: &Connection,
    sealer: &Sealer,
    case: &str,
    position: i64,
    document: &RevocationDocument,
    digest: [u8; 32],
) -> Result<(), StoreError> {
    let known: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM revocation_document WHERE digest = ?1)")
        .and_then(|mut statement| statement.query_row([digest], |row| row.get(0)))
        .map_err(translate)?;
    if !known {
        let place = hex::encode(digest);
        let place = at("revocation_document", "sealed", &place);
        let sealed = sealer.seal(KeyPurpose::Revocation, place, &document.der)?;
        connection
            .prepare_cached("INSERT INTO revocation_document (digest, kind, sealed) VALUES (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![digest, word(document.kind), sealed]))
            .map_err(translate)?;
    }
    connection
        .prepare_cached("INSERT INTO evidence_revocation (case_id, position, digest) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![case, position, digest]))
        .map(drop)
        .map_err(translate)
}

fn key_of(connection: &Connection, sealer: &Sealer, case: &CaseId) -> Result<Option<RecordKey>, StoreError> {
    let sql = "SELECT wrapped FROM record_key WHERE case_id = ?1";
    let wrapped: Option<Vec<u8>> = one(connection, sql, case.as_str(), |row| row.get(0))?;
    wrapped.map(|wrapped| sealer.record_key(case.as_str(), &wrapped)).transpose()
}

/// What was put away for a case, and when its relation ended.
fn filing(
    connection: &Connection,
    sealer: &Sealer,
    case: &CaseId,
) -> Result<Option<(Filing, Option<UnixTime>)>, StoreError> {
    let sql = "SELECT document, bundle_head, bundle_tail, bundle_middle, policy, relation_ended_at
               FROM kept_record WHERE case_id = ?1";
    let row = one(connection, sql, case.as_str(), |row| {
        let sealed: [Vec<u8>; 3] = [row.get(0)?, row.get(1)?, row.get(2)?];
        let middle: Option<Vec<u8>> = row.get(3)?;
        Ok((sealed, middle, row.get::<_, Option<[u8; 32]>>(4)?, row.get::<_, Option<i64>>(5)?))
    })?;
    let Some(([document, head, tail], middle, digest, ended)) = row else { return Ok(None) };
    let key = key_of(connection, sealer, case)?.ok_or(CORRUPT)?;
    let open = |column, sealed: &[u8]| -> Result<Personal<Vec<u8>>, StoreError> {
        Ok(Personal::new(key.open(at(TABLE, column, case.as_str()), sealed)?.to_vec()))
    };
    let filing = Filing {
        document: open("document", &document)?,
        bundle_head: open("bundle_head", &head)?,
        policy: digest.map_or(Ok(String::new()), |digest| policy(connection, sealer, digest))?,
        // A record from before it was kept apart has all of it in its head.
        bundle_middle: middle.map_or(Ok(Personal::new(Vec::new())), |middle| open("bundle_middle", &middle))?,
        revocation: documents(connection, sealer, case)?,
        bundle_tail: open("bundle_tail", &tail)?,
    };
    Ok(Some((filing, ended.map(instant))))
}

fn documents(connection: &Connection, sealer: &Sealer, case: &CaseId) -> Result<Vec<RevocationDocument>, StoreError> {
    let rows: Vec<([u8; 32], String, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT d.digest, d.kind, d.sealed FROM evidence_revocation e JOIN revocation_document d USING (digest)
             WHERE e.case_id = ?1 ORDER BY e.position",
        )
        .and_then(|mut statement| {
            statement.query_map([case.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
        })
        .map_err(translate)?;
    let open = |(digest, kind, sealed): ([u8; 32], String, Vec<u8>)| {
        let kinds = [RevocationKind::Crl, RevocationKind::Ocsp];
        let kind = kinds.into_iter().find(|it| word(*it) == kind).ok_or(CORRUPT)?;
        let place = hex::encode(digest);
        let der = sealer.open(KeyPurpose::Revocation, at("revocation_document", "sealed", &place), &sealed)?;
        Ok(RevocationDocument { kind, der })
    };
    rows.into_iter().map(open).collect()
}

pub(super) fn load(connection: &Connection, sealer: &Sealer, case: &CaseId) -> Result<Option<KeptRecord>, StoreError> {
    let Some((filing, relation_ended_at)) = filing(connection, sealer, case)? else { return Ok(None) };
    let record = filing.record().map_err(|_| CORRUPT)?;
    Ok(Some(KeptRecord { record, amendments: amendments(connection, sealer, case)?, relation_ended_at }))
}

pub(super) fn bundle(
    connection: &Connection,
    sealer: &Sealer,
    case: &CaseId,
) -> Result<Option<Personal<Vec<u8>>>, StoreError> {
    Ok(filing(connection, sealer, case)?.map(|(filing, _)| filing.bundle()))
}

/// A page of [`signers`]. The plus keeps SQLite from the index of ended relations: by that one, each page would look at every record
/// there is and sort them, and a sweep over all pages would be quadratic.
const SIGNERS: &str = "SELECT kept.account_id, kept.case_id, kept.confirmed_at, kept.bundle_head, record_key.wrapped,
            kept.policy, kept.bundle_middle
     FROM kept_record kept JOIN record_key ON record_key.case_id = kept.case_id
     WHERE kept.account_id > ?1 AND +kept.relation_ended_at IS NULL AND NOT EXISTS (
         SELECT 1 FROM kept_record newer
         WHERE newer.account_id = kept.account_id AND newer.relation_ended_at IS NULL
           AND (newer.confirmed_at > kept.confirmed_at
                OR (newer.confirmed_at = kept.confirmed_at AND newer.case_id > kept.case_id)))
     ORDER BY kept.account_id LIMIT ?2";

/// One a customer, of his newest record; the lists that were kept with it stay sealed.
pub(super) fn signers(
    connection: &Connection,
    sealer: &Sealer,
    after: Option<&AccountId>,
    limit: usize,
) -> Result<Vec<KeptSigner>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(SIGNERS).map_err(translate)?;
    let after = after.map_or("", AccountId::as_str);
    let mut rows = statement.query(params![after, limit]).map_err(translate)?;
    let mut found = Vec::new();
    // A page is mostly of one policy.
    let mut policies: HashMap<[u8; 32], String> = HashMap::new();
    while let Some(row) = rows.next().map_err(translate)? {
        let text = |column| row.get::<_, String>(column).map_err(translate);
        let blob = |column| row.get::<_, Vec<u8>>(column).map_err(translate);
        let confirmed_at: i64 = row.get(2).map_err(translate)?;
        let (account, case, head, wrapped) = (text(0)?, text(1)?, blob(3)?, blob(4)?);
        let key = sealer.record_key(&case, &wrapped)?;
        let mut beginning = key.open(at(TABLE, "bundle_head", &case), &head)?;
        if let Some(digest) = row.get::<_, Option<[u8; 32]>>(5).map_err(translate)? {
            let text = match policies.entry(digest) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => entry.insert(policy(connection, sealer, digest)?),
            };
            beginning.extend_from_slice(text.as_bytes());
        }
        if let Some(middle) = row.get::<_, Option<Vec<u8>>>(6).map_err(translate)? {
            beginning.extend_from_slice(&key.open(at(TABLE, "bundle_middle", &case), &middle)?);
        }
        let account = account.parse().map_err(|_| CORRUPT)?;
        let case = case.parse().map_err(|_| CORRUPT)?;
        found.push(KeptSigner::of(account, case, instant(confirmed_at), &beginning).map_err(|_| CORRUPT)?);
    }
    Ok(found)
}

/// What of an amendment is sealed.
#[derive(Serialize, Deserialize)]
struct SealedAmendment {
    at: UnixTime,
    by: ActorId,
    field: AmendedField,
    value: String,
}

fn row_of(case: &CaseId, number: u32) -> String {
    format!("{case}/{number}")
}

fn amendments(connection: &Connection, sealer: &Sealer, case: &CaseId) -> Result<Vec<Amendment>, StoreError> {
    const WHAT: StoreError = StoreError::Corrupt { what: "record_amendment" };
    let rows: Vec<(u32, Vec<u8>)> = connection
        .prepare_cached("SELECT number, sealed FROM record_amendment WHERE case_id = ?1 ORDER BY number")
        .and_then(|mut statement| statement.query_map([case.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(translate)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = key_of(connection, sealer, case)?.ok_or(WHAT)?;
    let read = |(expected, (number, sealed)): (u32, (u32, Vec<u8>))| {
        let plain = key.open(at("record_amendment", "sealed", &row_of(case, number)), &sealed)?;
        let it: SealedAmendment = serde_json::from_slice(&plain).map_err(|_| WHAT)?;
        let amendment = Amendment { number, at: it.at, by: it.by, field: it.field, value: Personal::new(it.value) };
        if number == expected { Ok(amendment) } else { Err(WHAT) }
    };
    (1..).zip(rows).map(read).collect()
}

pub(super) fn amend(
    connection: &Connection,
    sealer: &Sealer,
    case: &CaseId,
    amendment: &Amendment,
) -> Result<(), StoreError> {
    let key = key_of(connection, sealer, case)?.ok_or(StoreError::Dangling { what: "record" })?;
    let last: u32 = connection
        .prepare_cached("SELECT coalesce(max(number), 0) FROM record_amendment WHERE case_id = ?1")
        .and_then(|mut statement| statement.query_row([case.as_str()], |row| row.get(0)))
        .map_err(translate)?;
    if last.checked_add(1) != Some(amendment.number) {
        return Err(StoreError::Conflict);
    }
    let plain = SealedAmendment {
        at: amendment.at,
        by: amendment.by.clone(),
        field: amendment.field,
        value: amendment.value.reveal().clone(),
    };
    let plain = serde_json::to_vec(&plain).map_err(|_| StoreError::Corrupt { what: "an amendment to be written" })?;
    let row = row_of(case, amendment.number);
    let sealed = key.seal(at("record_amendment", "sealed", &row), &plain, &mut OsRng)?;
    connection
        .prepare_cached("INSERT INTO record_amendment (case_id, number, sealed) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![case.as_str(), amendment.number, sealed]))
        .map(drop)
        .map_err(translate)
}

/// The key first: what is left of the rows in a log or a backup of this file is sealed under a key that is gone.
pub(super) fn erase(connection: &Connection, case: &CaseId, relation_ended_at: UnixTime) -> Result<(), StoreError> {
    let there: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM kept_record WHERE case_id = ?1 AND relation_ended_at = ?2)")
        .and_then(|mut statement| {
            statement.query_row(params![case.as_str(), relation_ended_at.seconds()], |row| row.get(0))
        })
        .map_err(translate)?;
    if !there {
        return Err(StoreError::Conflict);
    }
    for sql in [
        "DELETE FROM record_key WHERE case_id = ?1",
        "DELETE FROM record_amendment WHERE case_id = ?1",
        "DELETE FROM kept_record WHERE case_id = ?1",
        "DELETE FROM evidence_revocation WHERE case_id = ?1",
        "DELETE FROM held_proof WHERE case_id = ?1",
        // The words of the transaction stand in the statements that were handed out.
        "DELETE FROM challenge WHERE case_id = ?1",
        "UPDATE kyc_case SET declaration = NULL WHERE id = ?1",
    ] {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([case.as_str()]))
            .map_err(translate)?;
    }
    connection
        .execute("DELETE FROM revocation_document WHERE digest NOT IN (SELECT digest FROM evidence_revocation)", [])
        .map(drop)
        .map_err(translate)
}

/// Seals what lies under older keys of the ring under the current ones; how many that were.
pub(super) fn renew(connection: &Connection, sealer: &Sealer) -> Result<u64, StoreError> {
    let columns = [
        (KeyPurpose::Record, WRAPPED, "wrapped", "case_id", "case_id"),
        (KeyPurpose::Record, POLICY, "sealed", "lower(hex(digest))", "digest"),
        (KeyPurpose::Revocation, "revocation_document", "sealed", "lower(hex(digest))", "digest"),
        (KeyPurpose::Account, "challenge", "statement", "id", "id"),
        (KeyPurpose::Account, "held_proof", "proof", "case_id", "case_id"),
        (KeyPurpose::Account, "kyc_case", "declaration", "id", "id"),
        (KeyPurpose::Account, "wallet", "facts", "account_id", "account_id"),
        (KeyPurpose::Consent, "consent", "document", "account_id", "account_id"),
        (KeyPurpose::Account, "kept_request", "fingerprint", "lower(hex(key))", "key"),
        (KeyPurpose::Account, "kept_request", "body", "lower(hex(key))", "key"),
        (KeyPurpose::Account, "outbox", "notice", "CAST(number AS TEXT)", "number"),
    ];
    let mut renewed: u64 = 0;
    for (purpose, table, column, row, key) in columns {
        // Names of our own tables, no values.
        let sql = format!("SELECT rowid, {row}, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key}");
        let mut statement = connection.prepare(&sql).map_err(translate)?;
        let mut rows = statement.query([]).map_err(translate)?;
        let mut stale = Vec::new();
        while let Some(found) = rows.next().map_err(translate)? {
            let (id, row): (i64, String) = (found.get(0).map_err(translate)?, found.get(1).map_err(translate)?);
            let sealed: Vec<u8> = found.get(2).map_err(translate)?;
            if let Some(fresh) = sealer.renewed(purpose, at(table, column, &row), &sealed)? {
                stale.push((id, fresh));
            }
        }
        for (id, fresh) in stale {
            let sql = format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1");
            connection.execute(&sql, params![id, fresh]).map_err(translate)?;
            renewed = renewed.saturating_add(1);
        }
    }
    Ok(renewed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DEFAULT_PATIENCE, OpenMode, SqliteStore};

    #[test]
    fn a_page_of_signers_is_found_by_the_account_and_not_sorted() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("a.db"), OpenMode::Create, DEFAULT_PATIENCE).unwrap();
        let connection = store.connection();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {SIGNERS}")).unwrap();
        let steps = statement.query_map(params!["a-1", 500], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.collect::<Result<_, _>>().unwrap();
        assert_eq!(
            steps.first().unwrap(),
            "SEARCH kept USING INDEX kept_record_by_account (account_id>?)",
            "{steps:?}"
        );
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
