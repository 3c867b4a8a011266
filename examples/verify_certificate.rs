//! Verify a certificate with a revocation list: every check by name, as of an instant of your choice.
//!
//!     cargo run --example verify_certificate

#![allow(clippy::print_stdout, missing_docs, reason = "an example prints what it found")]

use honnin::anchors::AnchorSet;
use honnin::authority::{Persona, create};
use honnin::certificate::Certificate;
use honnin::validation::{Crl, Materials, Parameters, RevocationStatus, verify};
use honnin::verdict::Conclusion;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A synthetic holder whose certificate is on its list; with real ones these are bytes from files.
    let at = "2026-11-22T12:00:00+09:00".parse()?;
    let holder = create(Persona::Revoked, at, &mut rand_core::OsRng)?;
    let leaf = holder.digital_signature_certificate.as_ref().ok_or("this persona can sign")?;

    let leaf = Certificate::from_der(&leaf.der)?;
    let anchor = Certificate::from_der(holder.digital_signature_ca.certificate())?;
    let lists = [Crl::from_der(&holder.digital_signature_crl)?];

    // For people's certificates: AnchorSet::jpki(), the six production anchors.
    let anchors = AnchorSet::none().with_certificate(anchor, None);
    let materials = Materials { crls: &lists, ..Materials::default() };
    let validation = verify(&leaf, &materials, &Parameters::new(at, &anchors));

    for check in validation.verdict.checks() {
        println!("{:?}: {}", check.id, check.status.as_str());
    }
    if let RevocationStatus::Revoked { at, reason, .. } = validation.revocation {
        println!("revoked at {at}, {}", reason.map_or("no reason given", |reason| reason.as_str()));
    }
    assert!(
        matches!(validation.verdict.conclusion(), Conclusion::No(reason) if reason.code() == "certificate_revoked")
    );
    Ok(())
}
