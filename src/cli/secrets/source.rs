//! Sources that a script names: an environment variable, a file, a descriptor, standard input.
//!
//! None of them is read through a buffer of the standard library, which would keep a copy that nobody wipes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use honnin::reason::Reason;
use honnin::verdict::Warning;

use super::Typed;
use crate::cli::arguments::PinFrom;
use crate::cli::error::CliError;
use crate::cli::messages::Argument;

/// No secret is nearly this long; what is longer is the wrong file.
const LIMIT: usize = 256;

/// The value of an environment variable.
pub(super) fn environment(name: &str) -> Result<Typed, CliError> {
    let argument = [("name", name.to_owned().into())];
    let value = std::env::var_os(name).ok_or_else(|| unavailable("cause-secret-variable-unset", &argument))?;
    present(Zeroizing::new(value.into_encoded_bytes()))
}

/// A whole file, without one line end at its end.
pub(super) fn file(path: &Path, warnings: &mut Vec<Warning>) -> Result<Typed, CliError> {
    let unreadable = |error: io::Error| CliError::reading(path, &error).under(Reason::SecretUnavailable);
    let mut file = File::open(path).map_err(unreadable)?;
    if read_by_others(&file).map_err(unreadable)? {
        warnings.push(Warning::new("secret_file_readable_by_others"));
    }
    let mut bytes = read(&mut file, |_| false).map_err(unreadable)?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    present(bytes)
}

/// One line from a descriptor that the caller left open.
pub(super) fn descriptor(number: u32) -> Result<Typed, CliError> {
    let unreadable = |_| unavailable("cause-secret-descriptor", &[("n", number.into())]);
    let mut file = open_descriptor(number).map_err(unreadable)?;
    present(line(&mut file).map_err(unreadable)?)
}

fn open_descriptor(number: u32) -> io::Result<File> {
    let directory = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    File::open(format!("{directory}/{number}"))
}

/// One line from standard input; what follows stays unread.
pub(super) fn standard_input() -> Result<Typed, CliError> {
    let unreadable = |_| unavailable("cause-secret-stdin", &[]);
    let mut file = open_standard_input().map_err(unreadable)?;
    present(line(&mut file).map_err(unreadable)?)
}

fn open_standard_input() -> io::Result<File> {
    #[cfg(unix)]
    let file = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned();
    #[cfg(windows)]
    let file = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned();
    file.map(File::from)
}

/// Lines from any source a script names, one after the other until `enough` says so or the source ends. Neither an empty
/// source nor an empty line is an answer.
pub(super) fn lines(
    from: &PinFrom,
    warnings: &mut Vec<Warning>,
    enough: impl Fn(&[Typed]) -> bool,
) -> Result<Vec<Typed>, CliError> {
    let mut found = Vec::new();
    match from {
        PinFrom::Environment(_) | PinFrom::File(_) => {
            let whole = match from {
                PinFrom::Environment(name) => environment(name)?,
                PinFrom::File(path) => file(path, warnings)?,
                _ => return Ok(found),
            };
            let mut rest = whole.as_slice();
            while !rest.is_empty() && !enough(&found) {
                let (first, after) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
                found.push(present(Zeroizing::new(first.strip_suffix(b"\r").unwrap_or(first).to_vec()))?);
                rest = after.strip_prefix(b"\n").unwrap_or(after);
            }
        }
        PinFrom::Descriptor(_) | PinFrom::Stdin => {
            let unreadable = |_| match from {
                PinFrom::Descriptor(number) => unavailable("cause-secret-descriptor", &[("n", (*number).into())]),
                _ => unavailable("cause-secret-stdin", &[]),
            };
            let mut opened = match from {
                PinFrom::Descriptor(number) => open_descriptor(*number),
                _ => open_standard_input(),
            }
            .map_err(unreadable)?;
            while !enough(&found) {
                found.push(present(line(&mut opened).map_err(unreadable)?)?);
            }
        }
        PinFrom::Tty | PinFrom::Pinentry => {}
    }
    if enough(&found) { Ok(found) } else { Err(unavailable("cause-secret-lines", &[])) }
}

/// One line, without its end.
pub(super) fn line(source: &mut impl Read) -> io::Result<Typed> {
    let mut bytes = read(source, |byte| byte == b'\n')?;
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(bytes)
}

/// Byte by byte into a buffer that never moves, up to the end, the limit, or a byte that ends it.
pub(super) fn read(source: &mut impl Read, ends: fn(u8) -> bool) -> io::Result<Typed> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT));
    let mut next = Zeroizing::new([0_u8]);
    while bytes.len() < LIMIT {
        match source.read(next.as_mut_slice()) {
            Ok(0) => break,
            Ok(_) if ends(next[0]) => break,
            Ok(_) => bytes.push(next[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}

/// A script that hands over nothing made a mistake; only a person can mean "no" by it.
fn present(bytes: Typed) -> Result<Typed, CliError> {
    if bytes.is_empty() { Err(unavailable("cause-secret-empty", &[])) } else { Ok(bytes) }
}

fn unavailable(key: &'static str, arguments: &[Argument<'static>]) -> CliError {
    CliError::new(Reason::SecretUnavailable).because(key, arguments)
}

#[cfg(unix)]
fn read_by_others(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let about = file.metadata()?;
    // A pipe from `<(…)` has open permission bits and nobody else who could open it.
    Ok(about.is_file() && about.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
fn read_by_others(_: &File) -> io::Result<bool> {
    Ok(false)
}
