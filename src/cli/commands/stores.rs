//! The store that `--store` names, and the rules its accounts are judged by.

use std::path::Path;

use honnin::kyc::{AccountId, StoreError};
use honnin::policy::{Policy, PolicyFile};
use honnin::reason::Reason;
use honnin::store::{DEFAULT_PATIENCE, OpenMode, WholeStore};

use super::policy::read_policy;
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

/// The rules: the compiled-in ones, or those of the file.
pub(super) fn policy(context: &Context, file: Option<&Path>) -> Result<Policy, CliError> {
    let Some(file) = file else { return Policy::jp_wellnet().map_err(|_| Reason::Internal.into()) };
    match read_policy(context, file)? {
        PolicyFile::Certificate(policy) => Ok(*policy),
        _ => {
            let words = [("file", file.display().to_string().into())];
            Err(CliError::new(Reason::Usage).because("cause-policy-without-proof", &words))
        }
    }
}

/// There is no account of this name.
pub(super) fn unknown(account: &AccountId) -> CliError {
    let name = [("account", account.as_str().to_owned().into())];
    CliError::new(Reason::InputMalformed).because("cause-account-unknown", &name)
}
