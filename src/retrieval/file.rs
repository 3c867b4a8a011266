//! Files as a source: feeds that somebody else brings to this machine.

use super::error::FetchError;
use super::source::{Answer, Request, Source, Validators};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read as _};
use std::time::UNIX_EPOCH;

/// Reads addresses of the scheme `file`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileSource;

impl Source for FileSource {
    fn schemes(&self) -> &[&'static str] {
        &["file"]
    }

    fn fetch(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        let path = request.address.path().ok_or(FetchError::SchemeUnsupported)?;
        let failed = |error: std::io::Error| FetchError::File(error.kind());
        // Looked at before it is opened: opening a pipe waits for whoever writes into it.
        if !std::fs::metadata(&path).map_err(failed)?.is_file() {
            return Err(FetchError::NotAFile);
        }
        let file = File::open(&path).map_err(failed)?;
        let before = file.metadata().map_err(failed)?;
        if !before.is_file() {
            return Err(FetchError::NotAFile);
        }
        let validators = Validators { entity_tag: tag(&before), last_modified: None };
        if validators.entity_tag.is_some() && request.validators == Some(&validators) {
            return Ok(Answer::Unchanged);
        }
        let limit = request.limits.bytes;
        if before.len() > limit {
            return Err(FetchError::TooLarge { limit });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or_default());
        (&file).take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > limit {
            return Err(FetchError::TooLarge { limit });
        }
        // A file that is being written to is none yet.
        let after = file.metadata().map_err(failed)?;
        if tag(&after) != validators.entity_tag || bytes.len() as u64 != after.len() {
            return Err(FetchError::File(ErrorKind::ResourceBusy));
        }
        Ok(Answer::Document { bytes, validators })
    }
}

/// Length, date of the last change to the nanosecond, and which file it is: one that was put in its place counts as new.
fn tag(metadata: &Metadata) -> Option<String> {
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(metadata);
    #[cfg(not(unix))]
    let file = 0;
    Some(format!("{}-{}-{file}", metadata.len(), changed.as_nanos()))
}
