//! Generations of the CAs. All generations of one CA carry the same name, so only the key tells them apart.

use super::pinned;
use crate::certificate::{Certificate, CertificateHead};
use std::fmt;

/// Which generation of the JPKI CAs a key belongs to, in the words of the command-line page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Generation {
    /// 2015, lapsed on 2025-10-19: for old evidence only.
    First,
    /// 2019.
    Second,
    /// 2023, the one that issues.
    Third,
    /// Test hierarchy, 2019.
    Test2019,
    /// Test hierarchy, 2023.
    Test2023,
    /// Test hierarchy, 2024.
    Test2024,
    /// None that we know.
    Unknown,
}

impl Generation {
    /// `1`, `2`, `3`, `test-2019`, `test-2023`, `test-2024`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Second => "2",
            Self::Third => "3",
            Self::Test2019 => "test-2019",
            Self::Test2023 => "test-2023",
            Self::Test2024 => "test-2024",
            Self::Unknown => "unknown",
        }
    }

    /// The generation whose key has this subjectKeyIdentifier.
    pub fn of_key_identifier(identifier: &[u8]) -> Self {
        Self::find(|certificate| certificate.extensions().subject_key_identifier.as_deref() == Some(identifier))
    }

    /// The generation that issued `certificate`, by its authorityKeyIdentifier. A claim, not a check.
    pub fn of_issuer(certificate: &Certificate) -> Self {
        let identifier = certificate.extensions().authority_key_identifier.as_ref();
        identifier.and_then(|aki| aki.key_identifier.as_deref()).map_or(Self::Unknown, Self::of_key_identifier)
    }

    /// The generation of a CA certificate of which only the first bytes were read: serial number and, where they reach
    /// so far, validity. The serial number alone would take a stranger's `01` for the first generation.
    pub fn of_ca_head(head: &CertificateHead) -> Self {
        Self::find(|certificate| {
            *certificate.serial() == head.serial
                && certificate.der().len() == head.length
                && head.validity.is_none_or(|validity| validity == certificate.validity())
        })
    }

    fn find(wanted: impl Fn(&Certificate) -> bool) -> Self {
        pinned::all()
            .iter()
            .find(|anchor| wanted(anchor.certificate()))
            .map_or(Self::Unknown, |anchor| anchor.generation())
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Generation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
