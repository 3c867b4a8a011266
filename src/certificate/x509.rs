//! A certificate, read strictly (certificates.md §4.1 point 1) and typed. Deciding trust is not done here.

use super::error::CertificateError;
use super::extension::{Extension, Extensions};
use super::name::Name;
use super::object_identifier::Oid;
use super::serial::SerialNumber;
use super::strict_der::{self, BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, constructed};
use crate::crypto::{self, KeyKind, Scheme, SignatureAlgorithm, SignatureError};
use crate::time::Validity;
use std::fmt;
use std::ops::Range;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser as _;

/// Longest certificate that is read: far above any real one, far below what hurts.
pub const MAXIMUM_LENGTH: usize = 64 * 1024;

/// An X.509 certificate: its bytes, and every field typed.
///
/// What is refused on reading: anything that is not DER, trailing data, an extension that stands twice or whose known
/// content is malformed, two different signature algorithms. What is carried as a fact and judged by `validation`, because
/// profiles differ: the version, the shape of the serial number, defaults written out.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Range<usize>,
    spki: Range<usize>,
    key_bits: Range<usize>,
    signature: Range<usize>,
    version: u8,
    serial: SerialNumber,
    issuer: Name,
    subject: Name,
    validity: Validity,
    signature_algorithm: Oid,
    signature_parameters: Box<[u8]>,
    defaults_written_out: bool,
    extensions: Extensions,
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
        strict_der::check(der).map_err(part("certificate"))?;

        // x509-parser knows the order of the fields; strictness and the content of extensions are ours, because it reads
        // extensions leniently and keeps failures to itself.
        let (rest, parsed) = X509CertificateParser::new()
            .with_deep_parse_extensions(false)
            .parse(der)
            .map_err(|_| CertificateError::Structure)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingData { bytes: rest.len() });
        }
        let raw = Fields::read(der).map_err(part("certificate"))?;
        if raw.inner_algorithm != raw.outer_algorithm {
            return Err(CertificateError::AlgorithmsDiffer);
        }
        let tbs = &parsed.tbs_certificate;
        let (extensions, defaults_written_out) = read_extensions(raw.extensions)?;
        let mut algorithm = Reader::new(raw.inner_algorithm);
        let signature_algorithm = algorithm.expect(OBJECT_IDENTIFIER).and_then(Oid::from_content);
        let parameters = algorithm.rest();
        Ok(Self {
            version: u8::try_from(tbs.version.0).map_err(|_| CertificateError::Structure)?,
            serial: SerialNumber::from_content(tbs.raw_serial()).map_err(part("serial number"))?,
            issuer: Name::from_der(tbs.issuer.as_raw()).map_err(part("issuer"))?,
            subject: Name::from_der(tbs.subject.as_raw()).map_err(part("subject"))?,
            validity: raw.validity,
            signature_algorithm: signature_algorithm.map_err(part("signature algorithm"))?,
            signature_parameters: parameters.into(),
            tbs: range_of(tbs.as_ref(), der).ok_or(CertificateError::Structure)?,
            spki: range_of(tbs.subject_pki.raw, der).ok_or(CertificateError::Structure)?,
            key_bits: range_of(raw.key_bits, der).ok_or(CertificateError::Structure)?,
            signature: range_of(raw.signature, der).ok_or(CertificateError::Structure)?,
            defaults_written_out: defaults_written_out || raw.version_written_out,
            extensions,
            der: der.to_vec(),
        })
    }

    /// Every byte, as it came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of [`der`](Self::der).
    pub fn fingerprint(&self) -> [u8; 32] {
        crypto::sha256(&self.der)
    }

    /// The signed part (TBSCertificate), header included.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.tbs.clone()).unwrap_or_default()
    }

    /// The signature over [`tbs`](Self::tbs).
    pub fn signature(&self) -> &[u8] {
        self.der.get(self.signature.clone()).unwrap_or_default()
    }

    /// The algorithm the signature names.
    pub fn signature_algorithm(&self) -> &Oid {
        &self.signature_algorithm
    }

    /// SubjectPublicKeyInfo, DER.
    pub fn spki_der(&self) -> &[u8] {
        self.der.get(self.spki.clone()).unwrap_or_default()
    }

    /// The bits of the public key, without algorithm: what key identifiers and OCSP hash.
    pub fn public_key_bits(&self) -> &[u8] {
        self.der.get(self.key_bits.clone()).unwrap_or_default()
    }

    /// Kind and strength of the public key.
    ///
    /// # Errors
    /// [`SignatureError`] for a key that is malformed or of a kind nobody here accepts.
    pub fn key_kind(&self) -> Result<KeyKind, SignatureError> {
        KeyKind::of(self.spki_der())
    }

    /// Version: 3 for everything of today.
    pub fn version(&self) -> u8 {
        self.version.saturating_add(1)
    }

    /// Serial number.
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// Whom it names. In a JPKI certificate an opaque string, never a person's name; still not for logs.
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// When it is valid.
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// Its extensions.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Subject and issuer are the same name (RFC 5280 §6.1: such certificates do not count against path lengths).
    pub fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether a default value is written out, which DER forbids (X.690 §11.5). JPKI never does.
    pub fn has_defaults_written_out(&self) -> bool {
        self.defaults_written_out
    }

    /// Checks the signature on this certificate with the key of `issuer`. Says nothing else about the two.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_signature(&self, issuer: &Self) -> Result<(), SignatureError> {
        let algorithm = self.accepted_algorithm().ok_or(SignatureError::AlgorithmNotAllowed)?;
        crypto::verify(issuer.spki_der(), algorithm, self.tbs(), self.signature())
    }

    /// The signature algorithm, if it is one that is accepted at all (no SHA-1, no MD5).
    pub fn accepted_algorithm(&self) -> Option<SignatureAlgorithm> {
        let identifier = const_oid::ObjectIdentifier::from_bytes(self.signature_algorithm.as_bytes()).ok()?;
        let algorithm = SignatureAlgorithm::from_oid(&identifier)?;
        let fits = match algorithm.scheme {
            // RFC 4055 §5: NULL; absent is tolerated, as everywhere.
            Scheme::RsaPkcs1 => matches!(*self.signature_parameters, [] | [0x05, 0x00]),
            // RFC 5758 §3.2: absent.
            Scheme::Ecdsa => self.signature_parameters.is_empty(),
        };
        fits.then_some(algorithm)
    }
}

/// Equal bytes.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Neither names nor numbers: both may lead to a person.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?}, {} bytes, redacted)", super::CertificateKind::of(self), self.der.len())
    }
}

/// What x509-parser does not hand out as it stood: both algorithms, the times, the bits of the key, the flags of extensions.
struct Fields<'a> {
    inner_algorithm: &'a [u8],
    outer_algorithm: &'a [u8],
    version_written_out: bool,
    validity: Validity,
    key_bits: &'a [u8],
    extensions: Option<&'a [u8]>,
    signature: &'a [u8],
}

impl<'a> Fields<'a> {
    fn read(der: &'a [u8]) -> Result<Self, strict_der::DerError> {
        let mut certificate = Reader::new(strict_der::only(der, SEQUENCE)?);
        let mut tbs = certificate.nested(SEQUENCE)?;
        let version = tbs.optional(constructed(0))?;
        tbs.expect(INTEGER)?;
        let inner_algorithm = tbs.expect(SEQUENCE)?;
        tbs.expect(SEQUENCE)?;
        let validity = read_validity(tbs.expect(SEQUENCE)?)?;
        tbs.expect(SEQUENCE)?;
        // x509-parser takes any class of tag here.
        let mut key = tbs.nested(SEQUENCE)?;
        key.nested(SEQUENCE)?.expect(OBJECT_IDENTIFIER)?;
        let (key_bits, _) = strict_der::bit_string(key.expect(strict_der::BIT_STRING)?)?;
        key.finish()?;
        // issuerUniqueID and subjectUniqueID: nobody uses them, and nothing here reads them.
        tbs.optional(strict_der::primitive(1))?;
        tbs.optional(strict_der::primitive(2))?;
        let extensions = tbs.optional(constructed(3))?;
        tbs.finish()?;
        let outer_algorithm = certificate.expect(SEQUENCE)?;
        let (signature, unused) = strict_der::bit_string(certificate.expect(strict_der::BIT_STRING)?)?;
        certificate.finish()?;
        if unused != 0 {
            return Err(strict_der::DerError::Value("signature"));
        }
        Ok(Self {
            inner_algorithm,
            outer_algorithm,
            version_written_out: version == Some(&[INTEGER, 1, 0]),
            validity,
            key_bits,
            extensions,
            signature,
        })
    }
}

/// The content of Validity.
pub(super) fn read_validity(content: &[u8]) -> Result<Validity, strict_der::DerError> {
    let mut reader = Reader::new(content);
    let mut time = || reader.element().and_then(|element| strict_der::time(element.tag, element.content));
    let validity = Validity { not_before: time()?, not_after: time()? };
    reader.finish()?;
    Ok(validity)
}

fn read_extensions(extensions: Option<&[u8]>) -> Result<(Extensions, bool), CertificateError> {
    let part = CertificateError::der;
    let mut typed = Extensions::default();
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
            let value = fields.expect(OCTET_STRING)?.to_vec();
            fields.finish()?;
            Ok((Extension { oid, critical: critical.unwrap_or(false), value }, critical == Some(false)))
        }();
        let (extension, default) = extension.map_err(part("extensions"))?;
        written_out |= default;
        typed.add(extension)?;
    }
    Ok((typed, written_out))
}

/// Where `part`, a slice of `whole`, lies in it.
fn range_of(part: &[u8], whole: &[u8]) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= whole.len()).then_some(start..end)
}
