//! The raw log of libpcscspy: for each call its name, its arguments one a line, and the result.

use super::{Builder, Lines, hex_bytes};
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::recording::Recording;
use std::collections::BTreeMap;

pub(super) fn is_it(line: &str) -> bool {
    line.split_once('@').is_some_and(|(thread, rest)| {
        !thread.is_empty()
            && thread.chars().all(|c| c.is_ascii_hexdigit())
            && (rest.starts_with(">|") || rest.starts_with("<|"))
    })
}

/// A call that was entered and not left yet, in one thread.
struct Call {
    line: usize,
    name: String,
    buffers: Vec<Vec<u8>>,
    announced: Option<usize>,
}

pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut builder = Builder::new("pcsc-spy");
    let mut calls: BTreeMap<&str, Call> = BTreeMap::new();
    for (number, line) in lines.filled() {
        let Some((thread, rest)) = line.split_once('@') else { continue };
        if let Some(entered) = rest.strip_prefix(">|") {
            let name = entered.rsplit('|').next().unwrap_or_default().trim().to_owned();
            calls.insert(thread, Call { line: number, name, buffers: Vec::new(), announced: None });
        } else if let Some(left) = rest.strip_prefix("<|") {
            if let Some(call) = calls.remove(thread) {
                let well = left.rsplit('|').next().is_some_and(|code| code.trim() == "0x00000000");
                close(&mut builder, &call, well)?;
            }
        } else if let Some(call) = calls.get_mut(thread) {
            let text = rest.trim();
            let length = call.announced.take();
            if let (Some(length), Some(bytes)) = (length, hex_bytes(text))
                && !text.starts_with("0x")
                && bytes.len() == length
            {
                call.buffers.push(bytes);
            }
            call.announced = text.strip_prefix("0x").and_then(|hex| usize::from_str_radix(hex, 16).ok());
        }
    }
    Ok(builder.finish())
}

fn close(builder: &mut Builder, call: &Call, well: bool) -> Result<(), TraceError> {
    match (call.name.as_str(), call.buffers.as_slice()) {
        ("SCardTransmit", [command, answer, ..]) if well => {
            builder.command(call.line, command)?;
            builder.answer(call.line, answer)
        }
        ("SCardTransmit", [command, ..]) if !well => {
            builder.command(call.line, command)?;
            builder.unanswered("broken");
            Ok(())
        }
        ("SCardTransmit", _) => Err(malformed(call.line, Defect::NotPaired)),
        ("SCardStatus", buffers) if well => {
            if let Some(atr) = buffers.last() {
                builder.atr(atr);
            }
            Ok(())
        }
        ("SCardReconnect", _) if well => {
            builder.event(call.line, "reconnect");
            Ok(())
        }
        _ => Ok(()),
    }
}
