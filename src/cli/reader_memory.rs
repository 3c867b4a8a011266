//! What is remembered of readers from run to run: whether a reader carries reads of extended length.
//!
//! A small file that people can read and delete, `honnin/readers.toml` under the state directory. Nothing depends on it:
//! where it is absent, unreadable or damaged, files are read in short form, as on the first day. It never holds anything
//! of a card or a holder.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files;

/// More than the readers of a lifetime take; what is longer is not this file.
const LIMIT: u64 = 64 << 10;

const HEAD: &str = "# What honnin found out about card readers, by their names. Safe to delete.\n\n";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    reader: BTreeMap<String, Remembered>,
}

/// A reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    /// Whether a read of extended length worked the last time one was tried.
    extended_reads: Option<bool>,
}

/// Whether reads of extended length worked on the reader of this name; `None` where nobody tried.
pub(crate) fn carries_extended_reads(reader: &str) -> Option<bool> {
    load(&file()?).reader.remove(reader)?.extended_reads
}

/// Remembers what became of them. What cannot be written down is found out again another day.
pub(crate) fn remember_extended_reads(reader: &str, worked: bool) {
    let Some(path) = file() else { return };
    let mut memory = load(&path);
    let remembered = memory.reader.entry(reader.to_owned()).or_default();
    if remembered.extended_reads.replace(worked) == Some(worked) {
        return;
    }
    let (Some(folder), Ok(text)) = (path.parent(), toml::to_string(&memory)) else { return };
    if std::fs::create_dir_all(folder).is_ok() {
        let _ = files::write_repeatable(&path, format!("{HEAD}{text}").as_bytes());
    }
}

fn load(path: &Path) -> Memory {
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_string(&mut text));
    read.ok().and_then(|_| toml::from_str(&text).ok()).unwrap_or_default()
}

/// `$XDG_STATE_HOME`, else `~/.local/state`; on Windows `%LOCALAPPDATA%`. A relative path is no answer (XDG Base Directory
/// Specification).
fn file() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| {
        if cfg!(windows) { folder("LOCALAPPDATA") } else { folder("HOME").map(|home| home.join(".local/state")) }
    })?;
    Some(state.join("honnin").join("readers.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_such_file_is_an_empty_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("readers.toml");
        assert_eq!(load(&path), Memory::default());
        assert_eq!(load(folder.path()), Memory::default());
        let long = vec![b'#'; usize::try_from(LIMIT).unwrap() + 10];
        for damaged in
            [&b""[..], b"\xFF\xFE", b"reader = 1", b"[reader.\"X\"]\nextended_reads = \"yes\"\n", b"[reader", &long]
        {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(load(&path), Memory::default(), "{damaged:02X?}");
        }
        // What a later version adds is no damage.
        std::fs::write(&path, "version = 2\n[reader.\"ACS \\u001B 00 00\"]\nextended_reads = true\nlater = 1\n")
            .unwrap();
        assert_eq!(load(&path).reader["ACS \u{1b} 00 00"].extended_reads, Some(true));
    }
}
