//! The ASN.1 of RFC 3161 §2.4, borrowed from the bytes.

use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, GeneralizedTime, OctetStringRef};
use der::{Decode, DecodeValue, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer};
use spki::AlgorithmIdentifierRef;

/// id-ct-TSTInfo
pub(super) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// id-aa-signatureTimeStampToken (RFC 5126 §6.1.1)
pub(super) const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// id-kp-timeStamping
pub(super) const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// id-ri-ocsp-response (RFC 5940 §2.1)
pub(super) const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");

#[derive(Clone, Sequence)]
pub(super) struct MessageImprint<'a> {
    pub(super) hash_algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) hashed_message: OctetStringRef<'a>,
}

/// TimeStampReq; certReq is always asked for, extensions never.
#[derive(Clone, Sequence)]
pub(super) struct Request<'a> {
    pub(super) version: u8,
    pub(super) message_imprint: MessageImprint<'a>,
    #[asn1(optional = "true")]
    pub(super) policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    pub(super) nonce: Option<der::asn1::UintRef<'a>>,
    #[asn1(default = "Default::default")]
    pub(super) certificate_wanted: bool,
}

/// TimeStampResp
#[derive(Clone, Sequence)]
pub(super) struct Response<'a> {
    pub(super) status: StatusInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) token: Option<AnyRef<'a>>,
}

/// PKIStatusInfo: a number, then text and flags that are not interpreted.
#[derive(Clone)]
pub(super) struct StatusInfo<'a> {
    pub(super) status: u8,
    rest: Vec<AnyRef<'a>>,
}

impl<'a> DecodeValue<'a> for StatusInfo<'a> {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        reader.read_nested(header.length, |reader| {
            let status = u8::decode(reader)?;
            let mut rest = Vec::new();
            while !reader.is_finished() {
                if rest.len() >= 2 {
                    return Err(Tag::Sequence.length_error());
                }
                rest.push(AnyRef::decode(reader)?);
            }
            Ok(Self { status, rest })
        })
    }
}

impl EncodeValue for StatusInfo<'_> {
    fn value_len(&self) -> der::Result<Length> {
        use der::Encode as _;
        self.rest.iter().try_fold(self.status.encoded_len()?, |sum, element| sum + element.encoded_len()?)
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        use der::Encode as _;
        self.status.encode(writer)?;
        self.rest.iter().try_for_each(|element| element.encode(writer))
    }
}

impl FixedTag for StatusInfo<'_> {
    const TAG: Tag = Tag::Sequence;
}

/// The fields of TSTInfo that are looked at. Read by hand: `genTime` may have fractions of a second (§2.4.2), which
/// GeneralizedTime of RFC 5280 has not.
pub(super) struct TstInfo<'a> {
    pub(super) policy: ObjectIdentifier,
    pub(super) message_imprint: MessageImprint<'a>,
    pub(super) generated_at: GeneratedAt,
    pub(super) nonce: Option<&'a [u8]>,
}

/// genTime, fractions cut off.
pub(super) struct GeneratedAt(pub(super) i64);

impl<'a> TstInfo<'a> {
    pub(super) fn read(der: &'a [u8]) -> der::Result<Self> {
        let outer = AnyRef::from_der(der)?;
        outer.sequence(|reader| {
            let version = u8::decode(reader)?;
            if version != 1 {
                return Err(Tag::Integer.value_error());
            }
            let policy = ObjectIdentifier::decode(reader)?;
            let message_imprint = MessageImprint::decode(reader)?;
            let _serial = AnyRef::decode(reader)?;
            let generated_at = generated_at(AnyRef::decode(reader)?)?;
            let mut nonce = None;
            while !reader.is_finished() {
                // accuracy, ordering, nonce, tsa, extensions: the only INTEGER among them is the nonce.
                let field = AnyRef::decode(reader)?;
                if der::Tagged::tag(&field) == Tag::Integer && nonce.replace(field.value()).is_some() {
                    return Err(Tag::Integer.value_error());
                }
            }
            Ok(Self { policy, message_imprint, generated_at, nonce })
        })
    }
}

fn generated_at(field: AnyRef<'_>) -> der::Result<GeneratedAt> {
    let refuse = || Tag::GeneralizedTime.value_error();
    if der::Tagged::tag(&field) != Tag::GeneralizedTime {
        return Err(refuse());
    }
    let text = std::str::from_utf8(field.value()).map_err(|_| refuse())?;
    // YYYYMMDDhhmmss[.s…]Z, no zero at the end of a fraction.
    let (whole, fraction) = match text.strip_suffix('Z').ok_or_else(refuse)?.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.strip_suffix('Z').unwrap_or(text), None),
    };
    let good = fraction.is_none_or(|it| {
        !it.is_empty() && it.len() <= 9 && it.bytes().all(|byte| byte.is_ascii_digit()) && !it.ends_with('0')
    });
    let whole = format!("{whole}Z");
    let length = u8::try_from(whole.len()).map_err(|_| refuse())?;
    let encoded = [&[0x18, length], whole.as_bytes()].concat();
    let time = GeneralizedTime::from_der(&encoded)?;
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| refuse())?;
    if good { Ok(GeneratedAt(seconds)) } else { Err(refuse()) }
}
