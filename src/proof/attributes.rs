//! The signed attributes: what they must say, RFC 5652 §11 and RFC 5035.

use super::algorithm;
use super::error::{Mismatch, ProofError};
use super::signer_certificate::SignerCertificate;
use super::structure::{Attribute, EssCertIdV2, SetOfAny, SigningCertificateV2, any, read, write};
use crate::crypto::{self, DigestAlgorithm};
use crate::time::UnixTime;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911 as oid;
use der::asn1::{AnyRef, GeneralizedTime, OctetStringRef, UtcTime};
use der::{DateTime, Decode as _, Encode, Tag, Tagged as _};
use std::collections::HashSet;
use std::time::Duration;
use x509_cert::time::Time;

const WHAT: &str = "signed attributes";

/// The attributes of a signature of ours, DER, as the SET OF that is hashed.
pub(super) fn write_attributes(
    content_digest: &[u8],
    certificate: &SignerCertificate<'_>,
    signing_time: Option<UnixTime>,
) -> Result<Vec<u8>, ProofError> {
    let digest = OctetStringRef::new(content_digest).map_err(|_| ProofError::Malformed { what: WHAT })?;
    let certificate_hash = crypto::sha256(certificate.der);
    let certificate_hash = OctetStringRef::new(&certificate_hash).map_err(|_| ProofError::Malformed { what: WHAT })?;
    let identifier = EssCertIdV2 { hash_algorithm: None, certificate_hash, issuer_serial: None };
    let mut attributes = vec![
        attribute(oid::ID_CONTENT_TYPE, &oid::ID_DATA)?,
        attribute(oid::ID_MESSAGE_DIGEST, &digest)?,
        attribute(
            oid::ID_AA_SIGNING_CERTIFICATE_V_2,
            &SigningCertificateV2 { certificates: vec![identifier], policies: None },
        )?,
    ];
    if let Some(instant) = signing_time {
        attributes.push(attribute(oid::ID_SIGNING_TIME, &time_of(instant)?)?);
    }
    let elements = attributes.iter().map(|attribute| any(attribute, WHAT)).collect::<Result<_, _>>()?;
    write(&SetOfAny::sorted(elements), WHAT)
}

fn attribute(kind: ObjectIdentifier, value: &impl Encode) -> Result<Vec<u8>, ProofError> {
    let value = write(value, WHAT)?;
    write(&Attribute { kind, values: SetOfAny::sorted(vec![any(&value, WHAT)?]) }, WHAT)
}

/// RFC 5652 §11.3: UTCTime through 2049, GeneralizedTime after it.
fn time_of(instant: UnixTime) -> Result<Time, ProofError> {
    const REFUSED: ProofError =
        ProofError::Field { field: "signing_time", expected: "an instant of the years 1970 to 9999" };
    let seconds = u64::try_from(instant.seconds()).map_err(|_| REFUSED)?;
    let instant = DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| REFUSED)?;
    Ok(match UtcTime::from_date_time(instant) {
        Ok(time) => Time::UtcTime(time),
        Err(_) => Time::GeneralTime(GeneralizedTime::from_date_time(instant)),
    })
}

/// What the attributes of a signature say.
pub(super) struct SignedAttributes<'a> {
    /// DER of the SET OF that was signed.
    pub(super) message: Vec<u8>,
    pub(super) content_type: ObjectIdentifier,
    pub(super) message_digest: &'a [u8],
    pub(super) signing_time: Option<UnixTime>,
    signing_certificate: Option<SigningCertificateV2<'a>>,
}

impl<'a> SignedAttributes<'a> {
    pub(super) fn read(set: &SetOfAny<'a>) -> Result<Self, ProofError> {
        let attributes: Vec<Attribute<'a>> = set.iter().map(read_attribute).collect::<Result<_, _>>()?;
        let mut seen = HashSet::new();
        if !attributes.iter().all(|attribute| seen.insert(attribute.kind)) {
            return Err(ProofError::Malformed { what: "an attribute that stands twice" });
        }
        let value = |kind: ObjectIdentifier, what: &'static str| {
            let attribute = attributes.iter().find(|attribute| attribute.kind == kind);
            attribute.map(|attribute| attribute.values.single().ok_or(ProofError::Malformed { what })).transpose()
        };
        let malformed = |what: &'static str| move |_: der::Error| ProofError::Malformed { what };

        const TYPE: &str = "content type attribute";
        let content_type = value(oid::ID_CONTENT_TYPE, TYPE)?.ok_or(ProofError::Malformed { what: TYPE })?;
        const DIGEST: &str = "message digest attribute";
        let message_digest = value(oid::ID_MESSAGE_DIGEST, DIGEST)?.ok_or(ProofError::Malformed { what: DIGEST })?;
        const TIME: &str = "signing time attribute";
        let signing_time = value(oid::ID_SIGNING_TIME, TIME)?
            .map(|value| value.to_der().and_then(|der| Time::from_der(&der)).map_err(malformed(TIME)))
            .transpose()?
            .map(instant_of);
        const CERTIFICATE: &str = "signing certificate attribute";
        let signing_certificate: Option<SigningCertificateV2<'a>> =
            value(oid::ID_AA_SIGNING_CERTIFICATE_V_2, CERTIFICATE)?
                .map(|value| value.decode_as().map_err(malformed(CERTIFICATE)))
                .transpose()?;
        if signing_certificate.as_ref().is_some_and(|attribute| attribute.certificates.is_empty()) {
            return Err(ProofError::Malformed { what: CERTIFICATE });
        }
        Ok(Self {
            // RFC 5652 §5.4: signed is the DER encoding with the tag SET OF, whatever stands in the SignerInfo.
            message: write(&SetOfAny::sorted(set.iter().collect()), WHAT)?,
            content_type: content_type.decode_as().map_err(malformed(TYPE))?,
            message_digest: message_digest.decode_as::<OctetStringRef<'a>>().map_err(malformed(DIGEST))?.as_bytes(),
            signing_time,
            signing_certificate,
        })
    }

    /// Whether a signing-certificate-v2 attribute stands among them.
    pub(super) fn names_certificate(&self) -> bool {
        self.signing_certificate.is_some()
    }

    /// Checks a certificate against the signing-certificate-v2 attribute, where there is one (RFC 5035 §5.4.1: the first
    /// ESSCertIDv2 is the signer's).
    pub(super) fn check_certificate(&self, certificate: &SignerCertificate<'_>) -> Result<(), ProofError> {
        let Some(identifier) = self.signing_certificate.as_ref().and_then(|attribute| attribute.certificates.first())
        else {
            return Ok(());
        };
        let digest = match &identifier.hash_algorithm {
            None => DigestAlgorithm::Sha256,
            Some(algorithm) => algorithm::digest_of(algorithm)?,
        };
        let names_issuer = identifier.issuer_serial.as_ref().is_none_or(|name| {
            name.serial_number == certificate.serial_number
                && name.issuer.iter().any(|general_name| is_directory_name(general_name, certificate.issuer))
        });
        if names_issuer && digest.digest(certificate.der) == identifier.certificate_hash.as_bytes() {
            Ok(())
        } else {
            Err(ProofError::Mismatch(Mismatch::Certificate))
        }
    }
}

fn read_attribute(attribute: AnyRef<'_>) -> Result<Attribute<'_>, ProofError> {
    let attribute: Attribute<'_> = attribute.decode_as().map_err(|_| ProofError::Malformed { what: WHAT })?;
    // AttributeValue is SET SIZE (1..MAX), RFC 5652 §5.3.
    if attribute.values.len() == 0 { Err(ProofError::Malformed { what: WHAT }) } else { Ok(attribute) }
}

fn instant_of(time: Time) -> UnixTime {
    UnixTime::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// GeneralName: directoryName [4] EXPLICIT Name (RFC 5280 §4.2.1.6).
fn is_directory_name(general_name: &AnyRef<'_>, name: AnyRef<'_>) -> bool {
    let Tag::ContextSpecific { constructed: true, number } = general_name.tag() else { return false };
    number.value() == 4 && AnyRef::from_der(general_name.value()).is_ok_and(|inner| inner == name)
}

/// Whether content could be the signed attributes of another message. A signature over attributes can be passed off as one
/// without attributes over such content: the same bytes are signed (draft-ietf-lamps-cms-euf-cma-signeddata).
pub(super) fn looks_like_attributes(content: &[u8]) -> bool {
    let Ok(set) = read::<SetOfAny<'_>>(content, WHAT) else { return false };
    let kinds: Result<Vec<_>, _> = set.iter().map(|element| read_attribute(element).map(|it| it.kind)).collect();
    kinds.is_ok_and(|kinds| kinds.iter().any(|kind| [oid::ID_CONTENT_TYPE, oid::ID_MESSAGE_DIGEST].contains(kind)))
}
