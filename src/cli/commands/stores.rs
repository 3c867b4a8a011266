//! The store that `--store` names.

use honnin::kyc::StoreError;
use honnin::reason::Reason;
use honnin::store::{DEFAULT_PATIENCE, OpenMode, WholeStore};

use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Opens it; a command that needs one and has none says so.
pub(super) fn open(context: &Context, mode: OpenMode) -> Result<Box<dyn WholeStore>, CliError> {
    let Some(address) = &context.global.store else {
        return Err(CliError::new(Reason::Usage).because("cause-store-unnamed", &[]).hinting("hint-store", &[]));
    };
    address.open(mode, DEFAULT_PATIENCE).map_err(failed)
}

/// What the store said, in people's words where people can do something about it.
pub(super) fn failed(error: StoreError) -> CliError {
    let failure = CliError::new(error.reason());
    match error {
        StoreError::CannotOpen => failure.because("cause-store-cannot-open", &[]),
        StoreError::Locked => failure.because("cause-store-locked", &[]),
        StoreError::Missing => failure.because("cause-store-missing", &[]),
        StoreError::NewerSchema { found, known } => {
            failure.because("cause-store-newer", &[("found", found.into()), ("known", known.into())])
        }
        StoreError::NoKeys => failure.because("cause-store-no-keys", &[]),
        StoreError::NotOurs => failure.because("cause-store-not-ours", &[]),
        StoreError::ReadOnly => failure.because("cause-store-read-only", &[]),
        other => failure.caused_by(other),
    }
}
