//! Arguments of `account …`, `case …` and `recheck`: the operator's commands over a store.

use std::path::PathBuf;

use honnin::kyc::{AccountId, CaseId};

use super::revocation::ListIssuers;

/// `account …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AccountCommand {
    Create(AccountArguments),
    Show(AccountArguments),
    Features(AccountPolicyArguments),
    Stop(AccountPolicyArguments),
    Resume(AccountResumeArguments),
    Withdraw(AccountPolicyArguments),
}

/// `account create ID`, `account show ID`
#[derive(Debug, clap::Args)]
pub(crate) struct AccountArguments {
    #[arg(value_name = "ID")]
    pub(crate) account: AccountId,
}

/// `account features ID`, `account stop ID`, `account withdraw ID [--policy FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct AccountPolicyArguments {
    #[arg(value_name = "ID")]
    pub(crate) account: AccountId,
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// `account resume ID [--call-made] [--photo-matched] [--policy FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct AccountResumeArguments {
    #[arg(value_name = "ID")]
    pub(crate) account: AccountId,
    #[arg(long)]
    pub(crate) call_made: bool,
    #[arg(long)]
    pub(crate) photo_matched: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// `case …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum CaseCommand {
    Show(CaseArguments),
}

/// `case show ID`
#[derive(Debug, clap::Args)]
pub(crate) struct CaseArguments {
    #[arg(value_name = "ID")]
    pub(crate) case: CaseId,
}

/// `recheck --crl FILE… [--policy FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct RecheckArguments {
    #[arg(long = "crl", value_name = "FILE", required = true)]
    pub(crate) crls: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) issuers: ListIssuers,
}
