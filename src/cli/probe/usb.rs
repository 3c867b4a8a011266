//! Readers on USB, from sysfs.

use std::path::Path;

use honnin::doctor::{ReaderModel, UsbFact};

use super::{Probe, entries, text};

/// USB class of smart-card readers (CCID), as sysfs writes it.
const SMART_CARD: &str = "0b";

/// The maker whose readers are not all of that class.
const SONY: u16 = 0x054C;

impl Probe {
    /// Every USB device that is a reader, or may be one.
    pub(crate) fn usb(&self) -> Vec<UsbFact> {
        let devices = entries(&self.path("/sys/bus/usb/devices"));
        devices.iter().filter_map(|device| reader(device)).collect()
    }
}

fn reader(device: &Path) -> Option<UsbFact> {
    let number = |name| u16::from_str_radix(text(&device.join(name)).trim(), 16).ok();
    let (vendor, product) = (number("idVendor")?, number("idProduct")?);
    let mut fact = UsbFact { vendor, product, name: None, ccid: false, kernel_driver: None };
    let name = text(&device.join("product"));
    fact.name = Some(name.trim().chars().take(64).collect()).filter(|name: &String| !name.is_empty());
    // An interface's folder is named after its device: `1-2` has `1-2:1.0`.
    let own = device.file_name()?.to_string_lossy().into_owned() + ":";
    let below = entries(device);
    // sysfs shows interfaces below their device and, by links, beside it.
    let beside = device.parent().map(entries).unwrap_or_default();
    for interface in below.iter().chain(&beside) {
        if !interface.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&own)) {
            continue;
        }
        fact.ccid |= text(&interface.join("bInterfaceClass")).trim() == SMART_CARD;
        let driver = std::fs::read_link(interface.join("driver")).ok();
        let driver = driver.and_then(|driver| driver.file_name().map(|name| name.to_string_lossy().into_owned()));
        fact.kernel_driver = fact.kernel_driver.or(driver);
    }
    let known = ReaderModel::by_usb(vendor, product).is_some();
    (fact.ccid || known || vendor == SONY).then_some(fact)
}
