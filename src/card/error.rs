//! How work with a card ends when it does not end well.

use super::application::Application;
use super::channel::ChannelError;
use super::jpki::CertificateFile;
use crate::apdu::StatusWord;
use crate::reason::Reason;
use crate::secret::SecretKind;

/// What was being done when the card refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Asking for a retry counter.
    QueryCounter,
    /// Reading a file.
    ReadFile,
    /// Setting a secret to a new value.
    ChangeSecret,
    /// Selecting an application.
    SelectApplication,
    /// Having the card sign.
    Sign,
    /// Presenting a secret.
    Verify,
}

/// Why a reader with a pad of its own has no secret for the card (PC/SC part 10 §2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTyped {
    /// Nobody typed in time.
    TimedOut,
    /// The person pressed the key that cancels.
    Cancelled,
    /// Too few digits, or too many.
    WrongLength,
    /// The reader does not take this form of request.
    NotUnderstood,
}

/// A refusal by the card, a broken link, or a caution of ours. Only refusals are about the holder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The link failed.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The card has no JPKI application: not a My Number Card.
    #[error("the card does not have the JPKI application")]
    NotSupported,
    /// The card carries no such certificate, or none that can be read now.
    #[error("the card carries no such certificate")]
    CertificateAbsent {
        /// Which one.
        which: CertificateFile,
    },
    /// The card does not have the application that this work needs, as phones do not have the card face applications.
    #[error("the card does not have this application")]
    ApplicationAbsent {
        /// Which one.
        application: Application,
    },
    /// The card does not have this secret.
    #[error("the card does not have this secret")]
    SecretAbsent {
        /// Which secret.
        kind: SecretKind,
    },
    /// The file is not there, empty, or not readable with what was verified.
    #[error("the file is not there or cannot be read")]
    FileAbsent,
    /// The certificate is there and asks for a secret first: in phones, not on the plastic card.
    #[error("the certificate cannot be read without its secret")]
    CertificateLocked {
        /// Which one.
        which: CertificateFile,
    },
    /// Between the first look and the second, the card became another one. No secret was sent.
    #[error("the card is another one than before")]
    AnotherCard,
    /// The secret was compared and was wrong.
    #[error("the secret was wrong; {remaining:?} attempts are left")]
    SecretIncorrect {
        /// Which secret.
        kind: SecretKind,
        /// Attempts left, where the card has a limit.
        remaining: Option<u8>,
    },
    /// The secret is blocked. Nothing was sent.
    #[error("the secret is blocked")]
    SecretBlocked {
        /// Which secret.
        kind: SecretKind,
    },
    /// The secret was wrong, and this attempt was the last one.
    #[error("the secret was wrong and is blocked now")]
    SecretBlockedNow {
        /// Which secret.
        kind: SecretKind,
    },
    /// One attempt is left and it was not to be spent. Nothing was sent.
    #[error("one attempt is left and was not spent")]
    LastTryRefused {
        /// Which secret.
        kind: SecretKind,
    },
    /// The card does not tell its counter and no attempt was to be risked. Nothing was sent.
    #[error("the card does not tell the attempts left")]
    TriesUnknownRefused {
        /// Which secret.
        kind: SecretKind,
    },
    /// The secret was to be typed on the reader's pad and was not. The card was not asked.
    #[error("the secret was not typed on the reader: {why:?}")]
    NotTyped {
        /// Which secret.
        kind: SecretKind,
        /// Why not.
        why: NotTyped,
    },
    /// A secret was to be sent over a shared channel: a defect of the caller, stopped before the wire.
    #[error("a secret needs exclusive access to the card")]
    ExclusiveAccessNeeded,
    /// A secret of another kind than the key's: stopped before the wire, so that no attempt is lost to a mix-up.
    #[error("another secret unlocks this key")]
    AnotherSecretNeeded {
        /// The kind that is needed.
        kind: SecretKind,
    },
    /// The input of a signature must be 1 to 245 bytes (card.md §5.1). Nothing was sent.
    #[error("{length} bytes cannot be signed")]
    SignatureInput {
        /// Length of the input.
        length: usize,
    },
    /// The card refused.
    #[error("the card refused with status {status}")]
    Refused {
        /// What was being done.
        operation: Operation,
        /// What the card said.
        status: StatusWord,
    },
    /// The card answered what it cannot answer: cut short, too long, not of the form.
    #[error("the card's answer is not one: {what}")]
    UnexpectedAnswer {
        /// What was wrong, without data.
        what: &'static str,
    },
    /// The person interrupted.
    #[error("interrupted")]
    Interrupted,
    /// A procedure waited without asking anything: a defect of ours.
    #[error("a procedure stopped without asking")]
    Stalled,
}

impl CardError {
    /// The reason of the catalogue.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Channel(error) => match error {
                ChannelError::NoService => Reason::NoPcscService,
                ChannelError::NotPermitted => Reason::NotPermitted,
                ChannelError::NoReader => Reason::NoReader,
                ChannelError::NoCard => Reason::NoCard,
                ChannelError::Busy => Reason::ReaderBusy,
                ChannelError::Removed => Reason::CardLostContact,
                ChannelError::Mute | ChannelError::Reset | ChannelError::Broken { .. } => Reason::TransportFailed,
                ChannelError::NoPinPad => Reason::SecretUnavailable,
                ChannelError::NoStatusWord => Reason::NotAnAnswerOfTheCard,
                ChannelError::MaskedData { .. } => Reason::MaskedDataNeeded,
                ChannelError::NotRecorded { .. } => Reason::MalformedData,
                ChannelError::RecordingFailed { .. } => Reason::IoError,
            },
            Self::NotSupported | Self::ApplicationAbsent { .. } | Self::SecretAbsent { .. } | Self::FileAbsent => {
                Reason::NotASupportedCard
            }
            Self::CertificateAbsent { which: CertificateFile::DigitalSignature } => Reason::SigningCertificateAbsent,
            Self::CertificateLocked { .. } => Reason::CardTypeNotAccepted,
            Self::AnotherCard => Reason::CardLostContact,
            Self::CertificateAbsent { .. } => Reason::CertificateNotIssued,
            Self::NotTyped { why: NotTyped::TimedOut | NotTyped::Cancelled, .. } => Reason::Cancelled,
            Self::NotTyped { why: NotTyped::WrongLength, .. } => Reason::PinFormatInvalid,
            Self::NotTyped { why: NotTyped::NotUnderstood, .. } => Reason::SecretUnavailable,
            Self::SecretIncorrect { .. } => Reason::PinIncorrect,
            Self::SecretBlocked { .. } | Self::SecretBlockedNow { .. } => Reason::PinLocked,
            Self::LastTryRefused { .. } => Reason::LastTryRefused,
            Self::TriesUnknownRefused { .. } => Reason::TriesUnknownRefused,
            Self::Refused { .. } | Self::UnexpectedAnswer { .. } => Reason::NotAnAnswerOfTheCard,
            Self::Interrupted => Reason::Interrupted,
            Self::ExclusiveAccessNeeded
            | Self::AnotherSecretNeeded { .. }
            | Self::SignatureInput { .. }
            | Self::Stalled => Reason::Internal,
        }
    }
}
