//! Other programs that use the card service.

use super::{Probe, entries, text};

/// More names than anybody would close by hand.
const MOST: usize = 5;

impl Probe {
    /// Programs that have the library of the service loaded, by name: those of this user, as far as `/proc` shows them. The
    /// service's own process and this one are left out.
    pub(crate) fn programs(&self) -> Vec<String> {
        let own = std::process::id().to_string();
        let mut names = Vec::new();
        for process in entries(&self.path("/proc")) {
            let id = process.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !id.bytes().all(|byte| byte.is_ascii_digit()) || (self.real && id == own) {
                continue;
            }
            if !text(&process.join("maps")).contains("libpcsclite") {
                continue;
            }
            let name = text(&process.join("comm")).trim().to_owned();
            if !name.is_empty() && name != "pcscd" && !names.contains(&name) && names.len() < MOST {
                names.push(name);
            }
        }
        names
    }
}
