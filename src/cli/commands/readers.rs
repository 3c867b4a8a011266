//! `readers`: the readers and what each answered.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;

/// Readers by name, and what their slots hold. No reader is a reason of its own, with its exit code.
#[cfg(feature = "pcsc")]
pub(crate) fn readers(context: &Context) -> Result<Report, CliError> {
    use honnin::card::CardError;
    use honnin::reason::Reason;
    use honnin::transport::pcsc::Service;

    let failed = |error| CliError::from(CardError::from(error));
    let readers = Service::connect().and_then(|service| service.readers()).map_err(failed)?;
    if readers.is_empty() {
        return Err(CliError::new(Reason::NoReader).with("readers", json!([])));
    }
    let list: Vec<_> = readers.iter().map(|reader| json!({ "name": reader.name(), "card": reader.slot })).collect();
    let mut report = Report::new(json!({ "readers": list }));
    for reader in &readers {
        let slot = json!(reader.slot).as_str().unwrap_or_default().to_owned();
        report.field(reader.name(), context.text("slot", &[("slot", slot.into())]));
    }
    Ok(report)
}

/// Without PC/SC there are none to ask for.
#[cfg(not(feature = "pcsc"))]
pub(crate) fn readers(_: &Context) -> Result<Report, CliError> {
    use honnin::reason::Reason;

    Err(CliError::new(Reason::NoPcscService).because("cause-built-without-pcsc", &[]).with("readers", json!([])))
}
