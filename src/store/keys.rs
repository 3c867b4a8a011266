//! Where a store's key ring comes from: a file, a command, or the caller.

use crate::kyc::StoreError;
use crate::vault::KeyRing;
use rand_core::OsRng;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zeroize::Zeroizing;

/// Longest key ring that is read.
const MAXIMUM_BYTES: u64 = 64 * 1024;

/// Where a key ring comes from (docs/confirmation-record.md, "At rest").
#[derive(Clone, Debug, Default)]
pub enum KeySource {
    /// The file `DATABASE.keys`, which is made for its owner only when the database is. It keeps a lost database file shut; it
    /// does not guard against whoever reads both.
    #[default]
    Beside,
    /// This file. It has to be there.
    File(PathBuf),
    /// What this command writes to its standard output: a key-management system's client, say. A word is the program, the rest
    /// its arguments; no shell is asked.
    Command(Vec<OsString>),
    /// This ring.
    Ring(KeyRing),
}

impl KeySource {
    /// The longest name that a ring would be made under, where one would have to be made beside the database.
    pub(super) fn longest_name(&self, database: &Path) -> Option<PathBuf> {
        let file = matches!(self, Self::Beside).then(|| beside(database))?;
        (!file.exists()).then(|| unfinished(&file, [0; SUFFIX_BYTES]))
    }

    /// The ring for a database. `is_new` says that nothing in it was sealed yet, so that a ring may be made.
    pub(super) fn load(&self, database: &Path, is_new: bool) -> Result<KeyRing, StoreError> {
        match self {
            Self::Ring(ring) => Ok(ring.clone()),
            Self::File(file) => read_file(file)?.ok_or(StoreError::NoKeys),
            Self::Command(words) => run(words),
            Self::Beside => {
                let file = beside(database);
                match read_file(&file)? {
                    Some(ring) => Ok(ring),
                    None if is_new => make(&file),
                    None => Err(StoreError::NoKeys),
                }
            }
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut file = database.as_os_str().to_owned();
    file.push(".keys");
    PathBuf::from(file)
}

const SUFFIX_BYTES: usize = 8;

/// What a ring is called while it is written.
fn unfinished(file: &Path, suffix: [u8; SUFFIX_BYTES]) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}.new", hex::encode(suffix)));
    PathBuf::from(name)
}

fn read_file(file: &Path) -> Result<Option<KeyRing>, StoreError> {
    let opened = match std::fs::File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(|_| StoreError::NoKeys)?,
    };
    let mut text = Zeroizing::new(String::new());
    opened.take(MAXIMUM_BYTES).read_to_string(&mut text).map_err(|_| StoreError::NoKeys)?;
    Ok(Some(KeyRing::parse(&text)?))
}

fn run(words: &[OsString]) -> Result<KeyRing, StoreError> {
    let (program, arguments) = words.split_first().ok_or(StoreError::NoKeys)?;
    let command = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = command.map_err(|_| StoreError::NoKeys)?;
    let text = Zeroizing::new(output.stdout);
    let text = std::str::from_utf8(&text).map_err(|_| StoreError::NoKeys)?;
    if output.status.success() { Ok(KeyRing::parse(text)?) } else { Err(StoreError::NoKeys) }
}

/// Makes a ring beside a new database. Whole or not at all, and of several processes one makes it: the file is written under
/// another name and then linked to its own, which fails when somebody was first.
fn make(file: &Path) -> Result<KeyRing, StoreError> {
    let ring = KeyRing::random(&mut OsRng)?;
    let mut suffix = [0; SUFFIX_BYTES];
    rand_core::RngCore::try_fill_bytes(&mut OsRng, &mut suffix).map_err(|_| StoreError::NoKeys)?;
    let beside = unfinished(file, suffix);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&beside).and_then(|mut new| {
        new.write_all(ring.expose_text().as_bytes())?;
        new.sync_all()
    });
    let linked = written.and_then(|()| std::fs::hard_link(&beside, file));
    let _ = std::fs::remove_file(&beside);
    match linked {
        Ok(()) => Ok(ring),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read_file(file)?.ok_or(StoreError::NoKeys),
        Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => Err(StoreError::ReadOnly),
        Err(_) => Err(StoreError::NoKeys),
    }
}
