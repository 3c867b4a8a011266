//! Which algorithm a SignerInfo means, and which one a key signs with.

use super::error::ProofError;
use crate::crypto::{DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912 as oid;
use der::asn1::AnyRef;
use spki::AlgorithmIdentifierRef;

/// What a key of this kind signs with; JPKI keys are RSA today, certificates.md §1.3 and §2.1.
pub(super) const fn of_key(kind: KeyKind) -> SignatureAlgorithm {
    match kind {
        KeyKind::Rsa { .. } => SignatureAlgorithm::RSA_SHA256,
        KeyKind::P256 => SignatureAlgorithm { scheme: Scheme::Ecdsa, digest: DigestAlgorithm::Sha256 },
        KeyKind::P384 => SignatureAlgorithm { scheme: Scheme::Ecdsa, digest: DigestAlgorithm::Sha384 },
    }
}

/// RFC 5754 §3.2 and §3.3: RSA with NULL, ECDSA without parameters.
pub(super) const fn identifier(algorithm: SignatureAlgorithm) -> AlgorithmIdentifierRef<'static> {
    let (oid, parameters): (ObjectIdentifier, Option<AnyRef<'static>>) = match (algorithm.scheme, algorithm.digest) {
        (Scheme::RsaPkcs1, DigestAlgorithm::Sha256) => (oid::SHA_256_WITH_RSA_ENCRYPTION, Some(AnyRef::NULL)),
        (Scheme::RsaPkcs1, DigestAlgorithm::Sha384) => (oid::SHA_384_WITH_RSA_ENCRYPTION, Some(AnyRef::NULL)),
        (Scheme::RsaPkcs1, DigestAlgorithm::Sha512) => (oid::SHA_512_WITH_RSA_ENCRYPTION, Some(AnyRef::NULL)),
        (Scheme::Ecdsa, DigestAlgorithm::Sha256) => (oid::ECDSA_WITH_SHA_256, None),
        (Scheme::Ecdsa, DigestAlgorithm::Sha384) => (oid::ECDSA_WITH_SHA_384, None),
        (Scheme::Ecdsa, DigestAlgorithm::Sha512) => (oid::ECDSA_WITH_SHA_512, None),
    };
    AlgorithmIdentifierRef { oid, parameters }
}

/// RFC 5754 §2: written without parameters, read with NULL too.
pub(super) const fn digest_identifier(digest: DigestAlgorithm) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: digest.oid(), parameters: None }
}

pub(super) fn digest_of(identifier: &AlgorithmIdentifierRef<'_>) -> Result<DigestAlgorithm, ProofError> {
    let digest = DigestAlgorithm::from_oid(&identifier.oid).ok_or(ProofError::AlgorithmNotAllowed)?;
    match identifier.parameters {
        None | Some(AnyRef::NULL) => Ok(digest),
        Some(_) => Err(ProofError::Malformed { what: "digest algorithm parameters" }),
    }
}

/// The algorithm of a SignerInfo. Its two digests have to be one: RFC 8933 §3 demands it of those that have signed
/// attributes, RFC 5652 §5.4 of the others.
pub(super) fn of_signer(
    digest: &AlgorithmIdentifierRef<'_>,
    signature: &AlgorithmIdentifierRef<'_>,
) -> Result<SignatureAlgorithm, ProofError> {
    let digest = digest_of(digest)?;
    let algorithm = if signature.oid == oid::RSA_ENCRYPTION {
        // RFC 3370 §3.2: the key's identifier stands for the signature, OpenSSL writes it.
        SignatureAlgorithm { scheme: Scheme::RsaPkcs1, digest }
    } else {
        SignatureAlgorithm::from_oid(&signature.oid).ok_or(ProofError::AlgorithmNotAllowed)?
    };
    if algorithm.digest != digest {
        return Err(ProofError::Malformed { what: "two digest algorithms in one signature" });
    }
    match (algorithm.scheme, signature.parameters) {
        (_, None) | (Scheme::RsaPkcs1, Some(AnyRef::NULL)) => Ok(algorithm),
        _ => Err(ProofError::Malformed { what: "signature algorithm parameters" }),
    }
}
