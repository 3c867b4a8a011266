//! The document that is signed: a person reads it in Japanese, a machine derives the challenge from it again.
//!
//! The grammar is `docs/statement.md`. There is one way to write each challenge: [`Statement::parse`] renders what it read
//! and compares, so that a statement with any slack is refused instead of being understood.

use super::challenge::{Challenge, ChallengeFields, lower_hex};
use super::error::ProofError;
use crate::time::UnixTime;

/// Longest statement that is read, in bytes: more than the longest that can be written.
pub const MAXIMUM_STATEMENT_BYTES: usize = 64 * 1024;

const HEADER: &str = "honnin-statement/1 電子署名による同意書";
const TRANSACTION: &str = "内容:";
const CLOSING: &str = "私は、上記の内容を確認し、これに同意して電子署名をします。";

/// A challenge as the holder reads and signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    challenge: Challenge,
    text: crate::secret::Personal<String>,
}

impl Statement {
    pub(super) fn of(challenge: &Challenge) -> Self {
        let mut text = String::new();
        let mut line = |parts: &[&str]| {
            parts.iter().for_each(|part| text.push_str(part));
            text.push('\n');
        };
        line(&[HEADER]);
        line(&["依頼者: ", challenge.audience()]);
        line(&["目的: ", challenge.purpose()]);
        line(&["口座: ", challenge.account()]);
        line(&["案件: ", challenge.case()]);
        line(&["発行日時: ", &challenge.issued_at().in_japan()]);
        line(&["有効期限: ", &challenge.expires_at().in_japan()]);
        line(&["確認番号: ", &challenge.id().to_string()]);
        line(&["乱数: ", &hex::encode(challenge.nonce())]);
        line(&[TRANSACTION]);
        for content in challenge.transaction().split('\n') {
            line(&[if content.is_empty() { ">" } else { "> " }, content]);
        }
        line(&[CLOSING]);
        Self { challenge: challenge.clone(), text: crate::secret::Personal::new(text) }
    }

    /// Derives the challenge from a statement's bytes. What comes back is what *somebody* wrote: whether this challenge was
    /// issued, and is unused, is for the caller to find out by its identifier and by comparing the whole.
    ///
    /// # Errors
    /// [`ProofError::MalformedLine`] with the first line that is not of the grammar; [`ProofError::Malformed`] when it is no
    /// UTF-8; [`ProofError::TooLarge`]; [`ProofError::Field`] when a field is one that could not have been issued.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        if bytes.len() > MAXIMUM_STATEMENT_BYTES {
            return Err(ProofError::TooLarge { what: "statement", limit: MAXIMUM_STATEMENT_BYTES });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| ProofError::Malformed { what: "UTF-8 of the statement" })?;
        let mut lines = Lines { rest: text, number: 0 };
        lines.exactly(HEADER, "the header of version 1")?;
        let audience = lines.value("依頼者", "依頼者 (the audience)")?.to_owned();
        let purpose = lines.value("目的", "目的 (the purpose)")?.to_owned();
        let account = lines.value("口座", "口座 (the account)")?.to_owned();
        let case = lines.value("案件", "案件 (the case)")?.to_owned();
        let issued_at = lines.instant("発行日時", "発行日時 (an instant in Japan)")?;
        let expires_at = lines.instant("有効期限", "有効期限 (an instant in Japan)")?;
        let expected = "確認番号 (32 lower-case hexadecimal digits)";
        let id = lines.value("確認番号", expected)?.parse().map_err(|_| lines.refuse(expected))?;
        let expected = "乱数 (64 lower-case hexadecimal digits)";
        let nonce = lower_hex(lines.value("乱数", expected)?).ok_or(lines.refuse(expected))?;
        lines.exactly(TRANSACTION, "内容 (the transaction)")?;
        let transaction = lines.transaction()?;
        if !lines.rest.is_empty() {
            lines.number = lines.number.saturating_add(1);
            return Err(lines.refuse("the end"));
        }
        let fields =
            ChallengeFields { id, case, account, audience, purpose, transaction, issued_at, expires_at, nonce };
        let statement = Challenge::new(fields)?.statement();
        if statement.as_bytes() == bytes {
            Ok(statement)
        } else {
            Err(ProofError::Malformed { what: "canonical form of the statement" })
        }
    }

    /// The challenge it states.
    pub fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// The text, to be shown to the holder before he signs.
    pub fn as_str(&self) -> &str {
        self.text.reveal()
    }

    /// The bytes that are signed.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.reveal().as_bytes()
    }
}

struct Lines<'a> {
    rest: &'a str,
    number: usize,
}

impl<'a> Lines<'a> {
    fn refuse(&self, expected: &'static str) -> ProofError {
        ProofError::MalformedLine { line: self.number, expected }
    }

    /// The next line, without the LF that every line has.
    fn next(&mut self, expected: &'static str) -> Result<&'a str, ProofError> {
        self.number = self.number.saturating_add(1);
        let (line, rest) = self.rest.split_once('\n').ok_or(self.refuse(expected))?;
        self.rest = rest;
        Ok(line)
    }

    fn exactly(&mut self, wanted: &str, expected: &'static str) -> Result<(), ProofError> {
        if self.next(expected)? == wanted { Ok(()) } else { Err(self.refuse(expected)) }
    }

    fn value(&mut self, key: &str, expected: &'static str) -> Result<&'a str, ProofError> {
        let line = self.next(expected)?;
        line.strip_prefix(key).and_then(|rest| rest.strip_prefix(": ")).ok_or(self.refuse(expected))
    }

    fn instant(&mut self, key: &str, expected: &'static str) -> Result<UnixTime, ProofError> {
        self.value(key, expected)?.parse().map_err(|_| self.refuse(expected))
    }

    /// The quoted lines up to the closing one.
    fn transaction(&mut self) -> Result<String, ProofError> {
        const EXPECTED: &str = "a line of the transaction or the closing line";
        let mut lines = Vec::new();
        loop {
            let line = self.next(EXPECTED)?;
            if line == CLOSING {
                return Ok(lines.join("\n"));
            }
            lines.push(match line.strip_prefix('>') {
                Some("") => "",
                Some(text) => text.strip_prefix(' ').ok_or(self.refuse(EXPECTED))?,
                None => return Err(self.refuse(EXPECTED)),
            });
        }
    }
}
