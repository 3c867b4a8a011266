//! What we say of a document, and what the judge said, in words that can be compared.

use crate::world::{Kind, World};
use honnin::certificate::{Certificate, CertificateError, DerError};
use honnin::validation::{Crl, CrlError, Materials, Parameters, Profile, RevocationRule, RevocationStatus, verify};
use honnin::verdict::{Conclusion, Status};

/// Our word and theirs, once for a certificate, for a list once for each of the two leaves.
pub fn pairs(world: &World, kind: Kind, document: &[u8], theirs: &[u8]) -> Vec<(String, String)> {
    let theirs = String::from_utf8(theirs.to_vec()).unwrap();
    match kind {
        Kind::Certificate => {
            let theirs = if theirs.starts_with("ok ") { theirs } else { format!("no: {theirs}") };
            let ours = of_certificate(world, document);
            match (ours.starts_with("ok "), theirs.starts_with("ok ")) {
                // The same facts, or it is no agreement.
                (true, true) if ours == theirs => vec![("good".to_owned(), "good".to_owned())],
                (true, true) => vec![(format!("reads {ours}"), format!("reads {theirs}"))],
                (true, false) => vec![("good".to_owned(), theirs)],
                (false, true) => vec![(ours, "good".to_owned())],
                (false, false) => vec![(ours, theirs)],
            }
        }
        Kind::List => {
            let theirs = theirs.lines().map(|word| match word {
                "good" | "revoked" => word.to_owned(),
                why => format!("no: {why}"),
            });
            of_list(world, document).into_iter().zip(theirs).collect()
        }
    }
}

fn of_certificate(world: &World, document: &[u8]) -> String {
    let certificate = match Certificate::from_der(document) {
        Ok(certificate) => certificate,
        Err(error) => return format!("no: {}", unreadable(&error)),
    };
    let parameters = Parameters::new(world.at, &world.anchors).with_profile(Profile::Rfc5280);
    let parameters = parameters.with_revocation(RevocationRule::Skip);
    let verdict = verify(&certificate, &Materials::default(), &parameters).verdict;
    if verdict.conclusion() == Conclusion::Yes {
        let serial = certificate.serial().expose_bytes();
        let validity = certificate.validity();
        return format!("ok {} {} {}", number(serial), validity.not_before.seconds(), validity.not_after.seconds());
    }
    let refused =
        verdict.checks().iter().find(|check| matches!(check.status, Status::Failed(_) | Status::Undetermined(_)));
    let check = refused.expect("a reason");
    let why = check.fact("why");
    let why = why.as_ref().and_then(|why| why.as_str()).unwrap_or("");
    let reason = check.status.reason().expect("a reason");
    format!("no: {}, {}, {why}", serde_json::to_value(check.id).unwrap().as_str().unwrap(), reason.code())
}

/// An INTEGER as OpenSSL writes one: hex without leading zeros, two digits at least.
fn number(content: &[u8]) -> String {
    let negative = content.first().is_some_and(|first| first & 0x80 != 0);
    let mut digits = content.to_vec();
    if negative {
        // Two's complement: all bits turned, and one.
        let mut carry = true;
        for octet in digits.iter_mut().rev() {
            let (turned, over) = (!*octet).overflowing_add(u8::from(carry));
            (*octet, carry) = (turned, over);
        }
    }
    let start = digits.iter().take_while(|octet| **octet == 0).count();
    let text = hex::encode_upper(&digits[start..]);
    format!("{}{}", if negative { "-" } else { "" }, if text.is_empty() { "0" } else { &text })
}

fn unreadable(error: &CertificateError) -> String {
    match error {
        CertificateError::Der { part, error } => format!("{part}, {}", der(*error)),
        CertificateError::Extension { error, .. } => format!("extension, {}", der(*error)),
        CertificateError::DuplicateExtension { .. } => "an extension stands twice".to_owned(),
        CertificateError::TrailingData { .. } => "trailing data".to_owned(),
        CertificateError::Truncated { .. } => "cut short".to_owned(),
        other => other.to_string(),
    }
}

fn der(error: DerError) -> String {
    match error {
        DerError::Truncated { .. } => "cut short".to_owned(),
        DerError::TrailingData { .. } => "trailing data".to_owned(),
        DerError::Tag { .. } => "another element".to_owned(),
        DerError::Value(what) => what.to_owned(),
        other => other.to_string(),
    }
}

fn of_list(world: &World, document: &[u8]) -> Vec<String> {
    let list = match Crl::from_der(document) {
        Ok(list) => [list],
        Err(CrlError::Der { part, error }) => return vec![format!("no: {part}, {}", der(error)); 2],
        Err(error) => return vec![format!("no: {error}"); 2],
    };
    let materials = Materials { crls: &list, ..Materials::default() };
    let parameters = Parameters::new(world.at, &world.anchors).with_profile(Profile::Rfc5280);
    let leaves = world.leaves.iter().map(|leaf| match verify(leaf, &materials, &parameters).revocation {
        RevocationStatus::Good(_) => "good".to_owned(),
        RevocationStatus::Revoked { .. } => "revoked".to_owned(),
        RevocationStatus::Undetermined(gap) => format!("no: {}", gap.as_str()),
        RevocationStatus::NotChecked => "no: path".to_owned(),
    });
    leaves.collect()
}
