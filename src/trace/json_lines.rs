//! JSON lines: the published open format (desktop.md §2) and our additions to it.
//!
//! Unknown fields are ignored and unknown types rejected, as in the published format.

use super::error::{Defect, TraceError, malformed};
use super::import::Lines;
use super::pattern::Pattern;
use super::recording::{Content, Entry, Exchange, Header, Recording, VERSION};
use serde::Serialize;
use serde_json::Value;

/// A line after the header, as it is written.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Written<'a> {
    Header(&'a Header),
    Exchange {
        tx: String,
        rx: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        t_us: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str>,
    },
    Error {
        tx: String,
        error: &'a str,
    },
    Event {
        event: &'a str,
    },
}

/// A line without its end.
fn line(written: &Written<'_>) -> String {
    // Maps with string keys only: there is nothing in it that could fail to serialise.
    serde_json::to_string(written).unwrap_or_default()
}

/// The header as a line.
pub fn header_line(header: &Header) -> String {
    line(&Written::Header(header))
}

/// What one entry says as a line.
pub fn content_line(content: &Content) -> String {
    line(&match content {
        Content::Exchange(Exchange { tx, rx, t_us, note }) => {
            Written::Exchange { tx: tx.to_text(), rx: rx.to_text(), t_us: *t_us, note: note.as_deref() }
        }
        Content::LinkError { tx, error } => Written::Error { tx: tx.to_text(), error },
        Content::Event(event) => Written::Event { event },
    })
}

/// The recording in this format.
pub fn to_json_lines(recording: &Recording) -> String {
    let mut out = header_line(&recording.header);
    out.push('\n');
    for entry in &recording.entries {
        out.push_str(&content_line(&entry.content));
        out.push('\n');
    }
    out
}

/// The recording in the published format alone: no event, and no field that it does not name.
pub fn to_bare_json_lines(recording: &Recording) -> String {
    let mut out = serde_json::json!({
        "type": "header",
        "version": VERSION,
        "supports_extended_length": recording.header.supports_extended_length,
    })
    .to_string();
    out.push('\n');
    for entry in &recording.entries {
        let bare = match &entry.content {
            Content::Event(_) => continue,
            Content::Exchange(exchange) => Content::Exchange(Exchange { t_us: None, note: None, ..exchange.clone() }),
            error @ Content::LinkError { .. } => error.clone(),
        };
        out.push_str(&content_line(&bare));
        out.push('\n');
    }
    out
}

/// Reads lines of this format.
pub(super) fn parse(lines: &Lines<'_>) -> Result<Recording, TraceError> {
    let mut header: Option<Header> = None;
    let mut entries = Vec::new();
    for (number, text) in lines.filled() {
        let bad = |defect| malformed(number, defect);
        let value: Value = serde_json::from_str(text).map_err(|_| bad(Defect::NotJson))?;
        let kind = value.as_object().and_then(|object| object.get("type")).and_then(Value::as_str);
        let content = match (kind.ok_or(bad(Defect::NotJson))?, &header) {
            ("header", None) => {
                if value.get("version").and_then(Value::as_u64) != Some(u64::from(VERSION)) {
                    return Err(bad(Defect::UnknownVersion));
                }
                header = Some(serde_json::from_value(value).map_err(|_| bad(Defect::BadField))?);
                continue;
            }
            ("header", Some(_)) => return Err(bad(Defect::SecondHeader)),
            ("exchange" | "error" | "event", None) => return Err(bad(Defect::NoHeader)),
            ("exchange", Some(_)) => {
                let rx = pattern(&value, "rx", number)?;
                let tx = command(&value, number)?;
                let known = if rx.is_blanked() { rx.after() } else { rx.before() };
                if known.len() < 2 && !(rx.is_blanked() && known.is_empty()) {
                    return Err(bad(Defect::ShortAnswer));
                }
                let note = value.get("note").and_then(Value::as_str).map(str::to_owned);
                Content::Exchange(Exchange { tx, rx, t_us: value.get("t_us").and_then(Value::as_u64), note })
            }
            ("error", Some(_)) => {
                Content::LinkError { tx: command(&value, number)?, error: word(&value, "error", number)? }
            }
            ("event", Some(_)) => Content::Event(word(&value, "event", number)?),
            _ => return Err(bad(Defect::UnknownType)),
        };
        entries.push(Entry { line: number, content });
    }
    let header = header.ok_or(malformed(1, Defect::NoHeader))?;
    Ok(Recording { header, entries })
}

fn word(value: &Value, field: &str, number: usize) -> Result<String, TraceError> {
    value.get(field).and_then(Value::as_str).map(str::to_owned).ok_or(malformed(number, Defect::BadField))
}

fn pattern(value: &Value, field: &str, number: usize) -> Result<Pattern, TraceError> {
    let text = value.get(field).and_then(Value::as_str).ok_or(malformed(number, Defect::BadField))?;
    Pattern::parse(text).ok_or(malformed(number, Defect::NotHex))
}

fn command(value: &Value, number: usize) -> Result<Pattern, TraceError> {
    let tx = pattern(value, "tx", number)?;
    if tx.before().len() < 4 && !tx.is_blanked() {
        return Err(malformed(number, Defect::ShortCommand));
    }
    Ok(tx)
}

#[cfg(test)]
mod tests {
    use super::super::import::read;
    use super::*;

    const HEADER: &str = r#"{"type":"header","version":1,"supports_extended_length":false,"unknown_field":7}"#;

    fn recording(lines: &[&str]) -> String {
        [&[HEADER], lines].concat().join("\n")
    }

    #[test]
    fn what_is_read_is_written_and_read_again() {
        let text = recording(&[
            r#"{"type":"exchange","tx":"00b0860020","rx":"4A50 9000","t_us":12,"note":"label","new":[1]}"#,
            r#"{"type":"error","tx":"0020009B********","error":"removed"}"#,
            r#"{"type":"event","event":"reconnect"}"#,
        ]);
        let (_, first) = read(text.as_bytes()).unwrap();
        let written = to_json_lines(&first);
        assert_eq!(read(written.as_bytes()).unwrap().1, first);
        assert!(written.contains(r#"{"type":"exchange","tx":"00B0860020","rx":"4A509000","t_us":12,"note":"label"}"#));
        let bare = to_bare_json_lines(&first);
        assert!(bare.starts_with("{\"supports_extended_length\":false,\"type\":\"header\",\"version\":1}\n"), "{bare}");
        assert!(!bare.contains("event") && !bare.contains("t_us") && bare.contains("removed"), "{bare}");
    }

    #[test]
    fn each_defect_is_named_with_its_line() {
        for (text, at, expected) in [
            (r#"{"type":"exchange","tx":"00B00000","rx":"9000"}"#, 1, Defect::NoHeader),
            (r#"{"type":"header","version":2,"supports_extended_length":false}"#, 1, Defect::UnknownVersion),
            (r#"{"type":"header","version":1}"#, 1, Defect::BadField),
            (&recording(&["{}"]), 2, Defect::NotJson),
            (&recording(&["", "[]"]), 3, Defect::NotJson),
            (&recording(&[r#"{"type":"exchange","tx":"00B0"#]), 2, Defect::NotJson),
            (&recording(&[r#"{"type":"surprise"}"#]), 2, Defect::UnknownType),
            (&recording(&[r#"{"type":"exchange","tx":"0","rx":"9000"}"#]), 2, Defect::NotHex),
            (&recording(&[r#"{"type":"exchange","tx":"00","rx":"9000"}"#]), 2, Defect::ShortCommand),
            (&recording(&[r#"{"type":"exchange","tx":"00B00000","rx":"90"}"#]), 2, Defect::ShortAnswer),
            (&recording(&[r#"{"type":"exchange","tx":7,"rx":"9000"}"#]), 2, Defect::BadField),
            (&recording(&[r#"{"type":"event"}"#]), 2, Defect::BadField),
            (&recording(&[HEADER]), 2, Defect::SecondHeader),
        ] {
            match read(text.as_bytes()) {
                Err(TraceError::Malformed { line, defect }) => assert_eq!((line, defect), (at, expected), "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
