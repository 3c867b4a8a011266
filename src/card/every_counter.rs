//! The counters of the secrets that are known on the card, the holder's three among them (card.md §4.1).

use super::application::{self, Application};
use super::counter::RetryCounter;
use super::dialogue::Dialogue;
use super::error::CardError;
use super::jpki;
use super::secret_file::{self, SecretFile};

/// A secret of the card, whether or not this program ever presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KnownSecret {
    /// 利用者証明用
    UserAuthentication,
    /// 署名用
    DigitalSignature,
    /// 券面事項入力補助用
    InputSupport,
    /// 照合番号A of the input support application: the individual number. Its counter is all this program ever asks for.
    InputSupportNumberA,
    /// 照合番号B of the input support application
    InputSupportNumberB,
    /// 生年月日 of the surface application
    SurfaceBirthDate,
    /// 照合番号B of the surface application
    SurfaceNumberB,
    /// 照合番号A of the surface application, likewise the individual number
    SurfaceNumberA,
    /// 住民基本台帳用
    ResidentRegister,
    /// 共通カード用
    CommonCard,
}

impl KnownSecret {
    /// All of them, in the order in which they cost one SELECT for each application.
    pub const ALL: [Self; 10] = [
        Self::UserAuthentication,
        Self::DigitalSignature,
        Self::InputSupport,
        Self::InputSupportNumberA,
        Self::InputSupportNumberB,
        Self::SurfaceBirthDate,
        Self::SurfaceNumberB,
        Self::SurfaceNumberA,
        Self::ResidentRegister,
        Self::CommonCard,
    ];

    /// Where it stands. Input support EF 0012 is no secret of this list: it arrives blocked and means nothing (card.md
    /// §4.1).
    const fn file(self) -> SecretFile {
        let (application, short_identifier) = match self {
            Self::UserAuthentication => (Application::Jpki, 0x18),
            Self::DigitalSignature => (Application::Jpki, 0x1B),
            Self::InputSupport => (Application::InputSupport, 0x11),
            Self::InputSupportNumberA => (Application::InputSupport, 0x14),
            Self::InputSupportNumberB => (Application::InputSupport, 0x15),
            Self::SurfaceBirthDate => (Application::Surface, 0x11),
            Self::SurfaceNumberB => (Application::Surface, 0x12),
            Self::SurfaceNumberA => (Application::Surface, 0x13),
            Self::ResidentRegister => (Application::ResidentRegister, 0x1C),
            Self::CommonCard => (Application::CommonCard, 0x1C),
        };
        SecretFile { application, short_identifier }
    }
}

/// Every counter in fifteen exchanges on a card that has all five applications; fewer where some are missing. As
/// [`survey_counters`] of [`KnownSecret::ALL`].
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application.
pub async fn survey_every_counter(card: &Dialogue) -> Result<Vec<(KnownSecret, RetryCounter)>, CardError> {
    survey_counters(card, &KnownSecret::ALL).await
}

/// These counters in their order: one exchange for each, and one for each change of the application, the JPKI application
/// first. Nothing is spent. A secret that the card does not have is left out, one whose counter it does not tell is not.
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application.
pub async fn survey_counters(
    card: &Dialogue,
    secrets: &[KnownSecret],
) -> Result<Vec<(KnownSecret, RetryCounter)>, CardError> {
    jpki::select(card).await?;
    let mut current = (Application::Jpki, true);
    let mut counters = Vec::new();
    for secret in secrets.iter().copied() {
        let file = secret.file();
        if current.0 != file.application {
            current = (file.application, application::enter(card, file.application).await?);
        }
        if current.1
            && let Some(counter) = secret_file::query(card, file).await
        {
            counters.push((secret, counter));
        }
    }
    Ok(counters)
}
