//! Options that every command takes, before or after its name.

use std::path::PathBuf;
use std::time::Duration;

use honnin::store::StoreAddress;
use honnin::time::UnixTime;

use super::values::{CardSource, ExtendedReading, PinFrom, PinFromParser, StoreAddressParser, seconds};
use crate::cli::messages::Language;

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct GlobalArguments {
    #[arg(long, global = true, value_name = "SOURCE", default_value = "pcsc")]
    pub(crate) card: CardSource,
    #[arg(long, global = true, value_name = "SUBSTRING")]
    pub(crate) reader: Option<String>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "RFC3339")]
    pub(crate) at: Option<UnixTime>,
    #[arg(long, global = true, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,
    #[arg(long, global = true, value_name = "SOURCE", value_parser = PinFromParser)]
    pub(crate) pin_from: Option<PinFrom>,
    #[arg(long, global = true, value_name = "URL", value_parser = StoreAddressParser)]
    pub(crate) store: Option<StoreAddress>,
    #[arg(long, global = true)]
    pub(crate) allow_last_try: bool,
    #[arg(long, global = true)]
    pub(crate) allow_unknown_tries: bool,
    #[arg(long, global = true, value_name = "WHEN", default_value = "remembered", hide_possible_values = true)]
    pub(crate) extended_reads: ExtendedReading,
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Language>,
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
}

impl GlobalArguments {
    /// These with those of a command line inside this one: what is said there counts first.
    #[must_use]
    pub(crate) fn with(self, inner: Self) -> Self {
        Self {
            store: inner.store.or(self.store),
            card: self.card,
            reader: inner.reader.or(self.reader),
            record: inner.record.or(self.record),
            json: inner.json || self.json,
            at: inner.at.or(self.at),
            timeout: self.timeout,
            pin_from: inner.pin_from.or(self.pin_from),
            allow_last_try: inner.allow_last_try || self.allow_last_try,
            allow_unknown_tries: inner.allow_unknown_tries || self.allow_unknown_tries,
            extended_reads: match inner.extended_reads {
                ExtendedReading::Remembered => self.extended_reads,
                said => said,
            },
            lang: inner.lang.or(self.lang),
            verbose: inner.verbose.max(self.verbose),
            quiet: inner.quiet || self.quiet,
        }
    }
}
