//! HTTP and HTTPS as a source.

use super::address::Address;
use super::error::{FetchError, RetryAfter};
use super::source::{Answer, DocumentKind, Request, Source, Validators};
use super::tls::TlsRoots;
use std::io::{ErrorKind, Read as _};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use ureq::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderName, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body, Timeout};

/// Longest validator that is kept.
const MAXIMUM_VALIDATOR: usize = 1024;

/// Fetches over HTTP/1.1, with TLS for `https`. Redirects stay on the host and never leave TLS; nothing is decompressed;
/// proxies of the environment are not used.
pub struct HttpSource {
    plain: Agent,
    roots: TlsRoots,
    secure: OnceLock<Option<Agent>>,
}

impl HttpSource {
    /// With these certification authorities for `https`.
    pub fn new(roots: TlsRoots) -> Self {
        Self { plain: base().build().new_agent(), roots, secure: OnceLock::new() }
    }

    fn agent(&self, scheme: &str) -> Result<&Agent, FetchError> {
        match scheme {
            "http" => Ok(&self.plain),
            // Roots of a system are read from its disk: only when somebody needs them.
            "https" => {
                let secure = || Some(base().tls_config(self.roots.configuration()?).build().new_agent());
                self.secure.get_or_init(secure).as_ref().ok_or(FetchError::TlsRefused)
            }
            _ => Err(FetchError::SchemeUnsupported),
        }
    }
}

fn base() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(concat!("honnin/", env!("CARGO_PKG_VERSION")))
        .max_response_header_size(64 << 10)
}

/// What one exchange brought.
enum Exchange {
    Answer(Answer),
    Redirect(String),
}

impl Source for HttpSource {
    fn schemes(&self) -> &[&'static str] {
        &["http", "https"]
    }

    fn fetch(&self, request: &Request<'_>) -> Result<Answer, FetchError> {
        let started = Instant::now();
        let mut address = request.address.clone();
        for _ in 0..=request.limits.redirects {
            let left = request.limits.total.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(FetchError::TooSlow);
            }
            match self.exchange(&address, request, left)? {
                Exchange::Answer(answer) => return Ok(answer),
                // A question names a certificate: it goes where the operator said, and nowhere else.
                Exchange::Redirect(_) if request.question.is_some() => return Err(FetchError::RedirectRefused),
                Exchange::Redirect(location) => address = followed(&address, &location)?,
            }
        }
        Err(FetchError::TooManyRedirects)
    }
}

impl HttpSource {
    fn exchange(&self, address: &Address, request: &Request<'_>, left: Duration) -> Result<Exchange, FetchError> {
        let agent = self.agent(address.scheme())?;
        let idle = request.limits.idle;
        let response = match request.question {
            Some(question) => limited(agent.post(address.as_str()), left, idle)
                .header(CONTENT_TYPE, "application/ocsp-request")
                .header(ACCEPT, accepted(request.kind))
                .header(ACCEPT_ENCODING, "identity")
                .send(question),
            None => {
                let mut builder = limited(agent.get(address.as_str()), left, idle)
                    .header(ACCEPT, accepted(request.kind))
                    .header(ACCEPT_ENCODING, "identity");
                if let Some(validators) = request.validators {
                    let pairs =
                        [(IF_NONE_MATCH, &validators.entity_tag), (IF_MODIFIED_SINCE, &validators.last_modified)];
                    for (name, value) in pairs {
                        if let Some(value) = value {
                            builder = builder.header(name, value);
                        }
                    }
                }
                builder.call()
            }
        };
        let response = response.map_err(|error| before_the_body(&error))?;
        let status = response.status().as_u16();
        match status {
            200 => body(response, request).map(Exchange::Answer),
            304 if request.validators.is_some() => Ok(Exchange::Answer(Answer::Unchanged)),
            301 | 302 | 303 | 307 | 308 => {
                text(response.headers(), &LOCATION).map(Exchange::Redirect).ok_or(FetchError::Protocol)
            }
            _ => {
                let retry_after = text(response.headers(), &RETRY_AFTER).and_then(|value| RetryAfter::parse(&value));
                Err(FetchError::Status { status, retry_after })
            }
        }
    }
}

fn limited<Any>(builder: ureq::RequestBuilder<Any>, left: Duration, idle: Duration) -> ureq::RequestBuilder<Any> {
    let idle = idle.min(left);
    builder
        .config()
        .timeout_global(Some(left))
        .timeout_connect(Some(idle))
        .timeout_per_read(Some(idle))
        .timeout_per_write(Some(idle))
        .build()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn accepted(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Crl => "application/pkix-crl, application/octet-stream;q=0.5",
        DocumentKind::Ocsp => "application/ocsp-response",
    }
}

/// RFC 2585 §4.2 and RFC 6960 §C.1; lists also under the names that servers give what they do not know. A page that a
/// gateway puts in the way is none of them.
fn is_of(kind: DocumentKind, content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind {
        DocumentKind::Crl => [
            "application/pkix-crl",
            "application/x-pkcs7-crl",
            "application/pkcs7-crl",
            "application/x-x509-crl",
            "application/x-pem-file",
            "application/octet-stream",
            "binary/octet-stream",
        ]
        .contains(&essence.as_str()),
        DocumentKind::Ocsp => essence == "application/ocsp-response",
    }
}

fn body(mut response: Response<Body>, request: &Request<'_>) -> Result<Answer, FetchError> {
    let headers = response.headers();
    if text(headers, &CONTENT_ENCODING).is_some_and(|encoding| !encoding.trim().eq_ignore_ascii_case("identity")) {
        return Err(FetchError::ContentEncoding);
    }
    if headers.get(CONTENT_TYPE).is_some_and(|kind| !kind.to_str().is_ok_and(|kind| is_of(request.kind, kind))) {
        return Err(FetchError::ContentType);
    }
    let limit = request.limits.bytes;
    let announced = text(headers, &CONTENT_LENGTH).and_then(|length| length.trim().parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > limit) {
        return Err(FetchError::TooLarge { limit });
    }
    let short = |name| text(headers, name).filter(|value| value.len() <= MAXIMUM_VALIDATOR);
    let validators = Validators { entity_tag: short(&ETAG), last_modified: short(&LAST_MODIFIED) };
    let mut bytes = Vec::new();
    let mut reader = response.body_mut().as_reader().take(limit.saturating_add(1));
    reader.read_to_end(&mut bytes).map_err(|error| within_the_body(error.into()))?;
    if bytes.len() as u64 > limit {
        return Err(FetchError::TooLarge { limit });
    }
    if announced.is_some_and(|announced| announced != bytes.len() as u64) {
        return Err(FetchError::CutOff);
    }
    Ok(Answer::Document { bytes, validators })
}

fn before_the_body(error: &ureq::Error) -> FetchError {
    match error {
        ureq::Error::Timeout(timeout) => too_slow(*timeout),
        ureq::Error::HostNotFound => FetchError::HostUnknown,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => {
            FetchError::TlsRefused
        }
        ureq::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            FetchError::TlsRefused
        }
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => FetchError::TooSlow,
            ErrorKind::UnexpectedEof => FetchError::CutOff,
            _ => FetchError::NoConnection,
        },
        ureq::Error::ConnectionFailed => FetchError::NoConnection,
        _ => FetchError::Protocol,
    }
}

fn within_the_body(error: ureq::Error) -> FetchError {
    match error {
        ureq::Error::Timeout(timeout) => too_slow(timeout),
        ureq::Error::Protocol(_) => FetchError::Protocol,
        _ => FetchError::CutOff,
    }
}

fn too_slow(timeout: Timeout) -> FetchError {
    match timeout {
        Timeout::PerRead | Timeout::PerWrite => FetchError::Idle,
        Timeout::Connect | Timeout::Resolve => FetchError::NoConnection,
        _ => FetchError::TooSlow,
    }
}

/// Where a redirect leads, if we go there: the same host, HTTP, and never out of TLS.
fn followed(from: &Address, location: &str) -> Result<Address, FetchError> {
    let base = from.as_str();
    let path_begins = base.find("://").and_then(|at| base.get(at + 3..)?.find('/').map(|slash| at + 3 + slash));
    let origin = path_begins.and_then(|at| base.get(..at)).unwrap_or(base);
    let text = if location.contains(':') && !location.starts_with(['/', '?']) {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{}:{location}", from.scheme())
    } else if location.starts_with('/') {
        format!("{origin}{location}")
    } else {
        let folder = path_begins.and_then(|_| base.rsplit_once('/')).map_or(origin, |(folder, _)| folder);
        format!("{folder}/{location}")
    };
    let to = Address::parse(&text).map_err(|_| FetchError::RedirectRefused)?;
    let safe = matches!(to.scheme(), "http" | "https") && !(from.scheme() == "https" && to.scheme() == "http");
    if safe && host(&to).eq_ignore_ascii_case(host(from)) { Ok(to) } else { Err(FetchError::RedirectRefused) }
}

/// The host of an HTTP address, without its port.
fn host(address: &Address) -> &str {
    let rest = address.as_str().split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_the_host_and_within_tls() {
        let from = Address::parse("https://crl.example:8443/a/b.crl").unwrap();
        let to = |location: &str| followed(&from, location).map(|address| address.as_str().to_owned());
        assert_eq!(to("/c").as_deref(), Ok("https://crl.example:8443/c"));
        assert_eq!(to("c.crl").as_deref(), Ok("https://crl.example:8443/a/c.crl"));
        assert_eq!(to("//CRL.example/c").as_deref(), Ok("https://CRL.example/c"));
        assert_eq!(to("https://crl.example/c").as_deref(), Ok("https://crl.example/c"));
        for refused in [
            "http://crl.example/c",
            "https://other.example/c",
            "https://crl.example.other/c",
            "https://crl.example@other.example/c",
            "file:///etc/passwd",
            "ldap://crl.example/c",
            "//other.example/c",
            "https://[::1]/c",
            "",
        ] {
            if refused.is_empty() {
                continue;
            }
            assert_eq!(to(refused), Err(FetchError::RedirectRefused), "{refused}");
        }
        assert_eq!(host(&Address::parse("http://[::1]:80/x").unwrap()), "[::1]");
    }
}
