//! The tables behind the profiles: field, presence, criticality, value, clause. `docs/profiles.md` is made of them.

use super::profile::Profile;
use crate::anchors::Origin;
use crate::certificate::{Certificate, KeyUsage, Purpose, known};
use crate::reason::Reason;
use crate::verdict::CheckId;
use const_oid::ObjectIdentifier;

/// Whether a field belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It may be there or not.
    Optional,
    /// Without it the certificate is another kind: a failure.
    Required,
    /// It is absent in every one we know; its presence is odd.
    Unusual,
    /// It is there in every one we know; its absence is odd.
    Usual,
}

impl Presence {
    /// The word of the tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
            Self::Unusual => "unusual",
            Self::Usual => "usual",
        }
    }
}

/// What a field has to say. Anything else is wrong, and a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Anything,
    CallersAnchor,
    ClientAuthentication,
    DerThroughout,
    NotAnAuthority,
    Policy(Purpose),
    PositiveSerial,
    SigningUsage(Usage),
    Version3,
}

/// What the key of a holder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Usage {
    /// Digital signature, and not non-repudiation: a login must not be a signature.
    LoginOnly,
    /// Digital signature and non-repudiation.
    Signature,
    /// Either of them.
    AnySignature,
}

/// One line of a profile.
#[derive(Clone, Copy, Debug)]
pub struct ProfileLine {
    field: &'static str,
    oid: Option<ObjectIdentifier>,
    presence: Presence,
    critical: Option<bool>,
    value: Value,
    check: CheckId,
    clause: &'static str,
}

impl ProfileLine {
    /// The field, by the name it has in warnings and failures.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Whether it belongs.
    pub const fn presence(&self) -> Presence {
        self.presence
    }

    /// Whether it is critical in every one we know; `None` for what is no extension, or where nothing is known.
    pub const fn critical(&self) -> Option<bool> {
        self.critical
    }

    /// What it has to say, in words.
    pub const fn value(&self) -> &'static str {
        match self.value {
            Value::Anything => "anything",
            Value::CallersAnchor => "an authority the operator names; none is built in",
            Value::ClientAuthentication => "clientAuth or anyExtendedKeyUsage",
            Value::DerThroughout => "DER throughout; defaults are not written out",
            Value::NotAnAuthority => "not a certification authority",
            Value::Policy(Purpose::DigitalSignature) => {
                "1.2.392.200149.8.5.1.1.20; below a test anchor 1.2.392.200149.8.5.1.0.20"
            }
            Value::Policy(Purpose::UserAuthentication) => {
                "1.2.392.200149.8.5.1.3.30; below a test anchor 1.2.392.200149.8.5.1.0.30"
            }
            Value::PositiveSerial => "positive, at most 20 octets",
            Value::SigningUsage(Usage::LoginOnly) => {
                "digitalSignature, without nonRepudiation, keyCertSign and cRLSign"
            }
            Value::SigningUsage(Usage::Signature) => {
                "digitalSignature and nonRepudiation, without keyCertSign and cRLSign"
            }
            Value::SigningUsage(Usage::AnySignature) => {
                "digitalSignature or nonRepudiation, without keyCertSign and cRLSign"
            }
            Value::Version3 => "3",
        }
    }

    /// The check that fails when it is wrong.
    pub const fn check(&self) -> CheckId {
        self.check
    }

    /// Where this is said.
    pub const fn clause(&self) -> &'static str {
        self.clause
    }

    pub(super) const fn oid(&self) -> Option<&ObjectIdentifier> {
        self.oid.as_ref()
    }

    /// What is wrong with this field of a certificate, if anything is; the second word may be empty.
    pub(super) fn wrong(&self, leaf: &Certificate, anchor: Option<Origin>) -> Option<(Reason, &'static str)> {
        let extensions = leaf.extensions();
        let mismatch = |why| Some((Reason::CertificatePurposeMismatch, why));
        let malformed = |wrong: bool, why| wrong.then_some((Reason::MalformedData, why));
        match self.value {
            Value::Anything => None,
            Value::CallersAnchor => match anchor {
                None | Some(Origin::Caller) => None,
                Some(Origin::Production | Origin::Test) => mismatch("anchor_not_named_by_the_operator"),
            },
            Value::ClientAuthentication => {
                let purposes = extensions.extended_key_usage.as_ref()?;
                let allows = |id| purposes.iter().any(|one| one.is(id));
                let fits = allows(&known::CLIENT_AUTHENTICATION) || allows(&known::ANY_EXTENDED_KEY_USAGE);
                if fits { None } else { mismatch("extended_key_usage") }
            }
            Value::DerThroughout => malformed(leaf.has_defaults_written_out(), "not_der"),
            Value::NotAnAuthority => match extensions.basic_constraints {
                Some(constraints) if constraints.ca => mismatch("certification_authority"),
                _ => None,
            },
            Value::Policy(purpose) => {
                let production = leaf.has_policy(&purpose.policy()) && anchor != Some(Origin::Test);
                let test = leaf.has_policy(&purpose.test_policy()) && anchor != Some(Origin::Production);
                match leaf.claimed_purpose() {
                    Some(claimed) if claimed != purpose => mismatch("policy_of_other_purpose"),
                    _ if production || test => None,
                    // No policy, the telephone's, or one of the other hierarchy.
                    _ => Some((Reason::PolicyNotAcceptable, "")),
                }
            }
            Value::PositiveSerial => malformed(!leaf.serial().is_conforming(), "serial_number"),
            Value::SigningUsage(wanted) => match extensions.key_usage {
                None => mismatch("key_usage_absent"),
                Some(usage) => wanted.lacks(usage).and_then(mismatch),
            },
            Value::Version3 => malformed(leaf.version() != 3, "version"),
        }
    }
}

impl Usage {
    fn lacks(self, usage: KeyUsage) -> Option<&'static str> {
        if usage.key_cert_sign() || usage.crl_sign() {
            return Some("key_usage_of_an_authority");
        }
        match self {
            Self::AnySignature if usage.digital_signature() || usage.non_repudiation() => None,
            Self::AnySignature => Some("no_digital_signature"),
            Self::LoginOnly | Self::Signature if !usage.digital_signature() => Some("no_digital_signature"),
            Self::Signature if !usage.non_repudiation() => Some("no_non_repudiation"),
            // Non-repudiation in an authentication certificate would make a login a signature.
            Self::LoginOnly if usage.non_repudiation() => Some("non_repudiation"),
            Self::LoginOnly | Self::Signature => None,
        }
    }
}

/// What is no extension, or is never the subject of a remark.
const fn inner(field: &'static str, value: Value, check: CheckId, clause: &'static str) -> ProfileLine {
    ProfileLine { field, oid: None, presence: Presence::Required, critical: None, value, check, clause }
}

const fn extension(
    field: &'static str,
    oid: ObjectIdentifier,
    presence: Presence,
    critical: Option<bool>,
    value: Value,
    clause: &'static str,
) -> ProfileLine {
    let check = if matches!(value, Value::Anything) { CheckId::Profile } else { CheckId::Purpose };
    ProfileLine { field, oid: Some(oid), presence, critical, value, check, clause }
}

use Presence::{Optional, Required, Unusual, Usual};
use Value::{Anything, CallersAnchor, ClientAuthentication, DerThroughout, NotAnAuthority, Policy, PositiveSerial};
use Value::{SigningUsage, Version3};

const VERSION: ProfileLine =
    inner("version", Version3, CheckId::Format, "RFC 5280 §4.1.2.1; certificates.md §4.1 point 1");
const SERIAL_NUMBER: ProfileLine =
    inner("serial_number", PositiveSerial, CheckId::Format, "RFC 5280 §4.1.2.2; certificates.md §4.1 point 1");
const ENCODING: ProfileLine =
    inner("encoding", DerThroughout, CheckId::Format, "X.690 §11.5; certificates.md §4.1 point 1");
const HOLDER: ProfileLine =
    inner("basic_constraints", NotAnAuthority, CheckId::Purpose, "RFC 5280 §4.2.1.9; certificates.md §4.1 point 5");
const MEASURED: &str = "certificates.md §6";

static DIGITAL_SIGNATURE: [ProfileLine; 13] = [
    VERSION,
    SERIAL_NUMBER,
    ENCODING,
    HOLDER,
    extension(
        "key_usage",
        known::KEY_USAGE,
        Required,
        Some(true),
        SigningUsage(Usage::Signature),
        "certificates.md §4.1 point 5, §6",
    ),
    extension("extended_key_usage", known::EXTENDED_KEY_USAGE, Unusual, Some(false), Anything, MEASURED),
    extension(
        "certificate_policies",
        known::CERTIFICATE_POLICIES,
        Required,
        Some(true),
        Policy(Purpose::DigitalSignature),
        "certificates.md §2.3, §6",
    ),
    extension(
        "subject_alternative_name",
        known::SUBJECT_ALTERNATIVE_NAME,
        Required,
        Some(false),
        Anything,
        "certificates.md §2.2, §6",
    ),
    extension("issuer_alternative_name", known::ISSUER_ALTERNATIVE_NAME, Usual, Some(false), Anything, MEASURED),
    extension(
        "crl_distribution_points",
        known::CRL_DISTRIBUTION_POINTS,
        Usual,
        Some(false),
        Anything,
        "certificates.md §3.3, §6",
    ),
    extension(
        "authority_information_access",
        known::AUTHORITY_INFORMATION_ACCESS,
        Unusual,
        Some(false),
        Anything,
        MEASURED,
    ),
    extension("authority_key_identifier", known::AUTHORITY_KEY_IDENTIFIER, Usual, Some(false), Anything, MEASURED),
    extension("subject_key_identifier", known::SUBJECT_KEY_IDENTIFIER, Usual, Some(false), Anything, MEASURED),
];

static USER_AUTHENTICATION: [ProfileLine; 13] = [
    VERSION,
    SERIAL_NUMBER,
    ENCODING,
    HOLDER,
    extension(
        "key_usage",
        known::KEY_USAGE,
        Required,
        Some(true),
        SigningUsage(Usage::LoginOnly),
        "certificates.md §4.1 point 5, §6",
    ),
    extension("extended_key_usage", known::EXTENDED_KEY_USAGE, Usual, Some(false), ClientAuthentication, MEASURED),
    extension(
        "certificate_policies",
        known::CERTIFICATE_POLICIES,
        Required,
        Some(true),
        Policy(Purpose::UserAuthentication),
        "certificates.md §2.3, §6",
    ),
    extension("subject_alternative_name", known::SUBJECT_ALTERNATIVE_NAME, Unusual, Some(false), Anything, MEASURED),
    extension("issuer_alternative_name", known::ISSUER_ALTERNATIVE_NAME, Usual, Some(false), Anything, MEASURED),
    extension(
        "crl_distribution_points",
        known::CRL_DISTRIBUTION_POINTS,
        Usual,
        Some(false),
        Anything,
        "certificates.md §3.3, §6",
    ),
    extension(
        "authority_information_access",
        known::AUTHORITY_INFORMATION_ACCESS,
        Usual,
        Some(false),
        Anything,
        MEASURED,
    ),
    extension("authority_key_identifier", known::AUTHORITY_KEY_IDENTIFIER, Usual, Some(false), Anything, MEASURED),
    extension("subject_key_identifier", known::SUBJECT_KEY_IDENTIFIER, Usual, Some(false), Anything, MEASURED),
];

/// Every such authority writes its own profile, and none is published where we could read it: what is not common to all is
/// optional here, and the operator names anchor and policies (LAW-05, LAW-39).
static ACCREDITED_CA_SIGNATURE: [ProfileLine; 13] = [
    VERSION,
    SERIAL_NUMBER,
    ENCODING,
    inner("anchor", CallersAnchor, CheckId::Purpose, "kyc.md LAW-05, LAW-39"),
    HOLDER,
    extension(
        "key_usage",
        known::KEY_USAGE,
        Required,
        Some(true),
        SigningUsage(Usage::AnySignature),
        "RFC 5280 §4.2.1.3",
    ),
    extension("extended_key_usage", known::EXTENDED_KEY_USAGE, Optional, None, Anything, "RFC 5280 §4.2.1.12"),
    extension(
        "certificate_policies",
        known::CERTIFICATE_POLICIES,
        Usual,
        None,
        Anything,
        "RFC 5280 §4.2.1.4; which ones, the operator says",
    ),
    extension(
        "subject_alternative_name",
        known::SUBJECT_ALTERNATIVE_NAME,
        Optional,
        None,
        Anything,
        "kyc.md LAW-39: name, address and date of birth stand where the authority puts them",
    ),
    extension(
        "crl_distribution_points",
        known::CRL_DISTRIBUTION_POINTS,
        Usual,
        Some(false),
        Anything,
        "RFC 5280 §4.2.1.13; kyc.md LAW-39",
    ),
    extension(
        "authority_information_access",
        known::AUTHORITY_INFORMATION_ACCESS,
        Optional,
        Some(false),
        Anything,
        "RFC 5280 §4.2.2.1",
    ),
    extension(
        "authority_key_identifier",
        known::AUTHORITY_KEY_IDENTIFIER,
        Usual,
        Some(false),
        Anything,
        "RFC 5280 §4.2.1.1",
    ),
    extension(
        "subject_key_identifier",
        known::SUBJECT_KEY_IDENTIFIER,
        Optional,
        Some(false),
        Anything,
        "RFC 5280 §4.2.1.2",
    ),
];

impl Profile {
    /// Its table, in the order in which failures are told; empty for plain RFC 5280, which has no shape of its own.
    pub fn lines(self) -> &'static [ProfileLine] {
        match self {
            Self::AccreditedCaSignature => &ACCREDITED_CA_SIGNATURE,
            Self::JpkiDigitalSignature => &DIGITAL_SIGNATURE,
            Self::JpkiUserAuthentication => &USER_AUTHENTICATION,
            Self::Rfc5280 => &[],
        }
    }
}
