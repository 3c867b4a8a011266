//! Extensions of a certificate, typed (RFC 5280 §4.2).

use super::error::CertificateError;
use super::general_name::{DistributionPoint, GeneralName};
use super::object_identifier::{Oid, known};
use super::octets::Part;
use super::serial::SerialNumber;
use super::strict_der::{
    self, DerError, IA5_STRING, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, constructed, primitive,
};
use super::x509::Certificate;
use std::fmt;

/// An extension as it stands in the certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Extension {
    /// Which extension.
    pub oid: Oid,
    /// Whether one who does not know it must refuse the certificate.
    pub critical: bool,
    pub(super) value: Part,
}

impl Extension {
    /// The DER inside its OCTET STRING. May carry personal data (subjectAltName).
    pub fn value(&self) -> &[u8] {
        self.value.as_slice()
    }
}

/// Without the value, which may carry personal data.
impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let critical = if self.critical { ", critical" } else { "" };
        write!(f, "Extension({}{critical}, {} bytes)", self.oid, self.value().len())
    }
}

/// The named bits of keyUsage (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// digitalSignature
    pub fn digital_signature(self) -> bool {
        self.0 & 1 != 0
    }

    /// nonRepudiation, since X.509 (2008) contentCommitment
    pub fn non_repudiation(self) -> bool {
        self.0 & (1 << 1) != 0
    }

    /// keyCertSign
    pub fn key_cert_sign(self) -> bool {
        self.0 & (1 << 5) != 0
    }

    /// cRLSign
    pub fn crl_sign(self) -> bool {
        self.0 & (1 << 6) != 0
    }

    /// All bits; bit 0 is digitalSignature.
    pub fn bits(self) -> u16 {
        self.0
    }
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the key may sign certificates.
    pub ca: bool,
    /// Most intermediate certificates that may follow.
    pub path_length: Option<u32>,
}

/// authorityKeyIdentifier (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityKeyIdentifier {
    /// The issuer's key, as its subjectKeyIdentifier names it.
    pub key_identifier: Option<Vec<u8>>,
    /// Who issued the issuer's certificate.
    pub issuer: Vec<GeneralName>,
    /// Its serial number there.
    pub serial: Option<SerialNumber>,
}

impl AuthorityKeyIdentifier {
    /// Whether it may mean the key of `issuer`: key identifiers decide where both are there, issuer and serial number of the
    /// issuer's certificate where they cannot ("the identification may be based on either"). What it does not name, it
    /// does not exclude.
    pub fn may_mean(&self, issuer: &Certificate) -> bool {
        match (&self.key_identifier, &issuer.extensions().subject_key_identifier) {
            (Some(named), Some(own)) => named == own,
            _ => {
                let names = || self.issuer.iter().filter(|name| matches!(name, GeneralName::Directory(_)));
                let its_issuer = GeneralName::Directory(issuer.issuer().clone());
                self.serial.as_ref().is_none_or(|serial| serial == issuer.serial())
                    && (names().next().is_none() || names().any(|name| *name == its_issuer))
            }
        }
    }

    pub(crate) fn read(value: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
        let identifier = Self {
            key_identifier: reader.optional(primitive(0))?.map(<[u8]>::to_vec),
            issuer: reader.optional(constructed(1))?.map(GeneralName::read_all).transpose()?.unwrap_or_default(),
            serial: reader.optional(primitive(2))?.map(SerialNumber::from_content).transpose()?,
        };
        reader.finish()?;
        Ok(identifier)
    }
}

/// One entry of certificatePolicies (RFC 5280 §4.2.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInformation {
    /// The policy.
    pub oid: Oid,
    /// Where its practice statement is.
    pub cps_uris: Vec<String>,
}

/// policyConstraints (RFC 5280 §4.2.1.11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyConstraints {
    /// After so many certificates a policy is required.
    pub require_explicit_policy: Option<u32>,
    /// After so many certificates nothing is mapped.
    pub inhibit_policy_mapping: Option<u32>,
}

/// nameConstraints (RFC 5280 §4.2.1.10). Subtrees with a minimum or maximum are refused when read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameConstraints {
    /// Subtrees that names must lie in.
    pub permitted: Vec<GeneralName>,
    /// Subtrees that names must not lie in.
    pub excluded: Vec<GeneralName>,
}

/// Every extension this room knows, typed, and the list of all as it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extensions {
    /// All, in the order of the certificate.
    pub all: Vec<Extension>,
    /// authorityKeyIdentifier
    pub authority_key_identifier: Option<AuthorityKeyIdentifier>,
    /// basicConstraints
    pub basic_constraints: Option<BasicConstraints>,
    /// Addresses of the issuer's certificate (authorityInfoAccess, id-ad-caIssuers).
    pub ca_issuers_uris: Vec<String>,
    /// cRLDistributionPoints
    pub crl_distribution_points: Vec<DistributionPoint>,
    /// extKeyUsage
    pub extended_key_usage: Option<Vec<Oid>>,
    /// inhibitAnyPolicy
    pub inhibit_any_policy: Option<u32>,
    /// issuerAltName
    pub issuer_alternative_names: Vec<GeneralName>,
    /// keyUsage
    pub key_usage: Option<KeyUsage>,
    /// nameConstraints
    pub name_constraints: Option<NameConstraints>,
    /// Addresses of OCSP responders (authorityInfoAccess, id-ad-ocsp).
    pub ocsp_uris: Vec<String>,
    /// certificatePolicies
    pub policies: Option<Vec<PolicyInformation>>,
    /// policyConstraints
    pub policy_constraints: Option<PolicyConstraints>,
    /// policyMappings: issuer's policy, subject's policy
    pub policy_mappings: Vec<(Oid, Oid)>,
    /// subjectAltName
    pub subject_alternative_names: Vec<GeneralName>,
    /// subjectKeyIdentifier
    pub subject_key_identifier: Option<Vec<u8>>,
    /// Critical extensions that nobody here processes, known or not: whoever relies on the certificate must refuse it.
    pub unknown_critical: Vec<Oid>,
}

impl Extensions {
    /// Types one extension more.
    pub(crate) fn add(&mut self, extension: Extension) -> Result<(), CertificateError> {
        if self.all.iter().any(|other| other.oid == extension.oid) {
            return Err(CertificateError::DuplicateExtension { oid: extension.oid });
        }
        let processed =
            self.read(&extension).map_err(|error| CertificateError::Extension { oid: extension.oid.clone(), error })?;
        if !processed && extension.critical {
            self.unknown_critical.push(extension.oid.clone());
        }
        self.all.push(extension);
        Ok(())
    }

    /// The extension with this identifier.
    pub fn find(&self, oid: &const_oid::ObjectIdentifier) -> Option<&Extension> {
        self.all.iter().find(|extension| extension.oid.is(oid))
    }

    /// Whether what it says is processed where paths and revocation are judged. What is read only to be shown or asked for is
    /// not (certificates.md §4.1 point 7: "known but unprocessed: do not mark as known").
    fn read(&mut self, extension: &Extension) -> Result<bool, DerError> {
        let (oid, value) = (&extension.oid, extension.value.as_slice());
        let is = |known| oid.is(known);
        if is(&known::AUTHORITY_KEY_IDENTIFIER) {
            self.authority_key_identifier = Some(AuthorityKeyIdentifier::read(value)?);
        } else if is(&known::SUBJECT_KEY_IDENTIFIER) {
            self.subject_key_identifier = Some(strict_der::only(value, OCTET_STRING)?.to_vec());
        } else if is(&known::KEY_USAGE) {
            let bits = strict_der::named_bits(strict_der::only(value, strict_der::BIT_STRING)?)?;
            // RFC 5280 §4.2.1.3: at least one is set.
            if bits == 0 {
                return Err(DerError::Value("list of key usages"));
            }
            self.key_usage = Some(KeyUsage(bits));
        } else if is(&known::CERTIFICATE_POLICIES) {
            let (policies, qualifiers_known) = policies(value)?;
            self.policies = Some(policies);
            return Ok(qualifiers_known);
        } else if is(&known::POLICY_MAPPINGS) {
            self.policy_mappings = policy_mappings(value)?;
        } else if is(&known::SUBJECT_ALTERNATIVE_NAME) {
            self.subject_alternative_names = GeneralName::read_all(strict_der::only(value, SEQUENCE)?)?;
        } else if is(&known::ISSUER_ALTERNATIVE_NAME) {
            self.issuer_alternative_names = GeneralName::read_all(strict_der::only(value, SEQUENCE)?)?;
            return Ok(false);
        } else if is(&known::BASIC_CONSTRAINTS) {
            self.basic_constraints = Some(basic_constraints(value)?);
        } else if is(&known::NAME_CONSTRAINTS) {
            self.name_constraints = Some(name_constraints(value)?);
        } else if is(&known::POLICY_CONSTRAINTS) {
            self.policy_constraints = Some(policy_constraints(value)?);
        } else if is(&known::EXTENDED_KEY_USAGE) {
            self.extended_key_usage = Some(object_identifiers(value)?);
        } else if is(&known::CRL_DISTRIBUTION_POINTS) {
            self.crl_distribution_points = DistributionPoint::read_all(value)?;
        } else if is(&known::INHIBIT_ANY_POLICY) {
            self.inhibit_any_policy = Some(strict_der::small_integer(strict_der::only(value, strict_der::INTEGER)?)?);
        } else if is(&known::AUTHORITY_INFORMATION_ACCESS) {
            self.information_access(value)?;
            return Ok(false);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    fn information_access(&mut self, value: &[u8]) -> Result<(), DerError> {
        let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
        while !reader.is_empty() {
            let mut description = reader.nested(SEQUENCE)?;
            let method = Oid::from_content(description.expect(OBJECT_IDENTIFIER)?)?;
            let location = GeneralName::read(&mut description)?;
            description.finish()?;
            match location {
                GeneralName::Uri(uri) if method.is(&known::OCSP_ACCESS) => self.ocsp_uris.push(uri),
                GeneralName::Uri(uri) if method.is(&known::CA_ISSUERS_ACCESS) => self.ca_issuers_uris.push(uri),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The policies, and whether every qualifier is of a kind of RFC 5280: whoever cannot interpret one must refuse a critical
/// extension (§4.2.1.4).
fn policies(value: &[u8]) -> Result<(Vec<PolicyInformation>, bool), DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    let mut policies: Vec<PolicyInformation> = Vec::new();
    let mut qualifiers_known = true;
    while !reader.is_empty() {
        let mut information = reader.nested(SEQUENCE)?;
        let oid = Oid::from_content(information.expect(OBJECT_IDENTIFIER)?)?;
        let mut cps_uris = Vec::new();
        if let Some(qualifiers) = information.optional(SEQUENCE)? {
            let mut qualifiers = Reader::new(qualifiers);
            while !qualifiers.is_empty() {
                let mut qualifier = qualifiers.nested(SEQUENCE)?;
                let kind = Oid::from_content(qualifier.expect(OBJECT_IDENTIFIER)?)?;
                let value = qualifier.any()?;
                qualifier.finish()?;
                qualifiers_known &= kind.is(&known::CPS_QUALIFIER) || kind.is(&known::USER_NOTICE_QUALIFIER);
                if kind.is(&known::CPS_QUALIFIER) && value.tag == IA5_STRING && value.content.is_ascii() {
                    cps_uris.push(String::from_utf8_lossy(value.content).into_owned());
                }
            }
        }
        information.finish()?;
        // RFC 5280 §4.2.1.4: a policy must not appear more than once.
        if policies.iter().any(|other| other.oid == oid) {
            return Err(DerError::Value("list of policies (one stands twice)"));
        }
        policies.push(PolicyInformation { oid, cps_uris });
    }
    if policies.is_empty() { Err(DerError::Value("list of policies")) } else { Ok((policies, qualifiers_known)) }
}

fn policy_mappings(value: &[u8]) -> Result<Vec<(Oid, Oid)>, DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    let mut mappings = Vec::new();
    while !reader.is_empty() {
        let mut pair = reader.nested(SEQUENCE)?;
        let issuer = Oid::from_content(pair.expect(OBJECT_IDENTIFIER)?)?;
        mappings.push((issuer, Oid::from_content(pair.expect(OBJECT_IDENTIFIER)?)?));
        pair.finish()?;
    }
    if mappings.is_empty() { Err(DerError::Value("list of policy mappings")) } else { Ok(mappings) }
}

fn basic_constraints(value: &[u8]) -> Result<BasicConstraints, DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    // `cA FALSE` written out is not DER, but so common outside JPKI that nobody refuses it.
    let ca = reader.optional(strict_der::BOOLEAN)?.map(strict_der::boolean).transpose()?.unwrap_or(false);
    let path_length = reader.optional(strict_der::INTEGER)?.map(strict_der::small_integer).transpose()?;
    reader.finish()?;
    Ok(BasicConstraints { ca, path_length })
}

fn policy_constraints(value: &[u8]) -> Result<PolicyConstraints, DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    let constraints = PolicyConstraints {
        require_explicit_policy: reader.optional(primitive(0))?.map(strict_der::small_integer).transpose()?,
        inhibit_policy_mapping: reader.optional(primitive(1))?.map(strict_der::small_integer).transpose()?,
    };
    reader.finish()?;
    Ok(constraints)
}

fn object_identifiers(value: &[u8]) -> Result<Vec<Oid>, DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    let mut identifiers = Vec::new();
    while !reader.is_empty() {
        identifiers.push(Oid::from_content(reader.expect(OBJECT_IDENTIFIER)?)?);
    }
    if identifiers.is_empty() { Err(DerError::Value("list of key purposes")) } else { Ok(identifiers) }
}

fn name_constraints(value: &[u8]) -> Result<NameConstraints, DerError> {
    let mut reader = Reader::new(strict_der::only(value, SEQUENCE)?);
    let permitted = reader.optional(constructed(0))?.map(subtrees).transpose()?.unwrap_or_default();
    let excluded = reader.optional(constructed(1))?.map(subtrees).transpose()?.unwrap_or_default();
    reader.finish()?;
    Ok(NameConstraints { permitted, excluded })
}

fn subtrees(content: &[u8]) -> Result<Vec<GeneralName>, DerError> {
    let mut reader = Reader::new(content);
    let mut bases = Vec::new();
    while !reader.is_empty() {
        let mut subtree = reader.nested(SEQUENCE)?;
        bases.push(GeneralName::read(&mut subtree)?);
        // RFC 5280 §4.2.1.10: minimum is zero and maximum absent; written out or otherwise, nobody processes them.
        subtree.finish()?;
    }
    Ok(bases)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(oid: const_oid::ObjectIdentifier, value: &[u8]) -> Result<Extensions, CertificateError> {
        let mut extensions = Extensions::default();
        let extension = Extension { oid: oid.into(), critical: true, value: Part::of(&value.into(), value) };
        extensions.add(extension)?;
        Ok(extensions)
    }

    #[test]
    fn an_unknown_critical_extension_is_remembered() {
        let oid = const_oid::ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.1");
        let extensions = add(oid, b"anything").unwrap();
        assert_eq!(extensions.unknown_critical, [Oid::from(oid)]);
    }

    #[test]
    fn values_are_read_strictly() {
        let usage = add(known::KEY_USAGE, &[3, 2, 6, 0xC0]).unwrap().key_usage.unwrap();
        assert!(usage.digital_signature() && usage.non_repudiation() && !usage.key_cert_sign());
        for (oid, value) in [
            (known::KEY_USAGE, &[3, 2, 6, 0xC0, 0][..]),
            (known::KEY_USAGE, &[]),
            (known::KEY_USAGE, &[3, 1, 0]),
            (known::CRL_DISTRIBUTION_POINTS, &[0x30, 2, 0x30, 0]),
            (known::CRL_DISTRIBUTION_POINTS, &[0x30, 6, 0x30, 4, 0x81, 2, 6, 0x40]),
            (known::BASIC_CONSTRAINTS, &[0x30, 3, 1, 1, 1]),
            (known::CERTIFICATE_POLICIES, &[0x30, 0]),
            (known::EXTENDED_KEY_USAGE, &[0x30, 0]),
            (known::SUBJECT_ALTERNATIVE_NAME, &[0x30, 0]),
            // An otherName holds one element, not none and not two.
            (known::SUBJECT_ALTERNATIVE_NAME, &[0x30, 9, 0xA0, 7, 6, 3, 0x2A, 3, 4, 0xA0, 0]),
            (known::SUBJECT_ALTERNATIVE_NAME, &[0x30, 13, 0xA0, 11, 6, 3, 0x2A, 3, 4, 0xA0, 4, 5, 0, 5, 0]),
            (known::CRL_DISTRIBUTION_POINTS, &[0x30, 0]),
            (known::INHIBIT_ANY_POLICY, &[2, 1, 0xFF]),
        ] {
            assert!(matches!(add(oid, value), Err(CertificateError::Extension { .. })), "{oid} {value:02x?}");
        }
    }
}
