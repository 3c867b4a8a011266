//! Every reason a verdict, a refusal or a failure can have: one row each, one code that never changes its meaning.
//!
//! The table is the contract of kyc.md §15.3 and the command-line page: the code goes to JSON, the exit code to the shell,
//! the HTTP status to the service, and the key of the ja/en text is the code itself. Texts live with the front ends.

use std::fmt;

/// What kind of reason it is (kyc.md §15.3, column "Class").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Shape of a request to the service.
    Api,
    /// The wallet's bank side.
    Bank,
    /// A defect of ours.
    Bug,
    /// The card or a certificate on it.
    Card,
    /// The machine in front of the person.
    Client,
    /// The order of steps.
    Flow,
    /// A feature's condition.
    Gate,
    /// A hold on an account.
    Hold,
    /// Who the person is.
    Identity,
    /// The life of an account.
    Life,
    /// Something needed could not be reached: never the person's fault (RSN-20).
    Outage,
    /// The rules of the operator.
    Policy,
    /// Data that must not be here.
    Privacy,
    /// A person reviews.
    Review,
    /// Something that does not happen by accident.
    Security,
    /// One person, one account.
    Uniqueness,
    /// What the person typed or did.
    User,
}

impl Class {
    /// The word of the catalogue.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Bank => "bank",
            Self::Bug => "bug",
            Self::Card => "card",
            Self::Client => "client",
            Self::Flow => "flow",
            Self::Gate => "gate",
            Self::Hold => "hold",
            Self::Identity => "identity",
            Self::Life => "life",
            Self::Outage => "outage",
            Self::Policy => "policy",
            Self::Privacy => "privacy",
            Self::Review => "review",
            Self::Security => "security",
            Self::Uniqueness => "uniqueness",
            Self::User => "user",
        }
    }
}

struct Row {
    code: &'static str,
    class: Class,
    http: Option<u16>,
    retry_after: bool,
    exit: u8,
    retry: &'static str,
    counts: &'static str,
    who_acts: &'static str,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = ($code:literal, $class:ident, $http:expr, $after:literal, $exit:literal, $retry:literal, $counts:literal, $who:literal);)*) => {
        /// A reason, stable for ever: retired, never reused (RSN-28).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// Every reason, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            const fn row(self) -> Row {
                match self {
                    $(Self::$name => Row {
                        code: $code, class: Class::$class, http: $http, retry_after: $after, exit: $exit,
                        retry: $retry, counts: $counts, who_acts: $who,
                    },)*
                }
            }
        }
    };
}

reasons! {
    /// The input is not of the form that was asked for.
    InputMalformed = ("input_malformed", User, Some(400), false, 30, "yes", "no", "user");
    /// Length or characters of a secret cannot be right; nothing was sent to the card.
    PinFormatInvalid = ("pin_format_invalid", User, Some(400), false, 23, "yes", "no", "user");
    /// The card compared the secret and it was wrong.
    PinIncorrect = ("pin_incorrect", User, Some(422), false, 20, "yes", "card counts", "user");
    /// The secret is blocked.
    PinLocked = ("pin_locked", Card, Some(422), false, 21, "no", "no", "municipality / app");
    /// The phone's NFC is switched off.
    NfcDisabled = ("nfc_disabled", Client, None, false, 13, "yes", "no", "user");
    /// The phone's NFC cannot read the card.
    NfcUnsupported = ("nfc_unsupported", Client, None, false, 12, "no", "no", "user");
    /// The card left the reader.
    CardLostContact = ("card_lost_contact", Client, None, false, 16, "yes", "no", "user");
    /// This kind of card is not accepted by the policy.
    CardTypeNotAccepted = ("card_type_not_accepted", Policy, Some(422), false, 14, "no", "no", "user");
    /// The wallet's own certificates are not issued.
    CertificateNotIssued = ("certificate_not_issued", Card, Some(409), false, 14, "after issuing", "no", "user");
    /// The card carries no signing certificate.
    SigningCertificateAbsent = ("signing_certificate_absent", Card, Some(422), false, 14, "no", "no", "municipality");
    /// The certificate is not valid yet.
    CertificateNotYetValid = ("certificate_not_yet_valid", Card, Some(422), false, 1, "no", "no", "municipality / issuer");
    /// The certificate has expired.
    CertificateExpired = ("certificate_expired", Card, Some(422), false, 1, "no", "no", "municipality / issuer");
    /// The certificate is revoked.
    CertificateRevoked = ("certificate_revoked", Card, Some(422), false, 1, "no", "no", "municipality / issuer");
    /// The certificate is on hold at a CA whose holds can be lifted.
    CertificateOnHold = ("certificate_on_hold", Card, Some(422), false, 1, "no (new case)", "no", "holder");
    /// The issuer is not among the trusted anchors.
    IssuerNotTrusted = ("issuer_not_trusted", Security, Some(422), false, 1, "no", "yes", "user");
    /// The certificate is not meant for this use.
    CertificatePurposeMismatch = ("certificate_purpose_mismatch", Security, Some(422), false, 1, "no", "yes", "user");
    /// A signature or digest algorithm is refused.
    AlgorithmNotAllowed = ("algorithm_not_allowed", Security, Some(422), false, 1, "no", "no", "");
    /// A public key is too weak.
    KeyTooWeak = ("key_too_weak", Security, Some(422), false, 1, "no", "no", "");
    /// A signature does not match.
    SignatureInvalid = ("signature_invalid", Security, Some(422), false, 1, "new challenge", "yes", "user");
    /// The challenge was never issued.
    ChallengeUnknown = ("challenge_unknown", Flow, Some(410), false, 1, "new challenge", "no", "client");
    /// The challenge is too old.
    ChallengeExpired = ("challenge_expired", Flow, Some(410), false, 1, "new challenge", "no", "client");
    /// The challenge was used before.
    ChallengeAlreadyUsed = ("challenge_already_used", Security, Some(409), false, 1, "new challenge", "yes", "client");
    /// The same signature was used before.
    EvidenceAlreadyUsed = ("evidence_already_used", Security, Some(409), false, 1, "no", "yes", "operator");
    /// The statement was made for somebody else.
    AudienceMismatch = ("audience_mismatch", Security, Some(409), false, 1, "restart", "yes", "client");
    /// The steps came in the wrong order.
    FlowOutOfOrder = ("flow_out_of_order", Flow, Some(409), false, 1, "restart", "no", "client");
    /// Revocation could not be determined.
    ValidityUnavailable = ("validity_unavailable", Outage, Some(503), true, 3, "yes", "no", "wait");
    /// A service that is needed cannot be reached.
    DependencyUnavailable = ("dependency_unavailable", Outage, Some(503), true, 3, "yes", "no", "wait");
    /// Too many requests.
    RateLimited = ("rate_limited", Flow, Some(429), true, 3, "yes", "no", "wait");
    /// Given data differ from the certificate.
    AttributeMismatch = ("attribute_mismatch", Identity, Some(422), false, 1, "after correction", "no", "user / support");
    /// Family and given name stand in another order.
    NameOrderMismatch = ("name_order_mismatch", Identity, Some(422), false, 1, "no", "no", "user / support");
    /// The name changed and no consent covers it.
    NameChangedWithoutConsent = ("name_changed_without_consent", Identity, Some(422), false, 1, "no", "no", "user / support");
    /// The bank holds another holder name.
    BankHolderNameMismatch = ("bank_holder_name_mismatch", Bank, Some(422), false, 1, "after support", "no", "support");
    /// There is no account yet.
    RegistrationRequired = ("registration_required", Flow, Some(404), false, 1, "—", "no", "user");
    /// The person is known but cannot be matched to one account.
    RelinkAmbiguous = ("relink_ambiguous", Identity, Some(409), false, 1, "no", "no", "support");
    /// The person already has an account.
    DuplicateAccount = ("duplicate_account", Uniqueness, Some(409), false, 1, "no", "no", "user");
    /// The e-mail address is taken.
    EmailInUse = ("email_in_use", Uniqueness, Some(409), false, 1, "no", "no", "user");
    /// The phone number is taken.
    PhoneInUse = ("phone_in_use", Uniqueness, Some(409), false, 1, "no", "no", "user");
    /// The e-mail address belonged to a withdrawn account.
    EmailBurnt = ("email_burnt", Uniqueness, Some(409), false, 1, "no", "no", "user");
    /// The account is locked after failures.
    AccountLocked = ("account_locked", Hold, Some(403), false, 1, "no", "no", "user / operator");
    /// The account was stopped by its user.
    AccountStoppedByUser = ("account_stopped_by_user", Hold, Some(403), false, 1, "no", "no", "user / operator");
    /// The account was stopped by the operator.
    AccountStoppedByOperator = ("account_stopped_by_operator", Hold, Some(403), false, 1, "no", "no", "user / operator");
    /// The account was withdrawn.
    AccountWithdrawn = ("account_withdrawn", Hold, Some(410), false, 1, "no", "no", "user / operator");
    /// The feature needs a login by certificate.
    FeatureRequiresCertificateLogin = ("feature_requires_certificate_login", Gate, Some(403), false, 1, "after upgrade", "no", "user");
    /// The feature needs a money account.
    FeatureRequiresMoneyAccount = ("feature_requires_money_account", Gate, Some(403), false, 1, "after upgrade", "no", "user");
    /// The feature needs a bank account.
    FeatureRequiresBankAccount = ("feature_requires_bank_account", Gate, Some(403), false, 1, "after upgrade", "no", "user");
    /// The pay-out destination cannot be changed yet.
    PayoutDestinationLocked = ("payout_destination_locked", Gate, Some(409), false, 1, "after date", "no", "wait");
    /// The bank registration is stuck until the next day.
    BankRegistrationStuck = ("bank_registration_stuck", Bank, Some(409), false, 1, "after date", "no", "wait");
    /// The balance is too high to withdraw.
    BalanceAboveWithdrawalLimit = ("balance_above_withdrawal_limit", Life, Some(409), false, 1, "after action", "no", "user");
    /// Transactions are pending.
    TransactionsPending = ("transactions_pending", Life, Some(409), false, 1, "after action", "no", "user");
    /// Re-verification is overdue.
    ReverificationOverdue = ("reverification_overdue", Gate, Some(403), false, 1, "after re-verification", "no", "user");
    /// The policy does not offer the feature.
    FeatureNotOffered = ("feature_not_offered", Gate, Some(403), false, 1, "no", "no", "operator");
    /// The feature needs a higher tier.
    FeatureRequiresHigherTier = ("feature_requires_higher_tier", Gate, Some(403), false, 1, "after upgrade", "no", "user");
    /// The feature needs a password for the web edition.
    FeatureRequiresPassword = ("feature_requires_password", Gate, Some(403), false, 1, "after action", "no", "user");
    /// A one-time password has to be given for this operation.
    OneTimePasswordRequired = ("one_time_password_required", Gate, Some(403), false, 1, "yes", "no", "user");
    /// Further verification is demanded before this use.
    StepUpRequired = ("step_up_required", Gate, Some(403), false, 1, "after upgrade", "no", "user");
    /// The balance does not cover the amount.
    BalanceInsufficient = ("balance_insufficient", Gate, Some(409), false, 1, "after action", "no", "user");
    /// The amount passes a limit of the tier.
    LimitExceeded = ("limit_exceeded", Gate, Some(409), false, 1, "after upgrade", "no", "user");
    /// The policy or the law does not accept this legal method.
    MethodNotAccepted = ("method_not_accepted", Policy, Some(422), false, 1, "no", "no", "user");
    /// Balance, mandates or linked instruments are left.
    AccountNotEmpty = ("account_not_empty", Life, Some(409), false, 1, "after action", "no", "user");
    /// Purpose or occupation is not declared.
    DeclarationMissing = ("declaration_missing", Policy, Some(422), false, 1, "yes", "no", "user");
    /// The input carries an individual number.
    MyNumberPresent = ("my_number_present", Privacy, Some(422), false, 1, "resend without", "no", "sender");
    /// Login by password has ended.
    LegacyLoginClosed = ("legacy_login_closed", Policy, Some(403), false, 1, "no", "no", "user");
    /// A person reviews the case.
    UnderReview = ("under_review", Review, Some(202), false, 3, "poll", "no", "operator");
    /// The request carries no idempotency key.
    IdempotencyKeyMissing = ("idempotency_key_missing", Api, Some(400), false, 1, "yes", "no", "client");
    /// The first request with this key is running.
    IdempotencyKeyInProgress = ("idempotency_key_in_progress", Api, Some(409), false, 1, "yes", "no", "client");
    /// The key was used for another request.
    IdempotencyKeyReused = ("idempotency_key_reused", Api, Some(422), false, 1, "no", "no", "client");
    /// The PC/SC service does not run.
    NoPcscService = ("no_pcsc_service", Client, None, false, 10, "yes", "no", "user");
    /// This session may not use the reader.
    NotPermitted = ("not_permitted", Client, None, false, 11, "after a rule", "no", "user");
    /// There is no reader.
    NoReader = ("no_reader", Client, None, false, 12, "yes", "no", "user");
    /// There is no card.
    NoCard = ("no_card", Client, None, false, 13, "yes", "no", "user");
    /// The card does not answer as a supported card.
    NotASupportedCard = ("not_a_supported_card", Client, None, false, 14, "no", "no", "user");
    /// Another program holds the card.
    ReaderBusy = ("reader_busy", Client, None, false, 15, "yes", "no", "user");
    /// Communication with the card broke.
    TransportFailed = ("transport_failed", Client, None, false, 16, "yes", "no", "user");
    /// Only one attempt is left and it was not to be spent.
    LastTryRefused = ("last_try_refused", Client, None, false, 22, "with --allow-last-try", "no", "user");
    /// The card does not tell the attempts left.
    TriesUnknownRefused = ("tries_unknown_refused", Client, None, false, 22, "with --allow-unknown-tries", "no", "user");
    /// There is no way to ask for the secret.
    SecretUnavailable = ("secret_unavailable", Client, None, false, 23, "yes", "no", "user");
    /// The person cancelled.
    Cancelled = ("cancelled", Client, None, false, 23, "yes", "no", "user");
    /// Data are malformed.
    MalformedData = ("malformed_data", Client, None, false, 30, "no", "no", "user");
    /// The card answered what it cannot answer.
    NotAnAnswerOfTheCard = ("not_an_answer_of_the_card", Card, None, false, 30, "yes", "no", "user");
    /// A file or device failed.
    IoError = ("io_error", Client, None, false, 31, "yes", "no", "user");
    /// The server cannot be reached.
    ServerUnreachable = ("server_unreachable", Outage, None, false, 32, "yes", "no", "wait");
    /// The server refused.
    ServerRefused = ("server_refused", Flow, None, false, 32, "no", "no", "user");
    /// The command line is wrong.
    Usage = ("usage", User, None, false, 2, "yes", "no", "user");
    /// The recording masks data that are needed here.
    MaskedDataNeeded = ("masked_data_needed", Client, None, false, 3, "no", "no", "user");
    /// A recorded card session breaks a rule that protects the holder.
    CardRuleBroken = ("card_rule_broken", Client, None, false, 1, "no", "no", "user");
    /// A run and the recording it was held against differ.
    RecordingDiffers = ("recording_differs", Client, None, false, 1, "no", "no", "user");
    /// No certification path leads to an anchor.
    PathNotFound = ("path_not_found", Security, Some(422), false, 1, "no", "no", "user");
    /// A name constraint is violated.
    NameConstraintViolated = ("name_constraint_violated", Security, Some(422), false, 1, "no", "no", "user");
    /// No acceptable certificate policy is left.
    PolicyNotAcceptable = ("policy_not_acceptable", Security, Some(422), false, 1, "no", "no", "user");
    /// The one-time password is not the one that was sent.
    OtpIncorrect = ("otp_incorrect", User, Some(422), false, 1, "yes", "yes", "user");
    /// The one-time password is too old, was used, or was never sent.
    OtpExpired = ("otp_expired", Flow, Some(410), false, 1, "with a new one", "no", "user");
    /// The login password is wrong.
    PasswordIncorrect = ("password_incorrect", User, Some(422), false, 1, "yes", "yes", "user");
    /// The bank account belongs to an account already.
    BankAccountInUse = ("bank_account_in_use", Uniqueness, Some(409), false, 1, "no", "no", "user / support");
    /// Issuing a certificate was begun and not finished.
    IssuanceIncomplete = ("issuance_incomplete", Card, Some(409), false, 14, "after issuing", "no", "user");
    /// The card was suspended by its holder.
    CardSuspended = ("card_suspended", Card, Some(422), false, 14, "no", "no", "municipality");
    /// The phone's system, the app or the browser is too old.
    ClientUnsupported = ("client_unsupported", Client, None, false, 12, "after an update", "no", "user");
    /// The session is gone: idle for too long, or its cookies are.
    ClientSessionMissing = ("client_session_missing", Client, Some(401), false, 1, "after signing in", "no", "user");
    /// Something on the way filters the connection.
    NetworkFiltered = ("network_filtered", Client, None, false, 32, "without the filter", "no", "user");
    /// A defect of ours.
    Internal = ("internal", Bug, Some(500), false, 70, "no", "no", "operator");
    /// Interrupted by the person.
    Interrupted = ("interrupted", Client, None, false, 130, "yes", "no", "user");
}

impl Reason {
    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }

    /// The stable code, as JSON and the service name it.
    pub const fn code(self) -> &'static str {
        self.row().code
    }

    /// What kind of reason it is.
    pub const fn class(self) -> Class {
        self.row().class
    }

    /// HTTP status in the service; `None` where the reason only arises beside the card.
    pub const fn http_status(self) -> Option<u16> {
        self.row().http
    }

    /// Whether the service answers with `Retry-After` (RSN-22).
    pub const fn sends_retry_after(self) -> bool {
        self.row().retry_after
    }

    /// Exit code of the program.
    pub const fn exit(self) -> u8 {
        self.row().exit
    }

    /// Whether the same input may simply be tried again.
    pub fn retryable(self) -> bool {
        self.row().retry == "yes"
    }

    /// Under which condition another try makes sense, in the catalogue's words: `yes`, `no`, `new challenge`, …
    pub const fn retry(self) -> &'static str {
        self.row().retry
    }

    /// Whether it counts as a failed attempt of the account (SEC-06); the card keeps its own counters.
    pub fn counts_as_failure(self) -> bool {
        self.row().counts == "yes"
    }

    /// What counts it, in the catalogue's words: `yes` the account, `card counts` the card's own counter, `no` nothing.
    pub const fn counted(self) -> &'static str {
        self.row().counts
    }

    /// Who can act, most likely first; empty where nobody can.
    pub fn who_acts(self) -> impl Iterator<Item = &'static str> {
        self.row().who_acts.split(" / ").filter(|who| !who.is_empty())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Reason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::from_code(&code).ok_or_else(|| serde::de::Error::custom("unknown reason code"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: HashSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
        }
        assert_eq!(Reason::from_code("no_such_reason"), None);
    }

    #[test]
    fn an_outage_never_counts_as_a_failure() {
        // RSN-20, SEC-06
        for reason in Reason::ALL.iter().filter(|reason| reason.class() == Class::Outage) {
            assert!(!reason.counts_as_failure(), "{reason}");
        }
    }
}
