//! Arguments of `evidence …` and `audit …`.

use std::path::PathBuf;

use honnin::record::AuditHead;

use super::certificate::AnchorSet;

/// `evidence …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum EvidenceCommand {
    Verify(EvidenceVerifyArguments),
}

/// `evidence verify BUNDLE [--anchor F]… [--anchors SET]`; "now" is the global `--at`, else now.
#[derive(Debug, clap::Args)]
pub(crate) struct EvidenceVerifyArguments {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long = "anchor", value_name = "FILE")]
    pub(crate) own_anchors: Vec<PathBuf>,
    #[arg(long, value_name = "SET", default_value = "jpki")]
    pub(crate) anchors: AnchorSet,
}

/// `audit …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AuditCommand {
    Verify(AuditVerifyArguments),
}

/// `audit verify FILE [--head N:DIGEST]`
#[derive(Debug, clap::Args)]
pub(crate) struct AuditVerifyArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "N:DIGEST")]
    pub(crate) head: Option<AuditHead>,
}
