//! The nodes before the card: service and system (E), readers and drivers (R).

use super::facts::{Facts, Platform, ReaderFact, ServiceFact, UsbFact};
use super::finding::{Finding, Particulars, Severity};
use super::model::ReaderModel;
use super::node::Node;

/// The first macOS whose own driver has this trouble.
const MACOS_WITH_OWN_DRIVER: u32 = 14;

/// Modules of the kernel that take readers for its own NFC (desktop.md §1, R2).
const NFC_DRIVERS: [&str; 2] = ["pn533_usb", "port100"];

const SONY: u16 = 0x054C;

/// Families that speak no CCID (desktop.md §1, R4), as a USB device calls itself.
const VENDOR_CLASS_FAMILIES: [&str; 4] = ["RC-S380", "RC-S330", "RC-S370", "RC-S320"];

fn blocker(node: Node) -> Finding {
    Finding::new(node, Severity::Blocker)
}

/// E1 to E5: nothing can be reached at all.
pub(super) fn service(facts: &Facts) -> Vec<Finding> {
    let system = &facts.system;
    let remark = |node| Finding::new(node, Severity::Warning);
    let sees_no_usb = system.wsl && facts.usb.is_empty();
    let blocking = match facts.service {
        ServiceFact::Running => return Vec::new(),
        ServiceFact::LibraryMissing => Node::E1,
        ServiceFact::Absent if system.platform == Platform::Windows => Node::E2w,
        // The socket was let in and what answers there does not fit (PCSC#119).
        ServiceFact::Absent if system.sandbox.is_some() && system.service_socket => Node::E4,
        ServiceFact::Absent => Node::E2,
        ServiceFact::NotPermitted => Node::E3,
    };
    let mut findings = vec![blocker(blocking)];
    if blocking == Node::E2 && system.sandbox.is_some() {
        findings.push(remark(Node::E4));
    }
    if sees_no_usb {
        findings.push(remark(Node::E5));
    }
    findings
}

/// E5 and R1 to R5: the service runs and shows no reader that could hold a card. USB is looked at only then.
pub(super) fn readers(facts: &Facts) -> Vec<Finding> {
    if facts.readers.iter().any(|reader| !is_virtual(&reader.name)) {
        return Vec::new();
    }
    if facts.system.wsl && facts.usb.is_empty() {
        return vec![blocker(Node::E5)];
    }
    let platform = facts.system.platform;
    let on_usb: Vec<_> = facts.usb.iter().filter(|device| device.ccid || Known::of(device).is_some()).collect();
    let about = |node, device: &UsbFact| {
        let kernel_driver = device.kernel_driver.clone();
        blocker(node).about(Particulars::Device { name: name_of(device), kernel_driver })
    };
    let mut found = Vec::new();
    if platform == Platform::Linux {
        found.extend(on_usb.iter().filter(|device| is_taken(facts, device)).map(|device| about(Node::R2, device)));
        found.extend(on_usb.iter().filter(|device| lacks_driver(facts, device)).map(|device| about(Node::R3, device)));
    }
    if matches!(platform, Platform::Linux | Platform::Macos(_)) {
        found.extend(on_usb.iter().filter(|device| speaks_no_ccid(device)).map(|device| about(Node::R4, device)));
    }
    if platform == Platform::Windows {
        let sony = on_usb.iter().filter(|device| device.vendor == SONY);
        found.extend(sony.map(|device| about(Node::R4w, device)));
    }
    if found.is_empty() {
        let named = facts.readers.first();
        found.push(named.map_or(blocker(Node::R1), |reader| blocker(Node::R5).in_reader(&reader.name)));
    }
    // The first blocks; what else is wrong with this or another device is worth knowing.
    for finding in found.iter_mut().skip(1) {
        finding.severity = Severity::Warning;
    }
    found
}

/// R6: the driver of macOS, when a card in a listed reader stays mute.
pub(super) fn driver_of_macos(facts: &Facts) -> Option<Finding> {
    let reader = facts.readers.iter().find(|reader| reader.mute)?;
    is_recent_macos(facts).then(|| blocker(Node::R6).in_reader(&reader.name))
}

/// Whether this is a macOS whose own driver is known for trouble.
pub(super) fn is_recent_macos(facts: &Facts) -> bool {
    matches!(facts.system.platform, Platform::Macos(major) if major >= MACOS_WITH_OWN_DRIVER)
}

/// Names of readers without a slot for a card (desktop.md §1, R5).
pub(super) fn is_virtual(name: &str) -> bool {
    let name = name.to_lowercase();
    let patterns = ["windows hello", "microsoft virtual", "microsoft uicc", "yubico", "yubikey", "tpm"];
    patterns.iter().any(|pattern| name.contains(pattern))
}

/// C4: a model that is known not to know Type B, or a reader that was seen with another kind of radio card.
pub(super) fn may_lack_type_b(reader: &ReaderFact) -> bool {
    reader.other_radio_seen || ReaderModel::by_name(&reader.name).is_some_and(|model| model.type_b == Some(false))
}

/// A reader of the table, or one of a family that is named by what it calls itself.
enum Known {
    Model(ReaderModel),
    Family(&'static str),
}

impl Known {
    fn of(device: &UsbFact) -> Option<Self> {
        if let Some(model) = ReaderModel::by_usb(device.vendor, device.product) {
            return Some(Self::Model(model));
        }
        let name = device.name.as_deref().filter(|_| device.vendor == SONY)?.to_uppercase();
        VENDOR_CLASS_FAMILIES.into_iter().find(|family| name.contains(family)).map(Self::Family)
    }
}

fn name_of(device: &UsbFact) -> String {
    match (Known::of(device), &device.name) {
        (Some(Known::Model(model)), _) => model.name.to_owned(),
        (Some(Known::Family(family)), _) => format!("Sony {family}"),
        (None, Some(name)) => name.clone(),
        (None, None) => format!("USB {:04x}:{:04x}", device.vendor, device.product),
    }
}

fn speaks_no_ccid(device: &UsbFact) -> bool {
    match Known::of(device) {
        Some(Known::Model(model)) => !model.ccid,
        Some(Known::Family(_)) => !device.ccid,
        None => false,
    }
}

fn is_taken(facts: &Facts, device: &UsbFact) -> bool {
    let bound = device.kernel_driver.as_deref().is_some_and(|driver| NFC_DRIVERS.contains(&driver));
    bound || (facts.drivers.interface_taken && !speaks_no_ccid(device))
}

fn lacks_driver(facts: &Facts, device: &UsbFact) -> bool {
    const ACS: u16 = 0x072F;
    if speaks_no_ccid(device) || (facts.drivers.acs && device.vendor == ACS) {
        return false;
    }
    let needed = match Known::of(device) {
        Some(Known::Model(model)) => model.libccid,
        _ => None,
    };
    let old = facts.drivers.ccid_version.zip(needed).is_some_and(|(installed, needed)| installed < needed);
    !facts.drivers.ccid || old
}
