//! A channel that writes down what another channel carries.

use crate::apdu::{CommandApdu, Received, ResponseApdu, Sent};
use crate::card::{Access, Channel, ChannelError};
use crate::trace::{Content, Exchange, Header, Pattern, Persona, TraceError, content_line, header_line};
use std::io::Write;
use std::time::Instant;

/// Writes each exchange as it happens, blanked as its command is marked.
pub struct Recorder<C, W: Write> {
    inner: C,
    out: W,
    persona: Persona,
}

impl<C: Channel, W: Write> Recorder<C, W> {
    /// Writes the header and hands on to `inner` from now on.
    ///
    /// # Errors
    /// [`TraceError::Io`].
    pub fn new(inner: C, mut out: W, header: &Header) -> Result<Self, TraceError> {
        write_line(&mut out, header_line(header))?;
        Ok(Self { inner, out, persona: header.persona })
    }

    fn tx(command: &CommandApdu) -> Pattern {
        match command.sent() {
            Sent::Open => Pattern::exact(command.wire().expose()),
            Sent::Secret => Pattern::blanked(&command.header(), &[]),
        }
    }

    fn rx(&self, command: &CommandApdu, response: &ResponseApdu) -> Pattern {
        let masked = match command.received() {
            Received::Open => false,
            Received::Personal => self.persona != Persona::Synthetic,
            Received::Secret => true,
        };
        let status = response.status().value().to_be_bytes();
        if masked && !response.data().is_empty() {
            Pattern::blanked(&[], &status)
        } else {
            Pattern::exact(&[response.data(), &status].concat())
        }
    }
}

impl<C: Channel, W: Write> Channel for Recorder<C, W> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let started = Instant::now();
        let answer = self.inner.transmit(command);
        let t_us = u64::try_from(started.elapsed().as_micros()).ok();
        let tx = Self::tx(command);
        let content = match &answer {
            Ok(response) => Content::Exchange(Exchange { tx, rx: self.rx(command, response), t_us, note: None }),
            Err(error) => Content::LinkError { tx, error: link_error_word(error).to_owned() },
        };
        let written = write_line(&mut self.out, content_line(&content));
        let answer = answer?;
        written.map_err(failed)?;
        Ok(answer)
    }

    fn access(&self) -> Access {
        self.inner.access()
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        self.inner.reconnect()?;
        write_line(&mut self.out, content_line(&Content::Event("reconnect".to_owned()))).map_err(failed)
    }
}

fn failed(error: std::io::Error) -> ChannelError {
    ChannelError::RecordingFailed { cause: error.to_string() }
}

fn write_line(out: &mut impl Write, mut text: String) -> std::io::Result<()> {
    text.push('\n');
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Names of link errors in a recording; what has no name of its own is `broken`.
const SLUGS: &[(&str, ChannelError)] = &[
    ("busy", ChannelError::Busy),
    ("mute", ChannelError::Mute),
    ("no_card", ChannelError::NoCard),
    ("no_reader", ChannelError::NoReader),
    ("no_service", ChannelError::NoService),
    ("no_status_word", ChannelError::NoStatusWord),
    ("not_permitted", ChannelError::NotPermitted),
    ("removed", ChannelError::Removed),
    ("reset", ChannelError::Reset),
];

/// What happened to the link, as a recording names it.
pub fn link_error_word(error: &ChannelError) -> &'static str {
    SLUGS.iter().find(|(_, known)| known == error).map_or("broken", |(slug, _)| slug)
}

/// The error with this name.
pub(super) fn error_of(slug: &str) -> ChannelError {
    let known = SLUGS.iter().find(|(name, _)| *name == slug).map(|(_, error)| error.clone());
    known.unwrap_or_else(|| ChannelError::Broken {
        code: slug.chars().filter(|c| c.is_ascii_graphic()).take(64).collect(),
    })
}
