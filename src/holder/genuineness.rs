//! Whether the data of the card face are the issuer's: the signer's card-verifiable certificate against the known CA keys, and
//! the signer's signature over the data (card.md §§6.4, 7.2).
//!
//! Genuine data are not a genuine card: a copy of the data passes too. Where the card signed a challenge with its own key, that
//! is judged as well.

use super::card_data::{CardAttributes, CardDataError, inner, outer};
use super::face::CardFace;
use crate::anchors::{CardVerifiableKeys, Origin};
use crate::apdu::tlv;
use crate::crypto::{self, SignatureAlgorithm};
use crate::reason::Reason;
use crate::verdict::{Check, CheckId, Status, Taint};

/// A card-verifiable certificate: who signed it, and the key it is about.
struct CardVerifiableCertificate<'a> {
    issuer: &'a [u8],
    key_info: Vec<u8>,
    body: &'a [u8],
    signature: &'a [u8],
}

impl<'a> CardVerifiableCertificate<'a> {
    /// Reads EF 0004: `7F21` { `5F4E` { key id, key id, `90` exponent, `91` modulus }, `5F37` signature }.
    fn from_file(file: &'a [u8]) -> Result<Self, CardDataError> {
        let what = "card-verifiable certificate";
        let value = outer(file, 0x7F21, what)?.value;
        let body = inner(value, 0x5F4E, what)?.value;
        let signature = inner(value, 0x5F37, what)?.value;
        let (issuer, rest) = body.split_at_checked(16).ok_or(CardDataError { what })?;
        let (_subject, key) = rest.split_at_checked(16).ok_or(CardDataError { what })?;
        let (exponent, modulus) = (inner(key, 0x90, what)?.value, inner(key, 0x91, what)?.value);
        let key_info = crypto::rsa_key_info(modulus, exponent).map_err(|_| CardDataError { what })?;
        Ok(Self { issuer, key_info, body, signature })
    }
}

/// What was found out, and what taints it.
#[derive(Clone, Debug)]
pub struct Vouching {
    /// The signer's signature over the data; only the face has this check by itself.
    pub signature: Option<Check>,
    /// The whole chain up to a known CA key.
    pub genuineness: Check,
    /// Set when the chain ends in a key that vouches for no real person.
    pub taint: Option<Taint>,
}

const GENUINENESS: CheckId = CheckId::Genuineness;

/// What the card answered to a challenge.
pub(super) struct Answer<'a> {
    /// EF 0007 of the input support application.
    pub(super) own_key: Option<&'a [u8]>,
    /// What it was asked to sign.
    pub(super) challenge: &'a [u8],
    /// Its signature, where it gave one.
    pub(super) signature: Option<&'a [u8]>,
}

/// DigestInfo of SHA-256 over a challenge (RFC 8017 §9.2 note 1).
pub(super) fn digest_info(challenge: &[u8]) -> Vec<u8> {
    let prefix = b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20";
    [&prefix[..], &crypto::sha256(challenge)].concat()
}

impl Answer<'_> {
    /// Whether the signer of `certificate` vouches for the card's own key, and that key signed the challenge.
    ///
    /// `None` when the card gave no answer to judge.
    fn is_right(&self, certificate: &CardVerifiableCertificate<'_>) -> Option<Result<bool, CardDataError>> {
        let (own_key, signature) = (self.own_key?, self.signature?);
        let right = || {
            let what = "the card's own key";
            let value = outer(own_key, 0xFF50, what)?.value;
            let vouched = tlv::before(value, 0xDF52).ok_or(CardDataError { what })?;
            let vouching = inner(value, 0xDF52, what)?.value;
            let key = inner(vouched, 0xDF51, what)?.value;
            let (exponent, modulus) = (inner(key, 0x90, what)?.value, inner(key, 0x91, what)?.value);
            let key_info = crypto::rsa_key_info(modulus, exponent).map_err(|_| CardDataError { what })?;
            let algorithm = SignatureAlgorithm::RSA_SHA256;
            Ok(crypto::verify(&certificate.key_info, algorithm, vouched, vouching).is_ok()
                && crypto::verify(&key_info, algorithm, self.challenge, signature).is_ok())
        };
        Some(right())
    }
}

/// Judges EF 0002 of the input support application by its integrity record (EF 0003) and certificate (EF 0004).
///
/// DF31 of the record, a digest of the individual number, is covered by the signature and looked at for nothing else.
pub(super) fn of_attributes(
    attributes: &[u8],
    record: Option<&[u8]>,
    certificate: Option<&[u8]>,
    keys: &CardVerifiableKeys,
) -> Vouching {
    let (Some(record), Some(certificate)) = (record, certificate) else {
        return Vouching::of(Check::undetermined(GENUINENESS, Reason::PathNotFound).with("why", "file_absent"));
    };
    let signed = || -> Result<_, CardDataError> {
        let certificate = CardVerifiableCertificate::from_file(certificate)?;
        let value = outer(record, 0xFF30, "integrity record")?.value;
        let signature = inner(value, 0xDF33, "signature of the integrity record")?;
        let covered = tlv::before(value, 0xDF33).ok_or(CardDataError { what: "integrity record" })?;
        // Looked for in what is signed: a digest behind the signature would be anybody's.
        let digest = inner(covered, 0xDF32, "digest in the integrity record")?;
        let same = digest.value == crypto::sha256(CardAttributes::digested(attributes)?);
        let matches = crypto::verify(&certificate.key_info, SignatureAlgorithm::RSA_SHA256, covered, signature.value);
        Ok((certificate, same, matches.is_ok()))
    };
    match signed() {
        Err(error) => Vouching::of(Check::failed(GENUINENESS, error.reason()).with("why", error.what)),
        Ok((_, _, false)) => Vouching::of(refused("signature")),
        Ok((_, false, _)) => Vouching::of(refused("digest")),
        Ok((certificate, true, true)) => chain(&certificate, keys),
    }
}

/// Judges the face by its own signature (DF28) and the certificate of EF 0004.
pub(super) fn of_face(face: &CardFace, certificate: Option<&[u8]>, keys: &CardVerifiableKeys) -> Vouching {
    let unsettled =
        |signature: Check| Vouching { signature: Some(signature), ..Vouching::of(Check::not_run(GENUINENESS)) };
    let signature = CheckId::Signature;
    let Some(certificate) = certificate else {
        return unsettled(Check::undetermined(signature, Reason::PathNotFound).with("why", "file_absent"));
    };
    let certificate = match CardVerifiableCertificate::from_file(certificate) {
        Ok(certificate) => certificate,
        Err(error) => return unsettled(Check::failed(signature, error.reason()).with("why", error.what)),
    };
    if crypto::verify_encoded(&certificate.key_info, face.signed_content(), face.signature()).is_err() {
        return unsettled(Check::failed(signature, Reason::SignatureInvalid));
    }
    Vouching { signature: Some(Check::passed(signature)), ..chain(&certificate, keys) }
}

impl Vouching {
    fn of(genuineness: Check) -> Self {
        Self { signature: None, genuineness, taint: None }
    }

    /// The same where the card was asked to prove that it is no copy. A chain that does not pass stays as it is; one that does
    /// passes only with a right answer.
    #[must_use]
    pub(super) fn and_of_this_card(mut self, answer: &Answer<'_>, certificate: Option<&[u8]>) -> Self {
        if self.genuineness.status != Status::Passed {
            return self;
        }
        let certificate = certificate.and_then(|file| CardVerifiableCertificate::from_file(file).ok());
        self.genuineness = match certificate.as_ref().and_then(|certificate| answer.is_right(certificate)) {
            Some(Ok(true)) => self.genuineness.with("card", "answered"),
            Some(Ok(false)) => refused("challenge"),
            Some(Err(error)) => Check::failed(GENUINENESS, error.reason()).with("why", error.what),
            // What such a card answers is on record from one source only (card.md §5.3).
            None => Check::undetermined(GENUINENESS, Reason::PathNotFound).with("why", "challenge_not_answered"),
        };
        self
    }

    /// The same, for a caller who did not ask: what could not be settled for want of a key is then not an answer.
    #[must_use]
    pub fn unasked(mut self) -> Self {
        if matches!(self.genuineness.status, Status::Undetermined(_)) {
            self.genuineness = self.genuineness.as_not_run();
        }
        self
    }
}

fn chain(certificate: &CardVerifiableCertificate<'_>, keys: &CardVerifiableKeys) -> Vouching {
    let name: String =
        certificate.issuer.iter().take(7).filter(|byte| byte.is_ascii_digit()).copied().map(char::from).collect();
    let Some(key) = keys.find(certificate.issuer) else {
        let check = Check::undetermined(GENUINENESS, Reason::IssuerNotTrusted).with("why", "unknown_key");
        return Vouching::of(check.with("ca", name));
    };
    let algorithm = SignatureAlgorithm::RSA_SHA256;
    if crypto::verify(key.key_info(), algorithm, certificate.body, certificate.signature).is_err() {
        return Vouching::of(refused("certificate").with("ca", name));
    }
    let hierarchy = match key.origin() {
        Origin::Production => "production",
        Origin::Test => "test",
        Origin::Caller => "caller",
    };
    let check = Check::passed(GENUINENESS).with("ca", name).with("hierarchy", hierarchy);
    Vouching { taint: key.taint(), ..Vouching::of(check) }
}

fn refused(why: &'static str) -> Check {
    Check::failed(GENUINENESS, Reason::SignatureInvalid).with("why", why)
}
