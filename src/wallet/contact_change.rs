//! Changing where the holder is reached, and the wallet's password (ATTR-06, SEC-08, CH-02, CH-10, MIG-03).

use super::claim::{Claim, ClaimChange, ClaimKind, Occupancy};
use super::contact::{self, Address};
use super::free_text;
use super::happened::Happened;
use super::notice::Template;
use super::one_time_password::TypedCode;
use super::step::{Refusal, Refusals, Step, Unmet};
use crate::reason::Reason;

/// How a new phone number is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneProof {
    /// By the holder, who still has the old number.
    CodeToOldNumber {
        /// The code sent to the *old* number.
        code: Option<TypedCode>,
        /// A code sent to the new one came back. Before, nothing is told of whether somebody else has it (UNIQ-04).
        new_confirmed: bool,
    },
    /// The old number is out of reach: support, with a ticket (SEC-08, MIG-03).
    Support {
        /// The ticket.
        ticket: String,
    },
}

/// That the new address is the holder's, who is told nothing of anybody else's (UNIQ-04).
pub(super) fn require_new(confirmed: bool) -> Refusals<()> {
    if confirmed { Ok(()) } else { Err(Step::refusal(Reason::FlowOutOfOrder, "UNIQ-04").because("new_address").into()) }
}

/// Why a phone number cannot be the account's: somebody else has it (UNIQ-02), or it is none.
pub(super) fn phone_obstacles(step: &Step<'_>, new: &Address, occupancy: &Occupancy) -> Vec<Refusal> {
    let is_free = *occupancy == Occupancy::Free || is_own(step, occupancy);
    let taken = (!is_free).then(|| Step::refusal(Reason::PhoneInUse, "UNIQ-02"));
    let malformed = contact::require_phone(new.clear.reveal()).err();
    taken.into_iter().chain(malformed.into_iter().flat_map(|Unmet(refusals)| refusals)).collect()
}

/// Why a mail address cannot be the account's: somebody else has it, or had, or it is no address to be kept (UNIQ-01, UNIQ-03).
pub(super) fn email_obstacles(step: &Step<'_>, new: &Address, occupancy: &Occupancy) -> Vec<Refusal> {
    let taken = match occupancy {
        Occupancy::Burnt => Some(Step::refusal(Reason::EmailBurnt, "UNIQ-03")),
        Occupancy::Held(_) if !is_own(step, occupancy) => Some(Step::refusal(Reason::EmailInUse, "UNIQ-01")),
        Occupancy::Free | Occupancy::Held(_) => None,
    };
    let malformed = contact::require_email(new.clear.reveal()).err();
    taken.into_iter().chain(malformed.into_iter().flat_map(|Unmet(refusals)| refusals)).collect()
}

fn is_own(step: &Step<'_>, occupancy: &Occupancy) -> bool {
    matches!(occupancy, Occupancy::Held(_)) && !occupancy.is_held_by_another(&step.wallet.account.id)
}

/// Support changes a phone number on a ticket alone (SEC-08).
pub(super) fn require_ticket(step: &mut Step<'_>, ticket: &str) -> Refusals<()> {
    if ticket.trim().is_empty() {
        return Err(Step::refusal(Reason::InputMalformed, "SEC-08").because("ticket").into());
    }
    free_text::require_name(ticket, "SEC-08")?;
    step.cite(&["SEC-08", "MIG-03"]);
    Ok(())
}

/// Another phone number.
pub(super) fn change_phone(step: &mut Step<'_>, new: Address) -> Refusals<()> {
    exchange(step, ClaimKind::Phone, new)?;
    step.tell(Happened::ContactChanged { phone: true });
    step.mail(Template::PhoneChanged);
    step.cite(&["ATTR-06"]);
    Ok(())
}

/// Another mail address, after signing in, even if the old box is dead (ATTR-06, CH-02).
pub(super) fn change_email(step: &mut Step<'_>, new: Address) -> Refusals<()> {
    exchange(step, ClaimKind::Email, new)?;
    step.tell(Happened::ContactChanged { phone: false });
    step.sms(Template::EmailChanged);
    step.cite(&["ATTR-06", "CH-02"]);
    Ok(())
}

/// The new one in the place of the old, which is free again.
fn exchange(step: &mut Step<'_>, kind: ClaimKind, new: Address) -> Refusals<()> {
    let Some(contact) = &mut step.wallet.facts.contact else {
        return Err(Step::refusal(Reason::RegistrationRequired, "ATTR-06").into());
    };
    let (place, hash) = (if kind == ClaimKind::Phone { &mut contact.phone } else { &mut contact.email }, new.hash);
    let old = std::mem::replace(place, new);
    if hash != old.hash {
        step.claims.push(ClaimChange::Release(Claim { kind, hash: old.hash }));
        step.claims.push(ClaimChange::Take(Claim { kind, hash }));
    }
    Ok(())
}

/// Registers or changes the password, after the link sent by mail and the code sent by SMS (CH-10).
pub(super) fn set_password(step: &mut Step<'_>) {
    step.wallet.facts.password_registered = true;
    step.tell(Happened::PasswordSet);
    step.cite(&["CH-10"]);
}

/// The link sent by mail was followed.
pub(super) fn require_email(confirmed: bool, rule: &'static str) -> Refusals<()> {
    if confirmed { Ok(()) } else { Err(Step::refusal(Reason::FlowOutOfOrder, rule).because("email").into()) }
}
