//! What lies at a place, told by the file's first bytes (SQLite, "Database File Format", section 1.3). To SQLite a file would have
//! to be opened for that, and opening may change it: a write-ahead log of another program's is played back and put away.

use crate::kyc::StoreError;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// SQLite's `application_id`: "honn". Tells our files from other programs' databases.
pub(super) const APPLICATION_ID: i32 = 0x686F_6E6E;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const LENGTH: u64 = 100;
const APPLICATION_ID_AT: std::ops::Range<usize> = 68..72;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// No file, or an empty one.
    Nothing,
    /// A database of this program.
    Ours,
    /// Anything else.
    Foreign,
    /// A write is under way or was broken off: its journal lies beside, and only SQLite can tell what will be.
    Unsettled,
}

/// The journal of a write to this file.
pub(super) fn journal(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-journal");
    PathBuf::from(name)
}

/// That a file may have this name; whether there is one does not matter.
pub(super) fn require_name(file: &Path) -> Result<(), StoreError> {
    match file.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::InvalidFilename => Err(StoreError::NameTooLong),
        // Whatever else is wrong with the place is told by whoever opens it.
        _ => Ok(()),
    }
}

pub(super) fn look(file: &Path) -> Result<Found, StoreError> {
    let opened = match std::fs::File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        opened => opened.map_err(|_| StoreError::CannotOpen)?,
    };
    let mut header = Vec::new();
    opened.take(LENGTH).read_to_end(&mut header).map_err(|_| StoreError::CannotOpen)?;
    if header.is_empty() {
        return Ok(Found::Nothing);
    }
    // After the header was read: what a commit under way wrote into it has its journal until the commit is done.
    match journal(file).try_exists() {
        Ok(true) => Ok(Found::Unsettled),
        Ok(false)
            if header.starts_with(MAGIC) && header.get(APPLICATION_ID_AT) == Some(&APPLICATION_ID.to_be_bytes()) =>
        {
            Ok(Found::Ours)
        }
        Ok(false) => Ok(Found::Foreign),
        Err(_) => Err(StoreError::CannotOpen),
    }
}
