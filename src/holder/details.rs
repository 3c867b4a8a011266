//! What the card tells about itself without a secret, beyond what a sitting needs: 共通カードAP and the issuer's data objects.

use super::card_data::date;
use crate::card::issuer_domain::{self, DataObject, DataObjectAnswer};
use crate::card::{CardError, Dialogue, common_card};
use crate::secret::Personal;

/// The record of 共通カードAP (card.md §2.3).
///
/// `Debug` tells nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonRecord {
    /// The card's serial number, 15 digits.
    pub serial: Personal<String>,
    /// The municipality's code, 5 digits.
    pub municipality: Personal<String>,
    /// The card's last day, `YYYY-MM-DD`; none where the card has zeros.
    pub expires: Personal<Option<String>>,
}

impl CommonRecord {
    /// Reads record 1: `01 1C` and 28 digits. `None` when it is not of this form.
    pub fn from_record(record: &[u8]) -> Option<Self> {
        let digits = record.strip_prefix(&[0x01, 0x1C])?.get(..28)?;
        let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        let (serial, rest) = text.split_at_checked(15)?;
        let (municipality, expiry) = rest.split_at_checked(5)?;
        Some(Self {
            serial: Personal::new(serial.to_owned()),
            municipality: Personal::new(municipality.to_owned()),
            expires: date(expiry.as_bytes(), "expiry").ok()?,
        })
    }
}

/// What the card tells about itself.
///
/// `Debug` tells lengths.
#[derive(Clone, Debug)]
pub struct CardDetails {
    /// The common record; `None` where it is not there or not of its form.
    pub common: Option<CommonRecord>,
    /// Every data object that was asked for, with the answer.
    pub objects: Vec<(DataObject, DataObjectAnswer)>,
}

impl CardDetails {
    /// The content of a data object, where the card gave it.
    pub fn content(&self, object: DataObject) -> Option<&[u8]> {
        self.objects.iter().find_map(|(found, answer)| match answer {
            DataObjectAnswer::Content(bytes) if *found == object => Some(bytes.as_slice()),
            _ => None,
        })
    }

    /// The ATR of the contacts, whole: the card keeps it without its first byte.
    pub fn contact_atr(&self) -> Option<Vec<u8>> {
        self.content(DataObject::ContactAtr).map(|rest| [&[0x3B], rest].concat())
    }
}

/// Reads the common record and the data objects of the issuer security domain: twelve exchanges where all is there. Nothing
/// is spent.
///
/// # Errors
/// [`CardError::Refused`], or [`CardError::Channel`] through the driver.
pub async fn read_details(card: &Dialogue) -> Result<CardDetails, CardError> {
    let record = common_card::read_record(card).await?;
    let mut objects = Vec::new();
    if record.is_some() {
        // Here first: not every card tells it in the issuer security domain.
        objects.push((DataObject::ContactAtr, issuer_domain::get(card, DataObject::ContactAtr).await?));
    }
    issuer_domain::select(card).await?;
    for object in DataObject::ALL {
        let told =
            |(found, answer): &(DataObject, DataObjectAnswer)| *found == object && *answer != DataObjectAnswer::Absent;
        if !objects.iter().any(told) {
            objects.retain(|(found, _)| *found != object);
            objects.push((object, issuer_domain::get(card, object).await?));
        }
    }
    objects.sort_by_key(|(object, _)| *object);
    Ok(CardDetails { common: record.and_then(|record| CommonRecord::from_record(&record)), objects })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_twenty_eight_digits_behind_its_tag() {
        let record = |digits: &str| [&[0x01, 0x1C][..], digits.as_bytes()].concat();
        let read = CommonRecord::from_record(&record("1234567890123451310120300217")).unwrap();
        assert_eq!(read.serial.reveal(), "123456789012345");
        assert_eq!(read.municipality.reveal(), "13101");
        assert_eq!(read.expires.reveal().as_deref(), Some("2030-02-17"));
        assert!(!format!("{read:?}").contains("12345"));
        for wrong in ["", "123456789012345131012030021", "1234567890123451310120300231", "A234567890123451310120300217"]
        {
            assert_eq!(CommonRecord::from_record(&record(wrong)), None, "{wrong}");
        }
        assert_eq!(CommonRecord::from_record(&[0x02, 0x1C]), None);
    }
}
