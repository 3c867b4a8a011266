//! An authority: its key, its certificate, and the leaves it issues.
#![allow(clippy::disallowed_types, reason = "the synthetic authority holds its own private key")]

use der::asn1::{BitString, GeneralizedTime, UtcTime};
use der::{Decode as _, Encode as _};
use rand_core::{CryptoRngCore, OsRng};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::EncodePublicKey as _;
use sha1::Digest as _;
use sha2::Sha256;
use signature::{RandomizedSigner as _, SignatureEncoding as _};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use std::fmt;
use std::time::Duration;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity as CertificateValidity};

use super::extensions::{self, Issuer};
use super::holder::{Holder, day_in_japan};
use super::names;
use crate::time::{UnixTime, Validity};

/// What the certificates of an authority are for; JPKI keeps two authorities apart (certificates.md §1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 署名用
    DigitalSignature,
    /// 利用者証明用
    UserAuthentication,
}

/// Why nothing could be issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The card's data does not make a card, or could not be written.
    #[error(transparent)]
    Card(#[from] crate::simulator::SimulatorError),
    /// The parts do not go into DER, such as a date outside the years 1970 to 9999.
    #[error("cannot be encoded: {0}")]
    Encoding(#[from] der::Error),
    /// A key could not be made, or refused to sign.
    #[error("the RSA key failed: {0}")]
    Key(#[from] rsa::Error),
    /// The key given is not a SubjectPublicKeyInfo.
    #[error("the public key is malformed")]
    PublicKey,
    /// A file could not be written.
    #[error("{} cannot be written", path.display())]
    Write {
        /// Which file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl From<spki::Error> for AuthorityError {
    fn from(_: spki::Error) -> Self {
        Self::PublicKey
    }
}

/// A synthetic self-signed authority with one RSA-2048 key. `Debug` tells its purpose only.
#[derive(Clone)]
pub struct Authority {
    purpose: Purpose,
    pub(super) key: SigningKey<Sha256>,
    pub(super) name: Name,
    serial: SerialNumber,
    pub(super) key_identifier: [u8; 20],
    certificate: Vec<u8>,
    next_serial: u64,
}

/// A certificate and the number it went out under. `Debug` tells the length only.
#[derive(Clone)]
pub struct IssuedCertificate {
    /// The certificate.
    pub der: Vec<u8>,
    /// Its serial number.
    pub serial: u64,
}

impl Authority {
    /// Makes a key and a self-signed certificate that holds for `validity`. Serial numbers start at a random place;
    /// [`Authority::start_serials_at`] chooses it.
    ///
    /// # Errors
    /// [`AuthorityError::Key`] when no key can be made, [`AuthorityError::Encoding`] for impossible dates.
    pub fn generate(
        purpose: Purpose,
        validity: Validity,
        rng: &mut impl CryptoRngCore,
    ) -> Result<Self, AuthorityError> {
        let key = SigningKey::<Sha256>::new(RsaPrivateKey::new(rng, 2048)?);
        // Like the running counter that JPKI's own numbers look drawn from (certificates.md §3.5).
        let first = 0x0600_0000 + u64::from(rng.next_u32() >> 8);
        let public_key = key.as_ref().to_public_key().to_public_key_der()?;
        let key_info = SubjectPublicKeyInfoOwned::from_der(public_key.as_bytes())?;
        let key_identifier = key_identifier(&key_info);
        let name = names::authority(purpose)?;
        let serial = serial_number(first)?;
        let tbs_certificate = TbsCertificate {
            version: Version::V3,
            serial_number: serial.clone(),
            signature: sha256_with_rsa(),
            issuer: name.clone(),
            validity: encoded(validity)?,
            subject: name.clone(),
            subject_public_key_info: key_info,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(extensions::of_authority(purpose, &name, &key_identifier)?),
        };
        let certificate = signed(&key, tbs_certificate)?;
        Ok(Self { purpose, key, name, serial, key_identifier, certificate, next_serial: first.saturating_add(1) })
    }

    /// What its certificates are for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Its certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Its own serial number.
    pub(super) fn certificate_serial(&self) -> u64 {
        self.serial.as_bytes().iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
    }

    /// The serial number of the next leaf.
    pub fn start_serials_at(&mut self, serial: u64) {
        self.next_serial = serial;
    }

    /// Issues a leaf for `public_key`, a DER SubjectPublicKeyInfo. The subject says TEST; a signature certificate
    /// carries the holder's four attributes, an authentication certificate none.
    ///
    /// # Errors
    /// [`AuthorityError::PublicKey`] for a key that is none, [`AuthorityError::Encoding`] for impossible dates.
    pub fn issue(
        &mut self,
        holder: &Holder,
        public_key: &[u8],
        validity: Validity,
    ) -> Result<IssuedCertificate, AuthorityError> {
        let key_info = SubjectPublicKeyInfoOwned::from_der(public_key).map_err(|_| AuthorityError::PublicKey)?;
        let serial = self.next_serial;
        let issuer = Issuer {
            purpose: self.purpose,
            name: &self.name,
            key_identifier: &self.key_identifier,
            serial: &self.serial,
        };
        let own_identifier = key_identifier(&key_info);
        let tbs_certificate = TbsCertificate {
            version: Version::V3,
            serial_number: serial_number(serial)?,
            signature: sha256_with_rsa(),
            issuer: self.name.clone(),
            validity: encoded(validity)?,
            subject: names::subject(
                self.purpose,
                &holder.municipality,
                &self.common_name(holder, validity.not_before),
            )?,
            subject_public_key_info: key_info,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(extensions::of_leaf(&issuer, holder, &own_identifier)?),
        };
        let der = signed(&self.key, tbs_certificate)?;
        self.next_serial = serial.saturating_add(1);
        Ok(IssuedCertificate { der, serial })
    }

    /// 28 or 23 characters as on cards (certificates.md §6), opaque but for TEST and the municipality.
    fn common_name(&self, holder: &Holder, at: UnixTime) -> String {
        let code = &holder.municipality.code;
        match self.purpose {
            Purpose::DigitalSignature => {
                let day = day_in_japan(at).map_or_else(|| "0".repeat(8), |day| day.strftime("%Y%m%d").to_string());
                format!("{day}090000TEST{}{code}001A", self.next_serial % 10)
            }
            Purpose::UserAuthentication => format!("TEST{:010}{code}001A", self.next_serial % 10_000_000_000),
        }
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authority({:?}, redacted)", self.purpose)
    }
}

impl fmt::Debug for IssuedCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuedCertificate({} bytes, redacted)", self.der.len())
    }
}

/// SHA-1 of the key's bits (RFC 5280 §4.2.1.2 method 1), a name and no protection.
fn key_identifier(key: &SubjectPublicKeyInfoOwned) -> [u8; 20] {
    sha1::Sha1::digest(key.subject_public_key.raw_bytes()).into()
}

pub(super) fn serial_number(serial: u64) -> Result<SerialNumber, der::Error> {
    let bytes = serial.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    SerialNumber::new(bytes.get(zeros..).filter(|rest| !rest.is_empty()).unwrap_or(&[0]))
}

/// UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5).
pub(super) fn time(at: UnixTime) -> Result<Time, der::Error> {
    let since = Duration::from_secs(u64::try_from(at.seconds()).map_err(|_| der::ErrorKind::DateTime)?);
    match UtcTime::from_unix_duration(since) {
        Ok(time) => Ok(time.into()),
        Err(_) => GeneralizedTime::from_unix_duration(since).map(Time::from),
    }
}

fn encoded(validity: Validity) -> Result<CertificateValidity, der::Error> {
    Ok(CertificateValidity { not_before: time(validity.not_before)?, not_after: time(validity.not_after)? })
}

pub(super) fn sha256_with_rsa() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid: const_oid::db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        parameters: Some(der::asn1::Any::null()),
    }
}

pub(super) fn sign(key: &SigningKey<Sha256>, bytes: &[u8]) -> Result<BitString, AuthorityError> {
    // With a random number generator the exponentiation is blinded (dependencies.md §4).
    let signature = key.try_sign_with_rng(&mut OsRng, bytes).map_err(|_| rsa::Error::Internal)?;
    Ok(BitString::from_bytes(&signature.to_bytes())?)
}

fn signed(key: &SigningKey<Sha256>, tbs_certificate: TbsCertificate) -> Result<Vec<u8>, AuthorityError> {
    let signature = sign(key, &tbs_certificate.to_der()?)?;
    Ok(Certificate { tbs_certificate, signature_algorithm: sha256_with_rsa(), signature }.to_der()?)
}
