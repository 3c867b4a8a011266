//! What a card shows without a secret, with its two certificate heads read.

use crate::anchors::Generation;
use crate::card::{self, Application, CardError, CardKind, CardSurvey, Dialogue, RetryCounter, TokenLabel};
use crate::certificate;
use crate::secret::SecretKind;
use crate::time::Validity;

/// One of the holder's two certificates, as far as it shows without a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateStatus {
    /// Whether it is there; `None` when the card does not tell.
    pub present: Option<bool>,
    /// Its validity period; `None` where it could not be read without a secret.
    pub validity: Option<Validity>,
    /// The generation of the CA, told by the CA certificate on the card; not a trust decision.
    pub issuer_generation: Option<Generation>,
    /// Whether its file could be read and does not begin as a certificate does.
    pub unreadable: bool,
}

impl CertificateStatus {
    /// Whether the card says that it is there and what lies there is no certificate: filler, or garbage.
    pub fn is_unreadable(&self) -> bool {
        self.present == Some(true) && self.unreadable
    }
}

/// What a card shows without a secret.
#[derive(Clone, Debug)]
pub struct CardStatus {
    /// Token label.
    pub label: TokenLabel,
    /// Kind of card, by its label.
    pub kind: CardKind,
    /// Applications that answered.
    pub applications: Vec<Application>,
    /// Counters of the holder's secrets, as far as their application is there.
    pub counters: Vec<(SecretKind, RetryCounter)>,
    /// 利用者証明用電子証明書
    pub user_authentication: CertificateStatus,
    /// 署名用電子証明書, of which nothing but its presence shows
    pub digital_signature_present: Option<bool>,
}

impl CardStatus {
    /// Whether the card belongs to the test hierarchy: its certificates are no real person's.
    pub fn is_test_card(&self) -> bool {
        use Generation::{Test2019, Test2023, Test2024};
        matches!(self.user_authentication.issuer_generation, Some(Test2019 | Test2023 | Test2024))
    }
}

/// Looks the card over: [`card::survey`], and its file heads read as certificates.
///
/// # Errors
/// As [`card::survey`]. A head that is no certificate is not an error: validity and generation are then unknown.
pub async fn look_over(dialogue: &Dialogue) -> Result<CardStatus, CardError> {
    Ok(read(card::survey(dialogue).await?))
}

fn read(survey: CardSurvey) -> CardStatus {
    let head = |bytes: &Option<card::FileHead>| bytes.as_ref().and_then(|bytes| certificate::head(bytes).ok());
    let own = head(&survey.heads.user_authentication);
    let issuer = head(&survey.heads.user_authentication_ca);
    CardStatus {
        kind: survey.label.kind(),
        applications: survey.applications,
        counters: survey.counters,
        user_authentication: CertificateStatus {
            present: survey.user_authentication_present.or(own.as_ref().map(|_| true)),
            // A phone keeps its certificate behind the PIN; on a plastic card nothing hides it (card.md §9).
            unreadable: own.is_none() && survey.label.kind() == CardKind::IndividualNumberCard,
            validity: own.and_then(|head| head.validity),
            issuer_generation: issuer.map(|head| Generation::of_ca_head(&head)),
        },
        digital_signature_present: survey.digital_signature_present,
        label: survey.label,
    }
}
