//! The two account kinds of the wallet as tiers of a file: what an account shows to them (ACC-02, ACC-03), and whether a file's
//! tiers say of every account what those rules say.

use super::{Fact, HeldEvidence, Holdings, LegalMethod, Policy, PolicyError, Risk, RuleBook};
use crate::time::UnixTime;

/// How an account's identity was proven, as far as a tier can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Not, or not yet.
    Not,
    /// By a certificate.
    ByCertificate,
    /// By selfie, before that way was closed (ACC-03, ACC-04).
    BySelfie,
}

/// The kind of evidence that a selfie of old is.
pub(super) const SELFIE: &str = "selfie_legacy";

/// The kinds of account (ACC-01), lowest first.
const KINDS: [&str; 2] = ["cash", "money"];

/// Longer than any lifetime a kind of evidence can have.
const FOR_EVER: i64 = 200 * 366 * 86_400;

impl Policy {
    /// What an account shows to the tiers: how its holder signs in, and how and when the identity was proven.
    pub fn holdings(&self, certificate_login: bool, proven: Proven, since: UnixTime) -> Holdings {
        holdings(self.evidence.value.method, certificate_login, proven, since)
    }
}

fn holdings(method: LegalMethod, certificate_login: bool, proven: Proven, since: UnixTime) -> Holdings {
    let (fact, kind) = match proven {
        Proven::Not => (None, None),
        Proven::ByCertificate => (Some(Fact::CertificateVerification), Some(method.as_str())),
        Proven::BySelfie => (Some(Fact::LegacySelfie), Some(SELFIE)),
    };
    let evidence = kind.map(|kind| HeldEvidence {
        kind: kind.to_owned(),
        // An account has one proof at a time: which organisation it came from divides nothing.
        source: kind.to_owned(),
        checked_at: since,
        expires_at: None,
        revoked_at: None,
    });
    let login = certificate_login.then_some(Fact::CertificateLogin);
    Holdings { facts: login.into_iter().chain(fact).collect(), evidence: evidence.into_iter().collect() }
}

/// Whether the tiers are the wallet's two kinds and say of every account what ACC-02 and ACC-03 say, whatever time passes and
/// whatever is revoked later (ACC-16).
pub(super) fn check(book: &RuleBook, method: LegalMethod, from: UnixTime) -> Result<(), PolicyError> {
    let names: Vec<_> = book.tiers.iter().map(|tier| tier.name.as_str()).collect();
    if names != KINDS {
        return Err(PolicyError::value(
            "tiers",
            "cash and money, in this order, since proof = \"certificate\" (ACC-01)",
        ));
    }
    for kind in [method.as_str(), SELFIE] {
        if book.refusals.contains_key(kind) {
            let place = format!("refusals.{kind}");
            return Err(PolicyError::value(
                place,
                "no refusal of what accounts are money by; effective_to ends a policy",
            ));
        }
    }
    let risks = [Risk::Low, Risk::Normal, Risk::High].map(Risk::as_str);
    for (at, row) in book.step_up.on_use.iter().enumerate() {
        if !row.segments.iter().all(|segment| risks.contains(&segment.as_str())) {
            let place = format!("step_up.on_use[{at}].segments");
            return Err(PolicyError::value(place, "low, normal or high, since proof = \"certificate\""));
        }
    }
    for certificate_login in [true, false] {
        for proven in [Proven::Not, Proven::ByCertificate, Proven::BySelfie] {
            let is_money = proven == Proven::BySelfie || (certificate_login && proven == Proven::ByCertificate);
            let mut held = holdings(method, certificate_login, proven, from);
            let at_once = tier(book, &held, from);
            let later = from.plus_seconds(FOR_EVER);
            for piece in &mut held.evidence {
                piece.revoked_at = Some(from.plus_seconds(1));
            }
            let expected = Some(if is_money { "money" } else { "cash" });
            if at_once != expected {
                return Err(PolicyError::value(
                    "tiers[1].needs",
                    "what is met by a certificate account verified by certificate, and by a selfie of old, only (ACC-02, ACC-03)",
                ));
            }
            if tier(book, &held, later) != expected {
                return Err(PolicyError::value(
                    "tiers[1].needs",
                    "kinds of evidence that neither run out nor lapse: nothing takes money back (ACC-16)",
                ));
            }
        }
    }
    Ok(())
}

fn tier<'a>(book: &'a RuleBook, held: &Holdings, at: UnixTime) -> Option<&'a str> {
    book.tier(held, at).map(|tier| tier.name.as_str())
}
