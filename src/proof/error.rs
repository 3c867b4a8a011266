//! Why a statement was not made, read or accepted.

use crate::crypto::SignatureError;
use crate::reason::Reason;

/// What of a signed statement does not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mismatch {
    /// The signing certificate named by the signed attributes is another one (RFC 5035 §5).
    Certificate,
    /// The content given beside the statement differs from the content inside it.
    Content,
    /// The signed content type is not the one around the content (RFC 5652 §11.1).
    ContentType,
    /// The content has another digest than the signed one (RFC 5652 §11.2).
    MessageDigest,
    /// The signature does not match the signer's key.
    Signature,
    /// The time stamp is over something else, or answers another request.
    TimeStamp,
    /// A signature over signed attributes is passed off as one over content that looks like them.
    SignedAttributesAsContent,
}

/// Why a statement was not made, read or accepted. No variant carries content, names or serials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A digest, signature or key algorithm is not accepted.
    #[error("the algorithm is not accepted")]
    AlgorithmNotAllowed,
    /// The statement is detached and its content was not given.
    #[error("the signature is detached and the content is missing")]
    ContentMissing,
    /// A field of a challenge cannot stand in a statement.
    #[error("{field}: {expected} expected")]
    Field {
        /// The field, by its name in [`super::ChallengeFields`].
        field: &'static str,
        /// What may stand there.
        expected: &'static str,
    },
    /// The key is too weak to be accepted.
    #[error("the key is too weak")]
    KeyTooWeak,
    /// The bytes are not of the form that was asked for.
    #[error("malformed: {what}")]
    Malformed {
        /// The structure that could not be read.
        what: &'static str,
    },
    /// A line of a statement is not of the grammar.
    #[error("line {line} of the statement: {expected} expected")]
    MalformedLine {
        /// Counted from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// Something does not match: somebody may have changed something.
    #[error("mismatch: {0:?}")]
    Mismatch(Mismatch),
    /// The signer's certificate is not among the embedded ones.
    #[error("the signer's certificate is not embedded")]
    SignerCertificateMissing,
    /// The certificate is not meant for time-stamping alone (RFC 3161 §2.3).
    #[error("the certificate is not meant for time-stamping alone")]
    CertificatePurpose,
    /// The time-stamp authority did not grant the request.
    #[error("the time-stamp authority refused (status {status})")]
    TimeStampRefused {
        /// PKIStatus, RFC 3161 §2.4.2.
        status: u8,
    },
    /// More than this door takes.
    #[error("{what}: more than {limit}")]
    TooLarge {
        /// What is too large or too many.
        what: &'static str,
        /// The limit, in bytes or pieces.
        limit: usize,
    },
}

impl ProofError {
    /// The reason in the catalogue of kyc.md §15.3.
    pub const fn reason(self) -> Reason {
        match self {
            Self::AlgorithmNotAllowed => Reason::AlgorithmNotAllowed,
            Self::ContentMissing | Self::Field { .. } => Reason::InputMalformed,
            Self::KeyTooWeak => Reason::KeyTooWeak,
            Self::CertificatePurpose => Reason::CertificatePurposeMismatch,
            Self::TimeStampRefused { .. } => Reason::DependencyUnavailable,
            Self::Malformed { .. }
            | Self::MalformedLine { .. }
            | Self::SignerCertificateMissing
            | Self::TooLarge { .. } => Reason::MalformedData,
            Self::Mismatch(_) => Reason::SignatureInvalid,
        }
    }
}

impl From<SignatureError> for ProofError {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::AlgorithmNotAllowed => Self::AlgorithmNotAllowed,
            SignatureError::KeyMalformed => Self::Malformed { what: "public key" },
            SignatureError::KeyTooWeak => Self::KeyTooWeak,
            SignatureError::Mismatch => Self::Mismatch(Mismatch::Signature),
        }
    }
}
