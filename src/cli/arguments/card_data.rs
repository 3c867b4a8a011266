//! Arguments of the commands that read the card face applications or change a secret.

use std::path::PathBuf;

use honnin::secret::SecretKind;

/// `attributes …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AttributesCommand {
    Read(AttributesReadArguments),
}

/// `attributes read [--with pin|number-b]`
#[derive(Debug, clap::Args)]
pub(crate) struct AttributesReadArguments {
    #[arg(long, value_name = "SECRET", default_value = "pin")]
    pub(crate) with: AttributesSecret,
    #[arg(long, requires = "genuineness")]
    pub(crate) challenge: bool,
    #[command(flatten)]
    pub(crate) genuineness: GenuinenessArguments,
}

/// What opens the basic four attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum AttributesSecret {
    #[default]
    Pin,
    NumberB,
}

/// Whether the card's data must be proved genuine, and by which keys besides the known ones.
#[derive(Debug, clap::Args)]
pub(crate) struct GenuinenessArguments {
    #[arg(long)]
    pub(crate) genuineness: bool,
    #[arg(long = "card-verifiable-keys", value_name = "FILE")]
    pub(crate) card_verifiable_keys: Vec<PathBuf>,
}

/// `surface …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SurfaceCommand {
    Read(SurfaceReadArguments),
}

/// `surface read [--photo F] [--name F] [--address F]`
#[derive(Debug, clap::Args)]
pub(crate) struct SurfaceReadArguments {
    #[arg(long, value_name = "FILE")]
    pub(crate) photo: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) name: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) address: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) genuineness: GenuinenessArguments,
}

/// `pin status [--all]`
#[derive(Debug, clap::Args)]
pub(crate) struct PinStatusArguments {
    #[arg(long)]
    pub(crate) all: bool,
}

/// `pin change PIN`
#[derive(Debug, clap::Args)]
pub(crate) struct PinChangeArguments {
    #[arg(value_name = "PIN")]
    pub(crate) pin: PinName,
}

/// A secret that its holder may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PinName {
    UserAuthentication,
    DigitalSignature,
    InputSupport,
}

impl PinName {
    /// Which secret this is.
    pub(crate) const fn kind(self) -> SecretKind {
        match self {
            Self::UserAuthentication => SecretKind::UserAuthentication,
            Self::DigitalSignature => SecretKind::DigitalSignature,
            Self::InputSupport => SecretKind::InputSupport,
        }
    }
}
