//! From version 2, where everything stood in clear, to version 3: every row is sealed, and every event gets its audit line.

use super::error::translate;
use super::rows::{case_id, fact, instant};
use super::sealed::{STATEMENT, Sealer, at};
use super::{audit, facts, record};
use crate::evidence::{AnchorName, CertificateFacts, CertificateKind, Documents, Fingerprint, RevocationFacts};
use crate::kyc::{
    AccountFacts, Attachment, ConfirmationRecord, Declaration, Event, Identity, Login, Particulars, StoreError,
};
use crate::policy::PolicyReference;
use crate::proof::SignedStatement;
use crate::secret::Personal;
use crate::time::Validity;
use crate::vault::KeyPurpose;
use rusqlite::{Row, Transaction, params};

const CORRUPT: StoreError = StoreError::Corrupt { what: "a row of version 2" };

/// Seals what is there. The old table of records goes; with `secure_delete` its pages are overwritten, but not the journal that
/// holds them until the commit: docs/confirmation-record.md says so.
pub(super) fn seal_all(transaction: &Transaction<'_>, sealer: &Sealer) -> Result<(), StoreError> {
    audit::begin(transaction, sealer)?;
    for (table, column, key) in [(STATEMENT, "statement", "id"), ("held_proof", "proof", "case_id")] {
        seal_column(transaction, sealer, table, column, key)?;
    }
    seal_declarations(transaction, sealer)?;
    let mut events = old_events(transaction)?;
    for old in old_records(transaction)? {
        events.push(record::insert(transaction, sealer, &record::file(sealer, &old)?)?.clone());
    }
    let mut log = audit::Appending::default();
    log.append(transaction, sealer, &events)?;
    log.close(transaction, sealer)?;
    transaction
        .execute_batch(
            "DROP TRIGGER confirmation_record_is_never_changed;
             DROP TRIGGER confirmation_record_is_never_removed;
             DROP TABLE confirmation_record;
             UPDATE kyc_case SET purpose = NULL, occupation = NULL;",
        )
        .map_err(translate)
}

fn seal_column(
    transaction: &Transaction<'_>,
    sealer: &Sealer,
    table: &str,
    column: &str,
    key: &str,
) -> Result<(), StoreError> {
    let rows: Vec<(String, Vec<u8>)> = transaction
        .prepare(&format!("SELECT {key}, {column} FROM {table}"))
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(translate)?;
    for (row, plain) in rows {
        let sealed = sealer.seal(KeyPurpose::Account, at(table, column, &row), &plain)?;
        let sql = format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1");
        transaction.execute(&sql, params![row, sealed]).map_err(translate)?;
    }
    Ok(())
}

fn seal_declarations(transaction: &Transaction<'_>, sealer: &Sealer) -> Result<(), StoreError> {
    let rows: Vec<(String, Option<String>, Option<String>)> = transaction
        .prepare(
            "SELECT id, purpose, occupation FROM kyc_case
             WHERE coalesce(purpose, occupation) IS NOT NULL AND state NOT IN ('approved', 'rejected', 'expired')",
        )
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect())
        .map_err(translate)?;
    for (id, purpose, occupation) in rows {
        let id = case_id(id)?;
        let sealed = facts::seal(sealer, &id, &Declaration { purpose, occupation })?;
        transaction
            .execute("UPDATE kyc_case SET declaration = ?2 WHERE id = ?1", params![id.as_str(), sealed])
            .map_err(translate)?;
    }
    Ok(())
}

fn old_events(transaction: &Transaction<'_>) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<(i64, String, Option<String>, String)> = transaction
        .prepare("SELECT at, account_id, case_id, detail FROM event ORDER BY sequence")
        .and_then(|mut statement| {
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
        })
        .map_err(translate)?;
    let read = |(at, account, case, detail): (i64, String, Option<String>, String)| {
        Ok(Event {
            at: instant(at),
            account: account.parse().map_err(|_| CORRUPT)?,
            case: case.map(case_id).transpose()?,
            kind: serde_json::from_str(&detail).map_err(|_| CORRUPT)?,
        })
    };
    rows.into_iter().map(read).collect()
}

fn old_records(transaction: &Transaction<'_>) -> Result<Vec<ConfirmationRecord>, StoreError> {
    let mut statement =
        transaction.prepare("SELECT * FROM confirmation_record ORDER BY confirmed_at, case_id").map_err(translate)?;
    let mut rows = statement.query([]).map_err(translate)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().map_err(translate)? {
        records.push(old_record(row).map_err(translate)??);
    }
    Ok(records)
}

/// A record of version 2 with what it had of evidence: neither policy text nor revocation material were kept then, and its
/// bundle says so by their absence.
fn old_record(row: &Row<'_>) -> rusqlite::Result<Result<ConfirmationRecord, StoreError>> {
    let text = |name: &str| row.get::<_, String>(name);
    let personal = |name: &str| row.get::<_, String>(name).map(Personal::new);
    let declared = |name: &str| row.get::<_, Option<String>>(name).map(|text| text.map(Personal::new));
    let at = |name: &str| row.get::<_, i64>(name).map(instant);
    let perhaps_at = |name: &str| row.get::<_, Option<i64>>(name).map(|seconds| seconds.map(instant));
    let proof: Vec<u8> = row.get("proof")?;
    let words = (|| -> Result<_, StoreError> {
        let text = |name| text(name).map_err(translate);
        Ok((
            case_id(text("case_id")?)?,
            text("account_id")?.parse().map_err(|_| CORRUPT)?,
            serde_json::from_str::<Vec<String>>(&text("because")?).map_err(|_| CORRUPT)?,
            fact::<CertificateKind>(text("certificate_kind")?, "confirmation_record.certificate_kind")?,
            SignedStatement::parse(&proof)
                .map(|signed| signed.certificates().map(|der| Personal::new(der.to_vec())).collect::<Vec<_>>()),
        ))
    })();
    let (case, account, because, kind, certificates) = match words {
        Ok(words) => words,
        Err(error) => return Ok(Err(error)),
    };
    let generation = text("certificate_generation")?;
    Ok(Ok(ConfirmationRecord {
        case,
        account,
        policy: PolicyReference {
            id: text("policy_id")?,
            revision: text("policy_revision")?,
            law_revision_id: text("law_revision_id")?,
        },
        because,
        method: text("method")?,
        verifier: text("verifier")?,
        received_at: at("received_at")?,
        confirmed_at: at("confirmed_at")?,
        particulars: Particulars {
            name: personal("name")?,
            birthdate: personal("birthdate")?,
            address: personal("address")?,
        },
        certificate: CertificateFacts {
            kind,
            issuer: text("certificate_issuer")?,
            issuer_generation: generation.clone(),
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
        checks: text("checks")?,
        attachment: Attachment {
            policy: String::new(),
            statement: row.get("statement").map(Personal::new)?,
            proof: Personal::new(proof),
            documents: Documents {
                anchor: AnchorName { fingerprint: Fingerprint([0; 32]), generation },
                certificates: certificates.unwrap_or_default(),
                revocation: Vec::new(),
            },
            time_stamps: Vec::new(),
            account: AccountFacts { login: Login::Certificate, identity: Identity::InProgress, created_at: instant(0) },
            taints: Vec::new(),
        },
    }))
}
