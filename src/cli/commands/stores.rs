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

/// What the store said.
pub(super) fn failed(error: StoreError) -> CliError {
    CliError::new(error.reason()).caused_by(error)
}
