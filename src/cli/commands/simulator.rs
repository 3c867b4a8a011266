//! `simulator new` and `simulator run`: a synthetic holder as files, and as a card for pcscd's virtual reader.

use rand_core::OsRng;
use serde_json::json;

use honnin::authority::{self, AuthorityError};
use honnin::reason::Reason;
use honnin::simulator::{SimulatedCard, vpcd};

use crate::cli::arguments::{SimulatorNewArguments, SimulatorRunArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::files;
use crate::cli::interrupt;
use crate::cli::output::Report;
use crate::cli::sitting::simulator_error;

/// Makes a synthetic holder with CAs of their own.
pub(crate) fn simulator_new(context: &Context, arguments: &SimulatorNewArguments) -> Result<Report, CliError> {
    files::check_absent(&arguments.out.join("card.toml"))?;
    let issued = authority::create(arguments.persona, context.instant(), &mut OsRng).map_err(authority_error)?;
    authority::write(&issued, &arguments.out).map_err(authority_error)?;
    let card = arguments.out.join("card.toml");
    let mut report = Report::new(json!({
        "persona": arguments.persona.name(),
        "dir": arguments.out.display().to_string(),
        "card": card.display().to_string(),
    }));
    report.line(context.text(
        "simulator-new",
        &[("card", card.display().to_string().into()), ("dir", arguments.out.display().to_string().into())],
    ));
    Ok(report)
}

/// Serves a card to the virtual reader until it is interrupted.
pub(crate) fn simulator_run(context: &Context, arguments: &SimulatorRunArguments) -> Result<Report, CliError> {
    let address = arguments.vpcd.as_deref().unwrap_or(vpcd::DEFAULT_ADDRESS);
    let mut card =
        SimulatedCard::load(&arguments.card_file).map_err(|error| simulator_error(&arguments.card_file, error))?;
    // The signal only asks: the door is closed, and the card's counters are on disk already.
    let announced = interrupt::session();
    context.tell("simulator-serving", &[("address", address.to_owned().into())]);
    vpcd::serve(&mut card, address, interrupt::requested(), |event| match event {
        vpcd::Event::Connected => context.tell("simulator-connected", &[]),
        vpcd::Event::Disconnected => context.tell("simulator-disconnected", &[]),
        vpcd::Event::NobodyListens => {
            context.tell("simulator-nobody-listens", &[("address", address.to_owned().into())]);
        }
        _ => {}
    })
    .map_err(|error| CliError::io(&error))?;
    drop(announced);
    Ok(Report::new(json!({ "card": arguments.card_file.display().to_string() })))
}

fn authority_error(error: AuthorityError) -> CliError {
    match &error {
        AuthorityError::Write { path, source } => CliError::writing(path, source),
        _ => CliError::new(Reason::Internal).caused_by(error),
    }
}
