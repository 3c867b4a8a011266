//! The few fields of a certificate that bind a signer to it. Its bytes are kept; whether it is any good is the `validation`
//! room's question.

use super::error::ProofError;
use super::structure::{IssuerAndSerialNumber, read, write};
use const_oid::AssociatedOid as _;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode as _, Sequence, Tag, Tagged as _};
use x509_cert::ext::pkix::SubjectKeyIdentifier;

/// RFC 5280 §4.1, read as far as a signer needs it.
#[derive(Clone, Sequence)]
struct Certificate<'a> {
    body: TbsCertificate<'a>,
    signature_algorithm: AnyRef<'a>,
    signature: BitStringRef<'a>,
}

#[derive(Clone, Sequence)]
struct TbsCertificate<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    version: Option<u8>,
    serial_number: AnyRef<'a>,
    signature: AnyRef<'a>,
    issuer: AnyRef<'a>,
    validity: AnyRef<'a>,
    subject: AnyRef<'a>,
    public_key: AnyRef<'a>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    issuer_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    subject_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<AnyRef<'a>>,
}

/// A certificate as a signer sees it.
#[derive(Clone)]
pub(super) struct SignerCertificate<'a> {
    /// All of it, as it was given.
    pub(super) der: &'a [u8],
    pub(super) issuer: AnyRef<'a>,
    pub(super) serial_number: AnyRef<'a>,
    subject_key_identifier: Option<&'a [u8]>,
    public_key: AnyRef<'a>,
}

impl<'a> SignerCertificate<'a> {
    pub(super) fn read(der: &'a [u8]) -> Result<Self, ProofError> {
        let body = read::<Certificate<'a>>(der, "certificate")?.body;
        if body.serial_number.tag() != Tag::Integer || body.issuer.tag() != Tag::Sequence {
            return Err(ProofError::Malformed { what: "certificate" });
        }
        Ok(Self {
            der,
            issuer: body.issuer,
            serial_number: body.serial_number,
            subject_key_identifier: body.extensions.map(subject_key_identifier).transpose()?.flatten(),
            public_key: body.public_key,
        })
    }

    /// Its SubjectPublicKeyInfo, DER.
    pub(super) fn public_key(&self) -> Result<Vec<u8>, ProofError> {
        write(&self.public_key, "public key")
    }

    pub(super) fn issuer_and_serial_number(&self) -> IssuerAndSerialNumber<'a> {
        IssuerAndSerialNumber { issuer: self.issuer, serial_number: self.serial_number }
    }

    /// Whether a SignerIdentifier (RFC 5652 §5.3) names this certificate. Names are compared by their bytes: the signer
    /// copied them from here.
    pub(super) fn is_named_by(&self, identifier: &Identifier<'_>) -> bool {
        match identifier {
            Identifier::IssuerAndSerialNumber(name) => {
                name.issuer == self.issuer && name.serial_number == self.serial_number
            }
            Identifier::SubjectKeyIdentifier(key) => self.subject_key_identifier == Some(key),
        }
    }
}

/// How a SignerInfo names its certificate.
#[derive(Clone)]
pub(super) enum Identifier<'a> {
    IssuerAndSerialNumber(IssuerAndSerialNumber<'a>),
    SubjectKeyIdentifier(&'a [u8]),
}

impl<'a> Identifier<'a> {
    pub(super) fn read(identifier: AnyRef<'a>) -> Result<Self, ProofError> {
        const WHAT: &str = "signer identifier";
        match identifier.tag() {
            Tag::Sequence => identifier
                .decode_as()
                .map(Self::IssuerAndSerialNumber)
                .map_err(|_| ProofError::Malformed { what: WHAT }),
            Tag::ContextSpecific { constructed: false, number } if number.value() == 0 => {
                Ok(Self::SubjectKeyIdentifier(identifier.value()))
            }
            _ => Err(ProofError::Malformed { what: WHAT }),
        }
    }

    /// RFC 5652 §5.3.
    pub(super) fn version(&self) -> u8 {
        match self {
            Self::IssuerAndSerialNumber(_) => 1,
            Self::SubjectKeyIdentifier(_) => 3,
        }
    }
}

#[derive(Clone, Sequence)]
struct Extension<'a> {
    kind: const_oid::ObjectIdentifier,
    #[asn1(default = "Default::default")]
    critical: bool,
    value: OctetStringRef<'a>,
}

fn subject_key_identifier(extensions: AnyRef<'_>) -> Result<Option<&[u8]>, ProofError> {
    const WHAT: &str = "certificate extensions";
    let extensions: Vec<Extension<'_>> = extensions.decode_as().map_err(|_| ProofError::Malformed { what: WHAT })?;
    let Some(extension) = extensions.iter().find(|extension| extension.kind == SubjectKeyIdentifier::OID) else {
        return Ok(None);
    };
    let identifier = OctetStringRef::from_der(extension.value.as_bytes());
    identifier.map(|identifier| Some(identifier.as_bytes())).map_err(|_| ProofError::Malformed { what: WHAT })
}
