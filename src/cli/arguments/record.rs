//! Arguments of `evidence …` and `audit …`.

use std::path::PathBuf;

use honnin::record::AuditHead;

use super::certificate::AnchorSet;

/// `evidence …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum EvidenceCommand {
    Verify(EvidenceVerifyArguments),
}

/// `evidence verify BUNDLE [--anchor F]… [--anchors SET] [--time-stamp-anchor F]…
/// [--audit LOG]`; "now" is the global `--at`, else now.
#[derive(Debug, clap::Args)]
pub(crate) struct EvidenceVerifyArguments {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long = "anchor", value_name = "FILE")]
    pub(crate) own_anchors: Vec<PathBuf>,
    #[arg(long, value_name = "SET", default_value = "jpki")]
    pub(crate) anchors: AnchorSet,
    /// Time-stamp authorities; never those that issue to people.
    #[arg(long = "time-stamp-anchor", value_name = "FILE")]
    pub(crate) time_stamp_anchors: Vec<PathBuf>,
    /// An exported audit log of the same store, whose digests the bundle has to have.
    #[arg(long, value_name = "LOG")]
    pub(crate) audit: Option<PathBuf>,
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
