//! `doctor --report FILE`: the support packet of TRI-04 (kyc.md §14). Codes, versions and sums; nothing about the holder but
//! how many tries are left.
//!
//! Left out on purpose: the dates of the certificate (they tell a birthday), its CA's serial, every answer of the card, the
//! ATR where a reader may have put the card's number of the moment into it, serial numbers of readers, names of users and
//! of other programs, paths, and every argument of the command line but where the card was looked for.

use serde_json::{Value, json};

use honnin::card::CardKind;
use honnin::doctor::{CardFact, Diagnosis, Facts, ServiceFact, is_shareable};

use super::look::Seen;
use super::words;
use crate::cli::arguments::CardSource;
use crate::cli::context::Context;
use crate::cli::messages::{Language, Messages};
use crate::cli::probe::Probe;
use crate::cli::tally::Exchange;

/// The packet.
pub(super) fn packet(diagnosis: &Diagnosis, facts: &Facts, seen: &Seen, probe: &Probe, context: &Context) -> Value {
    let english = Messages::new(Language::En);
    let findings: Vec<Value> = diagnosis
        .findings
        .iter()
        .map(|finding| {
            let mut members = words::coded(finding);
            let message = english.text(&format!("doctor-{}-cause", finding.node), &[]);
            members.insert("message".to_owned(), json!(message));
            if let Some(reader) = &finding.reader {
                members.insert("reader".to_owned(), json!(without_serial(reader)));
            }
            Value::Object(members)
        })
        .collect();
    json!({
        "schema": "honnin-report/1",
        "time": facts.now,
        "honnin": env!("CARGO_PKG_VERSION"),
        "command": "doctor",
        "exit": diagnosis.blocker().and_then(honnin::doctor::Finding::reason).map_or(0, honnin::reason::Reason::exit),
        "language": match context.messages.language() { Language::En => "en", Language::Ja => "ja" },
        "card_source": match context.global.card {
            CardSource::Pcsc => "pcsc",
            CardSource::Simulated(_) => "sim",
            CardSource::Replayed(_) => "replay",
        },
        "system": system(facts, probe),
        "service": match facts.service {
            ServiceFact::Running => "running",
            ServiceFact::LibraryMissing => "library_missing",
            ServiceFact::Absent => "absent",
            ServiceFact::NotPermitted => "not_permitted",
        },
        "readers": facts.readers.iter().map(|reader| json!({
            "name": without_serial(&reader.name), "card_present": reader.card_present, "mute": reader.mute,
            "held_by_another": reader.held_by_another, "shared_with_another": reader.shared_with_another,
            "changes": reader.changes,
        })).collect::<Vec<_>>(),
        "usb": facts.usb.iter().map(|device| json!({
            "id": format!("{:04x}:{:04x}", device.vendor, device.product), "ccid": device.ccid,
            "kernel_driver": device.kernel_driver,
        })).collect::<Vec<_>>(),
        "drivers": {
            "libccid": facts.drivers.ccid_version.map(|version| version.to_string()),
            "acsccid": facts.drivers.acs, "nfc_modules": facts.drivers.nfc_modules,
        },
        "card": card(facts, seen),
        "findings": findings,
        "link": facts.link.iter().map(|block| json!({
            "length": block.length, "carried": block.carried, "us": block.microseconds,
        })).collect::<Vec<_>>(),
        "exchanges": {
            "count": seen.exchanges.len(),
            "secrets_sent": seen.exchanges.iter().filter(|exchange| exchange.secret).count(),
            "list": seen.exchanges.iter().map(exchange).collect::<Vec<_>>(),
        },
    })
}

fn system(facts: &Facts, probe: &Probe) -> Value {
    let mut system = json!(probe.name());
    if let Value::Object(members) = &mut system {
        for (key, value) in [
            ("wsl", json!(facts.system.wsl)),
            ("sandbox", json!(facts.system.sandbox)),
            ("remote_session", json!(facts.system.remote_session)),
            ("hides_processes", json!(facts.system.hides_processes)),
            ("service_socket", json!(facts.system.service_socket)),
        ] {
            members.insert(key.to_owned(), value);
        }
    }
    system
}

fn card(facts: &Facts, seen: &Seen) -> Value {
    let atr = match seen.atr.as_deref() {
        Some(atr) if is_shareable(atr) => json!(hex::encode(atr)),
        Some(_) => json!("withheld: it may hold a number of this card"),
        None => Value::Null,
    };
    let (state, kind, generation) = match &facts.card {
        None => ("not_reached", None, None),
        Some(CardFact::HeldByAnother) => ("held_by_another", None, None),
        Some(CardFact::NotPermitted) => ("not_permitted", None, None),
        Some(CardFact::NotSupported { .. }) => ("not_supported", None, None),
        Some(CardFact::Moved) => ("moved", None, None),
        Some(CardFact::LinkBroken) => ("link_broken", None, None),
        Some(CardFact::Read(status)) => {
            ("read", Some(status.kind), status.user_authentication.issuer_generation.map(|it| it.as_str()))
        }
    };
    // An unknown label might say anything.
    let kind: Option<CardKind> = kind;
    json!({ "state": state, "kind": kind, "issuer_generation": generation, "atr": atr })
}

fn exchange(exchange: &Exchange) -> Value {
    json!({
        "header": hex::encode_upper(exchange.header), "le": exchange.expected,
        "sw": exchange.status.map(|status| format!("{status:04X}")), "us": exchange.microseconds,
    })
}

/// A reader's name without what may be its serial number: a long run of digits and letters in brackets.
fn without_serial(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once(['(', '[']) {
        out.push_str(before);
        let Some(end) = after.find([')', ']']) else {
            out.push_str("(…)");
            return out;
        };
        let inner = after.get(..end).unwrap_or_default();
        let serial = inner.len() > 3 && inner.bytes().any(|byte| byte.is_ascii_digit());
        out.push_str(&if serial { "(…)".to_owned() } else { format!("({inner})") });
        rest = after.get(end + 1..).unwrap_or_default();
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::without_serial;

    #[test]
    fn serial_numbers_of_readers_are_left_out() {
        for (name, told) in [
            ("SONY FeliCa RC-S300/P (1405208) 00 00", "SONY FeliCa RC-S300/P (…) 00 00"),
            ("SCM SCR 3310 [CCID Interface] (21120823315999) 00 00", "SCM SCR 3310 (CCID Interface) (…) 00 00"),
            ("Virtual PCD 00 00", "Virtual PCD 00 00"),
            ("Reader (0123", "Reader (…)"),
        ] {
            assert_eq!(without_serial(name), told);
        }
    }
}
