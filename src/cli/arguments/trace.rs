//! Arguments of `trace …`.

use std::ffi::OsString;
use std::path::PathBuf;

use honnin::trace::Persona;

/// `trace …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum TraceCommand {
    Check(TraceFileArguments),
    Show(TraceFileArguments),
    Redact(TraceRedactArguments),
    Convert(TraceConvertArguments),
    Replay(TraceReplayArguments),
}

/// `trace check FILE`, `trace show FILE`
#[derive(Debug, clap::Args)]
pub(crate) struct TraceFileArguments {
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
}

/// `trace redact FILE [--out F] [--persona P]`
#[derive(Debug, clap::Args)]
pub(crate) struct TraceRedactArguments {
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "WHO")]
    pub(crate) persona: Option<PersonaWord>,
}

/// `trace convert FILE --to FORMAT [--out F] [--persona P] [--bare]`
#[derive(Debug, clap::Args)]
pub(crate) struct TraceConvertArguments {
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: TraceForm,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "WHO")]
    pub(crate) persona: Option<PersonaWord>,
    #[arg(long)]
    pub(crate) bare: bool,
}

/// `trace replay FILE [--lenient] -- COMMAND…`
#[derive(Debug, clap::Args)]
pub(crate) struct TraceReplayArguments {
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
    #[arg(long)]
    pub(crate) lenient: bool,
    #[arg(last = true, required = true, num_args = 1.., value_name = "COMMAND")]
    pub(crate) replayed: Vec<OsString>,
}

/// A form that recordings are converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TraceForm {
    Pcapng,
    Apdu4j,
    Jsonl,
}

/// What the caller vouches for about the recorded person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PersonaWord {
    Synthetic,
    Unknown,
}

impl PersonaWord {
    /// The same as the recording has it.
    pub(crate) const fn persona(self) -> Persona {
        match self {
            Self::Synthetic => Persona::Synthetic,
            Self::Unknown => Persona::Unknown,
        }
    }
}
