//! Arguments of the commands that look at readers and cards without a secret.

/// `card …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum CardCommand {
    Status,
}

/// `pin …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum PinCommand {
    Status,
}
