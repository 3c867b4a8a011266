//! pcapng for Wireshark: each APDU is a packet of link type 252, handed to the dissector `iso7816` by name.
//!
//! The dissector shows nothing unless it is told the direction, so that tag is always there (desktop.md §2).

use super::{answer_bytes, command_bytes};
use crate::trace::recording::{Content, Exchange, Recording};

/// LINKTYPE_WIRESHARK_UPPER_PDU.
const LINK_TYPE: u16 = 252;
/// EXP_PDU_TAG_DISSECTOR_NAME.
const TAG_DISSECTOR: u16 = 12;
/// EXP_PDU_TAG_P2P_DIRECTION.
const TAG_DIRECTION: u16 = 35;

/// Who a packet comes from.
#[derive(Clone, Copy)]
enum Direction {
    /// Interface to card: P2P_DIR_SENT.
    Command = 0,
    /// Card to interface: P2P_DIR_RECV.
    Answer = 1,
}

/// The recording as a pcapng file.
pub fn to_pcapng(recording: &Recording) -> Vec<u8> {
    let mut out = Vec::new();
    let mut section = Vec::new();
    section.extend(0x1A2B_3C4D_u32.to_le_bytes());
    section.extend(1_u16.to_le_bytes());
    section.extend(0_u16.to_le_bytes());
    section.extend(u64::MAX.to_le_bytes());
    option(&mut section, 4, concat!("honnin ", env!("CARGO_PKG_VERSION")).as_bytes());
    end_of_options(&mut section);
    block(&mut out, 0x0A0D_0D0A, &section);

    let mut interface = Vec::new();
    interface.extend(LINK_TYPE.to_le_bytes());
    interface.extend(0_u16.to_le_bytes());
    interface.extend(0_u32.to_le_bytes());
    block(&mut out, 1, &interface);

    // A recording tells how long each command took, not when between them it was: the times run on without pauses.
    let start = recording.header.recorded_at.and_then(|at| u64::try_from(at.seconds()).ok()).unwrap_or(0);
    let mut clock = start.saturating_mul(1_000_000);
    if let Some(atr) = recording.header.atr.as_deref().and_then(|atr| hex::decode(atr).ok()) {
        packet(&mut out, clock, "iso7816.atr", Direction::Answer, &atr, None);
    }
    for entry in &recording.entries {
        match &entry.content {
            Content::Exchange(exchange) => {
                let masked = |blanked: bool| blanked.then_some("masked: eight asterisks stand for data of any length");
                let remark = exchange.note.as_deref();
                let like_an_atr = begins_like_an_atr(exchange);
                let tx = command_bytes(&exchange.tx);
                packet(
                    &mut out,
                    clock,
                    "iso7816",
                    Direction::Command,
                    &tx,
                    masked(exchange.tx.is_blanked()).or(remark),
                );
                clock = clock.saturating_add(exchange.t_us.unwrap_or(0));
                let rx = answer_bytes(&exchange.rx);
                let remark = like_an_atr.as_deref().or(masked(exchange.rx.is_blanked()));
                packet(&mut out, clock, "iso7816", Direction::Answer, &rx, remark);
            }
            Content::LinkError { tx, error } => {
                let remark = format!("no answer: {error}");
                packet(&mut out, clock, "iso7816", Direction::Command, &command_bytes(tx), Some(&remark));
            }
            Content::Event(_) => {}
        }
    }
    out
}

/// Wireshark's dissector takes every answer that begins with 3B or 3F for an ATR and shows no status word: nothing in the
/// packet can tell it better, so a remark tells the reader.
fn begins_like_an_atr(exchange: &Exchange) -> Option<String> {
    let (0x3B | 0x3F) = exchange.rx.before().first()? else { return None };
    let status = exchange.status().map_or_else(|| "????".to_owned(), |status| format!("{status:04X}"));
    Some(format!("answer of the card, no ATR although it begins like one: status {status}"))
}

fn packet(out: &mut Vec<u8>, at: u64, dissector: &str, direction: Direction, bytes: &[u8], remark: Option<&str>) {
    let mut data = Vec::new();
    tag(&mut data, TAG_DISSECTOR, dissector.as_bytes());
    tag(&mut data, TAG_DIRECTION, &(direction as u32).to_be_bytes());
    tag(&mut data, 0, &[]);
    data.extend(bytes);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut body = Vec::new();
    body.extend(0_u32.to_le_bytes());
    let [a, b, c, d, e, f, g, h] = at.to_be_bytes();
    body.extend(u32::from_be_bytes([a, b, c, d]).to_le_bytes());
    body.extend(u32::from_be_bytes([e, f, g, h]).to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(length.to_le_bytes());
    padded(&mut body, &data);
    if let Some(remark) = remark {
        option(&mut body, 1, remark.get(..remark.len().min(200)).unwrap_or_default().as_bytes());
        end_of_options(&mut body);
    }
    block(out, 6, &body);
}

/// A tag of an exported PDU: network byte order, padded to four bytes.
fn tag(out: &mut Vec<u8>, number: u16, value: &[u8]) {
    let padding = (4 - value.len() % 4) % 4;
    let length = u16::try_from(value.len() + padding).unwrap_or(0);
    out.extend(number.to_be_bytes());
    out.extend(length.to_be_bytes());
    out.extend(value);
    out.extend(std::iter::repeat_n(0, padding));
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend(u16::try_from(value.len()).unwrap_or(0).to_le_bytes());
    padded(out, value);
}

fn end_of_options(out: &mut Vec<u8>) {
    out.extend([0; 4]);
}

fn padded(out: &mut Vec<u8>, value: &[u8]) {
    out.extend(value);
    out.extend(std::iter::repeat_n(0, (4 - value.len() % 4) % 4));
}

fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = u32::try_from(body.len() + 12).unwrap_or(u32::MAX);
    out.extend(kind.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(body);
    out.extend(length.to_le_bytes());
}
