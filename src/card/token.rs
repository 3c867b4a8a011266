//! Token information (EF 0006): the label that tells which kind of card this is (card.md §3.3).

use std::fmt;

/// What holds the JPKI application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// 個人番号カード, the plastic card
    IndividualNumberCard,
    /// 住民基本台帳カード, the card before it
    ResidentCard,
    /// スマホ用電子証明書 in an Android phone
    AndroidPhone,
    /// The same in an iPhone
    IosPhone,
    /// A label that is not on record
    Unknown,
}

/// The label of a token: printable ASCII, padding removed.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenLabel(String);

impl TokenLabel {
    /// Reads the first 32 bytes of the token information. Bytes that are not printable ASCII become `?`: a label is shown
    /// on terminals.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let text: String = bytes
            .iter()
            .take(32)
            .map(|byte| if matches!(byte, 0x20..=0x7E) { char::from(*byte) } else { '?' })
            .collect();
        Self(text.trim_end().to_owned())
    }

    /// The label as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which kind of card carries this label.
    pub fn kind(&self) -> CardKind {
        match self.0.as_str() {
            "JPKIAPICCTOKEN2" => CardKind::IndividualNumberCard,
            "JPKIAPICCTOKEN" => CardKind::ResidentCard,
            "JPKIAPGPSETOKEN" => CardKind::AndroidPhone,
            "JPKIAPIOSTOKEN" => CardKind::IosPhone,
            _ => CardKind::Unknown,
        }
    }
}

impl fmt::Debug for TokenLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_labels_on_record() {
        for (label, kind) in [
            ("JPKIAPICCTOKEN2                 ", CardKind::IndividualNumberCard),
            ("JPKIAPICCTOKEN                  ", CardKind::ResidentCard),
            ("JPKIAPGPSETOKEN                 ", CardKind::AndroidPhone),
            ("JPKIAPIOSTOKEN                  ", CardKind::IosPhone),
            ("JPKIAPICCTOKEN3                 ", CardKind::Unknown),
        ] {
            assert_eq!(TokenLabel::from_bytes(label.as_bytes()).kind(), kind, "{label}");
        }
        assert_eq!(TokenLabel::from_bytes(b"\x1b[31mJPKI").as_str(), "?[31mJPKI");
    }
}
