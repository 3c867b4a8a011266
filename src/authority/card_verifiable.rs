//! A synthetic card-verifiable hierarchy, and the files it signs (card.md §§6.4, 7.1-7.3): one CA, one signer below it, and the
//! card's own key.
//!
//! Its key identifiers begin with `9`, which no hierarchy in circulation does, so nobody takes it for one of theirs.
#![allow(clippy::disallowed_types, reason = "the keys of synthetic people are made here, for their simulated card")]

use rand_core::{CryptoRngCore, OsRng};
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest as _, Sha256};
use std::fmt;

use super::issue::AuthorityError;
use super::persona_card::tlv;

/// Name of the synthetic CA's key: seven digits, like `5000033`.
pub const CARD_VERIFIABLE_CA: &str = "9000033";
/// Name of the synthetic signer's key.
const SIGNER: &str = "9131011";
/// Name of the card's own key.
const CARD: &str = "9131012";

/// The hierarchy of one persona. `Debug` tells nothing of its keys.
#[derive(Clone)]
pub struct CardVerifiableHierarchy {
    authority: RsaPrivateKey,
    signer: RsaPrivateKey,
    card: RsaPrivateKey,
}

impl CardVerifiableHierarchy {
    pub(super) fn generate(rng: &mut impl CryptoRngCore) -> Result<Self, AuthorityError> {
        let mut key = || RsaPrivateKey::new(rng, 2048);
        Ok(Self { authority: key()?, signer: key()?, card: key()? })
    }

    /// The CA's public key as a file of keys, in the form of `anchors/data/card-verifiable/keys.json`.
    pub fn authority_keys(&self) -> String {
        let modulus = hex::encode(self.authority.n().to_bytes_be());
        format!(
            "{{\"note\": \"synthetic\", \"keys\": [{{\"name\": \"{CARD_VERIFIABLE_CA}\", \"hierarchy\": \"synthetic\", \
             \"exponent\": \"010001\", \"modulus\": \"{modulus}\"}}]}}\n"
        )
    }

    /// The card's own key, PKCS#8 PEM.
    pub(super) fn card_key(&self) -> Result<String, AuthorityError> {
        let pem = self.card.to_pkcs8_pem(LineEnding::LF).map_err(|_| rsa::Error::Internal)?;
        Ok(pem.to_string())
    }

    /// EF 0004 of both applications: `7F21` with body and signature.
    pub(super) fn certificate(&self) -> Result<Vec<u8>, AuthorityError> {
        let names = [key_id(CARD_VERIFIABLE_CA, b'1'), key_id(SIGNER, b'0')];
        Ok(tlv(&[0x7F, 0x21], &vouch(&self.authority, names, &self.signer)?))
    }

    /// Data objects `00F8` and `7F21` of the issuer security domain: the CA about the signer, the signer about the card's
    /// key. The list of tags and lengths before each is the same on every card (card.md §2.2).
    pub(super) fn domain_certificates(&self) -> Result<[Vec<u8>; 2], AuthorityError> {
        const LIST: [u8; 12] = [0x4D, 0x0A, 0x42, 0x10, 0x5F, 0x20, 0x10, 0x5F, 0x49, 0x82, 0x01, 0x09];
        let [root, signer, card] = [key_id(CARD_VERIFIABLE_CA, b'1'), key_id(SIGNER, b'0'), key_id(CARD, b'0')];
        let upper = vouch(&self.authority, [root, signer], &self.signer)?;
        let lower = vouch(&self.signer, [signer, card], &self.card)?;
        Ok([[&LIST[..], &upper].concat(), [&LIST[..], &lower].concat()])
    }

    /// Data objects `0042` and `00F7`: the references of the CA's key and of the signer's.
    pub(super) fn key_references() -> [[u8; 16]; 2] {
        [key_id(CARD_VERIFIABLE_CA, b'1'), key_id(SIGNER, b'0')]
    }

    /// Text EF 0003: a digest of the whole EF 0001, a digest of EF 0002 behind its offsets, a signature over both objects.
    pub(super) fn integrity_record(&self, number_file: &[u8], attributes: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        let digests = [(0x31, Sha256::digest(number_file)), (0x32, Sha256::digest(attributes))];
        let objects: Vec<u8> = digests.iter().flat_map(|(tag, digest)| tlv(&[0xDF, *tag], digest)).collect();
        self.signed(&[0xFF, 0x30], objects, 0x33)
    }

    /// Text EF 0007: the card's public key, signed.
    pub(super) fn signed_public_key(&self) -> Result<Vec<u8>, AuthorityError> {
        self.signed(&[0xFF, 0x50], tlv(&[0xDF, 0x51], &self.public_key()), 0x52)
    }

    /// Surface EF 0001: birth date and the card's public key, signed.
    pub(super) fn birth_date_record(&self, birth_date: &str) -> Result<Vec<u8>, AuthorityError> {
        let objects = [tlv(&[0xDF, 0x11], birth_date.as_bytes()), tlv(&[0xDF, 0x12], &self.public_key())].concat();
        self.signed(&[0xFF, 0x10], objects, 0x13)
    }

    /// Surface EF 0005: a picture in the place of the individual number's, so that there is something not to be read.
    pub(super) fn number_image_record(&self, image: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        self.signed(&[0xFF, 0x40], [tlv(&[0xDF, 0x41], image), tlv(&[0xDF, 0x42], &self.public_key())].concat(), 0x43)
    }

    /// Surface EF 0002: nine offsets, then the face. `fields` are DF22, DF23, DF25, DF26, DF27, DF29, DF2A.
    pub(super) fn face(&self, fields: &[&[u8]; 7]) -> Result<Vec<u8>, AuthorityError> {
        let [birth_date, sex, name, address, photo, expiry, code] = fields;
        let object = |tag, value: &[u8]| tlv(&[0xDF, tag], value);
        let first = [object(0x22, birth_date), object(0x23, sex), object(0x24, &self.public_key())];
        let second = [object(0x25, name), object(0x26, address)];
        let third = object(0x27, photo);
        let digests: Vec<u8> =
            [first.concat(), second.concat(), third.clone()].iter().flat_map(Sha256::digest).collect();
        let signature = object(0x28, &sign(&self.signer, &digests)?);
        let behind = [signature, object(0x29, expiry), object(0x2A, code)];
        let objects: Vec<Vec<u8>> = first.into_iter().chain(second).chain([third]).chain(behind).collect();
        // FF20, three bytes of length, and the table of offsets itself: 5 + 3 + 18.
        let mut at = 26_usize;
        let mut offsets = Vec::new();
        for object in &objects {
            offsets.extend_from_slice(&u16::try_from(at).unwrap_or(u16::MAX).to_be_bytes());
            at += object.len();
        }
        Ok(tlv(&[0xFF, 0x20], &[object(0x21, &offsets), objects.concat()].concat()))
    }

    /// Text EF 0006: a public key, for secure messaging that the simulator does not have.
    pub(super) fn public_key(&self) -> Vec<u8> {
        public_key(&self.card)
    }

    fn signed(&self, tag: &[u8], mut objects: Vec<u8>, signature: u8) -> Result<Vec<u8>, AuthorityError> {
        let value = sign(&self.signer, &Sha256::digest(&objects))?;
        objects.extend(tlv(&[0xDF, signature], &value));
        Ok(tlv(tag, &objects))
    }
}

/// Application basic information of the text application (EF 0005, card.md §6.5).
pub(super) fn text_information() -> Vec<u8> {
    let rest = [&[0x33_u8; 32][..], &[0xFF; 96]].concat();
    let key = key_id(CARD_VERIFIABLE_CA, b'1');
    let value =
        [tlv(&[0xDF, 0x41], &[0x01, 0x03, 0x0E, 0x01]), tlv(&[0xDF, 0x42], &key), long_form(&[0xDF, 0x43], &rest)];
    long_form(&[0xFF, 0x40], &value.concat())
}

/// Application basic information of the surface application (EF 0003, card.md §7.3).
pub(super) fn surface_information(municipality: &str) -> Vec<u8> {
    let key = key_id(CARD_VERIFIABLE_CA, b'1');
    let opaque = [&key[..], &[0x35; 256]].concat();
    let value = [
        tlv(&[0xDF, 0x31], &[0x06, 0x03, 0x0E, 0x01]),
        tlv(&[0xDF, 0x32], &key),
        tlv(&[0xDF, 0x33], &[0x00]),
        tlv(&[0xDF, 0x34], municipality.as_bytes()),
        tlv(&[0xDF, 0x35], &opaque),
    ];
    long_form(&[0xFF, 0x30], &value.concat())
}

/// Sixteen bytes: seven digits, `08 05`, ASCII `001` or `000`, zeros (card.md §6.4).
fn key_id(name: &str, generation: u8) -> [u8; 16] {
    let mut id = [0; 16];
    let bytes = name.bytes().chain([0x08, 0x05, b'0', b'0', generation]);
    id.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    id
}

/// `90 03 010001 91 82 0100` and the modulus: 265 bytes.
fn public_key(key: &RsaPrivateKey) -> Vec<u8> {
    [tlv(&[0x90], &[0x01, 0x00, 0x01]), tlv(&[0x91], &key.n().to_bytes_be())].concat()
}

/// `5F4E` about `key` and `5F37` over its content by `by`.
fn vouch(by: &RsaPrivateKey, names: [[u8; 16]; 2], key: &RsaPrivateKey) -> Result<Vec<u8>, AuthorityError> {
    let body = [&names.concat()[..], &public_key(key)].concat();
    let signature = sign(by, &Sha256::digest(&body))?;
    Ok([tlv(&[0x5F, 0x4E], &body), tlv(&[0x5F, 0x37], &signature)].concat())
}

/// PKCS#1 v1.5 with the identifier of SHA-256 over these bytes, 32 or 96 of them (card.md §7.2).
fn sign(key: &RsaPrivateKey, digests: &[u8]) -> Result<Vec<u8>, AuthorityError> {
    let octets = tlv(&[0x04], digests);
    let info = tlv(&[0x30], &[&SHA256_IDENTIFIER[..], &octets].concat());
    // With a random number generator the exponentiation is blinded (dependencies.md §4).
    key.sign_with_rng(&mut OsRng, Pkcs1v15Sign::new_unprefixed(), &info).map_err(AuthorityError::from)
}

/// AlgorithmIdentifier of SHA-256 with NULL parameters.
const SHA256_IDENTIFIER: [u8; 15] =
    [0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00];

/// The cards write `82 00 9F` where `81 9F` would do (card.md §6.5).
fn long_form(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    [tag, &[0x82], &length, value].concat()
}

impl fmt::Debug for CardVerifiableHierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardVerifiableHierarchy(redacted)")
    }
}
