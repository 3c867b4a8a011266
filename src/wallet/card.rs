//! Before a card is read for issuing: the phone, the form of the card, how many reads and which PIN for each (CARD-01, CARD-05 to
//! CARD-10). Reading itself is the card room's; there is no way here to the individual number (CARD-11).

use super::step::{Refusal, Step};
use crate::policy::{FACE_AUTHENTICATION_CARD, PHONE_CARD, Policy, RuleNumber};
use crate::reason::Reason;
use crate::secret::SecretKind;
use crate::time::UnixTime;

/// A form in which a card may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CardForm {
    /// The plastic card with its PINs.
    Plastic,
    /// 顔認証マイナンバーカード: it has no PINs (CARD-05).
    FaceAuthentication,
    /// In an Android phone (CARD-06).
    AndroidPhone,
    /// In an iPhone (CARD-06).
    Iphone,
}

impl CardForm {
    /// The row of `[refusals]` that closes it or says that it is accepted, without which a file is refused when it is read; and the
    /// word that tells it apart in a refusal.
    const fn refusal(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Plastic => None,
            Self::FaceAuthentication => Some((FACE_AUTHENTICATION_CARD, "face_authentication")),
            Self::AndroidPhone => Some((PHONE_CARD, "android_phone")),
            Self::Iphone => Some((PHONE_CARD, "iphone")),
        }
    }
}

/// The phone's system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// iOS
    Ios,
    /// Android
    Android,
}

/// What the phone says of its NFC (CARD-07: two separate reasons).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nfc {
    /// Cannot read the card.
    Unsupported,
    /// Could, and is switched off.
    Off,
    /// Ready.
    On,
}

/// The phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Its system.
    pub platform: Platform,
    /// Major version of it.
    pub major: u16,
    /// Its NFC.
    pub nfc: Nfc,
}

/// Everything that keeps issuing from starting with this phone and this card, in order; nothing is sent to the card.
///
/// A form that is not accepted is a matter of this policy, not an invalid card: another policy may take it (CARD-06, LAW-04).
pub fn issuing_obstacles(phone: Phone, form: CardForm, policy: &Policy, at: UnixTime) -> Vec<Refusal> {
    let numbers = &policy.wallet.card;
    let mut obstacles = Vec::new();
    let at_least = match phone.platform {
        Platform::Ios => numbers.ios_at_least,
        Platform::Android => numbers.android_at_least,
    };
    if phone.major < at_least {
        obstacles.push(Step::refusal(Reason::ClientUnsupported, "CARD-07"));
    }
    match phone.nfc {
        Nfc::Unsupported => obstacles.push(Step::refusal(Reason::NfcUnsupported, "CARD-07")),
        Nfc::Off => obstacles.push(Step::refusal(Reason::NfcDisabled, "CARD-07")),
        Nfc::On => {}
    }
    let refused = form.refusal().and_then(|(row, word)| Some((policy.book.refusal(row, at)?, word)));
    if let Some((refusal, word)) = refused {
        let rule = refusal.rules.first().cloned().unwrap_or_else(|| RuleNumber::engine("CARD-05"));
        obstacles.push(Refusal { rule, ..Step::refusal(refusal.reason, "CARD-05").because(word) });
    }
    obstacles
}

/// What a read is for: two separate services (CARD-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFor {
    /// my電子証明書
    MySigning,
    /// my認証
    MyAuth,
    /// Both, with the holder's consent to use what the first read gave for the second as well.
    Both,
}

/// One read of the card, with the PIN that is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What for.
    pub purpose: ReadFor,
    /// The PINs asked for. The one of the input support application is never among them (CARD-10).
    pub pins: Vec<SecretKind>,
}

/// The reads of issuing: two, or one where the holder agrees that card data are used twice (CARD-09).
///
/// Which PIN goes with which read the FAQ does not say: attributes need the signing certificate, logging in the
/// authentication certificate (CARD-10).
pub fn issuing_reads(reuse_card_data: bool) -> Vec<Read> {
    use SecretKind::{DigitalSignature, UserAuthentication};
    if reuse_card_data {
        return vec![Read { purpose: ReadFor::Both, pins: vec![DigitalSignature, UserAuthentication] }];
    }
    vec![
        Read { purpose: ReadFor::MySigning, pins: vec![DigitalSignature] },
        Read { purpose: ReadFor::MyAuth, pins: vec![UserAuthentication] },
    ]
}
