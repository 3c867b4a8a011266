//! What may be shown of a wallet: the kind as it follows, states worked out, and addresses masked for all but the holder (ACC-06,
//! CH-01, CH-06).

use super::balance::Balances;
use super::bank::Payout;
use super::certificates::{CertificateState, WalletCertificate};
use super::channel::Channel;
use super::contact::Contact;
use super::facts::Wallet;
use super::link::LinkState;
use super::standing::{self, Circumstances};
use super::step::Refusal;
use crate::kyc::AccountView;
use crate::policy::{Condition, Feature, Policy, Requirement, ReverificationState};
use crate::time::UnixTime;
use serde::Serialize;

/// Who looks (CH-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The holder, signed in.
    Holder,
    /// Anybody else, operators included.
    Other,
}

/// One feature with everything that keeps it closed (GATE-13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeatureView {
    /// Which.
    pub feature: Feature,
    /// Whether it is open.
    pub open: bool,
    /// What is missing.
    pub missing: Vec<Refusal>,
}

/// A wallet as JSON shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WalletView {
    /// The axes, and the kind that follows from them (ACC-06).
    #[serde(flatten)]
    pub account: AccountView,
    /// Balances as they are now, expired parts left out.
    pub cash_yen: u64,
    /// Money balance.
    pub money_yen: u64,
    /// Points: no balance (CH-07).
    pub points: u64,
    /// When the cash balance expires (ACC-09).
    pub cash_expires_at: Option<UnixTime>,
    /// Until when the pay-out destination is locked (BANK-08).
    pub payout_locked_until: Option<UnixTime>,
    /// Whether a pay-out destination is set.
    pub payout_is_set: bool,
    /// Bank accounts that are registered or being registered.
    pub bank_accounts: usize,
    /// Re-verification.
    pub reverification: ReverificationState,
    /// When the next one is due, by class of risk (REV-06); none is never. Not for the holder, whom a date that moved would tell
    /// of a suspicion (LAW-26): the holder is told when it is due (REV-04).
    pub reverification_due_at: Option<UnixTime>,
    /// Whether a new certificate would find this account.
    pub link: LinkState,
    /// Certificates by name.
    pub certificates: Vec<(WalletCertificate, CertificateState)>,
    /// Ways that are closed (TRI-06).
    pub closed_channels: Vec<Channel>,
    /// Mail address: in clear for the holder alone; none where none is registered.
    pub email: Option<String>,
    /// Phone number: in clear for the holder alone; none where none is registered.
    pub phone: Option<String>,
}

impl WalletView {
    /// What `viewer` may see at `at`.
    pub fn of(wallet: &Wallet, viewer: Viewer, policy: &Policy, at: UnixTime) -> Self {
        let (facts, rules) = (&wallet.facts, &policy.wallet);
        let Balances { money, .. } = facts.balances;
        let due_at = facts.reverification.due_at(&policy.book.reverification);
        let shown = |contact: &Contact| match viewer {
            Viewer::Holder => (contact.email.clear.reveal().clone(), contact.phone.clear.reveal().clone()),
            Viewer::Other => (contact.masked_email(), contact.masked_phone()),
        };
        let (email, phone) = facts.contact.as_ref().map(shown).unzip();
        let certificates = [
            WalletCertificate::MySigning,
            WalletCertificate::MyAuth,
            WalletCertificate::JpkiSigning,
            WalletCertificate::JpkiUserAuth,
        ];
        Self {
            account: AccountView::from(&wallet.account),
            cash_yen: facts.balances.usable_cash(&rules.balance, at),
            money_yen: money.yen,
            points: facts.balances.usable_points(at),
            cash_expires_at: facts.balances.cash_expires_at(&rules.balance).filter(|end| at < *end),
            payout_locked_until: facts.banks.payout_locked_until(&rules.bank, at),
            payout_is_set: facts.banks.payout.is_some_and(|Payout { bank, .. }| bank.is_some()),
            bank_accounts: facts.banks.living().count(),
            reverification: facts.reverification.state(&policy.book.reverification, at),
            reverification_due_at: due_at.filter(|_| viewer == Viewer::Other),
            link: facts.link.state(),
            certificates: certificates.into_iter().map(|it| (it, facts.certificates.state(it))).collect(),
            closed_channels: facts.channel_holds.iter().collect(),
            email,
            phone,
        }
    }
}

/// Every feature of the policy, open or not. Circumstances that a feature needs and that nobody named (which bank account, whether
/// the bank is open, a one-time password) are taken as they would be asked for: the first final bank account, an open bank, the
/// code given.
pub fn features(wallet: &Wallet, policy: &Policy, at: UnixTime) -> Vec<FeatureView> {
    let facts = &wallet.facts;
    let first = facts.banks.living().find(|bank| bank.is_final()).or_else(|| facts.banks.living().next());
    let selected = facts.banks.living().find(|bank| bank.is_exact_topup);
    let features = policy.book.features.keys().copied();
    features
        .map(|feature| {
            let bank = match feature {
                Feature::ExactTopUp => selected.or(first),
                Feature::RegisterBankAccount => None,
                _ => first,
            };
            let bank = bank.map(|bank| bank.id);
            let circumstances =
                Circumstances { bank, bank_is_open: true, code_given: true, ..Circumstances::default() };
            let mut missing = standing::gate(wallet, feature, &circumstances, policy, at);
            let standing = standing::standing(wallet, feature, &circumstances, policy, at);
            let requires = policy.book.features.get(&feature).map_or(&[][..], |rule| &rule.requires);
            // The gate tells what is unmet in its order first.
            for (refusal, unmet) in missing.iter_mut().zip(policy.gate(feature, &standing).unmet()) {
                refusal.detail.extend(telling_words(&unmet.any, requires));
            }
            FeatureView { feature, open: missing.is_empty(), missing }
        })
        .collect()
}

/// The words of a requirement that reason and rule alone do not tell from another one of the same feature (GATE-13): two conditions
/// that are missing would read as one told twice.
fn telling_words(unmet: &[Condition], requires: &[Requirement]) -> Vec<&'static str> {
    let told = |requirement: &Requirement| (requirement.reason, requirement.rules.first().cloned());
    let own = requires.iter().find(|requirement| requirement.any == unmet);
    let alike = own.map_or(0, |own| requires.iter().filter(|other| told(other) == told(own)).count());
    let word = |condition: &Condition| match condition {
        Condition::Fact(fact) => Some(fact.as_str()),
        _ => None,
    };
    if alike > 1 { unmet.iter().filter_map(word).collect() } else { Vec::new() }
}
