//! COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE and GET CHALLENGE (card.md §§1.7, 2.3, 5).
//!
//! Keys on the curve P-384 are for the card to come, whose interface is not public (card.md §9). So that there is something to
//! try, such a key takes today's command with P1 = 00 and a bare digest of its length, and answers a DER ECDSA-Sig-Value.
#![allow(clippy::disallowed_types, reason = "the simulated card holds the private keys of synthetic people")]

use p384::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner as _};
use rand_core::{OsRng, RngCore as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

use super::card::{SimulatedCard, SimulatorError};
use super::command::{Command, Outcome, Stop};
use super::model::{CardFile, Digest, FileId, KeyFile};

/// An RSA-2048 signature, which is also the longest.
const SIGNATURE_LENGTH: usize = 256;

/// The key that `P2=00` stands for (card.md §5.3).
const DEFAULT_KEY: FileId = FileId(0x0013);

/// A private key that the card holds.
pub(super) enum PrivateKey {
    /// RSA-2048, today's cards
    Rsa(Box<RsaPrivateKey>),
    /// ECDSA on P-384
    P384(SigningKey),
}

/// Private keys by position of the application and identifier.
pub(super) type Keys = BTreeMap<(usize, FileId), PrivateKey>;

pub(super) fn prepare(file: &CardFile) -> Result<Keys, SimulatorError> {
    let mut keys = Keys::new();
    for (at, application) in file.applications.iter().enumerate() {
        for key in &application.keys {
            let what = match parse(&key.private_key) {
                Some(PrivateKey::Rsa(_)) if key.digest != Digest::Sha256 => "an RSA key signs SHA-256",
                Some(PrivateKey::P384(_)) if key.internal_authenticate => "a P-384 key has no INTERNAL AUTHENTICATE",
                Some(parsed) => {
                    keys.insert((at, key.id), parsed);
                    continue;
                }
                None => "a key is neither RSA-2048 nor P-384 in PKCS#8",
            };
            return Err(SimulatorError::Content { what });
        }
    }
    Ok(keys)
}

fn parse(text: &str) -> Option<PrivateKey> {
    let (rsa, p384) = if text.contains("-----BEGIN") {
        (RsaPrivateKey::from_pkcs8_pem(text).ok(), SigningKey::from_pkcs8_pem(text).ok())
    } else {
        let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bytes = hex::decode(digits).ok()?;
        (RsaPrivateKey::from_pkcs8_der(&bytes).ok(), SigningKey::from_pkcs8_der(&bytes).ok())
    };
    let rsa = rsa.filter(|key| key.size() == SIGNATURE_LENGTH).map(Box::new).map(PrivateKey::Rsa);
    rsa.or(p384.map(PrivateKey::P384))
}

pub(super) fn get_challenge(command: &Command<'_>) -> Outcome {
    if (command.p1, command.p2) != (0, 0) {
        return Err(0x6A86.into());
    }
    if command.is_extended() {
        return Err(0x6985.into());
    }
    let mut challenge = vec![0; command.expected_only()?];
    OsRng.fill_bytes(&mut challenge);
    Ok(challenge)
}

impl SimulatedCard {
    pub(super) fn compute_digital_signature(&mut self, command: &Command<'_>) -> Outcome {
        let default_key = command.p2 == 0;
        if command.p1 > 0x05 || (!default_key && command.p2 & 0xE0 != 0x80) {
            return Err(0x6A86.into());
        }
        let data = self.signature_data(command)?;
        let id = if default_key { self.make_current(DEFAULT_KEY)? } else { self.address(command.p2 & 0x1F)? };
        let description = self.key(id)?;
        if description.internal_authenticate {
            return Err(0x6985.into());
        }
        if description.pin.is_some_and(|pin| !self.session.verified.contains(&pin)) {
            return Err(0x6982.into());
        }
        let digest = description.digest;
        if let PrivateKey::P384(key) = self.private_key(id)? {
            return match command.p1 {
                0x00 if data.len() == digest.length() => {
                    let signed: Result<Signature, _> = key.sign_prehash(data);
                    Ok(signed.map_err(|_| Stop::Status(0x6400))?.to_der().as_bytes().to_vec())
                }
                0x00 => Err(0x6985.into()),
                _ => Err(0x6A86.into()),
            };
        }
        let fits = match command.p1 {
            0x00 => data.len() <= SIGNATURE_LENGTH - 11,
            0x02 | 0x04 => data.len() == 32,
            _ => data.len() <= 255,
        };
        if !fits {
            return Err(0x6985.into());
        }
        let hash = Sha256::digest(data);
        match command.p1 {
            0x00 => self.sign(id, Pkcs1v15Sign::new_unprefixed(), data),
            0x01 => self.sign(id, Pkcs1v15Sign::new_unprefixed(), &hash),
            0x02 => self.sign(id, Pkcs1v15Sign::new::<Sha256>(), data),
            0x03 => self.sign(id, Pkcs1v15Sign::new::<Sha256>(), &hash),
            0x04 => self.sign(id, Pss::new::<Sha256>(), data),
            _ => self.sign(id, Pss::new::<Sha256>(), &hash),
        }
    }

    pub(super) fn internal_authenticate(&mut self, command: &Command<'_>) -> Outcome {
        if command.p1 != 0 || command.p2 & 0xE0 != 0x80 {
            return Err(0x6A86.into());
        }
        let data = self.signature_data(command)?;
        let id = self.address(command.p2 & 0x1F)?;
        let description = self.key(id)?;
        if !description.internal_authenticate {
            return Err(if description.pin.is_some() { 0x6982.into() } else { 0x6985.into() });
        }
        if data.len() > 255 {
            return Err(0x6985.into());
        }
        self.sign(id, Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(data))
    }

    /// The data of a command that answers with a signature, once its lengths are in order.
    fn signature_data<'a>(&self, command: &Command<'a>) -> Result<&'a [u8], Stop> {
        let body = command.body()?;
        match body.expected {
            Some(expected) if expected < SIGNATURE_LENGTH && self.file.switches.answer_6cxx => Err(0x6C00.into()),
            Some(expected) if expected >= SIGNATURE_LENGTH && !body.data.is_empty() => Ok(body.data),
            _ => Err(0x6700.into()),
        }
    }

    fn key(&self, id: FileId) -> Result<&KeyFile, Stop> {
        let application = self.current_application();
        application.and_then(|it| it.keys.iter().find(|key| key.id == id)).ok_or(Stop::Status(0x6981))
    }

    fn private_key(&self, id: FileId) -> Result<&PrivateKey, Stop> {
        let at = self.session.application.ok_or(Stop::Status(0x6400))?;
        self.keys.get(&(at, id)).ok_or(Stop::Status(0x6400))
    }

    fn sign(&self, id: FileId, scheme: impl rsa::traits::SignatureScheme, input: &[u8]) -> Outcome {
        let PrivateKey::Rsa(key) = self.private_key(id)? else { return Err(0x6400.into()) };
        // With a random number generator the exponentiation is blinded (dependencies.md §4).
        key.sign_with_rng(&mut OsRng, scheme, input).map_err(|_| Stop::Status(0x6400))
    }
}
