//! Arguments of the commands that look at readers and cards without a secret.

use std::path::PathBuf;

/// `doctor [--report FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArguments {
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// `readers [--known]`
#[derive(Debug, clap::Args)]
pub(crate) struct ReadersArguments {
    #[arg(long)]
    pub(crate) known: bool,
}

/// `card …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum CardCommand {
    Status,
}

/// `pin …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum PinCommand {
    Status(PinStatusArguments),
}

/// `pin status [--all]`
#[derive(Debug, clap::Args)]
pub(crate) struct PinStatusArguments {
    #[arg(long)]
    pub(crate) all: bool,
}
