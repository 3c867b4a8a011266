//! A pinentry program, spoken to in the Assuan protocol (lines of at most 1000 bytes, `%XX` for what would break them).

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use zeroize::Zeroizing;

use honnin::reason::Reason;

use super::{Prompt, Typed, or_cancelled};
use crate::cli::error::CliError;
use crate::cli::output::safe;

/// Longest line of the protocol, its end not counted.
const LONGEST: usize = 1000;

/// `GPG_ERR_CANCELED` and `GPG_ERR_FULLY_CANCELED`, the lower 16 bits of an error number.
const CANCELLED: [u32; 2] = [99, 198];

/// Asks with the program named by `PINENTRY_PROGRAM`, else with `pinentry`.
pub(super) fn read(asked: &Prompt) -> Result<Typed, CliError> {
    let named = std::env::var_os("PINENTRY_PROGRAM").filter(|name| !name.is_empty());
    read_with(named.unwrap_or_else(|| OsString::from("pinentry")), asked)
}

/// Asks with `program`.
pub(super) fn read_with(program: OsString, asked: &Prompt) -> Result<Typed, CliError> {
    let mut dialogue = Dialogue::start(program).map_err(|_| unavailable())?;
    let answer = dialogue.ask(asked);
    dialogue.end();
    match answer.map_err(|_| unavailable())? {
        Reply::Fine(typed) => or_cancelled(typed),
        Reply::Refused(number) if CANCELLED.contains(&(number & 0xffff)) => Err(CliError::new(Reason::Cancelled)),
        Reply::Refused(_) => Err(unavailable()),
    }
}

fn unavailable() -> CliError {
    CliError::new(Reason::SecretUnavailable).because("cause-no-pinentry", &[])
}

struct Dialogue {
    program: Child,
    to: ChildStdin,
    from: ChildStdout,
}

enum Reply {
    /// `OK`, with the data before it.
    Fine(Typed),
    /// `ERR` and its number.
    Refused(u32),
}

impl Dialogue {
    fn start(program: OsString) -> io::Result<Self> {
        let mut program =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        match (program.stdin.take(), program.stdout.take()) {
            (Some(to), Some(from)) => Ok(Self { program, to, from }),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn ask(&mut self, asked: &Prompt) -> io::Result<Reply> {
        let greeting = self.reply()?;
        if matches!(greeting, Reply::Refused(_)) {
            return Ok(greeting);
        }
        for (option, variable) in [("ttyname", "GPG_TTY"), ("ttytype", "TERM"), ("lc-ctype", "LC_CTYPE")] {
            if let Some(value) = std::env::var(variable).ok().filter(|value| !value.is_empty()) {
                self.offer(&format!("OPTION {option}="), &value)?;
            }
        }
        let lines: Vec<_> = asked.lines.iter().map(|line| safe(line).into_owned()).collect();
        self.offer("SETTITLE ", "honnin")?;
        self.offer("SETDESC ", &lines.join("\n"))?;
        self.offer("SETPROMPT ", &safe(&asked.label))?;
        self.say("GETPIN", "")?;
        self.reply()
    }

    /// Says something the program may decline: not every one knows every option.
    fn offer(&mut self, command: &str, text: &str) -> io::Result<()> {
        self.say(command, text)?;
        self.reply().map(drop)
    }

    fn say(&mut self, command: &str, text: &str) -> io::Result<()> {
        let mut line = command.to_owned();
        for c in text.chars() {
            let mut utf8 = [0; 4];
            let written = match c {
                '%' => "%25",
                '\r' => "%0D",
                '\n' => "%0A",
                other => other.encode_utf8(&mut utf8),
            };
            if line.len() + written.len() > LONGEST {
                break;
            }
            line.push_str(written);
        }
        line.push('\n');
        self.to.write_all(line.as_bytes())?;
        self.to.flush()
    }

    fn reply(&mut self) -> io::Result<Reply> {
        let mut data = Zeroizing::new(Vec::with_capacity(LONGEST));
        loop {
            let line = self.line()?;
            if let Some(encoded) = line.strip_prefix(b"D ") {
                if data.len() + encoded.len() > LONGEST {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                decode(encoded, &mut data)?;
            } else if line.as_slice() == b"OK" || line.starts_with(b"OK ") {
                return Ok(Reply::Fine(data));
            } else if let Some(rest) = line.strip_prefix(b"ERR ") {
                let number: Vec<u8> = rest.iter().copied().take_while(u8::is_ascii_digit).collect();
                let number = std::str::from_utf8(&number).ok().and_then(|text| text.parse().ok());
                return number.map(Reply::Refused).ok_or_else(|| io::ErrorKind::InvalidData.into());
            } else if !(line.starts_with(b"S ") || line.starts_with(b"#") || line.is_empty()) {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    fn line(&mut self) -> io::Result<Typed> {
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        let mut next = Zeroizing::new([0_u8]);
        loop {
            match io::Read::read(&mut self.from, next.as_mut_slice()) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) if next[0] == b'\n' => return Ok(line),
                Ok(_) if line.len() > LONGEST => return Err(io::ErrorKind::InvalidData.into()),
                Ok(_) => line.push(next[0]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn end(mut self) {
        let _ = self.say("BYE", "");
        drop(self.to);
        // A program that does not leave when told is not waited for.
        for _ in 0..20 {
            match self.program.try_wait() {
                Ok(Some(_)) => return,
                _ => std::thread::sleep(std::time::Duration::from_millis(10)),
            }
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn decode(encoded: &[u8], into: &mut Vec<u8>) -> io::Result<()> {
    let mut bytes = encoded.iter();
    while let Some(byte) = bytes.next() {
        if *byte != b'%' {
            into.push(*byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|digit| char::from(*digit).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) => into.push(u8::try_from(high * 16 + low).unwrap_or_default()),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}
