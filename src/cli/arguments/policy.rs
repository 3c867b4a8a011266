//! Arguments of `policy …`.

use std::path::PathBuf;

use honnin::kyc::CaseId;

/// `policy …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum PolicyCommand {
    Check(PolicyCheckArguments),
    Explain(PolicyExplainArguments),
    Diff(PolicyDiffArguments),
}

/// `policy check FILE [--letters FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyCheckArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) letters: Option<PathBuf>,
}

/// `policy explain CASE`
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyExplainArguments {
    #[arg(value_name = "CASE")]
    pub(crate) case: CaseId,
}

/// `policy diff A B [--cases FILE] [--letters FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyDiffArguments {
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) cases: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) letters: Option<PathBuf>,
}
