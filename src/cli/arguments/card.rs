//! Arguments of the commands that look at readers and cards.

use super::card_data::{PinChangeArguments, PinStatusArguments};

/// `card …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum CardCommand {
    Status,
    Confirm,
}

/// `pin …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum PinCommand {
    Status(PinStatusArguments),
    Change(PinChangeArguments),
}
