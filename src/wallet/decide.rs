//! The one function over it all: a wallet, a request, a policy and an instant in; an answer, the wallet afterwards and everything
//! that follows out. Pure, so that an auditor can repeat it.

use super::balance;
use super::certificates;
use super::claim::ClaimChange;
use super::command::{BankService, Command, Request};
use super::contact;
use super::contact_change;
use super::entrance::enter;
use super::facts::Wallet;
use super::happened::Happened;
use super::life;
use super::notice::{Notice, Template};
use super::one_time_password::{self, Operation, TypedCode};
use super::pending::{self, Asked, Counterpart, Direction};
use super::personal::KeyedHash;
use super::session::{self, Session};
use super::standing::{self, Circumstances, pass};
use super::step::{Refusal, Refusals, Step, Unmet, all_met};
use super::{
    attribute, bank, channel, consent, further_evidence, limit, link, migration, reverification, triage, verification,
};
use crate::policy::{Feature, Policy, RuleNumber};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;

/// What a request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Done,
    /// It had been done before, or there was nothing to do: nothing changed (ACC-15, MIG-06, OUT-02).
    Unchanged,
    /// No: every reason, in order (GATE-13).
    Refused(Vec<Refusal>),
}

impl Answer {
    /// The reasons of a refusal, in order.
    pub fn reasons(&self) -> Vec<Reason> {
        match self {
            Self::Refused(refusals) => refusals.iter().map(|refusal| refusal.reason).collect(),
            Self::Done | Self::Unchanged => Vec::new(),
        }
    }
}

/// An answer with everything that follows from it. A store writes wallet, claims, events and notices together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// What it came to.
    pub answer: Answer,
    /// The wallet afterwards.
    pub wallet: Wallet,
    /// What happened, for the audit log.
    pub happened: Vec<Happened>,
    /// Unique things taken, released, burnt.
    pub claims: Vec<ClaimChange>,
    /// What the holder is told.
    pub notices: Vec<Notice>,
    /// The session of a successful login.
    pub session: Option<Session>,
    /// Rule numbers that decided.
    pub because: Vec<RuleNumber>,
}

/// Decides what becomes of `request`.
///
/// A refusal changes nothing but what a refusal is meant to change: runs of failures, the lock that follows from them, and a
/// one-time password that ran out or was tried too often.
pub fn decide(wallet: &Wallet, request: Request, policy: &Policy, at: UnixTime) -> Ruling {
    let mut step = Step::new(wallet, policy, at);
    balance::expire(&mut step);
    let mut signed_in = None;
    let kind_before = wallet.account.kind();
    let outcome = enter(&step, &request).and_then(|()| carry_out(&mut step, request, &mut signed_in));
    let outcome = outcome.and_then(|()| {
        let kind = step.wallet.account.kind();
        if kind != kind_before {
            step.tell(Happened::KindChanged { from: kind_before, to: kind });
            step.cite(&["ACC-02", "ACC-05"]);
            balance::on_upgrade(&mut step)?;
        }
        Ok(())
    });
    match outcome {
        Ok(()) => {
            let told = !step.happened.is_empty() || !step.notices.is_empty();
            let changed = step.wallet != *wallet || told || signed_in.is_some();
            Ruling {
                answer: if changed { Answer::Done } else { Answer::Unchanged },
                wallet: step.wallet,
                happened: step.happened,
                claims: step.claims,
                notices: step.notices,
                session: signed_in,
                because: step.because,
            }
        }
        Err(Unmet(refusals)) => refuse(wallet, step, refusals),
    }
}

fn refuse(before: &Wallet, step: Step<'_>, refusals: Vec<Refusal>) -> Ruling {
    let mut because: Vec<RuleNumber> = refusals.iter().map(|refusal| refusal.rule.clone()).collect();
    because.dedup();
    let mut wallet = before.clone();
    wallet.facts.failures = step.wallet.facts.failures;
    wallet.facts.one_time_passwords = step.wallet.facts.one_time_passwords;
    wallet.account.holds = step.wallet.account.holds;
    let counted = |happened: &Happened| {
        matches!(happened, Happened::Failed { .. } | Happened::HoldSet { .. } | Happened::OneTimePasswordUsed { .. })
    };
    let told = |template: &Template| matches!(template, Template::FailureWarning { .. } | Template::AccountLocked);
    Ruling {
        answer: Answer::Refused(refusals),
        wallet,
        happened: step.happened.into_iter().filter(counted).collect(),
        claims: Vec::new(),
        notices: step.notices.into_iter().filter(|notice| told(&notice.template)).collect(),
        session: None,
        because,
    }
}

fn carry_out(step: &mut Step<'_>, request: Request, signed_in: &mut Option<Session>) -> Refusals<()> {
    let channel = request.channel;
    match request.command {
        command @ (Command::ChargeFromBank { .. }
        | Command::ExactTopUp { .. }
        | Command::ChargeWithCash { .. }
        | Command::Pay { .. }
        | Command::PayAutomatically { .. }
        | Command::TransferToSelf { .. }
        | Command::OperationEnded { .. }
        | Command::GrantPoints { .. }) => money(step, command),
        command @ (Command::RegisterBank { .. }
        | Command::BeginFinalRegistration { .. }
        | Command::BankPageClosed { .. }
        | Command::BankPageCancelled { .. }
        | Command::BankCompleted { .. }
        | Command::BankRefused { .. }
        | Command::DeleteBank { .. }
        | Command::SelectExactTopUp { .. }
        | Command::SetPayoutDestination { .. }) => banks(step, command),
        command @ (Command::IssueOneTimePassword { .. }
        | Command::SetPassword { .. }
        | Command::Unlock { .. }
        | Command::ChangePhone { .. }
        | Command::ChangeEmail { .. }
        | Command::Stop { .. }
        | Command::Resume { .. }
        | Command::StopByOperator
        | Command::SubmitDocument(_)
        | Command::Release { .. }
        | Command::RestrictChannel { .. }
        | Command::Withdraw { .. }) => life_and_secrets(step, command),
        Command::SignIn(means) => {
            *signed_in = Some(session::sign_in(step, channel, means)?);
            Ok(())
        }
        Command::Sweep => {
            if standing::require_open(step).is_ok() {
                reverification::sweep(step);
                consent::sweep(step);
            }
            Ok(())
        }
        Command::AddEvidence(held) => further_evidence::add(step, held),
        command => person(step, channel, command),
    }
}

fn money(step: &mut Step<'_>, command: Command) -> Refusals<()> {
    let bank_circumstances = |bank: Option<KeyedHash>, service: BankService| Circumstances {
        bank,
        bank_is_open: service.is_open,
        maintenance: service.maintenance,
        ..Circumstances::default()
    };
    match command {
        Command::ChargeFromBank { id, bank, yen, service, code } => {
            let circumstances = bank_circumstances(Some(bank), service);
            let asked = Asked {
                id,
                direction: Direction::ChargeFromBank,
                yen,
                unattended: false,
                counterpart: Some(Counterpart::Bank(bank)),
                names_counterpart: true,
            };
            operate(step, asked, Feature::ChargeFromBank, circumstances, Some((Operation::BankCharge, code)))
        }
        Command::ExactTopUp { id, shortage, bank_minimum, service, unattended } => {
            let selected = step.wallet.facts.banks.living().find(|bank| bank.is_exact_topup).map(|bank| bank.id);
            let yen = bank::exact_top_up_yen(shortage, bank_minimum);
            // Without a selected bank account the gate is asked about none, and says what is missing.
            let circumstances = bank_circumstances(selected, service);
            let asked = Asked {
                id,
                direction: Direction::ChargeFromBank,
                yen,
                unattended,
                counterpart: selected.map(Counterpart::Bank),
                names_counterpart: false,
            };
            operate(step, asked, Feature::ExactTopUp, circumstances, None)
        }
        Command::ChargeWithCash { id, yen } => {
            let circumstances = Circumstances::default();
            let asked = Asked {
                id,
                direction: Direction::ChargeWithCash,
                yen,
                unattended: false,
                counterpart: None,
                names_counterpart: false,
            };
            operate(step, asked, Feature::ChargeWithCash, circumstances, None)
        }
        Command::Pay { id, payee, yen, code } => {
            let asked = payment(id, &payee, yen, false);
            let circumstances = Circumstances { payee: Some(payee), yen, ..Circumstances::default() };
            operate(step, asked, Feature::Pay, circumstances, Some((Operation::Payment, code)))
        }
        Command::PayAutomatically { id, payee, yen } => {
            let asked = payment(id, &payee, yen, true);
            let circumstances = Circumstances { payee: Some(payee), yen, ..Circumstances::default() };
            operate(step, asked, Feature::AutomaticPayment, circumstances, None)
        }
        Command::TransferToSelf { id, yen, code } => {
            let with_fee = yen.saturating_add(step.policy.wallet.bank.self_transfer_fee_yen);
            let circumstances = Circumstances { yen: with_fee, ..Circumstances::default() };
            let destination = step.wallet.facts.banks.payout.and_then(|payout| payout.bank);
            let asked = Asked {
                id,
                direction: Direction::SelfTransfer,
                yen,
                unattended: false,
                counterpart: destination.map(Counterpart::Bank),
                names_counterpart: false,
            };
            operate(step, asked, Feature::SelfTransfer, circumstances, Some((Operation::SelfTransfer, code)))
        }
        Command::OperationEnded { id, ending } => pending::end(step, &id, ending),
        Command::GrantPoints { count, expires_at } => {
            balance::credit_points(step, balance::PointLot { count, expires_at: Some(expires_at) })
        }
        _ => Err(Step::refusal(Reason::Internal, "OUT-02").into()),
    }
}

fn payment(id: pending::OperationId, payee: &str, yen: u64, unattended: bool) -> Asked {
    let counterpart = Some(Counterpart::Payee(Personal::new(payee.to_owned())));
    Asked { id, direction: Direction::Payment, yen, unattended, counterpart, names_counterpart: true }
}

fn operate(
    step: &mut Step<'_>,
    asked: Asked,
    feature: Feature,
    circumstances: Circumstances,
    code: Option<(Operation, Option<TypedCode>)>,
) -> Refusals<()> {
    if pending::is_repeat(step, &asked)? {
        return Ok(());
    }
    let mut further = limit::exceeded(&step.wallet, asked.direction, asked.yen, step.policy, step.at);
    // Before the code is used up: what cannot be begun costs none.
    if let Err(Unmet(malformed)) = asked.require_well_formed() {
        further.extend(malformed);
    }
    pass(step, feature, circumstances, code, further)?;
    pending::begin(step, asked)
}

fn banks(step: &mut Step<'_>, command: Command) -> Refusals<()> {
    let at = |bank| Circumstances { bank: Some(bank), bank_is_open: true, ..Circumstances::default() };
    match command {
        Command::RegisterBank { bank, occupancy } => {
            pass(step, Feature::RegisterBankAccount, at(bank), None, Vec::new())?;
            bank::register(step, bank, &occupancy)
        }
        Command::BeginFinalRegistration { bank } => {
            pass(step, Feature::RegisterBankAccount, at(bank), None, Vec::new())?;
            bank::begin(step, bank)
        }
        Command::BankPageClosed { bank } => bank::page_closed(step, bank),
        Command::BankPageCancelled { bank } => bank::cancelled(step, bank),
        Command::BankCompleted { bank } => bank::completed(step, bank),
        Command::BankRefused { bank, cause } => bank::refused(step, bank, cause),
        Command::DeleteBank { bank, code } => {
            pass(step, Feature::DeleteBankAccount, at(bank), Some((Operation::BankDeletion, code)), Vec::new())?;
            bank::delete(step, bank)
        }
        Command::SelectExactTopUp { bank } => {
            standing::require_no_barrier(step)?;
            bank::select_exact_top_up(step, bank)
        }
        Command::SetPayoutDestination { bank, code } => {
            let code = Some((Operation::PayoutDestination, code));
            pass(step, Feature::SetPayoutDestination, at(bank), code, Vec::new())?;
            bank::set_payout(step, bank);
            Ok(())
        }
        _ => Err(Step::refusal(Reason::Internal, "OUT-02").into()),
    }
}

fn life_and_secrets(step: &mut Step<'_>, command: Command) -> Refusals<()> {
    let none = Circumstances::default;
    match command {
        Command::IssueOneTimePassword { operation, hash } => one_time_password::issue(step, operation, hash),
        Command::SetPassword { email_confirmed, code } => {
            contact_change::require_email(email_confirmed, "CH-10")?;
            pass(step, Feature::ChangePassword, none(), Some((Operation::PasswordChange, code)), Vec::new())?;
            contact_change::set_password(step);
            Ok(())
        }
        Command::Unlock { email_confirmed, code } => {
            if !step.wallet.account.holds.contains(&crate::kyc::Hold::LockedByFailures) {
                return Err(Step::refusal(Reason::FlowOutOfOrder, "SEC-05").into());
            }
            contact_change::require_email(email_confirmed, "SEC-05")?;
            pass(step, Feature::Unlock, none(), Some((Operation::Unlock, code)), Vec::new())?;
            life::unlock(step)
        }
        Command::ChangePhone { new, occupancy, proof } => {
            contact::require_registered(step)?;
            let obstacles = contact_change::phone_obstacles(step, &new, &occupancy);
            match proof {
                contact_change::PhoneProof::CodeToOldNumber { code, new_confirmed } => {
                    contact_change::require_new(new_confirmed)?;
                    let code = Some((Operation::PhoneChange, code));
                    pass(step, Feature::ChangePhone, none(), code, obstacles)?;
                }
                contact_change::PhoneProof::Support { ticket } => {
                    contact_change::require_ticket(step, &ticket)?;
                    all_met(obstacles)?;
                }
            }
            contact_change::change_phone(step, new)
        }
        Command::ChangeEmail { new, new_confirmed, occupancy, code } => {
            contact::require_registered(step)?;
            contact_change::require_new(new_confirmed)?;
            let further = contact_change::email_obstacles(step, &new, &occupancy);
            pass(step, Feature::ChangeEmail, none(), Some((Operation::EmailChange, code)), further)?;
            contact_change::change_email(step, new)
        }
        Command::Stop { code } => {
            pass(step, Feature::Stop, none(), Some((Operation::Stop, code)), Vec::new())?;
            life::stop(step);
            Ok(())
        }
        Command::Resume { code } => {
            if !step.wallet.account.holds.contains(&crate::kyc::Hold::StoppedByUser) {
                return Err(Step::refusal(Reason::FlowOutOfOrder, "LIFE-02").into());
            }
            pass(step, Feature::Resume, none(), Some((Operation::Resume, code)), Vec::new())?;
            life::resume(step)
        }
        Command::StopByOperator => {
            life::stop_by_operator(step);
            Ok(())
        }
        Command::SubmitDocument(document) => life::documents(step, &document),
        Command::Release { call_made, photo_matched } => life::release(step, call_made, photo_matched),
        Command::RestrictChannel { channel, closed } => {
            channel::restrict(step, channel, closed);
            Ok(())
        }
        Command::Withdraw { code } => {
            pass(step, Feature::Withdraw, none(), Some((Operation::Withdrawal, code)), Vec::new())?;
            life::withdraw(step);
            Ok(())
        }
        _ => Err(Step::refusal(Reason::Internal, "OUT-02").into()),
    }
}

fn person(step: &mut Step<'_>, channel: channel::Channel, command: Command) -> Refusals<()> {
    match command {
        Command::CertificatesIssued { issued, consent, romanised_name } => {
            if channel != channel::Channel::Operator {
                require_relinking(step)?;
            }
            reissue(step, issued, consent, romanised_name)
        }
        Command::IssuanceIncomplete { certificate } => certificates::issue_partially(step, certificate),
        Command::DeviceLost => {
            certificates::lose_device(step);
            Ok(())
        }
        Command::RevokeCertificate { certificate, cause } => certificates::revoke(step, certificate, cause),
        Command::CertificateObserved { certificate, serial, found } => {
            certificates::observe(step, certificate, serial, found)
        }
        Command::LocalSecret { certificate, locked } => certificates::local_secret(step, certificate, locked),
        Command::ConsentNotGiven => {
            consent::not_consented(step);
            Ok(())
        }
        Command::WithdrawConsent => consent::withdraw(step),
        Command::PassOn { service, items } => consent::pass_on(step, service, items),
        Command::Migrate(request) => {
            standing::require_no_barrier(step)?;
            migration::migrate(step, *request)
        }
        Command::TakeAttributes(taken) => {
            attribute::take(step, taken);
            Ok(())
        }
        Command::SupportEdit { attribute, value, ticket, edited_by, approved_by } => {
            attribute::support_edit(step, attribute, value, ticket, &edited_by, &approved_by)
        }
        Command::IdentityVerified(verified) => verification::verified(step, *verified),
        Command::ValidityNoted { current } => {
            reverification::note(step, current);
            Ok(())
        }
        Command::SetRisk(risk) => {
            reverification::set_risk(step, risk);
            Ok(())
        }
        Command::RegistrationAttempted => {
            step.mail(Template::RegistrationAttempt);
            step.cite(&["UNIQ-04"]);
            Ok(())
        }
        Command::NetworkSignal => {
            let risk = triage::risk_after_network_signal(step.wallet.facts.reverification.risk);
            reverification::set_risk(step, risk);
            step.cite(&["TRI-07"]);
            Ok(())
        }
        _ => Err(Step::refusal(Reason::Internal, "OUT-02").into()),
    }
}

/// Issued again, a person may not be found any more: then it is for support, who asks by its own channel, and no login comes of it
/// (LINK-03). A first certificate has nothing to be matched with.
fn require_relinking(step: &Step<'_>) -> Refusals<()> {
    let facts = &step.wallet.facts;
    if facts.certificates.present(certificates::WalletCertificate::MySigning).is_none() {
        return Ok(());
    }
    match link::relink(Some((&step.wallet.account.id, &facts.link)), false) {
        link::Relinking::SameAccount(_) => Ok(()),
        link::Relinking::NeverSeen(refusal) | link::Relinking::Ambiguous(refusal) => Err(refusal.into()),
    }
}

/// Issued again: a changed name needs the consent that was in force before (CONS-05).
fn reissue(
    step: &mut Step<'_>,
    issued: certificates::Issued,
    answer: consent::ConsentAnswer,
    romanised_name: KeyedHash,
) -> Refusals<()> {
    let link = &step.wallet.facts.link;
    let name_changed = link.romanised_name.is_some_and(|known| known != romanised_name);
    if name_changed && !step.wallet.consent.is_in_force(step.at) {
        let refusal = Step::refusal(Reason::NameChangedWithoutConsent, "CONS-05");
        return Err(refusal.because("enter_earlier_name").into());
    }
    consent::answer(step, answer);
    let consent_at_issue = step.wallet.consent.is_in_force(step.at);
    let link = &mut step.wallet.facts.link;
    link.romanised_name = Some(romanised_name);
    link.consent_at_issue = consent_at_issue;
    link.updates_since_issue = 0;
    certificates::issue(step, issued);
    step.cite(&["CONS-02", "CONS-05", "LINK-01"]);
    Ok(())
}
