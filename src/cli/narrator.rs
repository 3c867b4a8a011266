//! `-v`, `-vv` and `-vvv` (desktop.md §2): what is done with the card, its exchanges by header, length and status word, and
//! the bodies of those that are neither secret nor personal; on standard error, as their marks allow.

use honnin::apdu::{CommandApdu, Received, ResponseApdu, Sent};
use honnin::card::{Access, Channel, ChannelError};
use honnin::trace::{Content, Exchange, Narration, Operation, Pattern, Told};
use honnin::transport::trace::link_error_word;

use super::context::Context;
use super::exchange_words::in_words;
use super::messages::Messages;
use super::output::Screen;

/// How much is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// What is done: a line for each step, where several reads of one file are one.
    Events,
    /// Every exchange, with header, lengths and status word.
    Headers,
    /// The bodies too of commands and answers that are neither secret nor personal.
    Bodies,
}

/// A channel that tells what passes through it.
struct Narrator {
    inner: Box<dyn Channel>,
    screen: Screen,
    messages: Messages,
    detail: Detail,
    narration: Narration,
    /// The file that was read last, where nothing else was done since.
    reading: Option<u16>,
}

/// `channel`, telling as much as was asked for.
pub(crate) fn narrated(channel: Box<dyn Channel>, context: &Context) -> Box<dyn Channel> {
    let detail = match context.global.verbose {
        0 => return channel,
        1 => Detail::Events,
        2 => Detail::Headers,
        _ => Detail::Bodies,
    };
    Box::new(Narrator {
        inner: channel,
        screen: context.screen,
        messages: context.messages,
        detail,
        narration: Narration::default(),
        reading: None,
    })
}

impl Channel for Narrator {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.inner.transmit(command);
        self.narrate(command, &answer);
        answer
    }

    fn access(&self) -> Access {
        self.inner.access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        self.inner.reconnect()?;
        self.tell(&Content::Event("reconnect".to_owned()));
        Ok(())
    }

    fn has_pin_pad(&mut self) -> bool {
        self.inner.has_pin_pad()
    }

    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.inner.transmit_typed(command);
        self.narrate(command, &answer);
        answer
    }
}

/// As much of an answer as is told, its length and status word: what it holds may be somebody's, and is not copied.
fn outline(answer: &ResponseApdu) -> Pattern {
    let mut bytes = vec![0; answer.data().len()];
    bytes.extend(answer.status().value().to_be_bytes());
    Pattern::exact(&bytes)
}

impl Narrator {
    fn narrate(&mut self, command: &CommandApdu, answer: &Result<ResponseApdu, ChannelError>) {
        let tx = match command.sent() {
            Sent::Secret => Pattern::blanked(&command.header(), &[]),
            Sent::Open => Pattern::exact(command.wire().expose()),
        };
        self.tell(&match answer {
            Ok(answer) => Content::Exchange(Exchange { tx, rx: outline(answer), t_us: None, note: None }),
            Err(error) => Content::LinkError { tx, error: link_error_word(error).to_owned() },
        });
        if self.detail >= Detail::Headers {
            self.screen.tell(&format!("     > {}", self.sent(command)));
            if let Ok(answer) = answer {
                self.screen.tell(&format!("     < {}", self.received(command, answer)));
            }
        }
    }

    /// The line in words, unless it goes on with what the last one said.
    fn tell(&mut self, content: &Content) {
        let told = self.narration.tell(content);
        let reading = match &told {
            Told::Exchange { operation: Operation::ReadBinary { .. }, file, status: Some(0x9000), .. } => *file,
            _ => None,
        };
        let goes_on = reading.is_some() && reading == self.reading;
        self.reading = reading;
        if self.detail > Detail::Events || !goes_on {
            self.screen.tell(&in_words(&self.messages, &told));
        }
    }

    fn sent(&self, command: &CommandApdu) -> String {
        let header = hex::encode_upper(command.header());
        match command.sent() {
            Sent::Secret => self.messages.text("exchange-sent-secret", &[("header", header.into())]),
            Sent::Open if self.detail == Detail::Bodies => hex::encode_upper(command.wire().expose()),
            Sent::Open => {
                let more = command.wire().expose().len().saturating_sub(command.header().len());
                self.messages.text("exchange-sent", &[("header", header.into()), ("n", more.into())])
            }
        }
    }

    fn received(&self, command: &CommandApdu, answer: &ResponseApdu) -> String {
        let (status, length) = (answer.status().to_string(), answer.data().len());
        let key = match command.received() {
            Received::Open if self.detail == Detail::Bodies => {
                return format!("{}{status}", hex::encode_upper(answer.data()));
            }
            Received::Personal if self.detail == Detail::Bodies && length > 0 => "exchange-received-masked",
            _ => "exchange-received",
        };
        self.messages.text(key, &[("status", status.into()), ("n", length.into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_an_answer_holds_no_byte_of_it_and_reads_the_same() {
        let answer = |bytes: &[u8]| ResponseApdu::from_bytes(bytes).unwrap();
        for bytes in [&b"\xFF\x20\x03CANARY\x90\x00"[..], b"\x63\xC3", b"\x01\x61\x10"] {
            let (whole, outline) = (Pattern::exact(bytes), outline(&answer(bytes)));
            let (data, status) = bytes.split_at(bytes.len() - 2);
            assert_eq!(outline.bytes().unwrap(), [&vec![0; data.len()], status].concat());
            let tx = Pattern::exact(&[0x00, 0xB0, 0x81, 0x00, 0x00]);
            let told = |rx| {
                Narration::default().tell(&Content::Exchange(Exchange { tx: tx.clone(), rx, t_us: None, note: None }))
            };
            assert_eq!(told(outline), told(whole));
        }
    }
}
