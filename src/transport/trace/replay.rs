//! A channel that answers from a recording, in its order and only what was asked then.

use super::format::{Header, Line, Pattern, TraceError};
use super::recorder::error_of;
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::card::{Access, Channel, ChannelError};
use std::collections::VecDeque;

struct Step {
    line: usize,
    /// What was asked; `None` for an event, which answers whatever is asked next.
    tx: Option<Pattern>,
    answer: Answer,
}

enum Answer {
    Bytes(Pattern),
    Error(String),
}

/// A recording being played back. A command that was not recorded next is an error that names both sides.
pub struct Replay {
    header: Header,
    steps: VecDeque<Step>,
    lines: usize,
}

/// No session of a card is longer; a larger file is something else.
const MOST_LINES: usize = 1_000_000;

impl Replay {
    /// Reads a whole recording.
    ///
    /// # Errors
    /// [`TraceError::Malformed`] with the line.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let mut header = None;
        let mut steps = VecDeque::new();
        let mut lines = 0;
        for (index, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            lines = index + 1;
            let malformed = |what| TraceError::Malformed { line: index + 1, what };
            if lines > MOST_LINES {
                return Err(malformed("too many lines"));
            }
            let line: Line = serde_json::from_str(text).map_err(|_| malformed("no JSON object of a known type"))?;
            let pattern = |text: &str| Pattern::parse(text).ok_or(malformed("neither hex nor one blanked run"));
            match (line, &header) {
                (Line::Header(found), None) if found.version == 1 => header = Some(found),
                (Line::Header(_), None) => return Err(malformed("a version that is not known")),
                (Line::Header(_), Some(_)) => return Err(malformed("a second header")),
                (_, None) => return Err(malformed("no header before it")),
                (Line::Exchange { tx, rx, .. }, Some(_)) => {
                    steps.push_back(Step {
                        line: lines,
                        tx: Some(pattern(&tx)?),
                        answer: Answer::Bytes(pattern(&rx)?),
                    });
                }
                (Line::Error { tx, error }, Some(_)) => {
                    steps.push_back(Step { line: lines, tx: Some(pattern(&tx)?), answer: Answer::Error(error) });
                }
                (Line::Event { event }, Some(_)) if ends_the_link(&event) => {
                    steps.push_back(Step { line: lines, tx: None, answer: Answer::Error(event) });
                }
                (Line::Event { .. }, Some(_)) => {}
            }
        }
        let header = header.ok_or(TraceError::Malformed { line: 1, what: "no header" })?;
        Ok(Self { header, steps, lines })
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Exchanges that were not played yet.
    pub fn remaining(&self) -> usize {
        self.steps.len()
    }
}

/// Events that the next command would have met as an error.
fn ends_the_link(event: &str) -> bool {
    matches!(event, "removed" | "reset")
}

impl Channel for Replay {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let asked = hex::encode_upper(command.header());
        let Some(step) = self.steps.front() else {
            return Err(ChannelError::NotRecorded { line: self.lines + 1, recorded: "the end".to_owned(), asked });
        };
        if let Some(tx) = step.tx.as_ref().filter(|tx| !tx.matches(command.wire().expose())) {
            return Err(ChannelError::NotRecorded { line: step.line, recorded: tx.header(), asked });
        }
        let answer = match &step.answer {
            Answer::Error(slug) => Err(error_of(slug)),
            Answer::Bytes(rx) => match rx.bytes() {
                None => Err(ChannelError::MaskedData { line: step.line }),
                Some(bytes) => ResponseApdu::from_bytes(bytes).map_err(|_| ChannelError::NoStatusWord),
            },
        };
        self.steps.pop_front();
        answer
    }

    /// Nobody else can reach a recording.
    fn access(&self) -> Access {
        Access::Exclusive
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Persona, Recorder};
    use super::*;

    const HEADER: &str = r#"{"type":"header","version":1,"supports_extended_length":false,"unknown_field":7}"#;

    fn recording(lines: &[&str]) -> String {
        [&[HEADER], lines].concat().join("\n")
    }

    fn read(sfi: u8) -> CommandApdu {
        CommandApdu::new(0x00, 0xB0, 0x80 | sfi, 0x00).expecting(0x20)
    }

    #[test]
    fn answers_in_order_and_names_both_sides_of_a_difference() {
        let text = recording(&[
            r#"{"type":"exchange","tx":"00B0860020","rx":"4A504B499000"}"#,
            r#"{"type":"event","event":"reconnect"}"#,
            r#"{"type":"error","tx":"00B0880020","error":"removed"}"#,
        ]);
        let mut replay = Replay::parse(&text).unwrap();
        assert_eq!(replay.transmit(&read(6)).unwrap().data(), b"JPKI");
        let difference = replay.transmit(&read(1)).unwrap_err();
        assert_eq!(
            difference,
            ChannelError::NotRecorded { line: 4, recorded: "00B08800".to_owned(), asked: "00B08100".to_owned() }
        );
        assert_eq!(replay.transmit(&read(8)), Err(ChannelError::Removed));
        assert_eq!(replay.remaining(), 0);
        assert!(matches!(replay.transmit(&read(8)), Err(ChannelError::NotRecorded { line: 5, .. })));
    }

    #[test]
    fn a_recorded_removal_or_reset_meets_the_next_command() {
        for (event, error) in [("removed", ChannelError::Removed), ("reset", ChannelError::Reset)] {
            let line = format!(r#"{{"type":"event","event":"{event}"}}"#);
            let mut replay = Replay::parse(&recording(&[&line])).unwrap();
            assert_eq!(replay.transmit(&read(6)), Err(error));
        }
    }

    #[test]
    fn masked_data_are_not_made_up() {
        let mut replay =
            Replay::parse(&recording(&[r#"{"type":"exchange","tx":"00B0860020","rx":"********9000"}"#])).unwrap();
        assert_eq!(replay.transmit(&read(6)), Err(ChannelError::MaskedData { line: 2 }));
    }

    #[test]
    fn garbage_is_named_by_its_line() {
        for (text, at) in [
            ("", 1),
            ("garbage", 1),
            (r#"{"type":"exchange","tx":"00","rx":"9000"}"#, 1),
            (r#"{"type":"header","version":2,"supports_extended_length":false}"#, 1),
            (&recording(&["{}"]), 2),
            (&recording(&[r#"{"type":"surprise"}"#]), 2),
            (&recording(&[r#"{"type":"exchange","tx":"0","rx":"9000"}"#]), 2),
            (&recording(&[HEADER]), 2),
        ] {
            match Replay::parse(text) {
                Err(TraceError::Malformed { line, .. }) => assert_eq!(line, at, "{text}"),
                _ => panic!("{text} was accepted"),
            }
        }
    }

    #[test]
    fn a_recording_blanks_what_is_marked_and_plays_back() {
        let source = recording(&[
            r#"{"type":"exchange","tx":"0020009B06414243313233","rx":"9000"}"#,
            r#"{"type":"exchange","tx":"00B0810020","rx":"E8A68B9000"}"#,
        ]);
        for (persona, hidden) in [(Persona::Unknown, true), (Persona::Synthetic, false)] {
            let mut written = Vec::new();
            let mut recorder =
                Recorder::new(Replay::parse(&source).unwrap(), &mut written, Header::new(Some(&[0x3B]), persona))
                    .unwrap();
            let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x9B).secret_data(b"ABC123");
            assert!(recorder.transmit(&verify).unwrap().status().is_ok());
            recorder.transmit(&read(1).personal()).unwrap();
            let text = String::from_utf8(written).unwrap();
            assert!(!text.contains("414243313233"), "{text}");
            assert!(text.contains(r#""tx":"0020009B********""#), "{text}");
            assert_eq!(text.contains("E8A68B"), !hidden, "{text}");
            let mut again = Replay::parse(&text).unwrap();
            assert!(again.transmit(&CommandApdu::new(0x00, 0x20, 0x00, 0x9B).secret_data(b"OTHER99")).is_ok());
        }
    }
}
