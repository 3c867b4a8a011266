//! Check a proof as a back end would: the statement it asked for, the signature, path and revocation, the attributes.
//!
//!     cargo run --example check_proof

#![allow(clippy::print_stdout, missing_docs, reason = "an example prints what it found")]

use honnin::anchors::AnchorSet;
use honnin::authority::{Issued, Persona, SIGNING_PASSWORD, create};
use honnin::card::{Caution, Key, Session};
use honnin::certificate::Certificate;
use honnin::evidence::{Grounds, examine, read};
use honnin::holder::sign;
use honnin::proof::{Challenge, ChallengeFields, ChallengeId, NONCE_BYTES, Placement};
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::SimulatedCard;
use honnin::time::UnixTime;
use honnin::transport::SimulatedChannel;
use honnin::validation::{Crl, Materials};
use honnin::verdict::{Conclusion, Taint};
use rand_core::RngCore;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now: UnixTime = "2026-11-22T12:00:00+09:00".parse()?;
    let audience = "https://wallet.example/kyc";
    let (mut id, mut nonce) = ([0; 16], [0; NONCE_BYTES]);
    rand_core::OsRng.fill_bytes(&mut id);
    rand_core::OsRng.fill_bytes(&mut nonce);
    let challenge = Challenge::new(ChallengeFields {
        id: ChallengeId::from_random(id),
        case: "case_1".to_owned(),
        account: "account_1".to_owned(),
        audience: audience.to_owned(),
        purpose: "本人確認".to_owned(),
        transaction: "マネーアカウントへの移行を申し込みます。".to_owned(),
        issued_at: now,
        expires_at: now.plus_seconds(600),
        nonce,
    })?;

    let holder = create(Persona::Adult, now, &mut rand_core::OsRng)?;
    let proof = the_holder_signs(&holder, &challenge, now)?;

    // From here on: the back end. It must consume the challenge in its store first, once and for all (RSN-24).
    let anchor = Certificate::from_der(holder.digital_signature_ca.certificate())?;
    let anchors = AnchorSet::none().with_certificate(anchor, None);
    let lists = [Crl::from_der(&holder.digital_signature_crl)?];
    let materials = Materials { crls: &lists, ..Materials::default() };
    let grounds = Grounds { materials, anchors: &anchors, taints: &[Taint::SimulatedCard] };

    let signed = read(&proof).ok_or("not a proof")?;
    let evidence = examine(&signed, &challenge, audience, &grounds, now);
    for check in evidence.verdict().checks() {
        println!("{:?}: {}", check.id, check.status.as_str());
    }
    assert_eq!(evidence.verdict().conclusion(), Conclusion::Yes);
    Ok(())
}

/// What happens at the holder's desk.
fn the_holder_signs(
    holder: &Issued,
    challenge: &Challenge,
    at: UnixTime,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let (password, _) = Secret::new(SecretKind::DigitalSignature, SIGNING_PASSWORD.as_bytes())?;
    let statement = challenge.statement();
    let mut session = Session::new(SimulatedChannel::new(SimulatedCard::from_file(holder.card.clone())?));
    let (key, caution, content) = (Key::DigitalSignature, Caution::default(), statement.as_bytes());
    let signed =
        session.run(async |card| sign(card, key, &password, caution, content, Placement::Attached, at).await)?;
    Ok(signed.cms.into_inner())
}
