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

/// SHA-1 of `data`, for identifiers only: OCSP's CertID and responder key hash (RFC 6960 §4.1.1). No signature over SHA-1 is
/// ever accepted, and nothing is decided by this value alone.
pub fn sha1_identifier(data: &[u8]) -> [u8; 20] {
    sha1::Sha1::digest(data).into()
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
        match rust_crypto::usual_rsa_kind(spki_der) {
            Some(kind) => Ok(kind),
            None => Self::of_any(spki_der),
        }
    }

    fn of_any(spki_der: &[u8]) -> Result<Self, SignatureError> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki_der).map_err(|_| SignatureError::KeyMalformed)?;
        match spki.algorithm.oid {
            // RFC 3279 §2.3.1: the parameters are NULL. Anything else would be bytes of a key that nobody looks at.
            oid::RSA_ENCRYPTION if spki.algorithm.parameters.is_none_or(|it| it.is_null()) => {
                rust_crypto::rsa_kind(&spki)
            }
            oid::RSA_ENCRYPTION => Err(SignatureError::KeyMalformed),
            oid::ID_EC_PUBLIC_KEY => {
                let point = spki.subject_public_key.as_bytes().ok_or(SignatureError::KeyMalformed)?;
                let (kind, is_on_curve) =
                    match spki.algorithm.parameters_oid().map_err(|_| SignatureError::KeyMalformed)? {
                        oid::SECP_256_R_1 => (Self::P256, p256::PublicKey::from_sec1_bytes(point).is_ok()),
                        oid::SECP_384_R_1 => (Self::P384, p384::PublicKey::from_sec1_bytes(point).is_ok()),
                        _ => return Err(SignatureError::AlgorithmNotAllowed),
                    };
                if is_on_curve { Ok(kind) } else { Err(SignatureError::KeyMalformed) }
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

/// Who does the arithmetic. Every backend stands behind the same door and must give the same answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// aws-lc-rs; what it lacks is left to the RustCrypto crates.
    #[cfg(feature = "fast-crypto")]
    AwsLc,
    /// The RustCrypto crates.
    RustCrypto,
}

impl Backend {
    /// Every backend that is built in, the fastest first.
    pub const fn all() -> &'static [Self] {
        &[
            #[cfg(feature = "fast-crypto")]
            Self::AwsLc,
            Self::RustCrypto,
        ]
    }
}

/// A public key that is read once and used often: an authority's above all.
pub struct PublicKey {
    spki: Box<[u8]>,
    kind: KeyKind,
    /// As aws-lc-rs wants it, for the algorithm it was first used with; none where that library leaves it to the other one.
    #[cfg(feature = "fast-crypto")]
    ready: std::sync::OnceLock<(SignatureAlgorithm, Option<aws_lc::ReadyKey>)>,
}

impl PublicKey {
    /// Reads a DER SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// As [`KeyKind::of`].
    pub fn from_spki(spki_der: &[u8]) -> Result<Self, SignatureError> {
        Ok(Self {
            kind: KeyKind::of(spki_der)?,
            spki: spki_der.into(),
            #[cfg(feature = "fast-crypto")]
            ready: std::sync::OnceLock::new(),
        })
    }

    /// Its kind and strength.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Checks `signature` over `message`, by the fastest backend that was built in.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureError> {
        fit(self.kind, algorithm)?;
        #[cfg(feature = "fast-crypto")]
        {
            let make = || (algorithm, aws_lc::ready(self.kind, &self.spki, algorithm));
            let (made_for, key) = self.ready.get_or_init(make);
            let outcome = match key {
                Some(key) if *made_for == algorithm => Some(aws_lc::verify_ready(key, message, signature)),
                _ => aws_lc::verify(self.kind, &self.spki, algorithm, message, signature),
            };
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        rust_crypto::verify(self.kind, &self.spki, algorithm, message, signature)
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({:?})", self.kind)
    }
}

/// Whether a key of this kind is strong enough, and the algorithm one of its own.
fn fit(kind: KeyKind, algorithm: SignatureAlgorithm) -> Result<(), SignatureError> {
    kind.require_strength()?;
    match (kind, algorithm.scheme) {
        (KeyKind::Rsa { .. }, Scheme::RsaPkcs1) | (KeyKind::P256 | KeyKind::P384, Scheme::Ecdsa) => Ok(()),
        _ => Err(SignatureError::AlgorithmNotAllowed),
    }
}

/// Checks `signature` over `message` with the key in `spki_der`, by the fastest backend that was built in. A key that is used
/// more than once is better read once, as a [`PublicKey`].
///
/// # Errors
/// [`SignatureError`]; only [`SignatureError::Mismatch`] says that somebody may have changed something.
pub fn verify(
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    #[cfg(feature = "fast-crypto")]
    let backend = Backend::AwsLc;
    #[cfg(not(feature = "fast-crypto"))]
    let backend = Backend::RustCrypto;
    verify_with(backend, spki_der, algorithm, message, signature)
}

/// The same by a backend of choice: for holding the backends against each other.
///
/// # Errors
/// As [`verify`].
pub fn verify_with(
    backend: Backend,
    spki_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let kind = KeyKind::of(spki_der)?;
    fit(kind, algorithm)?;
    match backend {
        #[cfg(feature = "fast-crypto")]
        Backend::AwsLc => aws_lc::verify(kind, spki_der, algorithm, message, signature)
            .unwrap_or_else(|| rust_crypto::verify(kind, spki_der, algorithm, message, signature)),
        Backend::RustCrypto => rust_crypto::verify(kind, spki_der, algorithm, message, signature),
    }
}

/// The SubjectPublicKeyInfo of an RSA key that is known by its numbers, big-endian (card-verifiable certificates carry no
/// other form).
///
/// # Errors
/// [`SignatureError::KeyMalformed`] when the numbers make no key.
pub fn rsa_key_info(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, SignatureError> {
    rust_crypto::rsa_key_info(modulus, exponent)
}

/// Checks an RSASSA-PKCS1-v1_5 signature by its whole content: `encoded` is what stands behind the padding, a DigestInfo or
/// what a card puts in its place (card.md §7.2: the identifier of SHA-256 before three digests).
///
/// # Errors
/// As [`verify`].
pub fn verify_encoded(spki_der: &[u8], encoded: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let KeyKind::Rsa { .. } = KeyKind::of(spki_der)? else { return Err(SignatureError::AlgorithmNotAllowed) };
    KeyKind::of(spki_der)?.require_strength()?;
    rust_crypto::verify_encoded(spki_der, encoded, signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::Encode as _;

    /// Key, signed bytes and signature of a self-signed certificate, taken apart by another crate.
    fn self_signed() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let der = include_bytes!("../anchors/data/production/signca03.der");
        let certificate = x509_cert::Certificate::from_der(der).unwrap();
        let tbs = &certificate.tbs_certificate;
        let key = tbs.subject_public_key_info.to_der().unwrap();
        (key, tbs.to_der().unwrap(), certificate.signature.raw_bytes().to_vec())
    }

    #[test]
    fn backends_agree() {
        let (key, message, signature) = self_signed();
        let kind = KeyKind::of(&key).unwrap();
        assert_eq!(kind, KeyKind::Rsa { bits: 2048, exponent: Some(65_537) });
        let read = PublicKey::from_spki(&key).unwrap();
        let mut other = signature.clone();
        other[100] ^= 1;
        for (signature, expected) in [
            (signature.as_slice(), Ok(())),
            (&other, Err(SignatureError::Mismatch)),
            (&signature[1..], Err(SignatureError::Mismatch)),
            (&[0; 256], Err(SignatureError::Mismatch)),
            (&[], Err(SignatureError::Mismatch)),
        ] {
            let algorithm = SignatureAlgorithm::RSA_SHA256;
            assert_eq!(rust_crypto::verify(kind, &key, algorithm, &message, signature), expected);
            assert_eq!(verify(&key, algorithm, &message, signature), expected);
            assert_eq!(read.verify(algorithm, &message, signature), expected);
            // Another algorithm than the one it was made ready for.
            let other = SignatureAlgorithm { digest: DigestAlgorithm::Sha384, ..algorithm };
            assert_eq!(read.verify(other, &message, signature), Err(SignatureError::Mismatch));
            #[cfg(feature = "fast-crypto")]
            assert_eq!(aws_lc::verify(kind, &key, algorithm, &message, signature), Some(expected));
        }
    }

    #[test]
    fn a_key_of_numbers_and_a_signature_by_its_content_are_the_same_as_ever() {
        let (key, message, signature) = self_signed();
        let info = [&hex::decode("3031300d060960864801650304020105000420").unwrap()[..], &sha256(&message)].concat();
        assert_eq!(verify_encoded(&key, &info, &signature), Ok(()));
        assert_eq!(verify_encoded(&key, &info[1..], &signature), Err(SignatureError::Mismatch));
        assert_eq!(verify_encoded(&key, &info, &signature[1..]), Err(SignatureError::Mismatch));
        // 24 bytes of header before the modulus of a 2048-bit key, its leading zero not counted.
        let modulus = &key[33..33 + 256];
        assert_eq!(rsa_key_info(modulus, &[1, 0, 1]).unwrap(), key);
        assert_eq!(rsa_key_info(&[], &[1, 0, 1]), Err(SignatureError::KeyMalformed));
        let short = rsa_key_info(&[0xC1; 128], &[1, 0, 1]).unwrap();
        assert_eq!(verify_encoded(&short, &info, &signature[..128]), Err(SignatureError::KeyTooWeak));
    }

    #[test]
    fn the_short_way_to_a_kind_of_key_and_the_long_way_agree() {
        let (key, _, _) = self_signed();
        assert!(rust_crypto::usual_rsa_kind(&key).is_some());
        // The headers and the exponent stand around 256 octets of modulus, of which the first few and the last few count here.
        let places = (0..40).chain(key.len() - 8..key.len());
        for (place, octet) in places.flat_map(|place| (0..=255).map(move |octet| (place, octet))) {
            let mut changed = key.clone();
            changed[place] = octet;
            if let Some(kind) = rust_crypto::usual_rsa_kind(&changed) {
                assert_eq!(KeyKind::of_any(&changed), Ok(kind), "{place} {octet}");
            }
            assert_eq!(rust_crypto::usual_rsa_kind(&changed[..place]), None);
        }
    }

    #[test]
    fn a_key_is_used_with_its_own_scheme_only() {
        let (key, message, signature) = self_signed();
        let ecdsa = SignatureAlgorithm { scheme: Scheme::Ecdsa, digest: DigestAlgorithm::Sha256 };
        assert_eq!(verify(&key, ecdsa, &message, &signature), Err(SignatureError::AlgorithmNotAllowed));
        assert_eq!(verify(&key[1..], ecdsa, &message, &signature), Err(SignatureError::KeyMalformed));
    }

    #[test]
    fn old_digests_have_no_name_here() {
        for refused in ["1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4", "1.2.840.10045.4.1", "1.2.840.10040.4.3"] {
            let oid = ObjectIdentifier::new(refused).unwrap();
            assert_eq!(SignatureAlgorithm::from_oid(&oid), None, "{refused}");
        }
        assert_eq!(DigestAlgorithm::from_oid(&ObjectIdentifier::new("1.3.14.3.2.26").unwrap()), None);
    }

    #[test]
    fn short_and_monstrous_keys_are_refused() {
        let rsa = |bits| KeyKind::Rsa { bits, exponent: Some(65_537) };
        assert_eq!(rsa(2047).require_strength(), Err(SignatureError::KeyTooWeak));
        assert_eq!(rsa(2048).require_strength(), Ok(()));
        assert_eq!(rsa(8193).require_strength(), Err(SignatureError::AlgorithmNotAllowed));
    }
}
