//! Arguments of `sign` and `verify`.

use std::path::PathBuf;

use super::certificate::ValidationArguments;

/// Which key of the card signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum KeyName {
    #[default]
    DigitalSignature,
    UserAuthentication,
}

/// `sign FILE --out F [--key KEY] [--detached]`
#[derive(Debug, clap::Args)]
pub(crate) struct SignArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[arg(long, value_name = "KEY", default_value = "digital-signature")]
    pub(crate) key: KeyName,
    #[arg(long)]
    pub(crate) detached: bool,
}

/// `verify FILE [--content F] …`
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) content: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) validation: ValidationArguments,
}
