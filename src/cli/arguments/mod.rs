//! What a person can type. Only commands that exist are declared: an unknown one is a usage error, never a stub.
//!
//! To add a command: a variant in [`Command`], an arm in `run::dispatch`, and its texts `command-…` and `option-…` in
//! both message files (a test names every text that is missing).

mod card;
mod card_data;
mod certificate;
mod global;
mod localise;
mod plain;
mod policy;
mod record;
mod revocation;
mod signing;
mod stores;
mod trace;
mod values;

#[cfg(test)]
mod tests;

pub(crate) use card::*;
pub(crate) use card_data::*;
pub(crate) use certificate::*;
pub(crate) use global::*;
#[cfg(test)]
pub(crate) use localise::needed_texts;
pub(crate) use localise::{BeforeParsing, before_parsing, help_in_words, localised, parse};
pub(crate) use plain::*;
pub(crate) use policy::*;
pub(crate) use record::*;
pub(crate) use revocation::*;
pub(crate) use signing::*;
pub(crate) use stores::*;
pub(crate) use trace::*;
pub(crate) use values::*;

/// Identity verification with Japan's My Number Card
#[derive(Debug, clap::Parser)]
#[command(name = "honnin", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands that exist.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Demo(DemoArguments),
    Doctor(DoctorArguments),
    Readers(ReadersArguments),
    #[command(subcommand)]
    Card(CardCommand),
    #[command(subcommand)]
    Pin(PinCommand),
    #[command(subcommand)]
    Attributes(AttributesCommand),
    #[command(subcommand)]
    Surface(SurfaceCommand),
    #[command(subcommand)]
    Certificate(CertificateCommand),
    Sign(SignArguments),
    Verify(VerifyArguments),
    #[command(subcommand)]
    Revocation(RevocationCommand),
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    #[command(subcommand)]
    Audit(AuditCommand),
    #[command(subcommand)]
    Trace(TraceCommand),
    #[command(subcommand)]
    Simulator(SimulatorCommand),
    #[command(subcommand)]
    Policy(PolicyCommand),
    #[command(subcommand)]
    Account(AccountCommand),
    #[command(subcommand)]
    Case(CaseCommand),
    Recheck(RecheckArguments),
    Explain(ExplainArguments),
    Completions(CompletionsArguments),
    Man,
}
