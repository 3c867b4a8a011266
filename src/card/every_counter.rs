//! The counters of every secret that is known on the card, the holder's three among them (card.md §4.1).

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

/// In the order in which they are asked for: one SELECT for each application. Input support EF 0012 arrives blocked and
/// means nothing (card.md §4.1).
const ALL: [(KnownSecret, Application, u8); 10] = [
    (KnownSecret::UserAuthentication, Application::Jpki, 0x18),
    (KnownSecret::DigitalSignature, Application::Jpki, 0x1B),
    (KnownSecret::InputSupport, Application::InputSupport, 0x11),
    (KnownSecret::InputSupportNumberA, Application::InputSupport, 0x14),
    (KnownSecret::InputSupportNumberB, Application::InputSupport, 0x15),
    (KnownSecret::SurfaceBirthDate, Application::Surface, 0x11),
    (KnownSecret::SurfaceNumberB, Application::Surface, 0x12),
    (KnownSecret::SurfaceNumberA, Application::Surface, 0x13),
    (KnownSecret::ResidentRegister, Application::ResidentRegister, 0x1C),
    (KnownSecret::CommonCard, Application::CommonCard, 0x1C),
];

/// Every counter in fifteen exchanges on a card that has all five applications; fewer where some are missing. Nothing is
/// spent. A secret that the card does not have is left out, one whose counter it does not tell is not.
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application.
pub async fn survey_every_counter(card: &Dialogue) -> Result<Vec<(KnownSecret, RetryCounter)>, CardError> {
    jpki::select(card).await?;
    let mut current = (Application::Jpki, true);
    let mut counters = Vec::new();
    for (secret, application, short_identifier) in ALL {
        if current.0 != application {
            current = (application, application::enter(card, application).await?);
        }
        if current.1
            && let Some(counter) = secret_file::query(card, SecretFile { application, short_identifier }).await
        {
            counters.push((secret, counter));
        }
    }
    Ok(counters)
}
