//! A cache in a directory: two files an entry, each written beside its place and then moved into it.
//!
//! `KEY.json` says when the document was confirmed and what its digest is; `KEY-DIGEST` is the document. Both are the owner's
//! only. What is damaged counts as absent, so deleting any file, or all of them, is always safe.

use super::cache::{Cache, CacheEntry, CacheError, CacheKey, Head};
use crate::crypto;
use crate::time::UnixTime;
use rand_core::{OsRng, RngCore as _};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Longest head that is read, in bytes.
const MAXIMUM_HEAD: u64 = 8192;

/// A cache that outlives the process and may be shared by several. It grows with the number of lists, one entry each.
#[derive(Clone, Debug)]
pub struct DirectoryCache {
    directory: PathBuf,
}

impl DirectoryCache {
    /// In this directory, which is made if it is not there.
    ///
    /// # Errors
    /// [`CacheError`] when it cannot be made.
    pub fn open(directory: &Path) -> Result<Self, CacheError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory)?;
        Ok(Self { directory: directory.to_owned() })
    }

    fn head_path(&self, key: &CacheKey) -> PathBuf {
        self.directory.join(format!("{}.json", key.to_hex()))
    }

    fn body_path(&self, key: &CacheKey, digest: &str) -> PathBuf {
        self.directory.join(format!("{}-{digest}", key.to_hex()))
    }

    fn head(&self, key: &CacheKey) -> Option<Head> {
        let mut text = Vec::new();
        File::open(self.head_path(key)).ok()?.take(MAXIMUM_HEAD).read_to_end(&mut text).ok()?;
        let head: Head = serde_json::from_slice(&text).ok()?;
        // It becomes part of a path.
        let digest = head.sha256.len() == 64 && head.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        digest.then_some(head)
    }

    fn write_head(&self, key: &CacheKey, head: &Head) -> Result<(), CacheError> {
        let text = serde_json::to_vec(head).map_err(io::Error::other)?;
        self.write(&self.head_path(key), &text)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), CacheError> {
        let beside = self.directory.join(format!("{:016x}.new", OsRng.next_u64()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&beside, path)
        });
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        Ok(written?)
    }
}

impl Cache for DirectoryCache {
    fn load(&self, key: &CacheKey) -> Option<CacheEntry> {
        let head = self.head(key)?;
        let bytes = fs::read(self.body_path(key, &head.sha256)).ok()?;
        if hex::encode(crypto::sha256(&bytes)) != head.sha256 {
            // Nobody will ever want it again.
            let _ = fs::remove_file(self.body_path(key, &head.sha256));
            return None;
        }
        let checked_at = UnixTime::from_seconds(head.checked_at);
        Some(CacheEntry { checked_at, validators: head.validators, bytes })
    }

    fn store(&self, key: &CacheKey, entry: &CacheEntry) -> Result<(), CacheError> {
        let before = self.head(key);
        let sha256 = hex::encode(crypto::sha256(&entry.bytes));
        // The document first: a head never names one that is not there whole.
        self.write(&self.body_path(key, &sha256), &entry.bytes)?;
        let checked_at = entry.checked_at.seconds();
        let head = Head { checked_at, validators: entry.validators.clone(), sha256 };
        self.write_head(key, &head)?;
        if let Some(before) = before.filter(|before| before.sha256 != head.sha256) {
            let _ = fs::remove_file(self.body_path(key, &before.sha256));
        }
        Ok(())
    }

    fn confirm(&self, key: &CacheKey, checked_at: UnixTime) -> Result<(), CacheError> {
        match self.head(key) {
            Some(head) => self.write_head(key, &Head { checked_at: checked_at.seconds(), ..head }),
            None => Ok(()),
        }
    }
}
