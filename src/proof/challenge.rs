//! What the holder is asked to agree to, once.

use super::error::ProofError;
use super::statement::Statement;
use super::text;
use crate::secret::Personal;
use crate::time::UnixTime;
use std::fmt;
use std::str::FromStr;

/// Length of a challenge's nonce.
pub const NONCE_BYTES: usize = 32;

/// 128 random bits that name one challenge; written as 32 lower-case hexadecimal digits.
///
/// ```
/// use honnin::proof::ChallengeId;
/// let id = ChallengeId::from_random([0xAB; 16]);
/// assert_eq!(id.to_string().parse(), Ok(id));
/// assert!("ABABABABABABABABABABABABABABABAB".parse::<ChallengeId>().is_err(), "one way to write it");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChallengeId([u8; 16]);

impl ChallengeId {
    /// The identifier made of these bytes, which the caller took from a cryptographic random source.
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ChallengeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The text was not 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a challenge identifier (32 lower-case hexadecimal digits expected)")]
pub struct NotAChallengeId;

impl FromStr for ChallengeId {
    type Err = NotAChallengeId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        lower_hex(text).map(Self).ok_or(NotAChallengeId)
    }
}

/// Exactly `N` bytes in lower-case hexadecimal digits.
pub(super) fn lower_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    (!text.bytes().any(|byte| byte.is_ascii_uppercase())).then_some(bytes)
}

/// The parts of a [`Challenge`], before they are checked.
///
/// Single-line fields have 1 to 256 bytes of UTF-8 and no space at either end. Control characters and characters that
/// cannot be seen are refused everywhere (`docs/statement.md`).
#[derive(Clone)]
pub struct ChallengeFields {
    /// Names this challenge.
    pub id: ChallengeId,
    /// The case it belongs to.
    pub case: String,
    /// The account it belongs to, as the operator calls it.
    pub account: String,
    /// Who may use the signed statement: the operator's name or address. A statement for another audience is refused.
    pub audience: String,
    /// What the signature is for, in words the holder understands.
    pub purpose: String,
    /// The transaction in words the holder can check (LAW-07): 1 to 64 lines of up to 512 bytes, separated by LF.
    pub transaction: String,
    /// When it was made.
    pub issued_at: UnixTime,
    /// The last second at which it may be used.
    pub expires_at: UnixTime,
    /// Random bytes that nobody can foresee, from the caller's cryptographic random source.
    pub nonce: [u8; NONCE_BYTES],
}

/// What the holder is asked to agree to: bound to case, account, audience, purpose, expiry and the text of the transaction
/// (LAW-07). It is used once (RSN-24); remembering that is the store's part.
///
/// A store may keep the bytes of [`Challenge::statement`]: they hold every field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    id: ChallengeId,
    case: Personal<String>,
    account: Personal<String>,
    audience: String,
    purpose: String,
    transaction: Personal<String>,
    issued_at: UnixTime,
    expires_at: UnixTime,
    nonce: Personal<[u8; NONCE_BYTES]>,
}

impl Challenge {
    /// # Errors
    /// [`ProofError::Field`] with the first field that cannot stand in a statement.
    pub fn new(fields: ChallengeFields) -> Result<Self, ProofError> {
        text::check_field("case", &fields.case)?;
        text::check_field("account", &fields.account)?;
        text::check_field("audience", &fields.audience)?;
        text::check_field("purpose", &fields.purpose)?;
        text::check_lines("transaction", &fields.transaction)?;
        check_instant("issued_at", fields.issued_at)?;
        check_instant("expires_at", fields.expires_at)?;
        if fields.expires_at <= fields.issued_at {
            return Err(ProofError::Field { field: "expires_at", expected: "an instant after issued_at" });
        }
        Ok(Self {
            id: fields.id,
            case: Personal::new(fields.case),
            account: Personal::new(fields.account),
            audience: fields.audience,
            purpose: fields.purpose,
            transaction: Personal::new(fields.transaction),
            issued_at: fields.issued_at,
            expires_at: fields.expires_at,
            nonce: Personal::new(fields.nonce),
        })
    }

    /// The document to be signed.
    pub fn statement(&self) -> Statement {
        Statement::of(self)
    }

    /// Names this challenge.
    pub fn id(&self) -> ChallengeId {
        self.id
    }

    /// The case it belongs to.
    pub fn case(&self) -> &str {
        self.case.reveal()
    }

    /// The account it belongs to.
    pub fn account(&self) -> &str {
        self.account.reveal()
    }

    /// Who may use the signed statement.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// What the signature is for.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// The transaction in words the holder can check; lines separated by LF.
    pub fn transaction(&self) -> &str {
        self.transaction.reveal()
    }

    /// When it was made.
    pub fn issued_at(&self) -> UnixTime {
        self.issued_at
    }

    /// The last second at which it may be used.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// Random bytes that nobody could foresee.
    pub fn nonce(&self) -> &[u8; NONCE_BYTES] {
        self.nonce.reveal()
    }

    /// Whether it is too old at `at`, the server's time (API-40). No skew is allowed for: the server issued it by the same clock.
    pub fn is_expired(&self, at: UnixTime) -> bool {
        at > self.expires_at
    }
}

/// The years 1970 to 9998 on the wall clock of Japan: what RFC 3339 writes with four digits, less the last year, where the
/// calendar of `time` ends before its last day.
fn check_instant(field: &'static str, instant: UnixTime) -> Result<(), ProofError> {
    const LAST: i64 = 253_370_732_399; // 9998-12-31T23:59:59+09:00
    if (0..=LAST).contains(&instant.seconds()) {
        Ok(())
    } else {
        Err(ProofError::Field { field, expected: "an instant of the years 1970 to 9998" })
    }
}
