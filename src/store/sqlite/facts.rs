//! Accounts and cases: rows with a version.

use super::error::translate;
use super::rows::{fact, instant, one, word};
use super::sealed::{Sealer, at};
use crate::kyc::{
    Account, AccountId, Case, CaseId, CaseState, Declaration, Dependency, Provenance, StoreError, Version, Versioned,
};
use crate::policy::PolicyReference;
use crate::time::UnixTime;
use crate::vault::{KeyPurpose, Place};
use rusqlite::{Connection, params};

pub(super) fn version(number: i64) -> Result<Version, StoreError> {
    u64::try_from(number).map(Version::from_number).map_err(|_| StoreError::Corrupt { what: "version" })
}

pub(super) fn number(version: Version) -> Result<i64, StoreError> {
    i64::try_from(version.number()).map_err(|_| StoreError::Corrupt { what: "version" })
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

/// A case as it lies in the file, its declaration sealed.
pub(super) struct CaseRow {
    version: i64,
    account: String,
    policy: PolicyReference,
    state: String,
    reason: Option<String>,
    dependency: Option<String>,
    retry_at: Option<i64>,
    challenge: Option<String>,
    declaration: Option<Vec<u8>>,
    opened_at: i64,
    expires_at: i64,
}

pub(super) fn case(connection: &Connection, id: &CaseId) -> Result<Option<CaseRow>, StoreError> {
    one(
        connection,
        "SELECT version, account_id, policy_id, policy_revision, law_revision_id, state, reason, dependency, retry_at,
                challenge_id, declaration, opened_at, expires_at
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
                declaration: row.get(10)?,
                opened_at: row.get(11)?,
                expires_at: row.get(12)?,
            })
        },
    )
}

impl CaseRow {
    /// The case; no connection is needed for it.
    pub(super) fn open(self, sealer: &Sealer, id: &CaseId) -> Result<Versioned<Case>, StoreError> {
        let challenge = self.challenge.map(|id| id.parse()).transpose();
        let facts = Case {
            id: id.clone(),
            account: self.account.parse().map_err(|_| StoreError::Corrupt { what: "kyc_case.account_id" })?,
            policy: self.policy,
            state: state(&self.state, self.reason, self.dependency, self.retry_at)?,
            challenge: challenge.map_err(|_| StoreError::Corrupt { what: "kyc_case.challenge_id" })?,
            declaration: self.declaration.map_or(Ok(Declaration::default()), |it| open(sealer, id, &it))?,
            opened_at: instant(self.opened_at),
            expires_at: instant(self.expires_at),
        };
        Ok(Versioned { facts, version: version(self.version)? })
    }
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

/// What of a declaration is sealed: purpose and occupation.
type Declared = (Option<String>, Option<String>);

fn place(id: &CaseId) -> Place<'_> {
    at("kyc_case", "declaration", id.as_str())
}

fn open(sealer: &Sealer, id: &CaseId, sealed: &[u8]) -> Result<Declaration, StoreError> {
    let plain = sealer.open(KeyPurpose::Account, place(id), sealed)?;
    let declared: Declared =
        serde_json::from_slice(&plain).map_err(|_| StoreError::Corrupt { what: "kyc_case.declaration" })?;
    Ok(Declaration { purpose: declared.0, occupation: declared.1 })
}

/// The declaration sealed; nothing where nothing was declared.
pub(super) fn seal(sealer: &Sealer, id: &CaseId, it: &Declaration) -> Result<Option<Vec<u8>>, StoreError> {
    if *it == Declaration::default() {
        return Ok(None);
    }
    let declared: Declared = (it.purpose.clone(), it.occupation.clone());
    let plain = serde_json::to_vec(&declared).map_err(|_| StoreError::Corrupt { what: "a declaration" })?;
    sealer.seal(KeyPurpose::Account, place(id), &plain).map(Some)
}

pub(super) fn write_case(connection: &Connection, sealer: &Sealer, write: &Versioned<Case>) -> Result<(), StoreError> {
    let case = &write.facts;
    let (reason, dependency, retry_at) = match case.state {
        CaseState::Rejected { reason } => (Some(word(&reason)?), None, None),
        CaseState::Unavailable { dependency, retry_at } => (None, Some(word(&dependency)?), Some(retry_at.seconds())),
        _ => (None, None, None),
    };
    let sql = if write.version == Version::NEW {
        "INSERT INTO kyc_case (id, version, account_id, policy_id, policy_revision, law_revision_id, state, reason,
                               dependency, retry_at, challenge_id, declaration, opened_at, expires_at)
         VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
    } else {
        "UPDATE kyc_case SET version = ?2 + 1, account_id = ?3, policy_id = ?4, policy_revision = ?5,
                             law_revision_id = ?6, state = ?7, reason = ?8, dependency = ?9, retry_at = ?10,
                             challenge_id = ?11, declaration = ?12, opened_at = ?13, expires_at = ?14
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
            seal(sealer, &case.id, &case.declaration)?,
            case.opened_at.seconds(),
            case.expires_at.seconds(),
        ])
        .map_err(translate)?;
    if written == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
