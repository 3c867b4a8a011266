//! Files that people name: read within bounds, written whole or not at all, and for their owner only.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rand_core::{OsRng, RngCore as _};

use super::error::CliError;

/// As much as is read from what is no regular file: a pipe may be endless, and so is `/dev/zero`.
const STREAM_LIMIT: u64 = 64 << 20;

/// The whole of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let failed = |error| CliError::reading(path, &error);
    let file = File::open(path).map_err(failed)?;
    let limit = if file.metadata().map_err(failed)?.is_file() { u64::MAX } else { STREAM_LIMIT };
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length == limit) {
        return Err(failed(ErrorKind::FileTooLarge.into()));
    }
    Ok(bytes)
}

/// The whole of a file that is no longer than `limit`; `None` for a longer one.
pub(crate) fn read_at_most(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, CliError> {
    let failed = |error| CliError::reading(path, &error);
    let more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(more).read_to_end(&mut bytes).map_err(failed)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

/// A new file that only its owner can read, or one that is there and empty, or a pipe or device: nothing that somebody has is
/// written over.
pub(crate) fn create_private(path: &Path) -> Result<File, CliError> {
    let failed = |error| CliError::writing(path, &error);
    let file = options().create(true).truncate(false).open(path).map_err(failed)?;
    refuse_what_holds_something(&file.metadata().map_err(failed)?).map_err(failed)?;
    Ok(file)
}

/// Refuses to go on where [`create_private`] would.
pub(crate) fn check_holds_nothing(path: &Path) -> Result<(), CliError> {
    path.metadata()
        .map_or(Ok(()), |found| refuse_what_holds_something(&found))
        .map_err(|error| CliError::writing(path, &error))
}

fn refuse_what_holds_something(found: &Metadata) -> std::io::Result<()> {
    if found.is_file() && found.len() > 0 { Err(ErrorKind::AlreadyExists.into()) } else { Ok(()) }
}

/// Whether two names are of one file.
pub(crate) fn are_one(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Refuses to go on where something is that would be replaced.
pub(crate) fn check_absent(path: &Path) -> Result<(), CliError> {
    match path.symlink_metadata() {
        Ok(_) => Err(CliError::writing(path, &ErrorKind::AlreadyExists.into())),
        Err(_) => Ok(()),
    }
}

/// Finds out early that a file could not be written. Nothing is left behind.
pub(crate) fn check_writable(path: &Path) -> Result<(), CliError> {
    let failed = |error| CliError::writing(path, &error);
    if path.is_dir() {
        return Err(failed(ErrorKind::IsADirectory.into()));
    }
    match Target::of(path) {
        Target::InPlace(device) => options().open(device).map(drop).map_err(failed),
        Target::Renamed { beside, .. } => {
            options().create_new(true).open(&beside).map_err(failed)?;
            std::fs::remove_file(&beside).map_err(failed)
        }
    }
}

/// Writes a file whole or not at all, even if the machine stops in the middle: beside it first, then in its place. What was there
/// keeps its permissions; a new file is its owner's only, because certificates and signed files carry a name and an address.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write(path, bytes, File::sync_all)
}

/// The same for what is found out again for nothing should the machine stop: it is not worth a wait for the disk.
pub(crate) fn write_repeatable(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write(path, bytes, |_| Ok(()))
}

fn write(path: &Path, bytes: &[u8], settle: impl FnOnce(&File) -> std::io::Result<()>) -> Result<(), CliError> {
    let failed = |error| CliError::writing(path, &error);
    match Target::of(path) {
        Target::InPlace(device) => options().open(device).and_then(|mut file| file.write_all(bytes)).map_err(failed),
        Target::Renamed { file, beside } => {
            let written = options().create_new(true).open(&beside).and_then(|mut new| {
                if let Ok(before) = file.metadata() {
                    new.set_permissions(before.permissions())?;
                }
                new.write_all(bytes)?;
                settle(&new)?;
                std::fs::rename(&beside, &file)
            });
            written.map_err(|error| {
                let _ = std::fs::remove_file(&beside);
                failed(error)
            })
        }
    }
}

/// Where bytes for a path go.
enum Target {
    /// Into what is there: a device or a pipe has no place beside it to be renamed from.
    InPlace(PathBuf),
    /// Into a new file that then takes the place of `file`.
    Renamed { file: PathBuf, beside: PathBuf },
}

impl Target {
    fn of(path: &Path) -> Self {
        // Behind a link, the file it points to is what is meant.
        let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if file.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return Self::InPlace(file);
        }
        let mut beside = file.as_os_str().to_owned();
        beside.push(format!(".{:08x}.new", OsRng.next_u32()));
        Self::Renamed { beside: beside.into(), file }
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
