//! A certificate, read strictly (certificates.md §4.1 point 1) and typed. Deciding trust is not done here.

use super::error::CertificateError;
use super::extension::{Extension, Extensions};
use super::name::Name;
use super::object_identifier::Oid;
use super::octets::{Part, range_of};
use super::serial::SerialNumber;
use super::strict_der::{self, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, constructed};
use crate::crypto::{self, KeyKind, PublicKey, Scheme, SignatureAlgorithm, SignatureError};
use crate::time::Validity;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Longest certificate that is read: far above any real one, far below what hurts.
pub const MAXIMUM_LENGTH: usize = 64 * 1024;

/// An X.509 certificate: its bytes, and every field typed.
///
/// What is refused on reading: anything that is not DER, trailing data, an extension that stands twice or whose known
/// content is malformed, two different signature algorithms. What is carried as a fact and judged by `validation`, because
/// profiles differ: the version, the shape of the serial number, defaults written out.
///
/// A clone shares everything with the original: paths and verdicts carry certificates about.
#[derive(Clone)]
pub struct Certificate(Arc<Parts>);

struct Parts {
    der: Arc<[u8]>,
    tbs: Range<usize>,
    spki: Range<usize>,
    key_bits: Range<usize>,
    signature: Range<usize>,
    /// 1 to 3.
    version: u8,
    serial: SerialNumber,
    issuer: Name,
    subject: Name,
    validity: Validity,
    signature_algorithm: Oid,
    /// The same, if it is one that is accepted at all.
    accepted_algorithm: Option<SignatureAlgorithm>,
    defaults_written_out: bool,
    extensions: Extensions,
    /// Read when it is first asked for: most certificates of a holder are never asked, an authority's often.
    public_key: OnceLock<Result<PublicKey, SignatureError>>,
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`CertificateError`]: [`Truncated`](CertificateError::Truncated) when the bytes end early,
    /// [`Absent`](CertificateError::Absent) when there are none, otherwise what is malformed.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let part = CertificateError::der;
        if der.is_empty() {
            return Err(CertificateError::Absent);
        }
        let (tag, start, length) = strict_der::header(der).map_err(part("certificate"))?;
        let end = start.saturating_add(length);
        if tag != SEQUENCE || end > MAXIMUM_LENGTH {
            return Err(CertificateError::Structure);
        }
        if der.len() < end {
            return Err(CertificateError::Truncated { expected: end, found: der.len() });
        }
        if der.len() > end {
            return Err(CertificateError::TrailingData { bytes: der.len() - end });
        }

        let whole: Arc<[u8]> = der.into();
        let der: &[u8] = &whole;
        let raw = Fields::read(der).map_err(part("certificate"))?;
        if raw.inner_algorithm != raw.outer_algorithm {
            return Err(CertificateError::AlgorithmsDiffer);
        }
        let version = raw.version.map_or(Ok(1), read_version).map_err(part("certificate"))?;
        let (extensions, defaults_written_out) = read_extensions(raw.extensions, &whole)?;
        let mut algorithm = Reader::new(raw.inner_algorithm);
        let signature_algorithm = algorithm.expect(OBJECT_IDENTIFIER).and_then(Oid::from_content);
        let signature_algorithm = signature_algorithm.map_err(part("signature algorithm"))?;
        let range = |part: &[u8]| range_of(part, der).ok_or(CertificateError::Structure);
        Ok(Self(Arc::new(Parts {
            version,
            serial: SerialNumber::from_content(raw.serial).map_err(part("serial number"))?,
            issuer: Name::within(&whole, raw.issuer).map_err(part("issuer"))?,
            subject: Name::within(&whole, raw.subject).map_err(part("subject"))?,
            validity: raw.validity,
            accepted_algorithm: accepted(&signature_algorithm, algorithm.rest()),
            signature_algorithm,
            tbs: range(raw.tbs)?,
            spki: range(raw.key)?,
            key_bits: range(raw.key_bits)?,
            signature: range(raw.signature)?,
            defaults_written_out: defaults_written_out || raw.version == Some(&[0]),
            extensions,
            public_key: OnceLock::new(),
            der: Arc::clone(&whole),
        })))
    }

    /// Every byte, as it came.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of [`der`](Self::der).
    pub fn fingerprint(&self) -> [u8; 32] {
        crypto::sha256(&self.0.der)
    }

    /// The signed part (TBSCertificate), header included.
    pub fn tbs(&self) -> &[u8] {
        self.0.der.get(self.0.tbs.clone()).unwrap_or_default()
    }

    /// The signature over [`tbs`](Self::tbs).
    pub fn signature(&self) -> &[u8] {
        self.0.der.get(self.0.signature.clone()).unwrap_or_default()
    }

    /// The algorithm the signature names.
    pub fn signature_algorithm(&self) -> &Oid {
        &self.0.signature_algorithm
    }

    /// SubjectPublicKeyInfo, DER.
    pub fn spki_der(&self) -> &[u8] {
        self.0.der.get(self.0.spki.clone()).unwrap_or_default()
    }

    /// The bits of the public key, without algorithm: what key identifiers and OCSP hash.
    pub fn public_key_bits(&self) -> &[u8] {
        self.0.der.get(self.0.key_bits.clone()).unwrap_or_default()
    }

    /// Kind and strength of the public key.
    ///
    /// # Errors
    /// [`SignatureError`] for a key that is malformed or of a kind nobody here accepts.
    pub fn key_kind(&self) -> Result<KeyKind, SignatureError> {
        self.public_key().map(PublicKey::kind)
    }

    /// The public key, read once however often it is used.
    ///
    /// # Errors
    /// As [`Certificate::key_kind`].
    pub fn public_key(&self) -> Result<&PublicKey, SignatureError> {
        self.0.public_key.get_or_init(|| PublicKey::from_spki(self.spki_der())).as_ref().map_err(|error| *error)
    }

    /// Version: 3 for everything of today.
    pub fn version(&self) -> u8 {
        self.0.version
    }

    /// Serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.0.serial
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whom it names. In a JPKI certificate an opaque string, never a person's name; still not for logs.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// When it is valid.
    pub fn validity(&self) -> Validity {
        self.0.validity
    }

    /// Its extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// Subject and issuer are the same name (RFC 5280 §6.1: such certificates do not count against path lengths).
    pub fn is_self_issued(&self) -> bool {
        self.0.subject == self.0.issuer
    }

    /// Whether a default value is written out, which DER forbids (X.690 §11.5). JPKI never does.
    pub fn has_defaults_written_out(&self) -> bool {
        self.0.defaults_written_out
    }

    /// Checks the signature on this certificate with the key of `issuer`. Says nothing else about the two.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_signature(&self, issuer: &Self) -> Result<(), SignatureError> {
        let algorithm = self.accepted_algorithm().ok_or(SignatureError::AlgorithmNotAllowed)?;
        issuer.public_key()?.verify(algorithm, self.tbs(), self.signature())
    }

    /// The signature algorithm, if it is one that is accepted at all (no SHA-1, no MD5).
    pub fn accepted_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.accepted_algorithm
    }
}

fn accepted(identifier: &Oid, parameters: &[u8]) -> Option<SignatureAlgorithm> {
    let identifier = const_oid::ObjectIdentifier::from_bytes(identifier.as_bytes()).ok()?;
    let algorithm = SignatureAlgorithm::from_oid(&identifier)?;
    let fits = match algorithm.scheme {
        // RFC 4055 §5: NULL; absent is tolerated, as everywhere.
        Scheme::RsaPkcs1 => matches!(parameters, [] | [0x05, 0x00]),
        // RFC 5758 §3.2: absent.
        Scheme::Ecdsa => parameters.is_empty(),
    };
    fits.then_some(algorithm)
}

/// Equal bytes.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

/// Neither names nor numbers: both may lead to a person.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?}, {} bytes, redacted)", super::CertificateKind::of(self), self.0.der.len())
    }
}

/// The fields of a certificate as they stand, in their order (RFC 5280 §4.1).
struct Fields<'a> {
    tbs: &'a [u8],
    version: Option<&'a [u8]>,
    serial: &'a [u8],
    inner_algorithm: &'a [u8],
    issuer: &'a [u8],
    validity: Validity,
    subject: &'a [u8],
    key: &'a [u8],
    key_bits: &'a [u8],
    extensions: Option<&'a [u8]>,
    outer_algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Fields<'a> {
    fn read(der: &'a [u8]) -> Result<Self, strict_der::DerError> {
        let mut certificate = Reader::new(strict_der::only(der, SEQUENCE)?);
        let whole = certificate.expect_element(SEQUENCE)?;
        let mut tbs = Reader::new(whole.content);
        let version = tbs.optional(constructed(0))?.map(|version| strict_der::only(version, INTEGER)).transpose()?;
        let serial = tbs.expect(INTEGER)?;
        let inner_algorithm = algorithm_identifier(&mut tbs)?;
        let issuer = tbs.expect_element(SEQUENCE)?.whole;
        let validity = read_validity(tbs.expect(SEQUENCE)?)?;
        let subject = tbs.expect_element(SEQUENCE)?.whole;
        let key = tbs.expect_element(SEQUENCE)?;
        let mut key_fields = Reader::new(key.content);
        algorithm_identifier(&mut key_fields)?;
        let key_bits = strict_der::octets_of_bits(key_fields.expect(strict_der::BIT_STRING)?)?;
        key_fields.finish()?;
        // issuerUniqueID and subjectUniqueID: nobody uses them, and nothing here asks for their content.
        tbs.optional(strict_der::primitive(1))?.map(strict_der::bit_string).transpose()?;
        tbs.optional(strict_der::primitive(2))?.map(strict_der::bit_string).transpose()?;
        let extensions = tbs.optional(constructed(3))?;
        tbs.finish()?;
        let outer_algorithm = algorithm_identifier(&mut certificate)?;
        let signature = strict_der::octets_of_bits(certificate.expect(strict_der::BIT_STRING)?)?;
        certificate.finish()?;
        Ok(Self {
            tbs: whole.whole,
            version,
            serial,
            inner_algorithm,
            issuer,
            validity,
            subject,
            key: key.whole,
            key_bits,
            extensions,
            outer_algorithm,
            signature,
        })
    }
}

/// The content of an AlgorithmIdentifier: an identifier, and at most one element of parameters.
fn algorithm_identifier<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], strict_der::DerError> {
    let content = reader.expect(SEQUENCE)?;
    let mut fields = Reader::new(content);
    strict_der::object_identifier(fields.expect(OBJECT_IDENTIFIER)?)?;
    if !fields.is_empty() {
        fields.any()?;
    }
    fields.finish()?;
    Ok(content)
}

/// The content of Validity.
pub(super) fn read_validity(content: &[u8]) -> Result<Validity, strict_der::DerError> {
    let mut reader = Reader::new(content);
    let mut time = || reader.element().and_then(|element| strict_der::time(element.tag, element.content));
    let validity = Validity { not_before: time()?, not_after: time()? };
    reader.finish()?;
    Ok(validity)
}

/// 1 to 3, written as 0 to 2 (RFC 5280 §4.1.2.1): there are no others.
fn read_version(content: &[u8]) -> Result<u8, strict_der::DerError> {
    match strict_der::small_integer(content)? {
        0 => Ok(1),
        1 => Ok(2),
        2 => Ok(3),
        _ => Err(strict_der::DerError::Value("version")),
    }
}

/// Room for the extensions of a JPKI certificate, which has eight or nine.
const USUAL_EXTENSIONS: usize = 10;

fn read_extensions(extensions: Option<&[u8]>, whole: &Arc<[u8]>) -> Result<(Extensions, bool), CertificateError> {
    let part = CertificateError::der;
    let mut typed = Extensions { all: Vec::with_capacity(USUAL_EXTENSIONS), ..Extensions::default() };
    let mut written_out = false;
    let Some(content) = extensions else { return Ok((typed, false)) };
    let mut reader = Reader::new(strict_der::only(content, SEQUENCE).map_err(part("extensions"))?);
    if reader.is_empty() {
        return Err(CertificateError::Der {
            part: "extensions",
            error: strict_der::DerError::Value("list of extensions"),
        });
    }
    while !reader.is_empty() {
        let extension = || -> Result<(Extension, bool), strict_der::DerError> {
            let mut fields = reader.nested(SEQUENCE)?;
            let oid = Oid::from_content(fields.expect(OBJECT_IDENTIFIER)?)?;
            let critical = fields.optional(BOOLEAN)?.map(strict_der::boolean).transpose()?;
            let value = Part::of(whole, fields.expect(OCTET_STRING)?);
            fields.finish()?;
            Ok((Extension { oid, critical: critical.unwrap_or(false), value }, critical == Some(false)))
        }();
        let (extension, default) = extension.map_err(part("extensions"))?;
        written_out |= default;
        typed.add(extension)?;
    }
    Ok((typed, written_out))
}
