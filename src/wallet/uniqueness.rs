//! Who may open a new account, and what a stranger learns from asking: nothing (ACC-12, ACC-14, UNIQ-01 to UNIQ-04, LINK-05).

use super::claim::{Claim, ClaimChange, ClaimKind, Occupancy};
use super::contact::{self, Contact};
use super::kana::is_kana_name;
use super::personal::KeyedHash;
use super::step::{Refusal, Step, Unmet};
use crate::reason::Reason;
use crate::secret::Personal;

/// What the store knows of the things a new account would claim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Of the mail address.
    pub email: Occupancy,
    /// Of the phone number.
    pub phone: Occupancy,
    /// Of kana name and birth date.
    pub name_and_birthdate: Occupancy,
}

/// How far the applicant has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicant {
    /// Typed a mail address and a phone number; may be anybody.
    Stranger,
    /// Entered the one-time password sent to that phone: it is the applicant's. The mail address may still be anybody's.
    PhoneConfirmed,
    /// Followed the link sent to the mail address as well: both are the applicant's.
    BothConfirmed,
}

/// What somebody applies with.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// How far the applicant has come.
    pub applicant: Applicant,
    /// Whether there is a My Number Card, without which there is no way at all (ACC-14).
    pub has_card: bool,
    /// Mail address and phone number, as they were typed.
    pub contact: &'a Contact,
    /// The kana name, as it was typed (ATTR-03).
    pub kana: &'a Personal<String>,
    /// Kana name and birth date together, where the birth date is known by now (LINK-05).
    pub name_and_birthdate: Option<KeyedHash>,
}

/// What an application comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// "If everything is in order, a code is on its way", to the phone at first and to the mail address then: the one answer to
    /// somebody who has not shown that what is asked about is his, whatever is true (UNIQ-04).
    CodeOnItsWay {
        /// The owner of a taken mail address is told of the attempt; the stranger is not told that.
        tell_owner: bool,
    },
    /// No: every reason, and the way to log in or migrate (UNIQ-01, UNIQ-02).
    Refused(Vec<Refusal>),
    /// Yes: these are to be taken with the account.
    Open(Vec<ClaimChange>),
}

/// Judges an application. The person is not known yet: an approval claims him (ACC-12).
///
/// Nobody learns whether an address belongs to a customer before it is shown to be the applicant's: of the phone number by the
/// one-time password, of the mail address by its link or by the phone number that is registered with it (UNIQ-04). What was typed
/// wrongly is told to anybody.
pub fn registration(known: &Known, applied: &Applied<'_>) -> Registration {
    if !applied.has_card {
        return Registration::Refused(vec![Step::refusal(Reason::CertificateNotIssued, "ACC-14").because("card")]);
    }
    let malformed = malformed(applied);
    if !malformed.is_empty() {
        return Registration::Refused(malformed);
    }
    if applied.applicant == Applicant::Stranger {
        return Registration::CodeOnItsWay { tell_owner: false };
    }
    let mut refusals = Vec::new();
    let refusal = Step::refusal;
    let is_of_the_phone = matches!(&known.email, Occupancy::Held(_)) && known.email == known.phone;
    let may_know_of_email = applied.applicant == Applicant::BothConfirmed || is_of_the_phone;
    match known.email {
        _ if !may_know_of_email => {}
        Occupancy::Free => {}
        Occupancy::Held(_) => refusals.push(refusal(Reason::EmailInUse, "UNIQ-01").because("migrate_or_log_in")),
        Occupancy::Burnt => refusals.push(refusal(Reason::EmailBurnt, "UNIQ-03")),
    }
    if known.phone != Occupancy::Free {
        refusals.push(refusal(Reason::PhoneInUse, "UNIQ-02").because("migrate_or_log_in"));
    }
    if known.name_and_birthdate != Occupancy::Free {
        // Two people may share both; a person looks before a second account is opened (LINK-05).
        refusals.push(refusal(Reason::RelinkAmbiguous, "LINK-05").because("contact_support"));
    }
    if !refusals.is_empty() {
        return Registration::Refused(refusals);
    }
    if applied.applicant != Applicant::BothConfirmed {
        return Registration::CodeOnItsWay { tell_owner: known.email != Occupancy::Free };
    }
    let take = |kind, hash| ClaimChange::Take(Claim { kind, hash });
    let contact = applied.contact;
    let mut claims = vec![take(ClaimKind::Email, contact.email.hash), take(ClaimKind::Phone, contact.phone.hash)];
    claims.extend(applied.name_and_birthdate.map(|hash| take(ClaimKind::NameAndBirthdate, hash)));
    Registration::Open(claims)
}

/// What cannot be right, whoever typed it (ATTR-04, ATTR-06, LAW-41).
fn malformed(applied: &Applied<'_>) -> Vec<Refusal> {
    let (email, phone) = (&applied.contact.email.clear, &applied.contact.phone.clear);
    let checks = [contact::require_email(email.reveal()), contact::require_phone(phone.reveal())];
    let kana = (!is_kana_name(applied.kana.reveal()))
        .then(|| Step::refusal(Reason::InputMalformed, "ATTR-04").because("kana"));
    checks.into_iter().filter_map(Result::err).flat_map(|Unmet(refusals)| refusals).chain(kana).collect()
}
