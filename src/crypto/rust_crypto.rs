//! The RustCrypto backend: `rsa`, `p256`, `p384`. Public-key operations only.

use super::{DigestAlgorithm, KeyKind, SignatureAlgorithm, SignatureError};
use der::Decode as _;
use der::referenced::OwnedToRef as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use signature::hazmat::PrehashVerifier as _;
use spki::{DecodePublicKey as _, EncodePublicKey as _, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};

/// PKCS#1 RSAPublicKey, read here because `rsa` refuses moduli it does not like before telling their length.
#[derive(der::Sequence)]
struct RsaPublicKeyNumbers<'a> {
    modulus: der::asn1::UintRef<'a>,
    exponent: der::asn1::UintRef<'a>,
}

/// The kind of an RSA key in the shape that nearly all have: parameters NULL, a modulus of 256 to 65,535 octets with its top
/// bit set, an exponent of three octets. It says of those what [`rsa_kind`] says; `None` leaves the judgement to that.
pub(super) fn usual_rsa_kind(spki_der: &[u8]) -> Option<KeyKind> {
    /// SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];
    /// What follows a header with this tag and a length of two octets, the least for which DER has such a length.
    fn within(bytes: &[u8], tag: u8) -> Option<&[u8]> {
        let [found, 0x82, high, low, content @ ..] = bytes else { return None };
        let length = usize::from(*high) << 8 | usize::from(*low);
        (*found == tag && length >= 256 && content.len() == length).then_some(content)
    }
    let key = within(spki_der, 0x30)?.strip_prefix(&ALGORITHM)?;
    let key = within(within(key, 0x03)?.strip_prefix(&[0])?, 0x30)?;
    let (integer, exponent) = key.split_at_checked(key.len().checked_sub(5)?)?;
    let [0x02, 0x03, a @ 1..0x80, b, c] = *exponent else { return None };
    let [0, modulus @ ..] = within(integer, 0x02)? else { return None };
    let exponent = Some(u64::from(a) << 16 | u64::from(b) << 8 | u64::from(c));
    (*modulus.first()? & 0x80 != 0).then_some(KeyKind::Rsa { bits: 8 * modulus.len(), exponent })
}

pub(super) fn rsa_kind(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<KeyKind, SignatureError> {
    let bytes = spki.subject_public_key.as_bytes().ok_or(SignatureError::KeyMalformed)?;
    let numbers = RsaPublicKeyNumbers::from_der(bytes).map_err(|_| SignatureError::KeyMalformed)?;
    let exponent = numbers.exponent.as_bytes();
    let exponent = (exponent.len() <= 8).then(|| exponent.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)));
    // Without leading zeros, as `UintRef` gives them.
    let modulus = numbers.modulus.as_bytes();
    let spare = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
    Ok(KeyKind::Rsa { bits: 8 * modulus.len() - spare, exponent })
}

pub(super) fn verify(
    kind: KeyKind,
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let digest = algorithm.digest.digest(message);
    match kind {
        KeyKind::Rsa { .. } => {
            let key = rsa_key(spki_der)?;
            // RFC 8017 §8.2.2: a signature of another length than the modulus is no signature.
            if signature.len() != key.size() {
                return Err(SignatureError::Mismatch);
            }
            let padding = match algorithm.digest {
                DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
                DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
                DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
            };
            key.verify(padding, &digest, signature).map_err(|_| SignatureError::Mismatch)
        }
        KeyKind::P256 => {
            let key =
                p256::ecdsa::VerifyingKey::from_public_key_der(spki_der).map_err(|_| SignatureError::KeyMalformed)?;
            let signature = p256::ecdsa::DerSignature::from_bytes(signature).map_err(|_| SignatureError::Mismatch)?;
            key.verify_prehash(&digest, &signature).map_err(|_| SignatureError::Mismatch)
        }
        KeyKind::P384 => {
            let key =
                p384::ecdsa::VerifyingKey::from_public_key_der(spki_der).map_err(|_| SignatureError::KeyMalformed)?;
            let signature = p384::ecdsa::DerSignature::from_bytes(signature).map_err(|_| SignatureError::Mismatch)?;
            key.verify_prehash(&digest, &signature).map_err(|_| SignatureError::Mismatch)
        }
    }
}

pub(super) fn rsa_key_info(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let malformed = |_| SignatureError::KeyMalformed;
    let (modulus, exponent) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
    let key = RsaPublicKey::new_with_max_size(modulus, exponent, super::MAXIMUM_RSA_BITS)
        .map_err(|_| SignatureError::KeyMalformed)?;
    Ok(key.to_public_key_der().map_err(malformed)?.into_vec())
}

pub(super) fn verify_encoded(spki_der: &[u8], encoded: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let key = rsa_key(spki_der)?;
    if signature.len() != key.size() {
        return Err(SignatureError::Mismatch);
    }
    key.verify(Pkcs1v15Sign::new_unprefixed(), encoded, signature).map_err(|_| SignatureError::Mismatch)
}

/// The key with the size limit of this door instead of the crate's own (4096 bits).
fn rsa_key(spki_der: &[u8]) -> Result<RsaPublicKey, SignatureError> {
    let spki = SubjectPublicKeyInfoOwned::from_der(spki_der).map_err(|_| SignatureError::KeyMalformed)?;
    let bytes = spki.owned_to_ref().subject_public_key.as_bytes().ok_or(SignatureError::KeyMalformed)?.to_vec();
    let numbers = RsaPublicKeyNumbers::from_der(&bytes).map_err(|_| SignatureError::KeyMalformed)?;
    let modulus = BigUint::from_bytes_be(numbers.modulus.as_bytes());
    let exponent = BigUint::from_bytes_be(numbers.exponent.as_bytes());
    RsaPublicKey::new_with_max_size(modulus, exponent, super::MAXIMUM_RSA_BITS)
        .map_err(|_| SignatureError::KeyMalformed)
}
