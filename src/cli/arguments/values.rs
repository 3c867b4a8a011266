//! The words and forms that options take, each as a type.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use honnin::doctor::Node;
use honnin::store::{AddressError, StoreAddress};

use crate::cli::usage_error::complaint;

/// Where the card is: `pcsc`, `sim:FILE` or `replay:FILE`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum CardSource {
    /// A PC/SC reader.
    #[default]
    Pcsc,
    /// A simulated card in this process.
    Simulated(PathBuf),
    /// A recorded trace.
    Replayed(PathBuf),
}

impl FromStr for CardSource {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Errors of these parsers are keys of the message files (`usage_error`).
        let expected = "expected-card-source";
        match text.split_once(':') {
            None if text == "pcsc" => Ok(Self::Pcsc),
            Some(("sim", file)) if !file.is_empty() => Ok(Self::Simulated(file.into())),
            Some(("replay", file)) if !file.is_empty() => Ok(Self::Replayed(file.into())),
            _ => Err(expected),
        }
    }
}

/// When files are read in extended form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExtendedReading {
    // On a reader where that worked before.
    #[default]
    Remembered,
    // Now, and what becomes of it is remembered for the reader.
    Try,
    // Not at all.
    Never,
}

/// Where a secret comes from; never an argument's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PinFrom {
    /// The controlling terminal, without echo.
    Tty,
    /// A pinentry program (`PINENTRY_PROGRAM`, else `pinentry`).
    Pinentry,
    /// An environment variable.
    Environment(String),
    /// A file that holds the secret and at most one line end.
    File(PathBuf),
    /// One line from an open file descriptor.
    Descriptor(u32),
    /// One line from standard input.
    Stdin,
}

impl PinFrom {
    /// Whether a person answers: the other sources would give the same wrong answer again, so they mean one attempt.
    pub(crate) const fn asks_a_person(&self) -> bool {
        matches!(self, Self::Tty | Self::Pinentry)
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None => match text {
                "tty" => Self::Tty,
                "pinentry" => Self::Pinentry,
                "stdin" => Self::Stdin,
                _ => return None,
            },
            Some(("env", name)) if !name.is_empty() && !name.contains(['=', '\0']) => Self::Environment(name.into()),
            Some(("file", path)) if !path.is_empty() => Self::File(path.into()),
            Some(("fd", number)) => Self::Descriptor(number.parse().ok()?),
            _ => return None,
        })
    }
}

/// Reads `--pin-from`. Not clap's own way, because its error repeats the value, and somebody may have typed a secret.
#[derive(Clone, Debug)]
pub(crate) struct PinFromParser;

impl TypedValueParser for PinFromParser {
    type Value = PinFrom;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<PinFrom, clap::Error> {
        let parsed = value.to_str().and_then(PinFrom::parse);
        parsed.ok_or_else(|| complaint(ErrorKind::ValueValidation, "usage-pin-from", None).with_cmd(command))
    }
}

/// Reads `--store` without ever repeating it: an address may hold a password.
#[derive(Clone)]
pub(crate) struct StoreAddressParser;

impl TypedValueParser for StoreAddressParser {
    type Value = StoreAddress;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<StoreAddress, clap::Error> {
        value.to_str().unwrap_or_default().parse().map_err(|error| {
            let (key, kind) = match error {
                AddressError::NotBuiltIn { kind } => ("usage-store-not-built-in", Some(kind)),
                _ => ("usage-store-unknown", None),
            };
            complaint(ErrorKind::ValueValidation, key, kind).with_cmd(command)
        })
    }
}

/// Whole seconds, at most a day.
pub(crate) fn seconds(text: &str) -> Result<Duration, &'static str> {
    match text.parse() {
        Ok(seconds @ 0..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected-seconds"),
    }
}

/// `HOST:PORT` of the virtual reader's door.
pub(crate) fn host_and_port(text: &str) -> Result<String, &'static str> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(text.to_owned()),
        _ => Err("expected-host-and-port"),
    }
}

/// A code `explain` knows: a reason, or a node of `doctor`'s tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExplainedCode {
    /// A row of the catalogue of reasons.
    Reason(honnin::reason::Reason),
    /// The id of a node of the tree, such as `E2`.
    DoctorNode(&'static str),
}

/// Reads the code of `explain`; the shell completions list every code, the error does not.
#[derive(Clone, Debug)]
pub(crate) struct ExplainedCodeParser;

impl TypedValueParser for ExplainedCodeParser {
    type Value = ExplainedCode;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<ExplainedCode, clap::Error> {
        let text = value.to_string_lossy();
        let node = Node::ALL.iter().map(|node| node.id()).find(|node| node.eq_ignore_ascii_case(&text));
        let reason = || honnin::reason::Reason::from_code(&text.to_ascii_lowercase().replace('-', "_"));
        node.map(ExplainedCode::DoctorNode)
            .or_else(|| reason().map(ExplainedCode::Reason))
            .ok_or_else(|| complaint(ErrorKind::ValueValidation, "usage-unknown-code", Some(&text)).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let reasons = honnin::reason::Reason::ALL.iter().map(|reason| reason.code());
        Some(Box::new(reasons.chain(Node::ALL.iter().map(|node| node.id())).map(PossibleValue::new)))
    }
}
