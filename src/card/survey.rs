//! What a card shows without any secret: label, applications, counters, which certificates exist, the heads of two files.

use super::application::{self, Application};
use super::counter::RetryCounter;
use super::dialogue::Dialogue;
use super::error::CardError;
use super::file::{self, Content};
use super::input_support;
use super::jpki::{self, CertificateFile, Key};
use super::token::TokenLabel;
use crate::secret::SecretKind;
use zeroize::Zeroizing;

/// First block of a certificate file: enough for serial, issuer and validity.
pub type FileHead = Zeroizing<Vec<u8>>;

/// The first blocks that tell validity and CA generation without reading whole certificates.
#[derive(Clone)]
pub struct CertificateHeads {
    /// Of the user-authentication certificate; `None` where it is absent or asks for its PIN (phones).
    pub user_authentication: Option<FileHead>,
    /// Of its CA's certificate.
    pub user_authentication_ca: Option<FileHead>,
}

/// What a card shows without any secret.
#[derive(Clone)]
pub struct CardSurvey {
    /// Token label.
    pub label: TokenLabel,
    /// Whether a signing certificate is there, as EF 0008 tells; `None` when it does not tell.
    pub digital_signature_present: Option<bool>,
    /// Whether an authentication certificate is there, likewise.
    pub user_authentication_present: Option<bool>,
    /// First blocks of two certificate files.
    pub heads: CertificateHeads,
    /// The counters of the three secrets of a holder; the last is missing where its application is.
    pub counters: Vec<(SecretKind, RetryCounter)>,
    /// Applications that answered.
    pub applications: Vec<Application>,
}

/// EF 0008 as far as it is known: `8F` says that the certificate exists (card.md §3.4).
const PRESENT: u8 = 0x8F;

/// Whether this is a card of ours, and which: its label, in two exchanges.
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application.
pub async fn detect(card: &Dialogue) -> Result<TokenLabel, CardError> {
    jpki::select(card).await?;
    label(card).await
}

async fn label(card: &Dialogue) -> Result<TokenLabel, CardError> {
    let label = file::read_free_head(card, 0x06, 32, Content::Open).await?;
    Ok(TokenLabel::from_bytes(label.as_deref().map_or(&[], Vec::as_slice)))
}

/// Looks the card over in ten exchanges. Nothing is spent and nothing personal is read but a certificate's first block.
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application.
pub async fn survey(card: &Dialogue) -> Result<CardSurvey, CardError> {
    jpki::select(card).await?;
    let label = label(card).await?;
    let availability = file::read_free_head(card, 0x08, 3, Content::Open).await?;
    let present = |at: usize| availability.as_ref().and_then(|bytes| bytes.get(at)).map(|byte| *byte == PRESENT);
    let heads = CertificateHeads {
        user_authentication: head(card, CertificateFile::UserAuthentication, Content::Personal).await?,
        user_authentication_ca: head(card, CertificateFile::UserAuthenticationCa, Content::Open).await?,
    };
    let mut counters = jpki_counters(card).await?;
    let mut applications = vec![Application::Jpki];
    if let Some(counter) = input_support::retry_counter(card).await? {
        counters.push((SecretKind::InputSupport, counter));
        applications.push(Application::InputSupport);
    }
    if application::enter(card, Application::Surface).await? {
        applications.push(Application::Surface);
    }
    Ok(CardSurvey {
        label,
        digital_signature_present: present(0),
        user_authentication_present: present(1),
        heads,
        counters,
        applications,
    })
}

/// The three counters alone, in five exchanges.
///
/// # Errors
/// As [`survey`].
pub async fn survey_pins(card: &Dialogue) -> Result<Vec<(SecretKind, RetryCounter)>, CardError> {
    jpki::select(card).await?;
    let mut counters = jpki_counters(card).await?;
    counters.extend(input_support::retry_counter(card).await?.map(|counter| (SecretKind::InputSupport, counter)));
    Ok(counters)
}

async fn jpki_counters(card: &Dialogue) -> Result<Vec<(SecretKind, RetryCounter)>, CardError> {
    let mut counters = Vec::new();
    for key in [Key::UserAuthentication, Key::DigitalSignature] {
        counters.push((key.secret_kind(), jpki::retry_counter(card, key).await?));
    }
    Ok(counters)
}

async fn head(card: &Dialogue, which: CertificateFile, content: Content) -> Result<Option<FileHead>, CardError> {
    let head = file::read_free_head(card, which.short_identifier(), 0, content).await?;
    // A file of filler holds no certificate (card.md §9).
    Ok(head.filter(|bytes| bytes.first() == Some(&0x30)))
}
