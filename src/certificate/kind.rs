//! Which of the card's certificates this is, by its policies and its shape (certificates.md §2.3).

use super::object_identifier::{Oid, known};
use super::x509::Certificate;
use const_oid::ObjectIdentifier;
use serde::Serialize;

/// What a holder's certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 署名用電子証明書
    DigitalSignature,
    /// 利用者証明用電子証明書
    UserAuthentication,
}

impl Purpose {
    /// The policy of the card's certificates for this purpose.
    pub const fn policy(self) -> ObjectIdentifier {
        match self {
            Self::DigitalSignature => known::JPKI_DIGITAL_SIGNATURE,
            Self::UserAuthentication => known::JPKI_USER_AUTHENTICATION,
        }
    }

    /// The same in the test hierarchy.
    pub const fn test_policy(self) -> ObjectIdentifier {
        match self {
            Self::DigitalSignature => known::JPKI_TEST_DIGITAL_SIGNATURE,
            Self::UserAuthentication => known::JPKI_TEST_USER_AUTHENTICATION,
        }
    }
}

/// What a certificate claims to be. A claim only: whether it is true, `validation` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// It may sign certificates.
    CertificationAuthority,
    /// 署名用電子証明書, by its policy.
    DigitalSignature,
    /// Any other.
    Other,
    /// 利用者証明用電子証明書, by its policy.
    UserAuthentication,
}

impl CertificateKind {
    /// What `certificate` claims to be.
    pub fn of(certificate: &Certificate) -> Self {
        let extensions = certificate.extensions();
        if extensions.basic_constraints.is_some_and(|constraints| constraints.ca) {
            return Self::CertificationAuthority;
        }
        match certificate.claimed_purpose() {
            Some(Purpose::DigitalSignature) => Self::DigitalSignature,
            Some(Purpose::UserAuthentication) => Self::UserAuthentication,
            None => Self::Other,
        }
    }

    /// The purpose that goes with it.
    pub fn purpose(self) -> Option<Purpose> {
        match self {
            Self::DigitalSignature => Some(Purpose::DigitalSignature),
            Self::UserAuthentication => Some(Purpose::UserAuthentication),
            Self::CertificationAuthority | Self::Other => None,
        }
    }
}

impl Certificate {
    /// What it claims to be.
    pub fn kind(&self) -> CertificateKind {
        CertificateKind::of(self)
    }

    /// The purpose its policies name; `None` when they name none, or both.
    pub fn claimed_purpose(&self) -> Option<Purpose> {
        let names = |purpose: Purpose| self.has_policy(&purpose.policy()) || self.has_policy(&purpose.test_policy());
        match (names(Purpose::DigitalSignature), names(Purpose::UserAuthentication)) {
            (true, false) => Some(Purpose::DigitalSignature),
            (false, true) => Some(Purpose::UserAuthentication),
            _ => None,
        }
    }

    /// Whether its policies say that it belongs to the test hierarchy.
    pub fn claims_test_hierarchy(&self) -> bool {
        self.has_policy(&known::JPKI_TEST_DIGITAL_SIGNATURE) || self.has_policy(&known::JPKI_TEST_USER_AUTHENTICATION)
    }

    /// Whether certificatePolicies lists `policy`.
    pub fn has_policy(&self, policy: &ObjectIdentifier) -> bool {
        self.policies().any(|oid| oid.is(policy))
    }

    /// The policies it lists.
    pub fn policies(&self) -> impl Iterator<Item = &Oid> {
        self.extensions().policies.iter().flatten().map(|information| &information.oid)
    }
}
