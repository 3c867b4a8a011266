//! Distinguished names of the synthetic hierarchy (certificates.md §§1.2, 1.3, 3.3, 6).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{CN, COUNTRY_NAME, L, O, OU};
use der::asn1::{Any, SetOfVec};
use der::{Result, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use super::holder::Municipality;
use super::issue::Purpose;

const ORGANISATION: &str = "JPKI-SYNTHETIC";
const AGENCY: &str = "Japan Agency for Local Authority Information Systems";

impl Purpose {
    const fn unit(self) -> &'static str {
        match self {
            Self::DigitalSignature => "JPKI for digital signature",
            Self::UserAuthentication => "JPKI for user authentication",
        }
    }
}

pub(super) fn authority(purpose: Purpose) -> Result<Name> {
    name(&[(O, ORGANISATION), (OU, purpose.unit()), (OU, AGENCY)])
}

/// The authority's name in Japanese, for subjectAltName of the CA and issuerAltName of leaves.
pub(super) fn japanese_authority(purpose: Purpose) -> Result<Name> {
    let unit = match purpose {
        Purpose::DigitalSignature => "公的個人認証サービス署名用",
        Purpose::UserAuthentication => "公的個人認証サービス利用者証明用",
    };
    name(&[(O, "公的個人認証サービス（模擬）"), (OU, unit), (OU, "模擬認証局")])
}

pub(super) fn distribution_point(purpose: Purpose, municipality: &Municipality) -> Result<Name> {
    let common_name = format!("{} CRLDP", municipality.name);
    let unit = purpose.unit();
    let rest = [(OU, unit), (OU, "CRL Distribution Points"), (OU, &*municipality.prefecture), (CN, &*common_name)];
    name(&[&[(O, ORGANISATION)][..], &rest].concat())
}

/// The locality stands in signature certificates only.
pub(super) fn subject(purpose: Purpose, municipality: &Municipality, common_name: &str) -> Result<Name> {
    match purpose {
        Purpose::DigitalSignature => {
            name(&[(L, &*municipality.prefecture), (L, &*municipality.name), (CN, common_name)])
        }
        Purpose::UserAuthentication => name(&[(CN, common_name)]),
    }
}

/// `C=JP` as PrintableString, then these as UTF8String, in this order.
fn name(attributes: &[(ObjectIdentifier, &str)]) -> Result<Name> {
    let country = rdn(COUNTRY_NAME, Tag::PrintableString, "JP");
    let rest = attributes.iter().map(|(oid, value)| rdn(*oid, Tag::Utf8String, value));
    std::iter::once(country).chain(rest).collect::<Result<Vec<_>>>().map(RdnSequence)
}

fn rdn(oid: ObjectIdentifier, tag: Tag, value: &str) -> Result<RelativeDistinguishedName> {
    let attribute = AttributeTypeAndValue { oid, value: Any::new(tag, value.as_bytes())? };
    SetOfVec::try_from(vec![attribute]).map(RelativeDistinguishedName)
}
