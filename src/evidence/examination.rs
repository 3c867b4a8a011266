//! The examination of one proof, in the order of RSN-27.

use super::documents::{Documents, documents};
use super::facts::{
    Attributes, CertificateFacts, CertificateKind, Evidence, Fingerprint, RevocationFacts, SignatureDigest,
};
use super::order;
use crate::anchors::AnchorSet;
use crate::certificate::{Birthdate, Certificate, CertificateKind as ClaimedKind};
use crate::crypto::sha256;
use crate::proof::{Challenge, ProofError, SignedStatement, Signer, Statement, VerifiedSigner};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::validation::{Materials, Parameters, Profile, RevocationStatus, Validation, VerifiedPath, verify};
use crate::verdict::{Check, CheckId, Status, Taint, Verdict};

/// What a proof is judged by. Nothing in here comes from the holder.
#[derive(Clone, Copy)]
pub struct Grounds<'a> {
    /// Lists and whatever else can answer for revocation; none of it is an outage, not a "good" (RSN-20).
    pub materials: Materials<'a>,
    /// The trusted authorities.
    pub anchors: &'a AnchorSet,
    /// What the caller knows to be unfit for a real person: a simulated card, a recording (API-41).
    pub taints: &'a [Taint],
}

/// Reads a proof: a CMS SignedData with exactly one signer, whose certificate is embedded. `None` is a failed format check;
/// nothing was verified yet.
pub fn read(proof: &[u8]) -> Option<SignedStatement> {
    let signed = SignedStatement::parse(proof).ok()?;
    match signed.signers() {
        [signer] if signer.certificate() != Err(ProofError::SignerCertificateMissing) => Some(signed),
        _ => None,
    }
}

/// Examines a proof against the challenge it answers, which was consumed before (RSN-24), for `audience`, as of `at`.
///
/// Every check of [`super::ORDER`] but the policy's own is made, until one is decisive.
pub fn examine(
    signed: &SignedStatement,
    challenge: &Challenge,
    audience: &str,
    grounds: &Grounds<'_>,
    at: UnixTime,
) -> Evidence {
    let mut found = Verdict::new();
    grounds.taints.iter().for_each(|taint| found.taint(*taint));
    found.record(Check::passed(CheckId::Format));
    found.record(Check::passed(CheckId::Challenge));
    found.record(check_audience(signed, challenge, audience));
    let signer = signed.signers().first();
    let validation = match signer.map(Signer::certificate) {
        Some(Ok(der)) => validate(&mut found, der, grounds, at),
        // The signed attributes name another certificate than the signer does.
        Some(Err(error)) => {
            found.record(Check::failed(CheckId::Signature, error.reason()));
            None
        }
        None => None,
    };
    if let Some(Err(error)) = signer.map(Signer::algorithm) {
        found.record(Check::failed(CheckId::Algorithm, error.reason()));
    }
    let verified = if validation.is_some() && order::is_open_at(CheckId::Signature, &found) {
        let verified = verify_signature(signed, challenge);
        found.record(match &verified {
            Ok(_) => Check::passed(CheckId::Signature),
            Err(error) => Check::failed(CheckId::Signature, error.reason()),
        });
        verified.ok()
    } else {
        None
    };
    let verdict = order::settle(&found);
    let passed = |id| verdict.check(id).is_some_and(|check| check.status == Status::Passed);
    let path = validation.as_ref().and_then(|validation| validation.path.as_ref());
    let attributes = if passed(CheckId::Attributes) { path.and_then(attributes) } else { None };
    let documents = match (&validation, signer.map(Signer::certificate)) {
        (Some(validation), Some(Ok(der))) if passed(CheckId::Revocation) => Certificate::from_der(der)
            .ok()
            .and_then(|leaf| documents(&leaf, validation, &grounds.materials, grounds.anchors, at)),
        _ => None,
    };
    let revocation = validation.as_ref().filter(|_| passed(CheckId::Signature));
    let signature = verified;
    Evidence {
        certificate: path.map(certificate_facts),
        attributes,
        revocation: revocation.map(|validation| revocation_facts(validation, documents.as_ref(), at)),
        documents,
        signed_at: signature.as_ref().and_then(VerifiedSigner::signing_time),
        signature: signature.map(|signer| SignatureDigest(sha256(signer.signature()))),
        examined_at: at,
        verdict,
    }
}

/// Path, purpose, dates and revocation of the signer's certificate.
fn validate(found: &mut Verdict, der: &[u8], grounds: &Grounds<'_>, at: UnixTime) -> Option<Validation> {
    // An approval rests on what is read here: two readers have to find the same.
    let twice = |certificate: Certificate| certificate.second_reading().map(|()| certificate);
    let Ok(certificate) = Certificate::from_der(der).and_then(twice) else {
        found.record(Check::failed(CheckId::Format, Reason::InputMalformed).with("why", "certificate"));
        return None;
    };
    let validation = verify(&certificate, &grounds.materials, &Parameters::new(at, grounds.anchors));
    found.absorb(validation.verdict.clone());
    if validation.profile != Profile::JpkiDigitalSignature {
        // LAW-38: an identity is proved by the signing certificate and by no other.
        found.record(Check::failed(CheckId::Purpose, Reason::CertificatePurposeMismatch));
    }
    Some(validation)
}

/// The statement has to be for us, by what was issued and by what was signed.
fn check_audience(signed: &SignedStatement, challenge: &Challenge, audience: &str) -> Check {
    let named = signed.content().and_then(|content| Statement::parse(content).ok());
    let named = named.as_ref().map_or(audience, |statement| statement.challenge().audience());
    if challenge.audience() == audience && named == audience {
        Check::passed(CheckId::Audience)
    } else {
        Check::failed(CheckId::Audience, Reason::AudienceMismatch)
    }
}

/// Over exactly the document that was handed out (LAW-07, LAW-08), whatever content came with the proof.
fn verify_signature(signed: &SignedStatement, challenge: &Challenge) -> Result<VerifiedSigner, ProofError> {
    let verified = signed.verify(Some(challenge.statement().as_bytes()))?;
    verified.signers().first().cloned().ok_or(ProofError::Malformed { what: "CMS without signers" })
}

fn certificate_facts(path: &VerifiedPath) -> CertificateFacts {
    let certificate = path.end_entity();
    CertificateFacts {
        kind: match certificate.kind() {
            ClaimedKind::DigitalSignature => CertificateKind::DigitalSignature,
            ClaimedKind::UserAuthentication => CertificateKind::UserAuthentication,
            ClaimedKind::CertificationAuthority | ClaimedKind::Other => CertificateKind::Other,
        },
        issuer: certificate.issuer().to_string(),
        issuer_generation: path.anchor().generation().as_str().to_owned(),
        validity: certificate.validity(),
        fingerprint: Fingerprint(certificate.fingerprint()),
        serial: Personal::new(certificate.serial().expose_hex()),
    }
}

fn attributes(path: &VerifiedPath) -> Option<Attributes> {
    let attributes = path.attributes()?;
    Some(Attributes {
        name: attributes.name.map(|name| Personal::new(name.reveal().to_owned())),
        birthdate: attributes.birthdate.as_ref().and_then(Birthdate::reveal).map(Personal::new),
        address: attributes.address.map(|address| Personal::new(address.reveal().to_owned())),
    })
}

fn revocation_facts(validation: &Validation, documents: Option<&Documents>, at: UnixTime) -> RevocationFacts {
    let currency = match validation.revocation {
        RevocationStatus::Good(currency) | RevocationStatus::Revoked { currency, .. } => Some(currency),
        RevocationStatus::Undetermined(_) | RevocationStatus::NotChecked => None,
    };
    // Of one document the digest; several have none of their own.
    let source = documents.and_then(|documents| match documents.revocation.as_slice() {
        [one] => Some(sha256(&one.der)),
        _ => None,
    });
    RevocationFacts {
        checked_at: at,
        this_update: currency.map(|currency| currency.this_update),
        next_update: currency.map(|currency| currency.next_update),
        source,
    }
}
