//! Extensions of CA certificates, leaves and lists, in the order measured on cards (certificates.md §§1.3, 6).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280 as oid;
use der::asn1::{Any, Ia5String, OctetString, Utf8StringRef};
use der::{Encode, Result};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName, OtherName};
use x509_cert::ext::pkix::{self as pkix, KeyUsages};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;

use super::holder::{Holder, Municipality};
use super::issue::Purpose;
use super::names;

/// 1.2.392.200149.8.5.5, the arc of the basic four attributes (certificates.md §2.2).
const ATTRIBUTES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.5");
/// Policies of the test hierarchy (certificates.md §2.3).
const SIGNATURE_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.0.20");
const AUTHENTICATION_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.392.200149.8.5.1.0.30");
/// Nobody answers under `.invalid` (RFC 2606).
const PRACTICE_STATEMENT: &str = "http://cps.invalid/cps.html";
const RESPONDER: &str = "http://ocsp.invalid/";

/// Who signs: what a leaf's authorityKeyIdentifier repeats.
pub(super) struct Issuer<'a> {
    pub(super) purpose: Purpose,
    pub(super) name: &'a Name,
    pub(super) key_identifier: &'a [u8],
    pub(super) serial: &'a SerialNumber,
}

pub(super) fn of_authority(purpose: Purpose, name: &Name, key_identifier: &[u8]) -> Result<Vec<Extension>> {
    Ok(vec![
        critical(oid::ID_CE_KEY_USAGE, &pkix::KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
        plain(oid::ID_CE_SUBJECT_ALT_NAME, &vec![directory(names::japanese_authority(purpose)?)])?,
        critical(oid::ID_CE_BASIC_CONSTRAINTS, &pkix::BasicConstraints { ca: true, path_len_constraint: None })?,
        plain(oid::ID_CE_CRL_DISTRIBUTION_POINTS, &distribution(name.clone()))?,
        plain(oid::ID_CE_SUBJECT_KEY_IDENTIFIER, &OctetString::new(key_identifier)?)?,
    ])
}

pub(super) fn of_leaf(issuer: &Issuer<'_>, holder: &Holder, key_identifier: &[u8]) -> Result<Vec<Extension>> {
    let purpose = issuer.purpose;
    let for_authentication = purpose == Purpose::UserAuthentication;
    let mut all = Vec::new();
    if for_authentication {
        all.push(critical(oid::ID_CE_KEY_USAGE, &pkix::KeyUsage(KeyUsages::DigitalSignature.into()))?);
        all.push(plain(oid::ID_CE_EXT_KEY_USAGE, &vec![oid::ID_KP_CLIENT_AUTH])?);
    } else {
        let usage = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation;
        all.push(critical(oid::ID_CE_KEY_USAGE, &pkix::KeyUsage(usage))?);
        all.push(plain(oid::ID_CE_SUBJECT_ALT_NAME, &attributes(holder)?)?);
    }
    all.push(critical(oid::ID_CE_CERTIFICATE_POLICIES, &policies(purpose)?)?);
    all.push(plain(oid::ID_CE_ISSUER_ALT_NAME, &vec![directory(names::japanese_authority(purpose)?)])?);
    let point = names::distribution_point(purpose, &holder.municipality)?;
    all.push(plain(oid::ID_CE_CRL_DISTRIBUTION_POINTS, &distribution(point))?);
    if for_authentication {
        let location = GeneralName::UniformResourceIdentifier(Ia5String::new(RESPONDER)?);
        let description = pkix::AccessDescription { access_method: oid::ID_AD_OCSP, access_location: location };
        all.push(plain(oid::ID_PE_AUTHORITY_INFO_ACCESS, &vec![description])?);
    }
    let key = pkix::AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(issuer.key_identifier)?),
        authority_cert_issuer: Some(vec![directory(issuer.name.clone())]),
        authority_cert_serial_number: Some(issuer.serial.clone()),
    };
    all.push(plain(oid::ID_CE_AUTHORITY_KEY_IDENTIFIER, &key)?);
    all.push(plain(oid::ID_CE_SUBJECT_KEY_IDENTIFIER, &OctetString::new(key_identifier)?)?);
    Ok(all)
}

/// For a list: one partition when a municipality is named, everything otherwise.
pub(super) fn of_list(
    purpose: Purpose,
    key_identifier: &[u8],
    number: u64,
    scope: Option<&Municipality>,
) -> Result<Vec<Extension>> {
    let key = pkix::AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(key_identifier)?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let mut all = vec![plain(oid::ID_CE_AUTHORITY_KEY_IDENTIFIER, &key)?, plain(oid::ID_CE_CRL_NUMBER, &number)?];
    if let Some(municipality) = scope {
        let point = names::distribution_point(purpose, municipality)?;
        let scope = pkix::IssuingDistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![directory(point)])),
            only_contains_user_certs: false,
            only_contains_ca_certs: false,
            only_some_reasons: None,
            indirect_crl: false,
            only_contains_attribute_certs: false,
        };
        all.push(critical(oid::ID_CE_ISSUING_DISTRIBUTION_POINT, &scope)?);
    }
    Ok(all)
}

pub(super) fn of_entry(reason: pkix::CrlReason) -> Result<Vec<Extension>> {
    Ok(vec![plain(oid::ID_CE_CRL_REASONS, &reason)?])
}

fn attributes(holder: &Holder) -> Result<Vec<GeneralName>> {
    // One digit per character, the space included (certificates.md §2.2).
    let flags = |text: &str, stand_ins: &[usize]| -> String {
        (0..text.chars().count()).map(|at| if stand_ins.contains(&at) { '1' } else { '0' }).collect()
    };
    // The order measured: .1 .4 .3 .5 .2 .6 (certificates.md §6).
    let values = [
        (1, holder.name.clone()),
        (4, holder.certificate_birth_date()),
        (3, holder.sex.digit().to_string()),
        (5, holder.address.clone()),
        (2, flags(&holder.name, &holder.name_substitutes)),
        (6, flags(&holder.address, &holder.address_substitutes)),
    ];
    let entry = |(suffix, text): &(u32, String)| {
        let type_id = ATTRIBUTES.push_arc(*suffix).map_err(|_| der::ErrorKind::OidMalformed)?;
        let value = Any::encode_from(&Utf8StringRef::new(text)?)?;
        Ok(GeneralName::OtherName(OtherName { type_id, value }))
    };
    values.iter().map(entry).collect()
}

fn policies(purpose: Purpose) -> Result<Vec<pkix::certpolicy::PolicyInformation>> {
    let statement = pkix::certpolicy::PolicyQualifierInfo {
        policy_qualifier_id: oid::ID_QT_CPS,
        qualifier: Some(Any::encode_from(&Ia5String::new(PRACTICE_STATEMENT)?)?),
    };
    let policy_identifier = match purpose {
        Purpose::DigitalSignature => SIGNATURE_POLICY,
        Purpose::UserAuthentication => AUTHENTICATION_POLICY,
    };
    Ok(vec![pkix::certpolicy::PolicyInformation { policy_identifier, policy_qualifiers: Some(vec![statement]) }])
}

fn distribution(point: Name) -> Vec<pkix::crl::dp::DistributionPoint> {
    vec![pkix::crl::dp::DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![directory(point)])),
        reasons: None,
        crl_issuer: None,
    }]
}

fn directory(name: Name) -> GeneralName {
    GeneralName::DirectoryName(name)
}

fn plain(extn_id: ObjectIdentifier, value: &impl Encode) -> Result<Extension> {
    Ok(Extension { extn_id, critical: false, extn_value: OctetString::new(value.to_der()?)? })
}

fn critical(extn_id: ObjectIdentifier, value: &impl Encode) -> Result<Extension> {
    Ok(Extension { critical: true, ..plain(extn_id, value)? })
}
