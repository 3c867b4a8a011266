//! SQLite's results in the words of the port. Messages are dropped: some of them quote values.

use crate::kyc::StoreError;
use rusqlite::ErrorCode;

pub(super) fn translate(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked,
        // A journal of a write that was broken off, which only a connection that may write can play back.
        Some(ErrorCode::ReadOnly) if extended_code(&error) == Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK) => {
            StoreError::BrokenOff
        }
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly,
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::CannotOpen,
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { what: "pages of the file" },
        Some(ErrorCode::ConstraintViolation) => match extended_code(&error) {
            Some(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => {
                StoreError::Dangling { what: "a row that is referred to" }
            }
            Some(rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY | rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE) => {
                StoreError::Conflict
            }
            _ => StoreError::Broken { code: "ConstraintViolation".to_owned() },
        },
        Some(code) => StoreError::Broken { code: format!("{code:?}") },
        // A column of another type than the schema says, or a statement that does not fit it.
        None => StoreError::Corrupt { what: "a column's type" },
    }
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|failure| failure.extended_code)
}
