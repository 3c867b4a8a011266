//! One step of a wallet while it is being decided: the changed facts, and everything that follows from them.

use super::claim::ClaimChange;
use super::facts::Wallet;
use super::happened::Happened;
use super::notice::{Notice, Template};
use crate::policy::{Policy, RuleNumber, StepUpOffer};
use crate::reason::Reason;
use crate::time::UnixTime;
use serde::Serialize;

/// One unmet condition, with what the holder needs to know about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The reason of the catalogue.
    pub reason: Reason,
    /// The word that tells cases of one reason apart (`face_authentication`, `my_auth`); the catalogue's words, no data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detail: Vec<&'static str>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixTime>,
    /// The tier that would allow it, and what that needs, where the policy offers one (CN-06).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Box<StepUpOffer>>,
    /// The rule that says so.
    pub rule: RuleNumber,
}

impl Refusal {
    /// The same, ending at `until`.
    #[must_use]
    pub fn until(mut self, until: UnixTime) -> Self {
        self.until = Some(until);
        self
    }

    /// The same with a telling word.
    #[must_use]
    pub fn because(mut self, word: &'static str) -> Self {
        self.detail.push(word);
        self
    }
}

/// All unmet conditions, in order (GATE-13); at least one.
pub(super) type Refusals<T> = Result<T, Unmet>;

/// The unmet conditions of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmet(pub(super) Vec<Refusal>);

impl From<Refusal> for Unmet {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

/// Ok when nothing is unmet.
pub(super) fn all_met(unmet: Vec<Refusal>) -> Refusals<()> {
    if unmet.is_empty() { Ok(()) } else { Err(Unmet(unmet)) }
}

/// What is being decided.
pub(super) struct Step<'a> {
    pub(super) wallet: Wallet,
    pub(super) policy: &'a Policy,
    pub(super) at: UnixTime,
    pub(super) happened: Vec<Happened>,
    pub(super) claims: Vec<ClaimChange>,
    pub(super) notices: Vec<Notice>,
    pub(super) because: Vec<RuleNumber>,
}

impl<'a> Step<'a> {
    pub(super) fn new(wallet: &Wallet, policy: &'a Policy, at: UnixTime) -> Self {
        Self {
            wallet: wallet.clone(),
            policy,
            at,
            happened: Vec::new(),
            claims: Vec::new(),
            notices: Vec::new(),
            because: Vec::new(),
        }
    }

    pub(super) fn refusal(reason: Reason, rule: &'static str) -> Refusal {
        Refusal { reason, detail: Vec::new(), until: None, offer: None, rule: RuleNumber::engine(rule) }
    }

    /// Names the rules that decided.
    pub(super) fn cite(&mut self, rules: &[&'static str]) {
        for rule in rules {
            let rule = RuleNumber::engine(rule);
            if !self.because.contains(&rule) {
                self.because.push(rule);
            }
        }
    }

    pub(super) fn tell(&mut self, happened: Happened) {
        self.happened.push(happened);
    }

    /// A mail to the holder, who may be nowhere to be reached.
    pub(super) fn mail(&mut self, template: Template) {
        self.notices.extend(Notice::mail(&self.wallet, template, self.at));
    }

    /// An SMS to the holder, who may be nowhere to be reached.
    pub(super) fn sms(&mut self, template: Template) {
        self.notices.extend(Notice::sms(&self.wallet, template, self.at));
    }
}
