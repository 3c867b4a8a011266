//! What a policy that upgrades by certificate has to say, because its silence would open a gate or lock a holder in.

use super::book_file::RefusalTable;
use super::tier::is_name;
use super::{EvidenceKind, Feature, LegalMethod, PolicyError, RuleBook};
use crate::reason::Reason;
use std::collections::BTreeMap;

/// 顔認証マイナンバーカード, as a row of `[refusals]` (CARD-05).
pub const FACE_AUTHENTICATION_CARD: &str = "face_authentication_card";
/// A card in a phone, as a row of `[refusals]` (CARD-06).
pub const PHONE_CARD: &str = "phone_card";

/// Forms of a card that a file refuses or accepts, and never passes over in silence.
const CARD_FORMS: [&str; 2] = [FACE_AUTHENTICATION_CARD, PHONE_CARD];

/// Without these a holder could neither recover, be reached nor leave (CH-02, GATE-10, GATE-12, LIFE-05).
const RECOVERY: [Feature; 9] = [
    Feature::Stop,
    Feature::Withdraw,
    Feature::Unlock,
    Feature::Resume,
    Feature::RevokeCertificate,
    Feature::Contact,
    Feature::ChangePassword,
    Feature::ChangePhone,
    Feature::ChangeEmail,
];

/// Every form of a card has a row in `[refusals]`, and every row is about something there is: a row that is misspelt refuses nobody.
pub(super) fn check_refusals(
    refusals: &BTreeMap<String, RefusalTable>,
    kinds: &BTreeMap<String, EvidenceKind>,
) -> Result<(), PolicyError> {
    if let Some(missing) = CARD_FORMS.iter().find(|form| !refusals.contains_key(**form)) {
        let place = format!("refusals.{missing}");
        return Err(PolicyError::value(
            place,
            "a table for every form of a card; from = \"never\" accepts it (CARD-05, CARD-06)",
        ));
    }
    let is_known =
        |name: &str| CARD_FORMS.contains(&name) || kinds.contains_key(name) || LegalMethod::from_id(name).is_some();
    match refusals.keys().find(|name| is_name(name) && !is_known(name)) {
        Some(unknown) => Err(PolicyError::value(
            format!("refusals.{unknown}"),
            "a form of a card, an evidence kind of this file or a legal method",
        )),
        None => Ok(()),
    }
}

/// The reason a row of `[refusals]` is told with.
pub(super) fn refused_with(name: &str) -> Reason {
    if CARD_FORMS.contains(&name) { Reason::CardTypeNotAccepted } else { Reason::MethodNotAccepted }
}

/// The ways back and out are offered.
pub(super) fn check_features(book: &RuleBook) -> Result<(), PolicyError> {
    match RECOVERY.iter().find(|feature| !book.features.contains_key(feature)) {
        Some(missing) => Err(PolicyError::value(
            format!("features.{missing}"),
            "a table of this name: without it a holder cannot recover or leave (GATE-10, GATE-12)",
        )),
        None => Ok(()),
    }
}
