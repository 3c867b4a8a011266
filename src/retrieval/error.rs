//! Why a document did not come.

use crate::time::UnixTime;
use std::io::ErrorKind;

/// When a source wants to be asked again (`Retry-After`, RFC 9110 §10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so many seconds.
    Seconds(u32),
    /// At an instant.
    At(UnixTime),
}

impl RetryAfter {
    /// Reads the value of the header; `None` for what is neither form.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Seconds(text.parse().unwrap_or(u32::MAX)));
        }
        let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self::At(UnixTime::from_seconds(date.as_second())))
    }

    /// The instant, for an answer that came at `now`.
    pub fn instant(self, now: UnixTime) -> UnixTime {
        match self {
            Self::Seconds(seconds) => now.plus_seconds(seconds.into()),
            Self::At(at) => at,
        }
    }
}

/// Against what a failure speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everything the source has: it is down, or wants to be left alone.
    Source,
    /// The document that was asked for: asking for it again soon brings the same.
    Document,
    /// Neither: another question may be answered.
    Nothing,
}

/// Why a document did not come, or cannot be used. Carries no address: one may tell of the municipality a person lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// Nobody here understands addresses of this scheme.
    #[error("addresses of this scheme are not supported here")]
    SchemeUnsupported,
    /// The configuration names no address for this certificate.
    #[error("the configuration names no address for this certificate")]
    NoAddress,
    /// The name of the host is not known.
    #[error("the host is not known")]
    HostUnknown,
    /// Nobody answered there.
    #[error("no connection")]
    NoConnection,
    /// The other side is not who it should be, or does not speak TLS.
    #[error("the TLS connection was refused")]
    TlsRefused,
    /// It took longer than allowed, as a whole.
    #[error("it took too long")]
    TooSlow,
    /// Nothing came for longer than allowed.
    #[error("nothing came for too long")]
    Idle,
    /// The document ended before it was whole.
    #[error("the document was cut off")]
    CutOff,
    /// The document is larger than allowed.
    #[error("the document is larger than {limit} bytes")]
    TooLarge {
        /// What is allowed, in bytes.
        limit: u64,
    },
    /// Redirected more often than allowed.
    #[error("redirected too often")]
    TooManyRedirects,
    /// Redirected to where we do not go: another host, another scheme, less security.
    #[error("redirected to where we do not go")]
    RedirectRefused,
    /// The source says it sends something else.
    #[error("the source sent another kind of document")]
    ContentType,
    /// The document came compressed, which was not asked for.
    #[error("the document came compressed")]
    ContentEncoding,
    /// The source answered with an error.
    #[error("the source answered with status {status}")]
    Status {
        /// The status code.
        status: u16,
        /// When it wants to be asked again.
        retry_after: Option<RetryAfter>,
    },
    /// What came is not HTTP.
    #[error("the answer is not HTTP")]
    Protocol,
    /// A file could not be read.
    #[error("the file cannot be read ({0})")]
    File(ErrorKind),
    /// What is there is no ordinary file.
    #[error("what is there is no ordinary file")]
    NotAFile,
    /// The bytes are not such a document.
    #[error("what came is not such a document")]
    NotADocument,
    /// The list is not signed by the issuer of the certificate, nor by anybody at hand with the name of its issuer.
    #[error("the list is not signed by anybody at hand")]
    NotAuthentic,
    /// An older list than the one that was there before.
    #[error("the list is older than the one that is kept")]
    Older,
    /// The list does not speak of the certificate: another municipality's, or another kind of certificate's.
    #[error("the list does not speak of the certificate")]
    OtherScope,
    /// The list covers less than the one that is kept: only changes, or only some reasons.
    #[error("the list covers less than the one that is kept")]
    Narrower,
    /// The answer belongs to another question.
    #[error("the answer belongs to another question")]
    NonceDiffers,
    /// The responder had no answer.
    #[error("the responder had no answer")]
    ResponderError,
    /// The source is left alone until this instant, because it failed before (RSN-22).
    #[error("the source rests until {until}")]
    Resting {
        /// Until when.
        until: UnixTime,
    },
    /// No random number could be drawn for the question.
    #[error("no random number could be drawn")]
    Randomness,
}

impl FetchError {
    /// The slug, as in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SchemeUnsupported => "scheme_unsupported",
            Self::NoAddress => "no_address",
            Self::HostUnknown => "host_unknown",
            Self::NoConnection => "no_connection",
            Self::TlsRefused => "tls_refused",
            Self::TooSlow => "too_slow",
            Self::Idle => "idle",
            Self::CutOff => "cut_off",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyRedirects => "too_many_redirects",
            Self::RedirectRefused => "redirect_refused",
            Self::ContentType => "content_type",
            Self::ContentEncoding => "content_encoding",
            Self::Status { .. } => "status",
            Self::Protocol => "protocol",
            Self::File(_) => "file",
            Self::NotAFile => "not_a_file",
            Self::NotADocument => "not_a_document",
            Self::NotAuthentic => "not_authentic",
            Self::Older => "older",
            Self::OtherScope => "other_scope",
            Self::Narrower => "narrower",
            Self::NonceDiffers => "nonce_differs",
            Self::ResponderError => "responder_error",
            Self::Resting { .. } => "resting",
            Self::Randomness => "randomness",
        }
    }

    /// Against what it speaks.
    pub(super) const fn reach(self) -> Reach {
        match self {
            Self::Status { status, .. } if status >= 500 || matches!(status, 401 | 403 | 408 | 425 | 429) => {
                Reach::Source
            }
            Self::CutOff
            | Self::ContentEncoding
            | Self::ContentType
            | Self::NotADocument
            | Self::RedirectRefused
            | Self::TooLarge { .. }
            | Self::TooManyRedirects => Reach::Document,
            Self::Status { .. }
            | Self::File(ErrorKind::NotFound)
            | Self::Narrower
            | Self::NoAddress
            | Self::NonceDiffers
            | Self::NotAFile
            | Self::NotAuthentic
            | Self::Older
            | Self::OtherScope
            | Self::Randomness
            | Self::Resting { .. }
            | Self::SchemeUnsupported => Reach::Nothing,
            Self::File(_)
            | Self::HostUnknown
            | Self::Idle
            | Self::NoConnection
            | Self::Protocol
            | Self::ResponderError
            | Self::TlsRefused
            | Self::TooSlow => Reach::Source,
        }
    }

    /// When the source wants to be asked again.
    pub const fn retry_after(self) -> Option<RetryAfter> {
        match self {
            Self::Status { retry_after, .. } => retry_after,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_has_two_forms() {
        let now = UnixTime::from_seconds(784_111_000);
        assert_eq!(RetryAfter::parse(" 120 ").map(|retry| retry.instant(now)), Some(now.plus_seconds(120)));
        let date = RetryAfter::parse("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(date.instant(now), UnixTime::from_seconds(784_111_777));
        assert_eq!(RetryAfter::parse("99999999999999999999"), Some(RetryAfter::Seconds(u32::MAX)));
        for odd in ["", "-1", "soon", "1.5"] {
            assert_eq!(RetryAfter::parse(odd), None, "{odd}");
        }
    }
}
