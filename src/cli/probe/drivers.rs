//! The drivers of readers: libccid with its version, the driver of ACS, and what the service's log says of a reader.

use std::path::PathBuf;

use honnin::doctor::{DriverFacts, DriverVersion};

use super::{Probe, entries, text};

/// Modules of the kernel's NFC that take readers.
const NFC_MODULES: [&str; 4] = ["pn533_usb", "pn533", "port100", "nfc"];

/// As much of the service's log as is looked at.
const LOG_LINES: &str = "300";

impl Probe {
    /// What drives readers here. The log is asked only where USB shows a reader and the service none: it is slow.
    pub(crate) fn drivers(&self, ask_the_log: bool) -> DriverFacts {
        let bundles = self.bundles();
        let bundle = |name: &str| bundles.iter().find(|path| path.ends_with(name));
        let ccid = bundle("ifd-ccid.bundle");
        let modules = self.content("/proc/modules");
        let loaded = |module: &&&str| modules.lines().any(|line| line.split(' ').next() == Some(**module));
        DriverFacts {
            ccid: ccid.is_some(),
            ccid_version: ccid.and_then(|path| version(&text(&path.join("Contents/Info.plist")))),
            acs: bundle("ifd-acsccid.bundle").is_some(),
            interface_taken: ask_the_log && self.log_tells_of_a_taken_interface(),
            nfc_modules: NFC_MODULES.iter().filter(loaded).map(|module| (*module).to_owned()).collect(),
        }
    }

    /// Every bundle of a driver in the folders where systems keep them.
    fn bundles(&self) -> Vec<PathBuf> {
        let mut folders: Vec<_> = ["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(|library| self.path(library)).into();
        // Debian's folders by architecture: /usr/lib/x86_64-linux-gnu.
        folders.extend(entries(&self.path("/usr/lib")).into_iter().filter(|path| path.join("pcsc").is_dir()));
        folders.iter().flat_map(|folder| entries(&folder.join("pcsc/drivers"))).collect()
    }

    fn log_tells_of_a_taken_interface(&self) -> bool {
        let options = ["-b", "-u", "pcscd", "-q", "--no-pager", "-o", "cat", "-n", LOG_LINES];
        let log = self.output("journalctl", &options);
        // Where a tree is laid out for a test, the log is a file of it.
        let log = if self.real { log } else { self.content("/run/log/pcscd.log") };
        log.contains("Can't claim interface") || log.contains("LIBUSB_ERROR_BUSY")
    }
}

/// The value behind `CFBundleShortVersionString`.
fn version(property_list: &str) -> Option<DriverVersion> {
    let (_, after) = property_list.split_once("<key>CFBundleShortVersionString</key>")?;
    let (_, after) = after.split_once("<string>")?;
    after.split_once("</string>")?.0.parse().ok()
}
