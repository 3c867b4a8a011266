//! Further evidence beside the proof an account is verified by: what a policy demands at use of holders at high risk (LAW-12).

use super::facts::Wallet;
use super::free_text;
use super::step::{Refusals, Step};
use crate::policy::{HeldEvidence, Holdings, Policy};
use crate::reason::Reason;

/// Everything the account can show: its own proof, and what was added.
pub(super) fn holdings(wallet: &Wallet, policy: &Policy) -> Holdings {
    let mut holdings = wallet.account.holdings(policy);
    holdings.evidence.extend(wallet.facts.further_evidence.iter().cloned());
    holdings
}

/// Keeps a piece that the operator checked. Which kind of account follows is not its matter: that is the account's own proof.
///
/// A piece of a kind that the file does not have, or refuses, would never count, and is refused.
pub(super) fn add(step: &mut Step<'_>, held: HeldEvidence) -> Refusals<()> {
    free_text::require_words(&held.source, "LAW-12")?;
    let book = &step.policy.book;
    if held.checked_at > step.at {
        return Err(Step::refusal(Reason::InputMalformed, "LAW-12").because("checked_at").into());
    }
    if !book.evidence_kinds.contains_key(&held.kind) || book.refusal(&held.kind, step.at).is_some() {
        return Err(Step::refusal(Reason::MethodNotAccepted, "LAW-12").into());
    }
    let known = &mut step.wallet.facts.further_evidence;
    // The newest word of one source on one kind is its word: a piece that was revoked counts no longer.
    known.retain(|piece| (&piece.kind, &piece.source) != (&held.kind, &held.source));
    known.push(held);
    step.cite(&["LAW-12"]);
    Ok(())
}
