//! What a certificate of each kind is held to (certificates.md §2.1, §4.1, §6); the tables are in `profile_table`.

use super::name_constraints::is_host;
use super::profile_table::Presence;
use crate::anchors::Origin;
use crate::certificate::{Certificate, GeneralName, Purpose};
use crate::crypto::KeyKind;
use crate::reason::Reason;
use crate::verdict::{Check, CheckId, Warning};
use std::fmt;
use std::str::FromStr;

/// Longest serial number that has to be borne (RFC 5280 §4.1.2.2).
const MAXIMUM_SERIAL_OCTETS: usize = 20;

/// Which rules a certificate is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A signing certificate of an accredited certification business (認定認証事業者, kyc.md LAW-05, LAW-39), below an
    /// authority the caller names.
    AccreditedCaSignature,
    /// RFC 5280 alone: any certificate, any purpose.
    Rfc5280,
    /// 署名用電子証明書
    JpkiDigitalSignature,
    /// 利用者証明用電子証明書
    JpkiUserAuthentication,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 4] =
        [Self::Rfc5280, Self::JpkiDigitalSignature, Self::JpkiUserAuthentication, Self::AccreditedCaSignature];

    /// The profile that fits what the certificate claims to be, else [`Profile::Rfc5280`].
    pub fn fitting(certificate: &Certificate) -> Self {
        match certificate.kind().purpose() {
            Some(Purpose::DigitalSignature) => Self::JpkiDigitalSignature,
            Some(Purpose::UserAuthentication) => Self::JpkiUserAuthentication,
            None => Self::Rfc5280,
        }
    }

    /// The purpose it is for.
    pub fn purpose(self) -> Option<Purpose> {
        match self {
            Self::AccreditedCaSignature | Self::Rfc5280 => None,
            Self::JpkiDigitalSignature => Some(Purpose::DigitalSignature),
            Self::JpkiUserAuthentication => Some(Purpose::UserAuthentication),
        }
    }

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccreditedCaSignature => "accredited-ca-signature",
            Self::Rfc5280 => "rfc5280",
            Self::JpkiDigitalSignature => "jpki-digital-signature",
            Self::JpkiUserAuthentication => "jpki-user-authentication",
        }
    }

    /// Most certificates between leaf and anchor. A JPKI chain has none, and a cross-certificate out of the pinned set must
    /// not be followed (certificates.md §1.1, §1.5).
    pub(super) fn maximum_intermediates(self) -> usize {
        match self {
            Self::AccreditedCaSignature | Self::Rfc5280 => 8,
            Self::JpkiDigitalSignature | Self::JpkiUserAuthentication => 0,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No profile of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such profile (rfc5280, jpki-digital-signature, jpki-user-authentication, accredited-ca-signature)")]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or(UnknownProfile)
    }
}

impl Profile {
    /// certificates.md §4.1 point 1: what reading lets through and this profile does not.
    pub(super) fn check_format(self, leaf: &Certificate) -> Check {
        if self == Self::Rfc5280 {
            // Negative and zero are for users to bear (RFC 5280 §4.1.2.2), longer than 20 octets is not.
            let bearable = leaf.serial().expose_bytes().len() <= MAXIMUM_SERIAL_OCTETS;
            let malformed = Check::failed(CheckId::Format, Reason::MalformedData).with("why", "serial_number");
            return if bearable { Check::passed(CheckId::Format) } else { malformed };
        }
        self.check_lines(CheckId::Format, leaf, None)
    }

    /// What the certificate is for. Policies of the test hierarchy count below a test anchor or one of the caller's only.
    pub(super) fn check_purpose(self, leaf: &Certificate, anchor: Option<Origin>) -> Check {
        if self == Self::Rfc5280 {
            return Check::not_run(CheckId::Purpose);
        }
        self.check_lines(CheckId::Purpose, leaf, anchor)
    }

    /// The first line of the table that is wrong decides the check it belongs to.
    fn check_lines(self, check: CheckId, leaf: &Certificate, anchor: Option<Origin>) -> Check {
        let mut lines = self.lines().iter().filter(|line| line.check() == check);
        match lines.find_map(|line| line.wrong(leaf, anchor)) {
            None => Check::passed(check),
            Some((reason, "")) => Check::failed(check, reason),
            Some((reason, why)) => Check::failed(check, reason).with("why", why),
        }
    }

    /// The table: odd but harmless is a warning, wrong is a failure.
    pub(super) fn check_shape(self, leaf: &Certificate) -> (Check, Vec<Warning>) {
        if self == Self::Rfc5280 {
            return (check_plain_shape(leaf), Vec::new());
        }
        let mut check = Check::passed(CheckId::Profile);
        let mut warnings = Vec::new();
        for line in self.lines() {
            let Some(oid) = line.oid() else { continue };
            let odd = match (leaf.extensions().find(oid), line.presence()) {
                // Told by the check that asks for its value.
                (None, Presence::Required) if line.check() != CheckId::Profile => continue,
                (None, Presence::Required) => {
                    check = Check::failed(CheckId::Profile, Reason::CertificatePurposeMismatch)
                        .with("why", "extension_absent")
                        .with("extension", line.field());
                    continue;
                }
                (None, Presence::Usual) => Warning::new("profile_extension_absent"),
                (Some(_), Presence::Unusual) => Warning::new("profile_extension_unexpected"),
                (Some(extension), _) if line.critical().is_some_and(|critical| critical != extension.critical) => {
                    Warning::new("profile_criticality_differs")
                }
                _ => continue,
            };
            warnings.push(odd.with("extension", line.field()));
        }
        (check, warnings)
    }

    /// Whether a key is strong enough beyond what `crypto` asks of every key (certificates.md §4.1 point 3).
    pub(super) fn accepts_key(self, key: KeyKind) -> bool {
        match key {
            KeyKind::Rsa { exponent: Some(exponent), .. } if self != Self::Rfc5280 => {
                exponent > 65_536 && exponent % 2 == 1
            }
            KeyKind::Rsa { exponent, .. } => exponent.is_none_or(|exponent| exponent > 1 && exponent % 2 == 1),
            KeyKind::P256 | KeyKind::P384 => true,
        }
    }
}

/// RFC 5280 §4.2: what contradicts itself in the certificate that is asked about. Beyond that the plain profile has no shape.
fn check_plain_shape(leaf: &Certificate) -> Check {
    let extensions = leaf.extensions();
    let failed = |reason, why: &'static str| Check::failed(CheckId::Profile, reason).with("why", why);
    let authority = extensions.basic_constraints.is_some_and(|constraints| constraints.ca);
    // §4.2.1.3, §4.2.1.10
    if !authority && extensions.key_usage.is_some_and(|usage| usage.key_cert_sign()) {
        return failed(Reason::CertificatePurposeMismatch, "key_usage_of_an_authority");
    }
    if !authority && extensions.name_constraints.is_some() {
        return failed(Reason::CertificatePurposeMismatch, "name_constraints_of_an_authority");
    }
    // §4.2.1.6
    let malformed = |name: &GeneralName| matches!(name, GeneralName::Dns(name) if !is_host(name));
    if extensions.subject_alternative_names.iter().any(malformed) {
        return failed(Reason::MalformedData, "dns_name");
    }
    Check::not_run(CheckId::Profile)
}
