//! Answers of OCSP responders (RFC 6960), as documents: read and judged. The questions are in `ocsp_request`.

use super::crl_entry::RevocationReason;
use super::ocsp_request::{NonceRule, OcspRequest};
use super::revocation::{Currency, RevocationGap, RevocationQuery, RevocationSource, RevocationStatus};
use crate::certificate::strict_der::{
    self, BIT_STRING, BOOLEAN, DerError, ENUMERATED, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING,
    Reader, SEQUENCE, constructed, primitive,
};
use crate::certificate::{Certificate, Name, Oid, known};
use crate::crypto::{self, SignatureAlgorithm, SignatureError};
use crate::reason::Reason;
use crate::time::{Position, UnixTime};
use std::fmt;

/// How far a responder's clock may be ahead of ours, in seconds.
const CLOCK_SKEW: i64 = 300;

/// How long an answer without nextUpdate holds, in seconds: J-LIS renews its data every 15 minutes (certificates.md §4.2).
const MAXIMUM_AGE: i64 = 1800;

/// Most certificates and single answers one response may carry.
const MAXIMUM_PARTS: usize = 64;

/// Why bytes are not an OCSP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the OCSP response is malformed: {0}")]
pub struct OcspError(#[from] DerError);

impl OcspError {
    /// The reason in the catalogue.
    pub fn reason(&self) -> Reason {
        Reason::MalformedData
    }
}

/// An OCSP response, read and not yet believed.
#[derive(Clone)]
pub struct OcspResponse {
    der: Vec<u8>,
    basic: Option<Basic>,
    /// It was asked for with another nonce.
    answers_another: bool,
}

#[derive(Clone)]
struct Basic {
    signed: Vec<u8>,
    algorithm: Oid,
    signature: Vec<u8>,
    responder: Responder,
    produced_at: UnixTime,
    answers: Vec<Answer>,
    nonce: Option<Vec<u8>>,
    unknown_critical: bool,
    certificates: Vec<Certificate>,
}

/// ResponderID
#[derive(Clone)]
enum Responder {
    Name(Name),
    /// SHA-1 of the public key bits.
    Key(Vec<u8>),
}

#[derive(Clone)]
struct Answer {
    hash: Hash,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
    status: Told,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    unknown_critical: bool,
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Other,
}

#[derive(Clone, Copy)]
enum Told {
    Good,
    Revoked(UnixTime, Option<RevocationReason>),
    Unknown,
}

impl OcspResponse {
    /// Reads a DER response. A response with an error status is one too.
    ///
    /// # Errors
    /// [`OcspError`] when the bytes are not one.
    pub fn from_der(der: &[u8]) -> Result<Self, OcspError> {
        let mut reader = Reader::new(strict_der::only(der, SEQUENCE)?);
        let status = strict_der::small_integer(reader.expect(ENUMERATED)?)?;
        let body = reader.optional(constructed(0))?;
        reader.finish()?;
        let basic = match (status, body) {
            (0, Some(body)) => {
                let mut bytes = Reader::new(strict_der::only(body, SEQUENCE)?);
                // id-pkix-ocsp-basic, the only type there is
                if bytes.expect(OBJECT_IDENTIFIER)? != [0x2B, 6, 1, 5, 5, 7, 0x30, 1, 1] {
                    return Err(DerError::Value("response type").into());
                }
                let basic = Basic::read(bytes.expect(OCTET_STRING)?)?;
                bytes.finish()?;
                Some(basic)
            }
            (0, None) => return Err(DerError::Value("successful response").into()),
            _ => None,
        };
        Ok(Self { der: der.to_vec(), basic, answers_another: false })
    }

    /// Every byte, as it came: the signed response is what evidence keeps.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The same as the answer to `request`: with another nonce it will say nothing but that
    /// ([`RevocationGap::NonceDiffers`]).
    #[must_use]
    pub fn in_answer_to(mut self, request: &OcspRequest, rule: NonceRule) -> Self {
        self.answers_another = !request.may_be_answered_by(&self, rule);
        self
    }

    /// The nonce it carries.
    pub fn nonce(&self) -> Option<&[u8]> {
        self.basic.as_ref().and_then(|basic| basic.nonce.as_deref())
    }

    /// Whether the responder had no answer (tryLater and its like).
    pub fn is_error(&self) -> bool {
        self.basic.is_none()
    }

    /// When the responder signed it; `None` for an error.
    pub fn produced_at(&self) -> Option<UnixTime> {
        self.basic.as_ref().map(|basic| basic.produced_at)
    }
}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspResponse({} bytes, redacted)", self.der.len())
    }
}

impl Basic {
    fn read(der: &[u8]) -> Result<Self, DerError> {
        let mut basic = Reader::new(strict_der::only(der, SEQUENCE)?);
        let signed = basic.expect_element(SEQUENCE)?;
        strict_der::check(signed.whole)?;
        let algorithm = basic.nested(SEQUENCE)?.expect(OBJECT_IDENTIFIER).and_then(Oid::from_content)?;
        let signature = strict_der::octets_of_bits(basic.expect(BIT_STRING)?)?;
        let mut certificates = Vec::new();
        if let Some(wrapped) = basic.optional(constructed(0))? {
            let mut reader = Reader::new(strict_der::only(wrapped, SEQUENCE)?);
            while !reader.is_empty() && certificates.len() < MAXIMUM_PARTS {
                let one = Certificate::from_der(reader.expect_element(SEQUENCE)?.whole);
                certificates.push(one.map_err(|_| DerError::Value("certificate of the responder"))?);
            }
            reader.finish()?;
        }
        basic.finish()?;

        let mut data = Reader::new(signed.content);
        if data.optional(constructed(0))?.is_some() {
            return Err(DerError::Value("version"));
        }
        let responder = data.element()?;
        let responder = match responder.tag {
            0xA1 => Responder::Name(Name::from_der(responder.content)?),
            0xA2 => Responder::Key(strict_der::only(responder.content, OCTET_STRING)?.to_vec()),
            found => return Err(DerError::Tag { expected: constructed(1), found }),
        };
        let produced_at = strict_der::time(GENERALIZED_TIME, data.expect(GENERALIZED_TIME)?)?;
        let mut singles = data.nested(SEQUENCE)?;
        let mut answers = Vec::new();
        while !singles.is_empty() && answers.len() < MAXIMUM_PARTS {
            answers.push(Answer::read(singles.nested(SEQUENCE)?)?);
        }
        singles.finish()?;
        let extensions = ResponseExtensions::read(data.optional(constructed(1))?)?;
        data.finish()?;
        Ok(Self {
            signed: signed.whole.to_vec(),
            algorithm,
            signature: signature.to_vec(),
            responder,
            produced_at,
            answers,
            nonce: extensions.nonce,
            unknown_critical: extensions.unknown_critical,
            certificates,
        })
    }

    /// RFC 6960 §4.2.2.2: the issuer itself, which is `None`, or one whom the issuer's own key certified for this.
    fn signer(&self, query: &RevocationQuery<'_>) -> Result<Option<&Certificate>, RevocationGap> {
        if self.names(query.issuer) {
            match self.verify_with(query.issuer) {
                Ok(()) => return Ok(None),
                // A delegate may carry the issuer's name: look on.
                Err(RevocationGap::SignatureInvalid) if !self.certificates.is_empty() => {}
                Err(gap) => return Err(gap),
            }
        }
        let mut gap = RevocationGap::SignerNotAuthorised;
        for delegate in self.certificates.iter().filter(|certificate| self.names(certificate)) {
            match authorised(delegate, query).and_then(|()| self.verify_with(delegate)) {
                Ok(()) => return Ok(Some(delegate)),
                Err(found) => gap = gap.max(found),
            }
        }
        Err(gap)
    }

    fn names(&self, certificate: &Certificate) -> bool {
        match &self.responder {
            Responder::Name(name) => name == certificate.subject(),
            Responder::Key(hash) => *hash == crypto::sha1_identifier(certificate.public_key_bits()),
        }
    }

    fn verify_with(&self, signer: &Certificate) -> Result<(), RevocationGap> {
        let algorithm = const_oid::ObjectIdentifier::from_bytes(self.algorithm.as_bytes()).ok();
        let algorithm =
            algorithm.and_then(|oid| SignatureAlgorithm::from_oid(&oid)).ok_or(RevocationGap::AlgorithmNotAllowed)?;
        crypto::verify(signer.spki_der(), algorithm, &self.signed, &self.signature).map_err(|error| match error {
            SignatureError::Mismatch => RevocationGap::SignatureInvalid,
            _ => RevocationGap::AlgorithmNotAllowed,
        })
    }
}

/// Whether a delegate may answer for the issuer: directly certified by the same key, for this purpose, in its dates. Whether
/// it is revoked is another question.
fn authorised(delegate: &Certificate, query: &RevocationQuery<'_>) -> Result<(), RevocationGap> {
    let extensions = delegate.extensions();
    let purpose = extensions.extended_key_usage.iter().flatten().any(|one| one.is(&known::OCSP_SIGNING));
    let fits = purpose
        && extensions.unknown_critical.is_empty()
        && extensions.key_usage.is_none_or(|usage| usage.digital_signature())
        && delegate.issuer() == query.issuer.subject()
        && delegate.validity().position(query.at) == Position::Within
        && delegate.verify_signature(query.issuer).is_ok();
    if fits { Ok(()) } else { Err(RevocationGap::SignerNotAuthorised) }
}

impl Answer {
    fn read(mut fields: Reader<'_>) -> Result<Self, DerError> {
        let mut id = fields.nested(SEQUENCE)?;
        let hash = id.nested(SEQUENCE)?.expect(OBJECT_IDENTIFIER).and_then(Oid::from_content)?;
        let hash = if hash.is(&known::SHA1) {
            Hash::Sha1
        } else if hash.is(&known::SHA256) {
            Hash::Sha256
        } else {
            Hash::Other
        };
        let issuer_name = id.expect(OCTET_STRING)?.to_vec();
        let issuer_key = id.expect(OCTET_STRING)?.to_vec();
        let serial = strict_der::integer(id.expect(INTEGER)?)?.to_vec();
        id.finish()?;
        let status = fields.element()?;
        let status = match (status.tag, status.content) {
            (0x80, []) => Told::Good,
            (0x82, []) => Told::Unknown,
            (0xA1, content) => {
                let mut revoked = Reader::new(content);
                let at = strict_der::time(GENERALIZED_TIME, revoked.expect(GENERALIZED_TIME)?)?;
                let code = revoked.optional(constructed(0))?;
                let code = code.map(|code| strict_der::only(code, ENUMERATED).and_then(strict_der::small_integer));
                let reason =
                    code.transpose()?.map(|code| RevocationReason::from_code(code).ok_or(DerError::Value("reason")));
                revoked.finish()?;
                Told::Revoked(at, reason.transpose()?)
            }
            (found, _) => return Err(DerError::Tag { expected: primitive(0), found }),
        };
        let this_update = strict_der::time(GENERALIZED_TIME, fields.expect(GENERALIZED_TIME)?)?;
        let next_update = fields.optional(constructed(0))?;
        let next_update = next_update.map(|time| {
            strict_der::only(time, GENERALIZED_TIME).and_then(|time| strict_der::time(GENERALIZED_TIME, time))
        });
        let next_update = next_update.transpose()?;
        let unknown_critical = ResponseExtensions::read(fields.optional(constructed(1))?)?.unknown_critical;
        fields.finish()?;
        Ok(Self { hash, issuer_name, issuer_key, serial, status, this_update, next_update, unknown_critical })
    }

    /// The key decides: all generations of a CA share the name (certificates.md §4.2).
    fn is_about(&self, query: &RevocationQuery<'_>) -> bool {
        let digest = |data: &[u8]| match self.hash {
            Hash::Sha1 => Some(crypto::sha1_identifier(data).to_vec()),
            Hash::Sha256 => Some(crypto::sha256(data).to_vec()),
            Hash::Other => None,
        };
        self.serial == query.serial.expose_bytes()
            && digest(query.issuer.public_key_bits()).is_some_and(|hash| hash == self.issuer_key)
            && digest(query.issuer_name.der()).is_some_and(|hash| hash == self.issuer_name)
    }
}

/// Extensions of a response or of one answer in it.
#[derive(Default)]
struct ResponseExtensions {
    nonce: Option<Vec<u8>>,
    unknown_critical: bool,
}

impl ResponseExtensions {
    fn read(extensions: Option<&[u8]>) -> Result<Self, DerError> {
        let mut read = Self::default();
        let Some(extensions) = extensions else { return Ok(read) };
        let mut reader = Reader::new(strict_der::only(extensions, SEQUENCE)?);
        while !reader.is_empty() {
            let mut extension = reader.nested(SEQUENCE)?;
            let oid = Oid::from_content(extension.expect(OBJECT_IDENTIFIER)?)?;
            let critical = extension.optional(BOOLEAN)?.map(strict_der::boolean).transpose()?.unwrap_or(false);
            let value = extension.expect(OCTET_STRING)?;
            extension.finish()?;
            if oid.is(&known::OCSP_NONCE) {
                let nonce = strict_der::only(value, OCTET_STRING)?.to_vec();
                if read.nonce.replace(nonce).is_some() {
                    return Err(DerError::Value("list of extensions (one stands twice)"));
                }
            } else {
                // Of the others none is needed here, so none is known.
                read.unknown_critical |= critical;
            }
        }
        Ok(read)
    }
}

/// RFC 6960 §3.2. By itself it cannot say whether a delegate without id-pkix-ocsp-nocheck is revoked, and then it says
/// nothing ([`RevocationGap::SignerStatusUnknown`]); `verify` asks its other materials.
impl RevocationSource for OcspResponse {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        self.status_with(query, |_| RevocationStatus::NotChecked)
    }
}

impl OcspResponse {
    /// The same, where `delegate_status` tells of a delegate that is not exempt from being asked about.
    pub(super) fn status_with<'a>(
        &'a self,
        query: &RevocationQuery<'_>,
        delegate_status: impl FnOnce(&'a Certificate) -> RevocationStatus,
    ) -> RevocationStatus {
        look_up(self, query, delegate_status).unwrap_or_else(RevocationStatus::Undetermined)
    }
}

/// certificates.md §4.2: "ocsp-nocheck or a status check for the delegate".
fn delegate_stands(delegate: &Certificate, status: impl FnOnce() -> RevocationStatus) -> Result<(), RevocationGap> {
    // RFC 6960 §4.2.2.2.1: its value is NULL, and with any other it is something else.
    if delegate.extensions().find(&known::OCSP_NO_CHECK).is_some_and(|extension| extension.value() == [5, 0]) {
        return Ok(());
    }
    match status() {
        RevocationStatus::Good(_) => Ok(()),
        RevocationStatus::Revoked { .. } => Err(RevocationGap::SignerNotAuthorised),
        RevocationStatus::Undetermined(_) | RevocationStatus::NotChecked => Err(RevocationGap::SignerStatusUnknown),
    }
}

fn look_up<'a>(
    response: &'a OcspResponse,
    query: &RevocationQuery<'_>,
    delegate_status: impl FnOnce(&'a Certificate) -> RevocationStatus,
) -> Result<RevocationStatus, RevocationGap> {
    use RevocationGap as Gap;
    let basic = response.basic.as_ref().ok_or(Gap::ResponderError)?;
    let answer = basic.answers.iter().find(|answer| answer.is_about(query)).ok_or(Gap::OtherCertificate)?;
    let signer = basic.signer(query)?;
    // From here on the answer is authentic, if its signer still is who he was.
    if response.answers_another {
        return Err(Gap::NonceDiffers);
    }
    if basic.unknown_critical || answer.unknown_critical {
        return Err(Gap::UnknownCriticalExtension);
    }
    let latest = query.at.plus_seconds(CLOCK_SKEW);
    if answer.this_update > latest || basic.produced_at > latest {
        return Err(Gap::NotYetCurrent);
    }
    let next_update = answer.next_update.unwrap_or(answer.this_update.plus_seconds(MAXIMUM_AGE));
    if query.at > next_update {
        return Err(Gap::Stale);
    }
    // Last, because it may cost as much as all the rest.
    if let Some(delegate) = signer {
        delegate_stands(delegate, || delegate_status(delegate))?;
    }
    let currency = Currency { source: "ocsp", this_update: answer.this_update, next_update };
    match answer.status {
        Told::Good => Ok(RevocationStatus::Good(currency)),
        Told::Revoked(at, reason) => Ok(RevocationStatus::Revoked { at, reason, currency }),
        Told::Unknown => Err(Gap::ResponderUnknown),
    }
}
