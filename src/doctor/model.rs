//! The seed table of reader models (desktop.md §1), a data file.

use std::fmt;
use std::str::FromStr;

/// A version of a driver, such as 1.4.35.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriverVersion(u32, u32, u32);

/// Not a version: something else than one to three numbers with dots between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version")]
pub struct NotAVersion;

impl FromStr for DriverVersion {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let mut parts = [0; 3];
        for (at, part) in text.trim().split('.').enumerate() {
            *parts.get_mut(at).ok_or(NotAVersion)? = part.parse().map_err(|_| NotAVersion)?;
        }
        let [major, minor, patch] = parts;
        Ok(Self(major, minor, patch))
    }
}

impl fmt::Display for DriverVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// How a reader reaches the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interface {
    /// By the gold pad.
    Contact,
    /// By radio.
    Contactless,
    /// Both.
    Dual,
}

/// A model of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderModel {
    /// USB vendor and product; `None` where they are not on record.
    pub usb: Option<(u16, u16)>,
    /// Maker and model.
    pub name: &'static str,
    /// Whether it speaks CCID, for which every system brings a driver.
    pub ccid: bool,
    /// How it reaches the card.
    pub interface: Interface,
    /// Whether it knows cards of Type B, as the My Number Card is by radio; `None` where that is not on record.
    pub type_b: Option<bool>,
    /// The first libccid that knows it, where older ones do not.
    pub libccid: Option<DriverVersion>,
    /// What else is on record.
    pub note: Option<&'static str>,
}

const TABLE: &str = include_str!("readers.tsv");

impl ReaderModel {
    /// Every model of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Self::parse)
    }

    /// The model with this USB vendor and product.
    pub fn by_usb(vendor: u16, product: u16) -> Option<Self> {
        Self::all().find(|model| model.usb == Some((vendor, product)))
    }

    /// The model that a PC/SC reader's name mentions.
    pub fn by_name(reader: &str) -> Option<Self> {
        let reader = reader.to_lowercase();
        Self::all().find(|model| reader.contains(&model.designation().to_lowercase()))
    }

    /// The name without its maker: what a PC/SC name repeats.
    fn designation(&self) -> &'static str {
        let model = self.name.split_once(' ').map_or(self.name, |(_, model)| model);
        model.split_once('/').map_or(model, |(series, _)| series)
    }

    fn parse(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let mut cell = || cells.next();
        let known = |text: &'static str| (text != "-").then_some(text);
        let usb = known(cell()?).and_then(|usb| {
            let (vendor, product) = usb.split_once(':')?;
            Some((u16::from_str_radix(vendor, 16).ok()?, u16::from_str_radix(product, 16).ok()?))
        });
        let name = cell()?;
        let ccid = cell()? == "ccid";
        let interface = match cell()? {
            "contact" => Interface::Contact,
            "contactless" => Interface::Contactless,
            _ => Interface::Dual,
        };
        let type_b = known(cell()?).map(|word| word == "yes");
        let libccid = known(cell()?).and_then(|version| version.parse().ok());
        Some(Self { usb, name, ccid, interface, type_b, libccid, note: known(cell()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_whole() {
        let rows: Vec<_> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(ReaderModel::all().count(), rows.len());
        for row in rows {
            let cells: Vec<_> = row.split('\t').collect();
            assert_eq!(cells.len(), 7, "{row}");
            assert!(["ccid", "vendor"].contains(&cells[2]), "{row}");
            assert!(["contact", "contactless", "dual"].contains(&cells[3]), "{row}");
            assert!(["yes", "no", "-"].contains(&cells[4]), "{row}");
            let model = ReaderModel::parse(row).unwrap();
            assert_eq!(model.usb.is_some(), cells[0] != "-", "{row}");
            assert_eq!(model.libccid.is_some(), cells[5] != "-", "{row}");
        }
    }

    #[test]
    fn models_are_found_by_usb_and_by_the_name_that_pcsc_gives() {
        assert_eq!(ReaderModel::by_usb(0x054C, 0x0DC9).unwrap().name, "Sony RC-S300/P");
        assert_eq!(ReaderModel::by_name("SONY FeliCa RC-S300/P (1405208) 00 00").unwrap().name, "Sony RC-S300/S");
        assert_eq!(ReaderModel::by_name("ACS ACR122U PICC Interface").unwrap().name, "ACS ACR122U");
        assert_eq!(ReaderModel::by_name("Virtual PCD 00 00"), None);
        assert_eq!(ReaderModel::by_usb(1, 2), None);
    }

    #[test]
    fn versions_compare_by_their_numbers() {
        let version = |text: &str| text.parse::<DriverVersion>().unwrap();
        assert!(version("1.4.9") < version("1.4.35") && version("1.5") > version("1.4.35"));
        assert_eq!(version("1.5").to_string(), "1.5.0");
        assert!("1.5.0.1".parse::<DriverVersion>().is_err() && "abc".parse::<DriverVersion>().is_err());
    }
}
