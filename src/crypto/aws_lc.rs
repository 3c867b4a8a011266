//! The aws-lc-rs backend (feature `fast-crypto`).

use super::{DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm, SignatureError};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, VerificationAlgorithm,
};

/// `None` where this backend lacks the combination and the other one decides.
pub(super) fn verify(
    kind: KeyKind,
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Option<Result<(), SignatureError>> {
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
    // A key this library will not load (an odd exponent, say) is left to the other backend to judge.
    let key = ParsedPublicKey::new(choice, spki_der).ok()?;
    Some(key.verify_sig(message, signature).map_err(|_| SignatureError::Mismatch))
}
