//! `readers`: the readers and what each answered, and the models on record.

use serde_json::json;

use honnin::doctor::{ReaderModel, UsbFact};

use crate::cli::arguments::ReadersArguments;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output::Report;
use crate::cli::probe::Probe;

/// Readers by name, and what their slots hold. No reader is a reason of its own, with its exit code; not so with `--known`,
/// which asks about models.
pub(crate) fn readers(context: &Context, arguments: &ReadersArguments) -> Result<Report, CliError> {
    let found = readers_here(context);
    if !arguments.known {
        return found;
    }
    let (mut report, names) = match found {
        Ok(report) => {
            let list = report.result["readers"].as_array().cloned().unwrap_or_default();
            let names = list.iter().filter_map(|reader| reader["name"].as_str().map(str::to_owned)).collect();
            (report, names)
        }
        Err(_) => (Report::new(json!({ "readers": [] })), Vec::new()),
    };
    add_known(context, &mut report, &names);
    Ok(report)
}

/// The seed table of desktop.md §1, and which of its models PC/SC or USB shows here.
fn add_known(context: &Context, report: &mut Report, names: &[String]) {
    let usb = Probe::of_this_machine().usb();
    let on_usb =
        |model: &ReaderModel| usb.iter().any(|device: &UsbFact| model.usb == Some((device.vendor, device.product)));
    let by_name: Vec<_> = names.iter().filter_map(|name| ReaderModel::by_name(name)).collect();
    let mut known = Vec::new();
    for model in ReaderModel::all() {
        let seen = on_usb(&model) || by_name.iter().any(|found| found.name == model.name);
        let libccid = model.libccid.map(|version| version.to_string());
        let class = if model.ccid { "ccid" } else { "vendor" };
        known.push(json!({
            "usb": model.usb.map(|(vendor, product)| format!("{vendor:04x}:{product:04x}")),
            "name": model.name, "class": class, "interface": model.interface, "type_b": model.type_b,
            "libccid": libccid, "note": model.note, "seen": seen,
        }));
        let name = if seen {
            context.text("readers-known-seen", &[("name", model.name.into())])
        } else {
            model.name.to_owned()
        };
        let interface = json!(model.interface).as_str().unwrap_or_default().to_owned();
        let type_b = if model.type_b == Some(false) { "no" } else { "yes" };
        let words = context.text(
            "readers-known-model",
            &[
                ("interface", interface.into()),
                ("class", class.into()),
                ("typeb", type_b.into()),
                ("libccid", libccid.unwrap_or_else(|| "none".to_owned()).into()),
            ],
        );
        report.field(name, words);
    }
    report.result["known"] = json!(known);
}

#[cfg(feature = "pcsc")]
fn readers_here(context: &Context) -> Result<Report, CliError> {
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
fn readers_here(_: &Context) -> Result<Report, CliError> {
    use honnin::reason::Reason;

    Err(CliError::new(Reason::NoPcscService).because("cause-built-without-pcsc", &[]).with("readers", json!([])))
}
