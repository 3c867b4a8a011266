//! What is looked at before a request is decided: who may ask for such a thing at all, whether the way it came is open, and whether
//! the account lives (ATTR-03, LIFE-01 to LIFE-03, TRI-06, GATE-12).

use super::channel::Channel;
use super::command::{Command, Request};
use super::contact_change::PhoneProof;
use super::standing;
use super::step::{Refusal, Refusals, Step};
use crate::reason::Reason;

/// Whether the request may come in.
pub(super) fn enter(step: &Step<'_>, request: &Request) -> Refusals<()> {
    if let Some(refusal) = wrong_hands(request) {
        return Err(refusal.into());
    }
    // Recovery is never closed (GATE-12), wherever it comes from.
    let is_recovery = matches!(
        request.command,
        Command::RevokeCertificate { .. }
            | Command::CertificateObserved { .. }
            | Command::Unlock { .. }
            | Command::Resume { .. }
            | Command::IssueOneTimePassword { .. }
    );
    if !is_recovery && step.wallet.facts.channel_holds.is_closed(request.channel) {
        return Err(Step::refusal(Reason::AccountStoppedByOperator, "TRI-06").because("channel").into());
    }
    let outlives_the_account = matches!(
        request.command,
        // LIFE-14: certificates can be revoked afterwards.
        Command::RevokeCertificate { .. } | Command::CertificateObserved { .. } | Command::Sweep
    );
    if outlives_the_account { Ok(()) } else { standing::require_open(step) }
}

/// What the operator alone decides, and what only banks, issuers and the back end itself can know, never comes from where a holder
/// sits: whoever has the app in hand would edit names, lift stops or end his own payments. And a holder stops and resumes on the
/// web, behind its password: a phone in other hands shall not (GATE-09).
fn wrong_hands(request: &Request) -> Option<Refusal> {
    let operator = |rule| (&[Channel::Operator][..], rule, "operator_only");
    let back_end = |rule| (&[Channel::System, Channel::Operator][..], rule, "back_end_only");
    let web = |rule| (&[Channel::Web][..], rule, "web_only");
    let (ways, rule, word) = match &request.command {
        Command::SupportEdit { .. } => operator("ATTR-03"),
        Command::StopByOperator | Command::Release { .. } => operator("LIFE-03"),
        Command::Stop { .. } => web("LIFE-01"),
        Command::Resume { .. } => web("LIFE-02"),
        Command::RestrictChannel { .. } => operator("TRI-06"),
        Command::SetRisk(_) => operator("REV-06"),
        Command::AddEvidence(_) => operator("LAW-12"),
        Command::ChangePhone { proof: PhoneProof::Support { .. }, .. } => operator("SEC-08"),
        Command::OperationEnded { .. } => back_end("OUT-01"),
        Command::GrantPoints { .. } => back_end("CH-07"),
        Command::BankCompleted { .. } | Command::BankRefused { .. } => back_end("BANK-06"),
        Command::CertificateObserved { .. } => back_end("CERT-14"),
        Command::IdentityVerified(_) => back_end("ACC-05"),
        Command::TakeAttributes(_) => back_end("ATTR-02"),
        Command::ValidityNoted { .. } => back_end("REV-07"),
        Command::RegistrationAttempted => back_end("UNIQ-04"),
        Command::NetworkSignal => back_end("TRI-07"),
        Command::Sweep => back_end("REV-04"),
        // Anybody's: every other one by its name, so that a new one is thought about.
        Command::ChargeFromBank { .. }
        | Command::ExactTopUp { .. }
        | Command::ChargeWithCash { .. }
        | Command::Pay { .. }
        | Command::PayAutomatically { .. }
        | Command::TransferToSelf { .. }
        | Command::RegisterBank { .. }
        | Command::BeginFinalRegistration { .. }
        | Command::BankPageClosed { .. }
        | Command::BankPageCancelled { .. }
        | Command::DeleteBank { .. }
        | Command::SelectExactTopUp { .. }
        | Command::SetPayoutDestination { .. }
        | Command::CertificatesIssued { .. }
        | Command::IssuanceIncomplete { .. }
        | Command::DeviceLost
        | Command::RevokeCertificate { .. }
        | Command::LocalSecret { .. }
        | Command::ConsentNotGiven
        | Command::WithdrawConsent
        | Command::PassOn { .. }
        | Command::Migrate(_)
        | Command::IssueOneTimePassword { .. }
        | Command::SignIn(_)
        | Command::SetPassword { .. }
        | Command::Unlock { .. }
        | Command::ChangePhone { proof: PhoneProof::CodeToOldNumber { .. }, .. }
        | Command::ChangeEmail { .. }
        | Command::SubmitDocument(_)
        | Command::Withdraw { .. } => return None,
    };
    (!ways.contains(&request.channel)).then(|| Step::refusal(Reason::FlowOutOfOrder, rule).because(word))
}
