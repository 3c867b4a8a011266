//! Why bytes are not a certificate.

use super::object_identifier::Oid;
use super::strict_der::DerError;
use crate::reason::Reason;

/// Why bytes are not a certificate, or not one that can be read safely. Says nothing of trust.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// There is none: no byte at all, or only filler. On a card: none was issued, or it was removed.
    #[error("there is no certificate: the file is empty or holds only filler")]
    Absent,
    /// The algorithm inside the signed part differs from the one beside the signature (RFC 5280 §4.1.1.2).
    #[error("the signature algorithm is named twice, differently")]
    AlgorithmsDiffer,
    /// The bytes are not DER, or not a certificate's.
    #[error("{part} is malformed: {error}")]
    Der {
        /// Which part of the certificate.
        part: &'static str,
        /// What is wrong.
        error: DerError,
    },
    /// An extension stands twice (RFC 5280 §4.2).
    #[error("extension {oid} stands twice")]
    DuplicateExtension {
        /// Which one.
        oid: Oid,
    },
    /// The content of an extension is malformed.
    #[error("extension {oid} is malformed: {error}")]
    Extension {
        /// Which one.
        oid: Oid,
        /// What is wrong.
        error: DerError,
    },
    /// Text that looks like PEM is not, or holds no certificate.
    #[error("the PEM text is malformed or holds no certificate")]
    Pem,
    /// The parts do not fit together as a certificate.
    #[error("the parts do not fit together as a certificate")]
    Structure,
    /// Bytes follow that belong to nothing.
    #[error("{bytes} bytes follow the certificate")]
    TrailingData {
        /// How many.
        bytes: usize,
    },
    /// The certificate is cut short.
    #[error("the certificate is cut short: {expected} bytes announced, {found} there")]
    Truncated {
        /// Bytes the header announces.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
}

impl CertificateError {
    /// The reason in the catalogue. What an absent certificate means is for the reader of the card to say.
    pub fn reason(&self) -> Reason {
        Reason::MalformedData
    }

    pub(crate) fn der(part: &'static str) -> impl Fn(DerError) -> Self {
        move |error| Self::Der { part, error }
    }
}
