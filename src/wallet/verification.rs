//! What an approved case of `kyc` brings to the wallet: the person, the card's certificate, the attributes and the date
//! (ACC-02, ACC-05, ACC-12, ATTR-01, LINK-02, REV-02).

use super::attribute::{self, AttributeName, Taken};
use super::certificates;
use super::claim::{Claim, ClaimChange, ClaimKind, Found};
use super::happened::Happened;
use super::notice::Template;
use super::personal::KeyedHash;
use super::reverification;
use super::standing;
use super::step::{Refusals, Step};
use crate::kyc::{CaseId, Identity, Login};
use crate::reason::Reason;
use crate::time::UnixTime;

/// What a case found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Which case.
    pub case: CaseId,
    /// The person, and what the store knows of the person.
    pub person: Found,
    /// Keyed hash of the certificate that vouched: its issuer's key and its serial (LAW-35).
    pub certificate: KeyedHash,
    /// The last valid second of that certificate.
    pub until: UnixTime,
    /// What it says (ATTR-01).
    pub taken: Taken,
    /// Whether the purpose of use was declared, which a re-verification needs as well (REV-01).
    pub purpose_declared: bool,
}

/// The account's identity was verified: the kind follows by itself (ACC-05). Verified before, it is a re-verification, and
/// "unchanged" is an outcome (REV-02). The same case a second time changes nothing (ACC-15).
pub(super) fn verified(step: &mut Step<'_>, verified: Verified) -> Refusals<()> {
    standing::require_no_barrier(step)?;
    let facts = &step.wallet.facts;
    if facts.reverification.case.as_ref() == Some(&verified.case) {
        step.cite(&["ACC-15"]);
        return Ok(());
    }
    if step.wallet.account.login != Login::Certificate {
        return Err(Step::refusal(Reason::FeatureRequiresCertificateLogin, "ACC-08").into());
    }
    let is_again = step.wallet.account.identity == Identity::VerifiedCertificate;
    if is_again && !verified.purpose_declared {
        return Err(Step::refusal(Reason::DeclarationMissing, "REV-01").into());
    }
    become_person(step, &verified.person, &verified.taken)?;
    certificates::vouched(step, verified.certificate, verified.until)?;
    let differing = attribute::take(step, verified.taken);
    if is_again {
        reverification::complete(step, verified.case, !differing.is_empty());
    } else {
        step.wallet.account.identity = Identity::VerifiedCertificate;
        reverification::confirm(step, verified.case);
        step.tell(Happened::IdentityVerified);
        step.mail(Template::IdentityVerified);
        step.cite(&["ACC-02", "ACC-05", "REV-01"]);
    }
    step.wallet.account.verified_at = Some(step.at);
    Ok(())
}

/// One person, one account, and an account has one person (ACC-12). Only a changed name of the same account may change the key,
/// and only with the consent that was in force before (CONS-05).
pub(super) fn become_person(step: &mut Step<'_>, person: &Found, taken: &Taken) -> Refusals<()> {
    let duplicate = || Step::refusal(Reason::DuplicateAccount, "ACC-12").because("migrate_or_log_in");
    if person.occupancy.is_held_by_another(&step.wallet.account.id) {
        return Err(duplicate().into());
    }
    let claim = |hash| Claim { kind: ClaimKind::Person, hash };
    match step.wallet.facts.link.person {
        Some(known) if known == person.hash => return Ok(()),
        Some(known) => {
            let birthdate = AttributeName::Birthdate;
            let held = step.wallet.facts.attributes.held.get(&birthdate).map(|held| held.hash);
            if held.is_none() || held != taken.hashes.get(&birthdate).copied() {
                return Err(duplicate().into());
            }
            if !step.wallet.consent.is_in_force(step.at) {
                return Err(Step::refusal(Reason::NameChangedWithoutConsent, "CONS-05").into());
            }
            step.claims.push(ClaimChange::Release(claim(known)));
            step.cite(&["CONS-05"]);
        }
        None => {}
    }
    step.wallet.facts.link.person = Some(person.hash);
    step.claims.push(ClaimChange::Take(claim(person.hash)));
    step.cite(&["ACC-12"]);
    Ok(())
}
