//! Facts to rows and back. What does not read back as a fact is [`StoreError::Corrupt`], never a guess.

use super::error::translate;
use crate::evidence::SignatureDigest;
use crate::kyc::{
    Account, AccountId, Case, CaseId, CaseState, Declaration, Dependency, Event, HeldProof, PolicyReference,
    Provenance, StoreError, Version, Versioned,
};
use crate::proof::{Challenge, ChallengeId, Statement};
use crate::secret::Personal;
use crate::time::UnixTime;
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

pub(super) fn version(number: i64) -> Result<Version, StoreError> {
    u64::try_from(number).map(Version::from_number).map_err(|_| StoreError::Corrupt { what: "version" })
}

fn number(version: Version) -> Result<i64, StoreError> {
    i64::try_from(version.number()).map_err(|_| StoreError::Corrupt { what: "version" })
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

struct AccountRow {
    version: i64,
    login: String,
    identity: String,
    life: String,
    particulars_issued_at: Option<i64>,
    created_at: i64,
    verified_at: Option<i64>,
}

pub(super) fn account(connection: &Connection, id: &AccountId) -> Result<Option<Versioned<Account>>, StoreError> {
    let row = one(
        connection,
        "SELECT version, login, identity, life, particulars_issued_at, created_at, verified_at
         FROM account WHERE id = ?1",
        id.as_str(),
        |row| {
            Ok(AccountRow {
                version: row.get(0)?,
                login: row.get(1)?,
                identity: row.get(2)?,
                life: row.get(3)?,
                particulars_issued_at: row.get(4)?,
                created_at: row.get(5)?,
                verified_at: row.get(6)?,
            })
        },
    )?;
    let Some(row) = row else { return Ok(None) };
    let holds: Vec<String> = connection
        .prepare_cached("SELECT hold FROM account_hold WHERE account_id = ?1")
        .and_then(|mut statement| statement.query_map([id.as_str()], |row| row.get(0))?.collect())
        .map_err(translate)?;
    let facts = Account {
        id: id.clone(),
        login: fact(row.login, "account.login")?,
        identity: fact(row.identity, "account.identity")?,
        holds: holds.into_iter().map(|hold| fact(hold, "account_hold.hold")).collect::<Result<_, _>>()?,
        life: fact(row.life, "account.life")?,
        particulars: row.particulars_issued_at.map(|at| Provenance::Certificate { issued_at: instant(at) }),
        created_at: instant(row.created_at),
        verified_at: row.verified_at.map(instant),
    };
    Ok(Some(Versioned { facts, version: version(row.version)? }))
}

pub(super) fn write_account(connection: &Connection, write: &Versioned<Account>) -> Result<(), StoreError> {
    let account = &write.facts;
    let issued_at = account.particulars.map(|Provenance::Certificate { issued_at }| issued_at.seconds());
    let sql = if write.version == Version::NEW {
        "INSERT INTO account (id, version, login, identity, life, particulars_issued_at, created_at, verified_at)
         VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8)"
    } else {
        "UPDATE account SET version = ?2 + 1, login = ?3, identity = ?4, life = ?5, particulars_issued_at = ?6,
                            created_at = ?7, verified_at = ?8
         WHERE id = ?1 AND version = ?2"
    };
    let written = connection
        .prepare_cached(sql)
        .map_err(translate)?
        .execute(params![
            account.id.as_str(),
            number(write.version)?,
            word(&account.login)?,
            word(&account.identity)?,
            word(&account.life)?,
            issued_at,
            account.created_at.seconds(),
            account.verified_at.map(UnixTime::seconds),
        ])
        .map_err(translate)?;
    if written != 1 {
        return Err(StoreError::Conflict);
    }
    connection
        .prepare_cached("DELETE FROM account_hold WHERE account_id = ?1")
        .and_then(|mut statement| statement.execute([account.id.as_str()]))
        .map_err(translate)?;
    for hold in &account.holds {
        let hold = word(hold)?;
        connection
            .prepare_cached("INSERT INTO account_hold (account_id, hold) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![account.id.as_str(), hold]))
            .map_err(translate)?;
    }
    Ok(())
}

struct CaseRow {
    version: i64,
    account: String,
    policy: PolicyReference,
    state: String,
    reason: Option<String>,
    dependency: Option<String>,
    retry_at: Option<i64>,
    challenge: Option<String>,
    declaration: Declaration,
    opened_at: i64,
    expires_at: i64,
}

pub(super) fn case(connection: &Connection, id: &CaseId) -> Result<Option<Versioned<Case>>, StoreError> {
    let row = one(
        connection,
        "SELECT version, account_id, policy_id, policy_revision, law_revision_id, state, reason, dependency, retry_at,
                challenge_id, purpose, occupation, opened_at, expires_at
         FROM kyc_case WHERE id = ?1",
        id.as_str(),
        |row| {
            Ok(CaseRow {
                version: row.get(0)?,
                account: row.get(1)?,
                policy: PolicyReference { id: row.get(2)?, revision: row.get(3)?, law_revision_id: row.get(4)? },
                state: row.get(5)?,
                reason: row.get(6)?,
                dependency: row.get(7)?,
                retry_at: row.get(8)?,
                challenge: row.get(9)?,
                declaration: Declaration { purpose: row.get(10)?, occupation: row.get(11)? },
                opened_at: row.get(12)?,
                expires_at: row.get(13)?,
            })
        },
    )?;
    let Some(row) = row else { return Ok(None) };
    let challenge = row.challenge.map(|id| id.parse()).transpose();
    let facts = Case {
        id: id.clone(),
        account: row.account.parse().map_err(|_| StoreError::Corrupt { what: "kyc_case.account_id" })?,
        policy: row.policy,
        state: state(&row.state, row.reason, row.dependency, row.retry_at)?,
        challenge: challenge.map_err(|_| StoreError::Corrupt { what: "kyc_case.challenge_id" })?,
        declaration: row.declaration,
        opened_at: instant(row.opened_at),
        expires_at: instant(row.expires_at),
    };
    Ok(Some(Versioned { facts, version: version(row.version)? }))
}

fn state(
    word: &str,
    reason: Option<String>,
    dependency: Option<String>,
    retry_at: Option<i64>,
) -> Result<CaseState, StoreError> {
    let plain = [
        CaseState::Created,
        CaseState::ChallengeIssued,
        CaseState::EvidenceReceived,
        CaseState::SignatureVerified,
        CaseState::ValidityChecked,
        CaseState::AttributesMatched,
        CaseState::UnderReview,
        CaseState::Approved,
        CaseState::Expired,
    ];
    match (word, reason, dependency, retry_at) {
        ("rejected", Some(reason), None, None) => Ok(CaseState::Rejected { reason: fact(reason, "kyc_case.reason")? }),
        ("unavailable", None, Some(dependency), Some(retry_at)) => Ok(CaseState::Unavailable {
            dependency: fact::<Dependency>(dependency, "kyc_case.dependency")?,
            retry_at: instant(retry_at),
        }),
        (word, None, None, None) => {
            plain.into_iter().find(|state| state.as_str() == word).ok_or(StoreError::Corrupt { what: "kyc_case.state" })
        }
        _ => Err(StoreError::Corrupt { what: "kyc_case.state" }),
    }
}

pub(super) fn write_case(connection: &Connection, write: &Versioned<Case>) -> Result<(), StoreError> {
    let case = &write.facts;
    let (reason, dependency, retry_at) = match case.state {
        CaseState::Rejected { reason } => (Some(word(&reason)?), None, None),
        CaseState::Unavailable { dependency, retry_at } => (None, Some(word(&dependency)?), Some(retry_at.seconds())),
        _ => (None, None, None),
    };
    let sql = if write.version == Version::NEW {
        "INSERT INTO kyc_case (id, version, account_id, policy_id, policy_revision, law_revision_id, state, reason,
                               dependency, retry_at, challenge_id, purpose, occupation, opened_at, expires_at)
         VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    } else {
        "UPDATE kyc_case SET version = ?2 + 1, account_id = ?3, policy_id = ?4, policy_revision = ?5,
                             law_revision_id = ?6, state = ?7, reason = ?8, dependency = ?9, retry_at = ?10,
                             challenge_id = ?11, purpose = ?12, occupation = ?13, opened_at = ?14, expires_at = ?15
         WHERE id = ?1 AND version = ?2"
    };
    let written = connection
        .prepare_cached(sql)
        .map_err(translate)?
        .execute(params![
            case.id.as_str(),
            number(write.version)?,
            case.account.as_str(),
            case.policy.id,
            case.policy.revision,
            case.policy.law_revision_id,
            case.state.as_str(),
            reason,
            dependency,
            retry_at,
            case.challenge.map(|id| id.to_string()),
            case.declaration.purpose,
            case.declaration.occupation,
            case.opened_at.seconds(),
            case.expires_at.seconds(),
        ])
        .map_err(translate)?;
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

pub(super) fn challenge(connection: &Connection, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
    let corrupt = StoreError::Corrupt { what: "challenge.statement" };
    let sql = "SELECT statement FROM challenge WHERE id = ?1";
    let bytes: Option<Vec<u8>> = one(connection, sql, &id.to_string(), |row| row.get(0))?;
    let Some(bytes) = bytes else { return Ok(None) };
    let statement = Statement::parse(&bytes).map_err(|_| corrupt.clone())?;
    if statement.challenge().id() == id { Ok(Some(statement.challenge().clone())) } else { Err(corrupt) }
}

pub(super) fn insert_challenge(connection: &Connection, challenge: &Challenge) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO challenge (id, case_id, expires_at, statement) VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut statement| {
            statement.execute(params![
                challenge.id().to_string(),
                challenge.case(),
                challenge.expires_at().seconds(),
                challenge.statement().as_bytes(),
            ])
        })
        .map(drop)
        .map_err(translate)
}

pub(super) fn held_proof(connection: &Connection, case: &CaseId) -> Result<Option<HeldProof>, StoreError> {
    let sql = "SELECT challenge_id, received_at, proof FROM held_proof WHERE case_id = ?1";
    let row: Option<(String, i64, Vec<u8>)> =
        one(connection, sql, case.as_str(), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some((challenge, received_at, proof)) = row else { return Ok(None) };
    let challenge = challenge.parse().map_err(|_| StoreError::Corrupt { what: "held_proof.challenge_id" })?;
    Ok(Some(HeldProof { challenge, received_at: instant(received_at), proof: Personal::new(proof) }))
}

pub(super) fn keep_proof(connection: &Connection, case: &CaseId, proof: &HeldProof) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO held_proof (case_id, challenge_id, received_at, proof) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (case_id) DO UPDATE SET challenge_id = ?2, received_at = ?3, proof = ?4",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                case.as_str(),
                proof.challenge.to_string(),
                proof.received_at.seconds(),
                proof.proof.reveal(),
            ])
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
