//! Challenges, proofs, signatures and events; and the words of facts. What does not read back as a fact is [`StoreError::Corrupt`], never a guess.

use super::error::translate;
use super::sealed::{STATEMENT, Sealer, at};
use crate::evidence::SignatureDigest;
use crate::kyc::{AccountId, CaseId, Event, HeldProof, StoreError};
use crate::proof::{Challenge, ChallengeId, Statement};
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::vault::KeyPurpose;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The word of a fact, as its `serde` form names it.
pub(super) fn word<T: Serialize>(fact: &T) -> Result<String, StoreError> {
    match serde_json::to_value(fact) {
        Ok(Value::String(word)) => Ok(word),
        _ => Err(StoreError::Corrupt { what: "a word to be written" }),
    }
}

/// The fact of a word.
pub(super) fn fact<T: DeserializeOwned>(word: String, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_value(Value::String(word)).map_err(|_| StoreError::Corrupt { what })
}

pub(super) const fn instant(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(seconds)
}

/// The one row of a query, as a tuple or struct that `read` makes.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &str,
    key: &str,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row([key], read).optional())
        .map_err(translate)
}

pub(super) fn challenge(
    connection: &Connection,
    sealer: &Sealer,
    id: ChallengeId,
) -> Result<Option<Challenge>, StoreError> {
    let sql = "SELECT statement FROM challenge WHERE id = ?1";
    let bytes: Option<Vec<u8>> = one(connection, sql, &id.to_string(), |row| row.get(0))?;
    bytes.map(|bytes| open_statement(sealer, id, &bytes)).transpose()
}

/// The challenge out of its sealed statement.
pub(super) fn open_statement(sealer: &Sealer, id: ChallengeId, sealed: &[u8]) -> Result<Challenge, StoreError> {
    let corrupt = StoreError::Corrupt { what: "challenge.statement" };
    let bytes = sealer.open(KeyPurpose::Account, at(STATEMENT, "statement", &id.to_string()), sealed)?;
    let statement = Statement::parse(&bytes).map_err(|_| corrupt.clone())?;
    if statement.challenge().id() == id { Ok(statement.challenge().clone()) } else { Err(corrupt) }
}

/// Remembers a challenge and voids those of its case that are still unused.
pub(super) fn insert_challenge(
    connection: &Connection,
    sealer: &Sealer,
    challenge: &Challenge,
) -> Result<(), StoreError> {
    let id = challenge.id().to_string();
    let place = at(STATEMENT, "statement", &id);
    let statement = sealer.seal(KeyPurpose::Account, place, challenge.statement().as_bytes())?;
    connection
        .prepare_cached("UPDATE challenge SET superseded = 1 WHERE case_id = ?1 AND consumed_at IS NULL")
        .and_then(|mut statement| statement.execute([challenge.case()]))
        .map_err(translate)?;
    connection
        .prepare_cached("INSERT INTO challenge (id, case_id, expires_at, statement) VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut insert| {
            insert.execute(params![id, challenge.case(), challenge.expires_at().seconds(), statement])
        })
        .map(drop)
        .map_err(translate)
}

pub(super) fn held_proof(
    connection: &Connection,
    sealer: &Sealer,
    case: &CaseId,
) -> Result<Option<HeldProof>, StoreError> {
    let sql = "SELECT challenge_id, received_at, proof FROM held_proof WHERE case_id = ?1";
    let row: Option<(String, i64, Vec<u8>)> =
        one(connection, sql, case.as_str(), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some((challenge, received_at, proof)) = row else { return Ok(None) };
    let proof = sealer.open(KeyPurpose::Account, at("held_proof", "proof", case.as_str()), &proof)?;
    let challenge = challenge.parse().map_err(|_| StoreError::Corrupt { what: "held_proof.challenge_id" })?;
    Ok(Some(HeldProof { challenge, received_at: instant(received_at), proof: Personal::new(proof) }))
}

pub(super) fn keep_proof(
    connection: &Connection,
    sealer: &Sealer,
    case: &CaseId,
    proof: &HeldProof,
) -> Result<(), StoreError> {
    let place = at("held_proof", "proof", case.as_str());
    let sealed = sealer.seal(KeyPurpose::Account, place, proof.proof.reveal())?;
    connection
        .prepare_cached(
            "INSERT INTO held_proof (case_id, challenge_id, received_at, proof) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (case_id) DO UPDATE SET challenge_id = ?2, received_at = ?3, proof = ?4",
        )
        .and_then(|mut statement| {
            statement.execute(params![case.as_str(), proof.challenge.to_string(), proof.received_at.seconds(), sealed,])
        })
        .map(drop)
        .map_err(translate)
}

pub(super) fn drop_proof(connection: &Connection, case: &CaseId) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM held_proof WHERE case_id = ?1")
        .and_then(|mut statement| statement.execute([case.as_str()]))
        .map(drop)
        .map_err(translate)
}

pub(super) fn claim_signature(
    connection: &Connection,
    digest: SignatureDigest,
    case: &CaseId,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO used_signature (digest, case_id) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING")
        .and_then(|mut statement| statement.execute(params![digest.0, case.as_str()]))
        .map_err(translate)?;
    let owner: String = connection
        .prepare_cached("SELECT case_id FROM used_signature WHERE digest = ?1")
        .and_then(|mut statement| statement.query_row([digest.0], |row| row.get(0)))
        .map_err(translate)?;
    if owner == case.as_str() { Ok(()) } else { Err(StoreError::SignatureUsed) }
}

/// The cases of an account that have not ended.
pub(super) fn open_cases(connection: &Connection, account: &AccountId) -> Result<Vec<CaseId>, StoreError> {
    let names: Vec<String> = connection
        .prepare_cached(
            "SELECT id FROM kyc_case WHERE account_id = ?1 AND state NOT IN ('approved', 'rejected', 'expired') ORDER BY id",
        )
        .and_then(|mut statement| statement.query_map([account.as_str()], |row| row.get(0))?.collect())
        .map_err(translate)?;
    names.into_iter().map(case_id).collect()
}

pub(super) fn case_id(text: String) -> Result<CaseId, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt { what: "the name of a case" })
}

pub(super) fn events(connection: &Connection, account: &AccountId) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<(i64, Option<String>, String)> = connection
        .prepare_cached("SELECT at, case_id, detail FROM event WHERE account_id = ?1 ORDER BY sequence")
        .and_then(|mut statement| {
            statement.query_map([account.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
        })
        .map_err(translate)?;
    let read = |(at, case, detail): (i64, Option<String>, String)| {
        let case = case.map(|id| id.parse()).transpose();
        Ok(Event {
            at: instant(at),
            account: account.clone(),
            case: case.map_err(|_| StoreError::Corrupt { what: "event.case_id" })?,
            kind: serde_json::from_str(&detail).map_err(|_| StoreError::Corrupt { what: "event.detail" })?,
        })
    };
    rows.into_iter().map(read).collect()
}

pub(super) fn insert_event(connection: &Connection, event: &Event) -> Result<(), StoreError> {
    let corrupt = StoreError::Corrupt { what: "an event to be written" };
    let detail = serde_json::to_value(&event.kind).map_err(|_| corrupt.clone())?;
    let kind = detail.get("type").and_then(Value::as_str).ok_or(corrupt)?;
    connection
        .prepare_cached("INSERT INTO event (at, account_id, case_id, type, detail) VALUES (?1, ?2, ?3, ?4, ?5)")
        .and_then(|mut statement| {
            statement.execute(params![
                event.at.seconds(),
                event.account.as_str(),
                event.case.as_ref().map(CaseId::as_str),
                kind,
                detail.to_string(),
            ])
        })
        .map(drop)
        .map_err(translate)
}
