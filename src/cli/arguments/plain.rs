//! Arguments of commands that need no card, and of `demo` and `simulator`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use honnin::authority::Persona;

use super::values::{ExplainedCode, ExplainedCodeParser, host_and_port};

/// `explain CODE`
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArguments {
    #[arg(value_name = "CODE", value_parser = ExplainedCodeParser, hide_possible_values = true)]
    pub(crate) code: ExplainedCode,
}

/// `completions SHELL`
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArguments {
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// `demo [--dir DIR]`
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArguments {
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// `doctor [--report FILE]`
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArguments {
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// `readers [--known]`
#[derive(Debug, clap::Args)]
pub(crate) struct ReadersArguments {
    #[arg(long)]
    pub(crate) known: bool,
}

/// `simulator …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum SimulatorCommand {
    New(SimulatorNewArguments),
    Run(SimulatorRunArguments),
}

/// `simulator new --persona P --out DIR`
#[derive(Debug, clap::Args)]
pub(crate) struct SimulatorNewArguments {
    #[arg(long, value_name = "NAME", value_parser = persona_names())]
    pub(crate) persona: Persona,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// `simulator run CARD [--vpcd[=HOST:PORT]]`
#[derive(Debug, clap::Args)]
pub(crate) struct SimulatorRunArguments {
    #[arg(value_name = "CARD")]
    pub(crate) card_file: PathBuf,
    #[arg(long, value_name = "HOST:PORT", num_args = 0..=1, require_equals = true,
          default_missing_value = "127.0.0.1:35963", value_parser = host_and_port)]
    pub(crate) vpcd: Option<String>,
}

/// The personas by name, so that help and completions list them.
fn persona_names() -> impl TypedValueParser<Value = Persona> {
    PossibleValuesParser::new(Persona::ALL.map(Persona::name)).try_map(|name| name.parse::<Persona>())
}
