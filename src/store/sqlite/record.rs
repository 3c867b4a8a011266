//! The confirmation record's row.

use super::error::translate;
use super::rows::{fact, instant, one, word};
use crate::evidence::{CertificateFacts, CertificateKind, Fingerprint, RevocationFacts};
use crate::kyc::{AccountId, CaseId, ConfirmationRecord, Particulars, StoreError};
use crate::policy::PolicyReference;
use crate::secret::Personal;
use crate::time::{UnixTime, Validity};
use rusqlite::{Connection, Row, params};

const CORRUPT: StoreError = StoreError::Corrupt { what: "confirmation_record" };

pub(super) fn insert(connection: &Connection, record: &ConfirmationRecord) -> Result<(), StoreError> {
    let (certificate, revocation) = (&record.certificate, &record.revocation);
    let because = serde_json::to_string(&record.because).map_err(|_| CORRUPT)?;
    connection
        .prepare_cached(
            "INSERT INTO confirmation_record (
                 case_id, account_id, policy_id, policy_revision, law_revision_id, because, method, verifier,
                 received_at, confirmed_at, name, birthdate, address, certificate_kind, certificate_issuer,
                 certificate_generation, certificate_not_before, certificate_not_after, certificate_fingerprint,
                 certificate_serial, revocation_checked_at, revocation_this_update, revocation_next_update,
                 revocation_source, purpose, occupation, checks, statement, proof)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                     ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
        )
        .map_err(translate)?
        .execute(params![
            record.case.as_str(),
            record.account.as_str(),
            record.policy.id,
            record.policy.revision,
            record.policy.law_revision_id,
            because,
            record.method,
            record.verifier,
            record.received_at.seconds(),
            record.confirmed_at.seconds(),
            record.particulars.name.reveal(),
            record.particulars.birthdate.reveal(),
            record.particulars.address.reveal(),
            word(&certificate.kind)?,
            certificate.issuer,
            certificate.issuer_generation,
            certificate.validity.not_before.seconds(),
            certificate.validity.not_after.seconds(),
            certificate.fingerprint.0,
            certificate.serial.reveal(),
            revocation.checked_at.seconds(),
            revocation.this_update.map(UnixTime::seconds),
            revocation.next_update.map(UnixTime::seconds),
            revocation.source,
            record.purpose.as_ref().map(Personal::reveal),
            record.occupation.as_ref().map(Personal::reveal),
            record.checks,
            record.statement.reveal(),
            record.proof.reveal(),
        ])
        .map(drop)
        .map_err(translate)
}

pub(super) fn load(connection: &Connection, case: &CaseId) -> Result<Option<ConfirmationRecord>, StoreError> {
    let sql = "SELECT * FROM confirmation_record WHERE case_id = ?1";
    let read = |row: &Row<'_>| {
        let words = Words {
            account: row.get("account_id")?,
            because: row.get("because")?,
            certificate_kind: row.get("certificate_kind")?,
        };
        Ok(words.facts().map(|(account, because, kind)| complete(row, case, account, because, kind)))
    };
    match one(connection, sql, case.as_str(), read)? {
        Some(record) => record?.map(Some).map_err(translate),
        None => Ok(None),
    }
}

/// The columns whose words have to be understood before there can be a record.
struct Words {
    account: String,
    because: String,
    certificate_kind: String,
}

impl Words {
    fn facts(self) -> Result<(AccountId, Vec<String>, CertificateKind), StoreError> {
        Ok((
            self.account.parse().map_err(|_| CORRUPT)?,
            serde_json::from_str(&self.because).map_err(|_| CORRUPT)?,
            fact(self.certificate_kind, "confirmation_record.certificate_kind")?,
        ))
    }
}

fn complete(
    row: &Row<'_>,
    case: &CaseId,
    account: AccountId,
    because: Vec<String>,
    kind: CertificateKind,
) -> rusqlite::Result<ConfirmationRecord> {
    let at = |name| row.get::<_, i64>(name).map(instant);
    let perhaps_at = |name| row.get::<_, Option<i64>>(name).map(|seconds| seconds.map(instant));
    let personal = |name| row.get::<_, String>(name).map(Personal::new);
    let declared = |name| row.get::<_, Option<String>>(name).map(|text| text.map(Personal::new));
    let bytes = |name| row.get::<_, Vec<u8>>(name).map(Personal::new);
    Ok(ConfirmationRecord {
        case: case.clone(),
        account,
        policy: PolicyReference {
            id: row.get("policy_id")?,
            revision: row.get("policy_revision")?,
            law_revision_id: row.get("law_revision_id")?,
        },
        because,
        method: row.get("method")?,
        verifier: row.get("verifier")?,
        received_at: at("received_at")?,
        confirmed_at: at("confirmed_at")?,
        particulars: Particulars {
            name: personal("name")?,
            birthdate: personal("birthdate")?,
            address: personal("address")?,
        },
        certificate: CertificateFacts {
            kind,
            issuer: row.get("certificate_issuer")?,
            issuer_generation: row.get("certificate_generation")?,
            validity: Validity { not_before: at("certificate_not_before")?, not_after: at("certificate_not_after")? },
            fingerprint: Fingerprint(row.get("certificate_fingerprint")?),
            serial: personal("certificate_serial")?,
        },
        revocation: RevocationFacts {
            checked_at: at("revocation_checked_at")?,
            this_update: perhaps_at("revocation_this_update")?,
            next_update: perhaps_at("revocation_next_update")?,
            source: row.get("revocation_source")?,
        },
        purpose: declared("purpose")?,
        occupation: declared("occupation")?,
        checks: row.get("checks")?,
        statement: bytes("statement")?,
        proof: bytes("proof")?,
    })
}
