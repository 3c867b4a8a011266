//! Facts about the system for `doctor`: USB, drivers, sandboxes, sessions and other programs, read from files.
//!
//! Deliberately no judgement, no question to a card and no network. Serial numbers of devices are not read. Linux tells all
//! of it in `/sys`, `/proc`, `/run`, `/etc` and `/usr`; on other systems most facts stay at "nothing known". A test lays out
//! trees of its own and names them in `HONNIN_PROBE_ROOT`: then no other program is asked either.

mod drivers;
mod programs;
mod system;
#[cfg(test)]
mod tests;
mod usb;

use std::path::{Path, PathBuf};

/// Where facts are read.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    root: PathBuf,
    /// Whether the root is this machine's own, so that its programs can be asked as well.
    real: bool,
}

/// The variable that names another root.
const ROOT: &str = "HONNIN_PROBE_ROOT";

impl Probe {
    /// This machine, or the tree that `HONNIN_PROBE_ROOT` names.
    pub(crate) fn of_this_machine() -> Self {
        match std::env::var_os(ROOT) {
            Some(root) => Self { root: root.into(), real: false },
            None => Self { root: PathBuf::from("/"), real: true },
        }
    }

    fn path(&self, absolute: &str) -> PathBuf {
        self.root.join(absolute.trim_start_matches('/'))
    }

    /// The text of a small file, or nothing.
    fn content(&self, absolute: &str) -> String {
        text(&self.path(absolute))
    }

    /// What another program of this machine writes, or nothing.
    fn output(&self, program: &str, arguments: &[&str]) -> String {
        if !self.real {
            return String::new();
        }
        let output = std::process::Command::new(program)
            .args(arguments)
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .output();
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    }
}

fn text(path: &Path) -> String {
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The entries of a folder in the order of their names; none where it is not there.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).into_iter().flatten();
    let mut entries: Vec<_> = read.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    entries
}
