//! The aws-lc-rs backend (feature `fast-crypto`).

use super::{DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm, SignatureError};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, VerificationAlgorithm,
};

/// A key in this library's own form.
pub(super) type ReadyKey = ParsedPublicKey;

/// `None` where this backend lacks the combination, or will not load the key (an odd exponent, say): the other one decides.
pub(super) fn ready(kind: KeyKind, spki_der: &[u8], algorithm: SignatureAlgorithm) -> Option<ReadyKey> {
    let choice: &'static dyn VerificationAlgorithm = match (kind, algorithm.scheme, algorithm.digest) {
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1, DigestAlgorithm::Sha256) => &RSA_PKCS1_2048_8192_SHA256,
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1, DigestAlgorithm::Sha384) => &RSA_PKCS1_2048_8192_SHA384,
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1, DigestAlgorithm::Sha512) => &RSA_PKCS1_2048_8192_SHA512,
        (KeyKind::P256, Scheme::Ecdsa, DigestAlgorithm::Sha256) => &ECDSA_P256_SHA256_ASN1,
        (KeyKind::P256, Scheme::Ecdsa, DigestAlgorithm::Sha384) => &ECDSA_P256_SHA384_ASN1,
        (KeyKind::P384, Scheme::Ecdsa, DigestAlgorithm::Sha256) => &ECDSA_P384_SHA256_ASN1,
        (KeyKind::P384, Scheme::Ecdsa, DigestAlgorithm::Sha384) => &ECDSA_P384_SHA384_ASN1,
        _ => return None,
    };
    ParsedPublicKey::new(choice, spki_der).ok()
}

/// With a key of [`ready`].
pub(super) fn verify_ready(key: &ReadyKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    key.verify_sig(message, signature).map_err(|_| SignatureError::Mismatch)
}

/// `None` where the other backend decides.
pub(super) fn verify(
    kind: KeyKind,
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Option<Result<(), SignatureError>> {
    ready(kind, spki_der, algorithm).map(|key| verify_ready(&key, message, signature))
}
