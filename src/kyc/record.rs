//! 確認記録, the record the law asks for when an identity was confirmed (LAW-20, LAW-22, LAW-23).
//!
//! This is the one place where name, birth date, address and the certificate's serial are kept in clear, because the law
//! wants them here; the live account holds none of them (LAW-44, LAW-45). Written once, never changed (LAW-24). How it is
//! kept, amended and erased is the `record` room's.

use super::{AccountId, CaseId, Identity, Login};
use crate::evidence::{CertificateFacts, Documents, RevocationFacts};
use crate::policy::PolicyReference;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::verdict::Taint;

/// 本人特定事項 (LAW-10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particulars {
    /// 氏名
    pub name: Personal<String>,
    /// 生年月日, YYYY-MM-DD.
    pub birthdate: Personal<String>,
    /// 住居
    pub address: Personal<String>,
}

/// One confirmation record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmationRecord {
    /// The case it came from; one record per case.
    pub case: CaseId,
    /// The customer's number, which finds the transactions (LAW-21, LAW-23).
    pub account: AccountId,
    /// Which policy decided, and for which state of the law.
    pub policy: PolicyReference,
    /// Rule numbers that decided.
    pub because: Vec<String>,
    /// Stable id of the legal method (LAW-01).
    pub method: String,
    /// Who confirmed (LAW-06, LAW-23).
    pub verifier: String,
    /// When the proof was received.
    pub received_at: UnixTime,
    /// When it was confirmed, which is when this record was made (LAW-20).
    pub confirmed_at: UnixTime,
    /// Whose identity.
    pub particulars: Particulars,
    /// What was shown: kind, issuer and serial of the certificate.
    pub certificate: CertificateFacts,
    /// What was known about revocation.
    pub revocation: RevocationFacts,
    /// Purpose of the transaction, as declared (LAW-11).
    pub purpose: Option<Personal<String>>,
    /// Occupation, as declared (LAW-11).
    pub occupation: Option<Personal<String>>,
    /// The named checks, as JSON of the contract.
    pub checks: String,
    /// The electronic records that prove it (LAW-22).
    pub attachment: Attachment,
}

/// Everything that is needed to reach the same decision again, offline and years later (LAW-22). It is kept as an evidence
/// bundle (docs/evidence-bundle.md).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The policy that decided, as it was read.
    pub policy: String,
    /// The document that was signed, transaction text included (LAW-07).
    pub statement: Personal<Vec<u8>>,
    /// The CMS with signature and certificate, as it was received.
    pub proof: Personal<Vec<u8>>,
    /// Certificates and revocation material.
    pub documents: Documents,
    /// Time-stamp tokens over the signature value (RFC 3161), DER.
    pub time_stamps: Vec<Vec<u8>>,
    /// The account as it stood when it was decided.
    pub account: AccountFacts,
    /// What made the evidence unfit for a real person.
    pub taints: Vec<Taint>,
}

/// The facts of the account that a decision was made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFacts {
    /// How the holder signed in.
    pub login: Login,
    /// How far identity verification had come.
    pub identity: Identity,
    /// Since when there is the account.
    pub created_at: UnixTime,
}
