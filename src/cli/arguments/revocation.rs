//! Arguments of `revocation …`.

use std::path::PathBuf;

use super::certificate::AnchorSet;

/// `revocation …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum RevocationCommand {
    Info(RevocationInfoArguments),
    Check(RevocationCheckArguments),
}

/// Whose lists are believed.
#[derive(Debug, clap::Args)]
pub(crate) struct ListIssuers {
    #[arg(long = "anchor", value_name = "FILE")]
    pub(crate) own_anchors: Vec<PathBuf>,
    #[arg(long, value_name = "SET", default_value = "jpki")]
    pub(crate) anchors: AnchorSet,
}

impl ListIssuers {
    /// Whether somebody said whose lists count: the built-in set that stands without saying so names nobody.
    pub(crate) fn are_named(&self) -> bool {
        !self.own_anchors.is_empty() || self.anchors == AnchorSet::JpkiTest
    }
}

/// `revocation info FILE`
#[derive(Debug, clap::Args)]
pub(crate) struct RevocationInfoArguments {
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) issuers: ListIssuers,
}

/// `revocation check --serial HEX|- FILE…`
#[derive(Debug, clap::Args)]
pub(crate) struct RevocationCheckArguments {
    // Read later: a usage error would quote it.
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    pub(crate) serial: String,
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) issuers: ListIssuers,
}
