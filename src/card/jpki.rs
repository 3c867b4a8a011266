//! 公的個人認証AP (JPKI): two certificates with their CA certificates, two keys, two secrets (card.md §§3-5).

use super::application::{self, Application, select_file};
use super::counter::RetryCounter;
use super::dialogue::{Addressing, Dialogue};
use super::error::{CardError, Operation};
use super::file::{self, Content};
use super::secret_file::{self, SecretFile};
use super::session::Caution;
use crate::apdu::{CommandApdu, StatusWord};
use crate::secret::{Secret, SecretKind};
use zeroize::Zeroizing;

/// A certificate file of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateFile {
    /// 署名用電子証明書: carries the basic four attributes, readable after its password only.
    DigitalSignature,
    /// Certificate of the CA that issued it, as the card has it. Never an anchor.
    DigitalSignatureCa,
    /// 利用者証明用電子証明書: free on the plastic card; a phone asks for its PIN.
    UserAuthentication,
    /// Certificate of the CA that issued it, as the card has it. Never an anchor.
    UserAuthenticationCa,
}

impl CertificateFile {
    pub(super) const fn short_identifier(self) -> u8 {
        match self {
            Self::DigitalSignature => 0x01,
            Self::DigitalSignatureCa => 0x02,
            Self::UserAuthentication => 0x0A,
            Self::UserAuthenticationCa => 0x0B,
        }
    }

    /// The holder's certificates are marked: one has name and address, the other a restricted serial (LAW-35).
    const fn content(self) -> Content {
        match self {
            Self::DigitalSignature | Self::UserAuthentication => Content::Personal,
            Self::DigitalSignatureCa | Self::UserAuthenticationCa => Content::Open,
        }
    }
}

/// A private key of the application, with the secret that unlocks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// 署名用秘密鍵, EF 001A
    DigitalSignature,
    /// 利用者証明用秘密鍵, EF 0017
    UserAuthentication,
}

impl Key {
    /// The secret that unlocks this key.
    pub const fn secret_kind(self) -> SecretKind {
        match self {
            Self::DigitalSignature => SecretKind::DigitalSignature,
            Self::UserAuthentication => SecretKind::UserAuthentication,
        }
    }

    /// The certificate of this key.
    pub const fn certificate(self) -> CertificateFile {
        match self {
            Self::DigitalSignature => CertificateFile::DigitalSignature,
            Self::UserAuthentication => CertificateFile::UserAuthentication,
        }
    }

    const fn short_identifier(self) -> u8 {
        match self {
            Self::DigitalSignature => 0x1A,
            Self::UserAuthentication => 0x17,
        }
    }

    const fn secret_file(self) -> SecretFile {
        let short_identifier = match self {
            Self::DigitalSignature => 0x1B,
            Self::UserAuthentication => 0x18,
        };
        SecretFile { application: Application::Jpki, short_identifier }
    }
}

/// A key whose secret was verified in this session. Only [`unlock`] makes one, so nothing signs without it.
#[derive(Debug)]
pub struct Unlocked {
    key: Key,
}

impl Unlocked {
    /// Which key.
    pub fn key(&self) -> Key {
        self.key
    }
}

/// Selects the application.
///
/// # Errors
/// [`CardError::NotSupported`] when the card does not have it.
pub async fn select(card: &Dialogue) -> Result<(), CardError> {
    application::require(card, Application::Jpki).await
}

/// Asks for the retry counter of a key's secret. Costs no attempt. The application must be selected.
///
/// # Errors
/// [`CardError::Channel`] through the driver.
pub async fn retry_counter(card: &Dialogue, key: Key) -> Result<RetryCounter, CardError> {
    Ok(secret_file::query(card, key.secret_file()).await.unwrap_or(RetryCounter::NotReported))
}

/// Asks for the counter, then presents the secret once. The application must be selected.
///
/// # Errors
/// [`CardError::CertificateAbsent`], [`CardError::LastTryRefused`], [`CardError::TriesUnknownRefused`] and [`CardError::SecretBlocked`] before anything is
/// spent; [`CardError::SecretIncorrect`] or [`CardError::SecretBlockedNow`] after the card compared;
/// [`CardError::ExclusiveAccessNeeded`] over a shared channel; [`CardError::AnotherSecretNeeded`] for the wrong kind.
pub async fn unlock(card: &Dialogue, key: Key, secret: &Secret, caution: Caution) -> Result<Unlocked, CardError> {
    let kind = key.secret_kind();
    if secret.kind() != kind {
        return Err(CardError::AnotherSecretNeeded { kind });
    }
    if secret_file::present(card, key.secret_file(), secret, caution).await? {
        Ok(Unlocked { key })
    } else {
        // No secret, so no key and no certificate: a child's card, for one.
        Err(CardError::CertificateAbsent { which: key.certificate() })
    }
}

/// Reads a certificate file, DER without filler. The application must be selected; for the signing certificate its
/// password must be verified.
///
/// # Errors
/// [`CardError::CertificateAbsent`] when the file is not there or holds filler only; [`CardError::CertificateLocked`] on
/// phones, which ask for the PIN first.
pub async fn read_certificate(card: &Dialogue, which: CertificateFile) -> Result<Zeroizing<Vec<u8>>, CardError> {
    match file::read_object(card, which.short_identifier(), which.content()).await {
        Ok(Some(certificate)) => Ok(certificate),
        Ok(None) => Err(CardError::CertificateAbsent { which }),
        // Whether an absent signing certificate answers so is not on record; after its password nothing else is left.
        Err(CardError::Refused { status: StatusWord::SECURITY_STATUS, .. })
            if which == CertificateFile::DigitalSignature =>
        {
            Err(CardError::CertificateAbsent { which })
        }
        Err(CardError::Refused { status: StatusWord::SECURITY_STATUS, .. }) => {
            Err(CardError::CertificateLocked { which })
        }
        Err(error) => Err(error),
    }
}

/// Has the card sign: PKCS#1 v1.5 padding (type 1) over `input` as it is, so give it a DigestInfo (card.md §5.1, P1 = 00).
///
/// The answer is the raw signature, 256 bytes for today's RSA-2048 keys. It is not checked here.
///
/// # Errors
/// [`CardError::SignatureInput`] unless `input` has 1 to 245 bytes; [`CardError::Refused`].
pub async fn sign(card: &Dialogue, unlocked: &Unlocked, input: &[u8]) -> Result<Vec<u8>, CardError> {
    if !(1..=245).contains(&input.len()) {
        return Err(CardError::SignatureInput { length: input.len() });
    }
    let short_identifier = unlocked.key.short_identifier();
    let reference = match card.addressing() {
        Addressing::ShortIdentifier => 0x80 | short_identifier,
        // This card refused short identifiers before, so none is tried with a signature, which is sent once.
        Addressing::Selection => match card.ask(select_file(short_identifier)).await.status() {
            StatusWord::OK => 0x80,
            status => return Err(CardError::Refused { operation: Operation::Sign, status }),
        },
    };
    let command = CommandApdu::new(0x80, 0x2A, 0x00, reference).data(input).expecting(0).never_repeated();
    let response = card.ask(command).await;
    match response.status() {
        StatusWord::OK if !response.data().is_empty() => Ok(response.data().to_vec()),
        StatusWord::OK => Err(CardError::UnexpectedAnswer { what: "an empty signature" }),
        status => Err(CardError::Refused { operation: Operation::Sign, status }),
    }
}
