//! `tshark -T json` of a USB CCID capture: the data of PC_to_RDR_XfrBlock and RDR_to_PC_DataBlock.

use super::Builder;
use crate::trace::error::{Defect, TraceError, malformed};
use crate::trace::recording::Recording;
use serde_json::Value;

/// CCID §6.1.4: PC_to_RDR_XfrBlock.
const TRANSFER: u64 = 0x6F;
/// CCID §6.2.1: RDR_to_PC_DataBlock, the answer to a transfer and to power on.
const DATA: u64 = 0x80;
/// CCID §6.1.1: PC_to_RDR_IccPowerOn.
const POWER_ON: u64 = 0x62;

pub(super) fn is_it(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('[') && start.contains("\"_source\"")
}

pub(super) fn parse(text: &str) -> Result<Recording, TraceError> {
    let packets: Vec<Value> = serde_json::from_str(text).map_err(|_| malformed(1, Defect::NotJson))?;
    let mut builder = Builder::new("tshark");
    let mut powering = false;
    for (index, packet) in packets.iter().enumerate() {
        let Some(ccid) = packet.pointer("/_source/layers/usbccid") else { continue };
        let Some(kind) = ccid.get("usbccid.bMessageType").and_then(Value::as_str).and_then(number) else { continue };
        let data = data_of(packet, ccid);
        match kind {
            POWER_ON => powering = true,
            DATA if powering => {
                powering = false;
                builder.atr(&data.unwrap_or_default());
            }
            TRANSFER => {
                builder.unanswered("broken");
                if let Some(data) = data.filter(|data| data.len() >= 4) {
                    builder.command(index + 1, &data)?;
                }
            }
            DATA => {
                if let (Some(data), Some(_)) = (data.filter(|data| data.len() >= 2), &builder.waiting) {
                    builder.answer(index + 1, &data)?;
                }
            }
            _ => {}
        }
    }
    Ok(builder.finish())
}

/// A number as tshark writes it: `0x6f`, `0x0000006f` or `111`.
fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The bytes of the APDU: in the CCID layer itself, or where a dissector of its own took them.
fn data_of(packet: &Value, ccid: &Value) -> Option<Vec<u8>> {
    let raw = |value: Option<&Value>| match value {
        Some(Value::String(hex)) => super::hex_bytes(hex),
        Some(Value::Array(parts)) => parts.first().and_then(Value::as_str).and_then(super::hex_bytes),
        _ => None,
    };
    raw(ccid.get("usbccid.abData"))
        .or_else(|| raw(packet.pointer("/_source/layers/data/data.data")))
        .or_else(|| raw(packet.pointer("/_source/layers/iso7816_raw")))
        .or_else(|| raw(packet.pointer("/_source/layers/data_raw")))
}
