//! The ASN.1 of RFC 5652 §5, borrowed from the bytes.
//!
//! The `cms` crate's own SignedData decodes certificates and names into values and writes them anew; a certificate that is
//! hashed (RFC 5035) or compared must keep its bytes, so here they stay slices.

use super::error::ProofError;
use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, OctetStringRef};
use der::{
    Decode, DecodeValue, DerOrd as _, Encode, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer,
};
use spki::AlgorithmIdentifierRef;

/// Most elements of one SET: certificates, signers, attributes or revocation values.
const MAXIMUM_ELEMENTS: usize = 256;

#[derive(Clone, Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) content: SignedData<'a>,
}

#[derive(Clone, Sequence)]
pub(super) struct SignedData<'a> {
    pub(super) version: u8,
    pub(super) digest_algorithms: SetOfAny<'a>,
    pub(super) encapsulated: EncapsulatedContentInfo<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) certificates: Option<SetOfAny<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) revocation_values: Option<SetOfAny<'a>>,
    pub(super) signer_infos: SetOfAny<'a>,
}

#[derive(Clone, Sequence)]
pub(super) struct EncapsulatedContentInfo<'a> {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) content: Option<OctetStringRef<'a>>,
}

#[derive(Clone, Sequence)]
pub(super) struct SignerInfo<'a> {
    pub(super) version: u8,
    pub(super) identifier: AnyRef<'a>,
    pub(super) digest_algorithm: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) signed_attributes: Option<SetOfAny<'a>>,
    pub(super) signature_algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) signature: OctetStringRef<'a>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) unsigned_attributes: Option<SetOfAny<'a>>,
}

#[derive(Clone, Sequence)]
pub(super) struct IssuerAndSerialNumber<'a> {
    pub(super) issuer: AnyRef<'a>,
    pub(super) serial_number: AnyRef<'a>,
}

#[derive(Clone, Sequence)]
pub(super) struct Attribute<'a> {
    pub(super) kind: ObjectIdentifier,
    pub(super) values: SetOfAny<'a>,
}

/// RFC 5035 §3.
#[derive(Clone, Sequence)]
pub(super) struct SigningCertificateV2<'a> {
    pub(super) certificates: Vec<EssCertIdV2<'a>>,
    pub(super) policies: Option<AnyRef<'a>>,
}

/// RFC 5035 §4; without an algorithm it is SHA-256.
#[derive(Clone, Sequence)]
pub(super) struct EssCertIdV2<'a> {
    pub(super) hash_algorithm: Option<AlgorithmIdentifierRef<'a>>,
    pub(super) certificate_hash: OctetStringRef<'a>,
    pub(super) issuer_serial: Option<IssuerSerial<'a>>,
}

#[derive(Clone, Sequence)]
pub(super) struct IssuerSerial<'a> {
    pub(super) issuer: Vec<AnyRef<'a>>,
    pub(super) serial_number: AnyRef<'a>,
}

/// OtherRevocationInfoFormat, RFC 5652 §10.2.1; written as a SEQUENCE, tagged by its writer.
#[derive(Clone, Sequence)]
pub(super) struct OtherRevocationInfo<'a> {
    pub(super) format: ObjectIdentifier,
    pub(super) info: AnyRef<'a>,
}

/// A SET OF whatever, in the order in which it is written.
#[derive(Clone, Default)]
pub(super) struct SetOfAny<'a>(Vec<AnyRef<'a>>);

impl<'a> SetOfAny<'a> {
    /// The elements in DER order: by their encodings (X.690 §11.6).
    pub(super) fn sorted(mut elements: Vec<AnyRef<'a>>) -> Self {
        // Comparing two slices that were read before cannot fail; the order of what would is of no interest.
        elements.sort_by(|a, b| a.der_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        Self(elements)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = AnyRef<'a>> {
        self.0.iter().copied()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Its only element.
    pub(super) fn single(&self) -> Option<AnyRef<'a>> {
        if let [element] = self.0.as_slice() { Some(*element) } else { None }
    }
}

impl<'a> DecodeValue<'a> for SetOfAny<'a> {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_nested(header.length, |reader| {
            let mut elements = Vec::new();
            while !reader.is_finished() {
                if elements.len() >= MAXIMUM_ELEMENTS {
                    return Err(Tag::Set.length_error());
                }
                elements.push(AnyRef::decode(reader)?);
            }
            Ok(Self(elements))
        })
    }
}

impl EncodeValue for SetOfAny<'_> {
    fn value_len(&self) -> der::Result<Length> {
        self.0.iter().try_fold(Length::ZERO, |sum, element| sum + element.encoded_len()?)
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        self.0.iter().try_for_each(|element| element.encode(writer))
    }
}

impl FixedTag for SetOfAny<'_> {
    const TAG: Tag = Tag::Set;
}

/// Reads `T` and nothing more.
///
/// `der` passes over context-specific fields that it does not know; bytes that nobody looks at are slack in a signed
/// document, so what was read is written again and compared.
pub(super) fn read<'a, T: Decode<'a> + Encode>(bytes: &'a [u8], what: &'static str) -> Result<T, ProofError> {
    let value = T::from_der(bytes).map_err(|_| ProofError::Malformed { what })?;
    if write(&value, what)? == bytes { Ok(value) } else { Err(ProofError::Malformed { what }) }
}

pub(super) fn write(value: &impl Encode, what: &'static str) -> Result<Vec<u8>, ProofError> {
    value.to_der().map_err(|_| ProofError::Malformed { what })
}

pub(super) fn any<'a>(bytes: &'a [u8], what: &'static str) -> Result<AnyRef<'a>, ProofError> {
    AnyRef::from_der(bytes).map_err(|_| ProofError::Malformed { what })
}
