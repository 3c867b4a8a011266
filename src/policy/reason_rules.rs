//! Which rules stand behind a reason (RSN-28: every reason has its source rule). Whatever the engine or a policy in the tree cites beside a
//! reason is listed here; tests/reasons.rs reads both.

use super::RuleNumber;
use crate::reason::{Class, Reason};

/// The rules behind a reason, the nearest first: a refusal cites one of them, or a rule that an operator's own policy names. A reason
/// that no rule speaks of has none.
pub fn rules_behind(reason: Reason) -> Vec<RuleNumber> {
    use Reason as R;
    let numbers: &[&'static str] = match reason {
        R::CertificateRevoked => &["LAW-08", "CERT-07", "CERT-14", "RSN-29"],
        R::CertificateExpired | R::CertificateNotYetValid => &["LAW-08", "CERT-07"],
        R::CertificateOnHold => &["LAW-08", "CERT-07"],
        R::IssuerNotTrusted | R::PathNotFound => &["LAW-08", "API-41"],
        R::CertificatePurposeMismatch => &["LAW-38", "LAW-01", "LAW-05"],
        R::AlgorithmNotAllowed | R::KeyTooWeak | R::NameConstraintViolated | R::PolicyNotAcceptable => &["RSN-27"],
        R::SignatureInvalid => &["LAW-07", "LAW-08", "RSN-24"],
        R::ChallengeUnknown | R::ChallengeExpired | R::ChallengeAlreadyUsed | R::EvidenceAlreadyUsed => &["RSN-24"],
        R::AudienceMismatch => &["LAW-07"],
        // The engine's own order; then what each step of the wallet waits for.
        R::FlowOutOfOrder => &[
            "RSN-27", "ACC-05", "ATTR-02", "ATTR-03", "BANK-06", "CERT-03", "CERT-06", "CERT-14", "CH-07", "CH-10",
            "CONS-06", "CONS-08", "LAW-12", "LIFE-01", "LIFE-02", "LIFE-03", "MIG-01", "MIG-06", "OUT-01", "OUT-04",
            "REV-04", "REV-06", "REV-07", "SEC-05", "SEC-08", "TRI-06", "TRI-07", "UNIQ-04",
        ],
        R::ValidityUnavailable => &["RSN-20", "RSN-21", "RSN-25", "RSN-26", "CERT-07"],
        R::DependencyUnavailable => &["RSN-20", "RSN-22", "RSN-23", "GATE-02", "GATE-03", "SEC-06"],
        R::RateLimited => &["API-32"],
        R::AttributeMismatch => &["LAW-10", "ATTR-07", "ATTR-09"],
        R::NameOrderMismatch => &["CN-16"],
        R::NameChangedWithoutConsent => &["CONS-05"],
        R::BankHolderNameMismatch => &["ATTR-04", "BANK-01"],
        R::RegistrationRequired => &["CERT-11", "ATTR-06", "BANK-01"],
        R::RelinkAmbiguous => &["LINK-03", "LINK-05"],
        R::DuplicateAccount => &["ACC-12"],
        R::EmailInUse => &["UNIQ-01"],
        R::PhoneInUse => &["UNIQ-02"],
        R::EmailBurnt => &["UNIQ-03"],
        R::AccountLocked => &["GATE-12", "SEC-03", "LIFE-03"],
        R::AccountStoppedByUser => &["GATE-12", "LIFE-01", "LIFE-03"],
        R::AccountStoppedByOperator => &["GATE-12", "LIFE-03", "TRI-06"],
        R::AccountWithdrawn => &["GATE-12", "LIFE-13"],
        R::FeatureRequiresCertificateLogin => {
            &["ACC-08", "GATE-01", "GATE-02", "GATE-03", "GATE-04", "BANK-08", "CERT-02"]
        }
        R::FeatureRequiresMoneyAccount => &["GATE-04"],
        R::FeatureRequiresBankAccount => &["GATE-02", "GATE-03", "GATE-04", "BANK-06", "BANK-08", "CH-09"],
        R::PayoutDestinationLocked => &["BANK-08"],
        R::BankRegistrationStuck => &["BANK-05"],
        R::BalanceAboveWithdrawalLimit => &["LIFE-10"],
        R::TransactionsPending => &["LIFE-11", "LIFE-12"],
        R::ReverificationOverdue => &["REV-03", "GATE-05"],
        R::FeatureNotOffered => &["GATE-11"],
        R::FeatureRequiresHigherTier => &["CN-06", "CN-02", "CN-04", "CN-11", "CN-12"],
        R::FeatureRequiresPassword => &["GATE-09", "CH-10", "LIFE-01", "LIFE-02"],
        R::OneTimePasswordRequired => {
            &["SEC-02", "ATTR-06", "CH-10", "GATE-04", "GATE-07", "LIFE-01", "LIFE-02", "SEC-05"]
        }
        R::StepUpRequired => &["CN-13", "CN-14", "LAW-12"],
        R::BalanceInsufficient => &["GATE-07", "GATE-04", "GATE-08", "CN-02", "CN-04", "CN-12"],
        R::LimitExceeded => &["ACC-17", "CN-02", "CN-03", "CN-04", "CN-05", "CN-11"],
        R::MethodNotAccepted => &["LAW-03", "LAW-05", "LAW-12", "CN-07"],
        R::AccountNotEmpty => &["CN-15"],
        R::OtpIncorrect => &["SEC-01", "SEC-03", "SEC-06", "CERT-13"],
        R::OtpExpired => &["SEC-01", "SEC-03", "SEC-06"],
        R::PasswordIncorrect => &["SEC-03", "MIG-02"],
        R::BankAccountInUse => &["BANK-03"],
        R::IssuanceIncomplete => &["CERT-03", "CERT-07"],
        R::CardSuspended => &["CARD-04"],
        R::ClientUnsupported => &["CH-03", "TRI-02", "CARD-07"],
        R::ClientSessionMissing | R::NetworkFiltered => &["CH-03", "TRI-02"],
        R::DeclarationMissing => &["LAW-11", "REV-01"],
        R::MyNumberPresent => &["LAW-41", "LIFE-04"],
        R::LegacyLoginClosed => &["MIG-04"],
        R::UnderReview => &["LAW-06", "CN-01", "RSN-21", "LIFE-03"],
        R::IdempotencyKeyMissing | R::IdempotencyKeyInProgress => &["API-31"],
        R::IdempotencyKeyReused => &["API-31", "OUT-02"],
        R::CardTypeNotAccepted => &["CARD-05", "CARD-06"],
        R::CertificateNotIssued => &["CERT-03", "ACC-14", "CERT-07", "CERT-09"],
        R::SigningCertificateAbsent => &["CERT-16"],
        R::PinIncorrect => &["CARD-03", "CARD-04"],
        R::PinLocked => &["CARD-03", "CARD-04", "CERT-06"],
        R::PinFormatInvalid => &["CARD-01"],
        R::NfcDisabled | R::NfcUnsupported => &["CARD-07"],
        R::CardLostContact => &["CARD-08"],
        // The engine's own form; then what each step of the wallet asks of its words.
        R::InputMalformed => &[
            "RSN-27", "ACC-17", "ATTR-03", "ATTR-04", "ATTR-06", "CONS-08", "LAW-12", "LIFE-04", "MIG-06", "OUT-01",
            "OUT-02", "SEC-08",
        ],
        // A ruling that this command cannot come to: nothing is said to be done that may not be.
        R::Internal => &["OUT-02"],
        other if other.class() == Class::Outage => &["RSN-20"],
        _ => &[],
    };
    numbers.iter().map(|number| RuleNumber::engine(number)).collect()
}
