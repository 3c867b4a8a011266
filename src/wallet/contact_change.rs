//! Changing where the holder is reached, and the wallet's password (ATTR-06, SEC-08, CH-02, CH-10, MIG-03).

use super::claim::{Claim, ClaimChange, ClaimKind, Occupancy};
use super::contact::Address;
use super::free_text;
use super::happened::Happened;
use super::notice::Template;
use super::one_time_password::{self, Operation, TypedCode};
use super::step::{Refusals, Step};
use crate::reason::Reason;

/// How a new phone number is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneProof {
    /// A code sent to the *old* number, which still receives SMS.
    CodeToOldNumber(Option<TypedCode>),
    /// The old number is out of reach: support, with a ticket (SEC-08, MIG-03).
    Support {
        /// The ticket.
        ticket: String,
    },
}

fn require_free(step: &Step<'_>, occupancy: &Occupancy, phone: bool) -> Refusals<()> {
    let own = !occupancy.is_held_by_another(&step.wallet.account.id);
    match (occupancy, phone) {
        (Occupancy::Free, _) => Ok(()),
        (Occupancy::Held(_), _) if own => Ok(()),
        (Occupancy::Burnt, false) => Err(Step::refusal(Reason::EmailBurnt, "UNIQ-03").into()),
        (_, false) => Err(Step::refusal(Reason::EmailInUse, "UNIQ-01").into()),
        (_, true) => Err(Step::refusal(Reason::PhoneInUse, "UNIQ-02").into()),
    }
}

/// Another phone number.
pub(super) fn change_phone(
    step: &mut Step<'_>,
    new: Address,
    occupancy: &Occupancy,
    proof: PhoneProof,
) -> Refusals<()> {
    require_free(step, occupancy, true)?;
    match proof {
        PhoneProof::CodeToOldNumber(code) => {
            one_time_password::consume(step, Operation::PhoneChange, code)?;
            step.cite(&["ATTR-06"]);
        }
        PhoneProof::Support { ticket } if ticket.trim().is_empty() => {
            return Err(Step::refusal(Reason::InputMalformed, "SEC-08").because("ticket").into());
        }
        PhoneProof::Support { ticket } => {
            free_text::require_name(&ticket, "SEC-08")?;
            step.cite(&["SEC-08", "MIG-03"]);
        }
    }
    exchange(step, ClaimKind::Phone, new)?;
    step.tell(Happened::ContactChanged { phone: true });
    step.mail(Template::PhoneChanged);
    Ok(())
}

/// Another mail address, after signing in, even if the old box is dead (ATTR-06, CH-02).
pub(super) fn change_email(step: &mut Step<'_>, new: Address, occupancy: &Occupancy) -> Refusals<()> {
    require_free(step, occupancy, false)?;
    // Not so a phone number: one with its country code has twelve digits itself.
    free_text::require_no_my_number(new.clear.reveal())?;
    exchange(step, ClaimKind::Email, new)?;
    step.tell(Happened::ContactChanged { phone: false });
    step.sms(Template::EmailChanged);
    step.cite(&["ATTR-06", "CH-02"]);
    Ok(())
}

/// An account that was never registered with addresses has none to change.
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

/// Registers or changes the password: the link sent by mail, and a code by SMS (CH-10).
pub(super) fn set_password(step: &mut Step<'_>, email_confirmed: bool, code: Option<TypedCode>) -> Refusals<()> {
    require_email(email_confirmed, "CH-10")?;
    one_time_password::consume(step, Operation::PasswordChange, code)?;
    step.wallet.facts.password_registered = true;
    step.tell(Happened::PasswordSet);
    step.cite(&["CH-10"]);
    Ok(())
}

/// The link sent by mail was followed.
pub(super) fn require_email(confirmed: bool, rule: &'static str) -> Refusals<()> {
    if confirmed { Ok(()) } else { Err(Step::refusal(Reason::FlowOutOfOrder, rule).because("email").into()) }
}
