//! A card's stand-in: a software RSA key that signs a DigestInfo, and a certificate for it.

use rsa::pkcs1v15::{Pkcs1v15Sign, SigningKey};
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use std::str::FromStr as _;
use std::sync::OnceLock;
use std::time::Duration;
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

/// The name of a synthetic person; no output may show it.
pub(super) const PERSON: &str = "MIHON TARO CANARY";

pub(super) struct Signer {
    key: SoftwareKey,
    pub(super) certificate: Vec<u8>,
    pub(super) authority: Vec<u8>,
}

#[derive(Clone)]
#[allow(clippy::disallowed_types, reason = "a throw-away key made in this test; nobody's timing is worth measuring")]
struct SoftwareKey(rsa::RsaPrivateKey);

impl SoftwareKey {
    #[allow(clippy::disallowed_types, reason = "as above")]
    fn generate(bits: usize) -> Self {
        Self(rsa::RsaPrivateKey::new(&mut rand_core::OsRng, bits).unwrap())
    }

    fn public_key(&self) -> SubjectPublicKeyInfoOwned {
        let der = self.0.to_public_key().to_public_key_der().unwrap();
        SubjectPublicKeyInfoOwned::from_der(der.as_bytes()).unwrap()
    }

    fn certificate(&self, profile: Profile, subject: &str, days: u64, issuer: &Self) -> Vec<u8> {
        let signing = SigningKey::<sha2::Sha256>::new(issuer.0.clone());
        let validity = Validity::from_now(Duration::from_secs(days * 86_400)).unwrap();
        let subject = Name::from_str(subject).unwrap();
        let serial = SerialNumber::new(&[0x5E, 0x71, 0xA1, 0x00, 0x01]).unwrap();
        let builder = CertificateBuilder::new(profile, serial, validity, subject, self.public_key(), &signing).unwrap();
        builder.build::<rsa::pkcs1v15::Signature>().unwrap().to_der().unwrap()
    }
}

const AUTHORITY: &str = "CN=honnin test authority,C=JP";

fn leaf(key: &SoftwareKey, authority: &SoftwareKey, days: u64) -> Vec<u8> {
    let issuer = Name::from_str(AUTHORITY).unwrap();
    let profile = Profile::Leaf { issuer, enable_key_agreement: false, enable_key_encipherment: false };
    key.certificate(profile, &format!("CN={PERSON},C=JP"), days, authority)
}

fn keys() -> &'static [SoftwareKey; 2] {
    static KEYS: OnceLock<[SoftwareKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [SoftwareKey::generate(2048), SoftwareKey::generate(2048)])
}

/// The one person of these tests.
pub(super) fn person() -> &'static Signer {
    static PERSON: OnceLock<Signer> = OnceLock::new();
    PERSON.get_or_init(|| {
        let [key, authority] = keys();
        Signer {
            key: key.clone(),
            certificate: leaf(key, authority, 30),
            authority: authority.certificate(Profile::Root, AUTHORITY, 60, authority),
        }
    })
}

/// Another certificate for the same key under the same issuer and serial number.
pub(super) fn namesake_certificate() -> Vec<u8> {
    let [key, authority] = keys();
    leaf(key, authority, 31)
}

/// A certificate over an RSA key of 1024 bits.
pub(super) fn weak_certificate() -> Vec<u8> {
    leaf(&SoftwareKey::generate(1024), &keys()[1], 30)
}

impl Signer {
    /// What a card does with COMPUTE DIGITAL SIGNATURE, P1=00 (card.md §5.1): PKCS#1 v1.5 type 1 over the input.
    pub(super) fn sign(&self, digest_info: &[u8]) -> Vec<u8> {
        self.key.0.sign_with_rng(&mut rand_core::OsRng, Pkcs1v15Sign::new_unprefixed(), digest_info).unwrap()
    }

    /// PKCS#8 DER, for OpenSSL.
    pub(super) fn key_der(&self) -> Vec<u8> {
        self.key.0.to_pkcs8_der().unwrap().as_bytes().to_vec()
    }
}
