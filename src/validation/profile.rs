//! What a certificate of each kind looks like: the two JPKI profiles as tables (certificates.md §2.1, §4.1, §6).

use super::name_constraints::is_host;
use crate::anchors::Origin;
use crate::certificate::{Certificate, GeneralName, Purpose, known};
use crate::crypto::KeyKind;
use crate::reason::Reason;
use crate::verdict::{Check, CheckId, Warning};
use const_oid::ObjectIdentifier;
use std::fmt;
use std::str::FromStr;

/// Longest serial number that has to be borne (RFC 5280 §4.1.2.2).
const MAXIMUM_SERIAL_OCTETS: usize = 20;

/// Which rules a certificate is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// RFC 5280 alone: any certificate, any purpose.
    Rfc5280,
    /// 署名用電子証明書
    JpkiDigitalSignature,
    /// 利用者証明用電子証明書
    JpkiUserAuthentication,
}

impl Profile {
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
            Self::Rfc5280 => None,
            Self::JpkiDigitalSignature => Some(Purpose::DigitalSignature),
            Self::JpkiUserAuthentication => Some(Purpose::UserAuthentication),
        }
    }

    /// The word of the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfc5280 => "rfc5280",
            Self::JpkiDigitalSignature => "jpki-digital-signature",
            Self::JpkiUserAuthentication => "jpki-user-authentication",
        }
    }

    /// Most certificates between leaf and anchor. A JPKI chain has none, and a cross-certificate out of the pinned set must
    /// not be followed (certificates.md §1.1, §1.5).
    pub(super) fn maximum_intermediates(self) -> usize {
        match self {
            Self::Rfc5280 => 8,
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
#[error("no such profile (rfc5280, jpki-digital-signature, jpki-user-authentication)")]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Rfc5280, Self::JpkiDigitalSignature, Self::JpkiUserAuthentication]
            .into_iter()
            .find(|profile| profile.as_str() == text)
            .ok_or(UnknownProfile)
    }
}

/// Whether an extension belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// Without it the certificate is another kind: a failure.
    Required,
    /// It is there in every one we know; its absence is odd.
    Usual,
    /// It is absent in every one we know; its presence is odd.
    Unusual,
}

/// One line of a profile: extension, presence, whether it is critical, clause.
struct Line {
    name: &'static str,
    oid: ObjectIdentifier,
    presence: Presence,
    critical: bool,
}

const fn line(name: &'static str, oid: ObjectIdentifier, presence: Presence, critical: bool) -> Line {
    Line { name, oid, presence, critical }
}

use Presence::{Required, Unusual, Usual};

/// certificates.md §6, column of the signature leaf.
static DIGITAL_SIGNATURE: [Line; 9] = [
    line("key_usage", known::KEY_USAGE, Usual, true),
    line("extended_key_usage", known::EXTENDED_KEY_USAGE, Unusual, false),
    line("subject_alternative_name", known::SUBJECT_ALTERNATIVE_NAME, Required, false),
    line("certificate_policies", known::CERTIFICATE_POLICIES, Usual, true),
    line("issuer_alternative_name", known::ISSUER_ALTERNATIVE_NAME, Usual, false),
    line("crl_distribution_points", known::CRL_DISTRIBUTION_POINTS, Usual, false),
    line("authority_information_access", known::AUTHORITY_INFORMATION_ACCESS, Unusual, false),
    line("authority_key_identifier", known::AUTHORITY_KEY_IDENTIFIER, Usual, false),
    line("subject_key_identifier", known::SUBJECT_KEY_IDENTIFIER, Usual, false),
];

/// certificates.md §6, column of the user-authentication leaf.
static USER_AUTHENTICATION: [Line; 9] = [
    line("key_usage", known::KEY_USAGE, Usual, true),
    line("extended_key_usage", known::EXTENDED_KEY_USAGE, Usual, false),
    line("subject_alternative_name", known::SUBJECT_ALTERNATIVE_NAME, Unusual, false),
    line("certificate_policies", known::CERTIFICATE_POLICIES, Usual, true),
    line("issuer_alternative_name", known::ISSUER_ALTERNATIVE_NAME, Usual, false),
    line("crl_distribution_points", known::CRL_DISTRIBUTION_POINTS, Usual, false),
    line("authority_information_access", known::AUTHORITY_INFORMATION_ACCESS, Usual, false),
    line("authority_key_identifier", known::AUTHORITY_KEY_IDENTIFIER, Usual, false),
    line("subject_key_identifier", known::SUBJECT_KEY_IDENTIFIER, Usual, false),
];

impl Profile {
    fn lines(self) -> &'static [Line] {
        match self {
            Self::Rfc5280 => &[],
            Self::JpkiDigitalSignature => &DIGITAL_SIGNATURE,
            Self::JpkiUserAuthentication => &USER_AUTHENTICATION,
        }
    }

    /// certificates.md §4.1 point 1: what reading lets through and this profile does not.
    pub(super) fn check_format(self, leaf: &Certificate) -> Check {
        let malformed = |why: &str| Check::failed(CheckId::Format, Reason::MalformedData).with("why", why);
        if self == Self::Rfc5280 {
            // Negative and zero are for users to bear (RFC 5280 §4.1.2.2), longer than 20 octets is not.
            let bearable = leaf.serial().expose_bytes().len() <= MAXIMUM_SERIAL_OCTETS;
            return if bearable { Check::passed(CheckId::Format) } else { malformed("serial_number") };
        }
        if leaf.version() != 3 {
            malformed("version")
        } else if !leaf.serial().is_conforming() {
            malformed("serial_number")
        } else if leaf.has_defaults_written_out() {
            malformed("not_der")
        } else {
            Check::passed(CheckId::Format)
        }
    }

    /// What the certificate is for. Policies of the test hierarchy count below a test anchor or one of the caller's only.
    pub(super) fn check_purpose(self, leaf: &Certificate, anchor: Option<Origin>) -> Check {
        let Some(purpose) = self.purpose() else { return Check::not_run(CheckId::Purpose) };
        let mismatch = |why: &str| Check::failed(CheckId::Purpose, Reason::CertificatePurposeMismatch).with("why", why);
        let extensions = leaf.extensions();
        // certificates.md §4.1 point 5
        if extensions.basic_constraints.is_some_and(|constraints| constraints.ca) {
            return mismatch("certification_authority");
        }
        let Some(usage) = extensions.key_usage else { return mismatch("key_usage_absent") };
        if usage.key_cert_sign() || usage.crl_sign() {
            return mismatch("key_usage_of_an_authority");
        }
        if !usage.digital_signature() {
            return mismatch("no_digital_signature");
        }
        if purpose == Purpose::DigitalSignature && !usage.non_repudiation() {
            return mismatch("no_non_repudiation");
        }
        // Non-repudiation in an authentication certificate would make a login a signature.
        if purpose == Purpose::UserAuthentication && usage.non_repudiation() {
            return mismatch("non_repudiation");
        }
        if let Some(purposes) = &extensions.extended_key_usage {
            let allows = |id| purposes.iter().any(|one| one.is(id));
            let fits = allows(&known::CLIENT_AUTHENTICATION) || allows(&known::ANY_EXTENDED_KEY_USAGE);
            if purpose == Purpose::UserAuthentication && !fits {
                return mismatch("extended_key_usage");
            }
        }
        let production = leaf.has_policy(&purpose.policy()) && anchor != Some(Origin::Test);
        let test = leaf.has_policy(&purpose.test_policy()) && anchor != Some(Origin::Production);
        match leaf.claimed_purpose() {
            Some(claimed) if claimed != purpose => mismatch("policy_of_other_purpose"),
            _ if production || test => Check::passed(CheckId::Purpose),
            // No policy, the telephone's, or one of the other hierarchy.
            _ => Check::failed(CheckId::Purpose, Reason::PolicyNotAcceptable),
        }
    }

    /// The table: odd but harmless is a warning, wrong is a failure.
    pub(super) fn check_shape(self, leaf: &Certificate) -> (Check, Vec<Warning>) {
        if self == Self::Rfc5280 {
            return (check_plain_shape(leaf), Vec::new());
        }
        let mut check = Check::passed(CheckId::Profile);
        let mut warnings = Vec::new();
        let mut odd = |code, name: &str| warnings.push(Warning::new(code).with("extension", name));
        for line in self.lines() {
            match (leaf.extensions().find(&line.oid), line.presence) {
                (None, Required) => {
                    check = Check::failed(CheckId::Profile, Reason::CertificatePurposeMismatch)
                        .with("why", "extension_absent")
                        .with("extension", line.name);
                }
                (None, Usual) => odd("profile_extension_absent", line.name),
                (Some(_), Unusual) => odd("profile_extension_unexpected", line.name),
                (Some(extension), _) if extension.critical != line.critical => {
                    odd("profile_criticality_differs", line.name);
                }
                _ => {}
            }
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
    let failed = |reason, why: &str| Check::failed(CheckId::Profile, reason).with("why", why);
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
