//! The one door to signature checks and digests. Knows keys as SubjectPublicKeyInfo and nothing of certificates.
//!
//! Two backends stand behind it: the RustCrypto crates, always there, and aws-lc-rs with the feature `fast-crypto`,
//! about ten times faster. Both refuse what the policy of this door refuses, before they are asked: SHA-1, MD5, RSA below
//! 2048 bits. Deliberately no signing here: a private key stays on its card (the simulator has its own).

#[cfg(feature = "fast-crypto")]
mod aws_lc;
mod rust_crypto;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912 as oid;
use der::Decode as _;
use sha2::Digest as _;
use spki::SubjectPublicKeyInfoRef;

/// A digest algorithm of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl DigestAlgorithm {
    /// The digest of `data`: 32, 48 or 64 bytes.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha2::Sha256::digest(data).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(data).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(data).to_vec(),
        }
    }

    /// The algorithm with this identifier (RFC 5754 §2).
    pub fn from_oid(identifier: &ObjectIdentifier) -> Option<Self> {
        match *identifier {
            oid::ID_SHA_256 => Some(Self::Sha256),
            oid::ID_SHA_384 => Some(Self::Sha384),
            oid::ID_SHA_512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => oid::ID_SHA_256,
            Self::Sha384 => oid::ID_SHA_384,
            Self::Sha512 => oid::ID_SHA_512,
        }
    }
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(data).into()
}

/// The signature scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2)
    RsaPkcs1,
    /// ECDSA (FIPS 186-5); curve by the key
    Ecdsa,
}

/// A signature algorithm: scheme and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignatureAlgorithm {
    /// The scheme.
    pub scheme: Scheme,
    /// The digest under it.
    pub digest: DigestAlgorithm,
}

impl SignatureAlgorithm {
    /// sha256WithRSAEncryption, what every JPKI certificate of today uses.
    pub const RSA_SHA256: Self = Self { scheme: Scheme::RsaPkcs1, digest: DigestAlgorithm::Sha256 };

    /// The algorithm with this identifier, or `None` for one that this door does not accept (SHA-1, MD5, DSA, …).
    pub fn from_oid(identifier: &ObjectIdentifier) -> Option<Self> {
        let (scheme, digest) = match *identifier {
            oid::SHA_256_WITH_RSA_ENCRYPTION => (Scheme::RsaPkcs1, DigestAlgorithm::Sha256),
            oid::SHA_384_WITH_RSA_ENCRYPTION => (Scheme::RsaPkcs1, DigestAlgorithm::Sha384),
            oid::SHA_512_WITH_RSA_ENCRYPTION => (Scheme::RsaPkcs1, DigestAlgorithm::Sha512),
            oid::ECDSA_WITH_SHA_256 => (Scheme::Ecdsa, DigestAlgorithm::Sha256),
            oid::ECDSA_WITH_SHA_384 => (Scheme::Ecdsa, DigestAlgorithm::Sha384),
            oid::ECDSA_WITH_SHA_512 => (Scheme::Ecdsa, DigestAlgorithm::Sha512),
            _ => return None,
        };
        Some(Self { scheme, digest })
    }
}

/// Why a signature was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The algorithm, or this key with it, is not accepted.
    #[error("the algorithm is not accepted")]
    AlgorithmNotAllowed,
    /// The public key is not one.
    #[error("the public key is malformed")]
    KeyMalformed,
    /// The public key is too weak.
    #[error("the public key is too weak")]
    KeyTooWeak,
    /// The signature does not match.
    #[error("the signature does not match")]
    Mismatch,
}

/// A public key with its kind and strength, parsed from a SubjectPublicKeyInfo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// RSA with this many bits of modulus.
    Rsa {
        /// Length of the modulus.
        bits: usize,
        /// Public exponent, when it fits.
        exponent: Option<u64>,
    },
    /// The NIST curve P-256.
    P256,
    /// The NIST curve P-384.
    P384,
}

/// Smallest RSA modulus that is accepted (certificates.md §4.1, point 3).
pub const MINIMUM_RSA_BITS: usize = 2048;

/// Largest RSA modulus that is accepted: beyond it one check costs seconds, and nobody issues such keys.
pub const MAXIMUM_RSA_BITS: usize = 8192;

impl KeyKind {
    /// Reads the kind of a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`SignatureError::KeyMalformed`] when the bytes are not one; [`SignatureError::AlgorithmNotAllowed`] for another kind.
    pub fn of(spki_der: &[u8]) -> Result<Self, SignatureError> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki_der).map_err(|_| SignatureError::KeyMalformed)?;
        match spki.algorithm.oid {
            // RFC 3279 §2.3.1: the parameters are NULL. Anything else would be bytes of a key that nobody looks at.
            oid::RSA_ENCRYPTION if spki.algorithm.parameters.is_none_or(|it| it.is_null()) => {
                rust_crypto::rsa_kind(&spki)
            }
            oid::RSA_ENCRYPTION => Err(SignatureError::KeyMalformed),
            oid::ID_EC_PUBLIC_KEY => {
                match spki.algorithm.parameters_oid().map_err(|_| SignatureError::KeyMalformed)? {
                    oid::SECP_256_R_1 => Ok(Self::P256),
                    oid::SECP_384_R_1 => Ok(Self::P384),
                    _ => Err(SignatureError::AlgorithmNotAllowed),
                }
            }
            _ => Err(SignatureError::AlgorithmNotAllowed),
        }
    }

    /// # Errors
    /// [`SignatureError::KeyTooWeak`] for RSA below 2048 bits.
    pub fn require_strength(self) -> Result<(), SignatureError> {
        match self {
            Self::Rsa { bits, .. } if bits < MINIMUM_RSA_BITS => Err(SignatureError::KeyTooWeak),
            Self::Rsa { bits, .. } if bits > MAXIMUM_RSA_BITS => Err(SignatureError::AlgorithmNotAllowed),
            Self::Rsa { .. } | Self::P256 | Self::P384 => Ok(()),
        }
    }
}

/// Checks `signature` over `message` with the key in `spki_der`, by the fastest backend that was built in.
///
/// # Errors
/// [`SignatureError`]; only [`SignatureError::Mismatch`] says that somebody may have changed something.
pub fn verify(
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let kind = KeyKind::of(spki_der)?;
    kind.require_strength()?;
    match (kind, algorithm.scheme) {
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1) | (KeyKind::P256 | KeyKind::P384, Scheme::Ecdsa) => {}
        _ => return Err(SignatureError::AlgorithmNotAllowed),
    }
    #[cfg(feature = "fast-crypto")]
    if let Some(answer) = aws_lc::verify(kind, spki_der, algorithm, message, signature) {
        return answer;
    }
    rust_crypto::verify(kind, spki_der, algorithm, message, signature)
}
