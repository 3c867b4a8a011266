//! Where a document is, and how the address follows from a certificate's distribution point.

use crate::certificate::{DistributionPointName, GeneralName, Name};
use crate::crypto;
use crate::validation::RevocationQuery;
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

/// Most distribution points of one certificate that are looked at.
const MAXIMUM_POINTS: usize = 8;

/// Why a text is no address, or no rule for addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It does not begin with a scheme and a colon.
    #[error("an address begins with its scheme, such as https: or file:")]
    Scheme,
    /// A character that has no place in an address.
    #[error("an address has no spaces, control characters or fragments")]
    Character,
    /// There is no host, or something beside it that would end up in logs.
    #[error("an address names a host, without user name and password")]
    Host,
    /// A path that does not begin at the root.
    #[error("the address of a file is written file:///and/its/path")]
    Path,
    /// A placeholder nobody knows.
    #[error("a placeholder is unknown ({{CN}}, {{OU}}, {{L}}, {{ST}}, {{O}}, {{C}} and {{sha256}} exist)")]
    Placeholder,
    /// A name that cannot be read.
    #[error("a name of a distribution point is written C=JP, O=…, CN=…")]
    Name,
}

/// An absolute address. `Debug` tells its scheme only: the rest may name the municipality a person lives in.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    text: String,
    scheme: usize,
}

impl Address {
    /// Reads `https://host/path`, `file:///path` or an address of another scheme.
    ///
    /// # Errors
    /// [`AddressError`]
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let scheme = text.find(':').ok_or(AddressError::Scheme)?;
        let (name, rest) = text.split_at(scheme);
        let first = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !first || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            return Err(AddressError::Scheme);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['#', '"', '<', '>', '\\', '^', '`']) {
            return Err(AddressError::Character);
        }
        let name = name.to_ascii_lowercase();
        let rest = rest.get(1..).unwrap_or_default();
        match name.as_str() {
            "http" | "https" => {
                let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next());
                if authority.is_none_or(|host| host.is_empty() || host.starts_with(':') || host.contains('@')) {
                    return Err(AddressError::Host);
                }
            }
            "file" if !rest.starts_with("///") => return Err(AddressError::Path),
            _ => {}
        }
        Ok(Self { text: format!("{name}:{rest}"), scheme })
    }

    /// The scheme, in lower case.
    pub fn scheme(&self) -> &str {
        self.text.get(..self.scheme).unwrap_or_default()
    }

    /// All of it, for the one who opens it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path of a file, its escapes resolved; `None` for other schemes.
    pub fn path(&self) -> Option<PathBuf> {
        let path = self.text.strip_prefix("file://")?;
        let mut bytes = Vec::with_capacity(path.len());
        let mut rest = path.as_bytes();
        while let [first, tail @ ..] = rest {
            let escaped = match (first, tail) {
                (b'%', [high, low, ..]) => {
                    std::str::from_utf8(&[*high, *low]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
                }
                _ => None,
            };
            bytes.push(escaped.unwrap_or(*first));
            rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
        }
        (!bytes.contains(&0)).then(|| String::from_utf8(bytes).ok().map(PathBuf::from))?
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}:…, redacted)", self.scheme())
    }
}

/// How addresses follow from distribution points: some by a table, the others by a pattern such as
/// `https://operator.example/{OU}/{CN}.crl`.
#[derive(Clone, Default)]
pub struct AddressRule {
    pattern: Option<Pattern>,
    by_name: HashMap<[u8; 32], Address>,
    by_uri: HashMap<String, Address>,
}

#[derive(Clone)]
enum Pattern {
    Fixed(Address),
    /// Text and placeholders in turn, text first.
    Varying(Vec<(String, Option<Placeholder>)>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Placeholder {
    Attribute(&'static str),
    Digest,
}

impl AddressRule {
    /// A rule without any address.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a pattern for everything the table does not have. `{CN}` and its like stand for the last attribute of
    /// that type in the name of the distribution point, `{sha256}` for the digest of its DER in hex.
    ///
    /// # Errors
    /// [`AddressError`]
    pub fn with_pattern(mut self, pattern: &str) -> Result<Self, AddressError> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((text, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(AddressError::Placeholder)?;
            let known = ["CN", "OU", "L", "ST", "O", "C"].into_iter().find(|known| *known == name);
            let placeholder = match known {
                Some(known) => Placeholder::Attribute(known),
                None if name == "sha256" => Placeholder::Digest,
                None => return Err(AddressError::Placeholder),
            };
            parts.push((text.to_owned(), Some(placeholder)));
            rest = after;
        }
        self.pattern = Some(if parts.is_empty() {
            Pattern::Fixed(Address::parse(rest)?)
        } else {
            parts.push((rest.to_owned(), None));
            // The frame must be an address whatever is put in, and the host is nothing a certificate may say.
            let frame: String = parts.iter().map(|(text, hole)| text.clone() + hole.map_or("", |_| "x")).collect();
            let address = Address::parse(&frame)?;
            let first = parts.first().map(|(text, _)| text.as_str()).unwrap_or_default();
            let before_host = matches!(address.scheme(), "http" | "https")
                && first.split_once("://").is_none_or(|(_, rest)| !rest.contains('/'));
            if before_host || first.len() <= address.scheme().len() {
                return Err(AddressError::Host);
            }
            Pattern::Varying(parts)
        });
        Ok(self)
    }

    /// The same with the address of one distribution point: a name written `C=JP, O=…, CN=…`, or a URI as it stands in
    /// certificates. A name is compared as a name, never as text.
    ///
    /// # Errors
    /// [`AddressError`]
    pub fn with_point(mut self, point: &str, address: &str) -> Result<Self, AddressError> {
        let address = Address::parse(address)?;
        if point.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('=')) {
            self.by_uri.insert(point.to_owned(), address);
        } else {
            let name = Name::from_text(point).map_err(|_| AddressError::Name)?;
            self.by_name.insert(name.comparison_key(), address);
        }
        Ok(self)
    }

    /// The addresses of the lists that a certificate points to.
    pub fn addresses(&self, query: &RevocationQuery<'_>) -> Vec<Address> {
        let mut found: Vec<Address> = Vec::new();
        for point in query.distribution_points.iter().take(MAXIMUM_POINTS) {
            let names = match &point.name {
                Some(name @ DistributionPointName::RelativeToIssuer(_)) => {
                    let base = match point.crl_issuer.as_slice() {
                        [GeneralName::Directory(other)] => other,
                        _ => query.issuer.subject(),
                    };
                    name.resolve(base).unwrap_or_default().into_owned()
                }
                Some(DistributionPointName::Full(names)) => names.clone(),
                None => point.crl_issuer.clone(),
            };
            found.extend(names.iter().find_map(|name| self.address_of(name)));
        }
        if let (true, Some(Pattern::Fixed(address))) = (found.is_empty(), &self.pattern) {
            found.push(address.clone());
        }
        let mut distinct: Vec<Address> = Vec::with_capacity(found.len());
        for address in found {
            if !distinct.contains(&address) {
                distinct.push(address);
            }
        }
        distinct
    }

    /// The address that does not depend on a distribution point: a responder's.
    pub fn fixed(&self) -> Option<&Address> {
        match &self.pattern {
            Some(Pattern::Fixed(address)) => Some(address),
            _ => None,
        }
    }

    /// Whether there is no address in it at all.
    pub fn is_empty(&self) -> bool {
        self.pattern.is_none() && self.by_name.is_empty() && self.by_uri.is_empty()
    }

    fn address_of(&self, name: &GeneralName) -> Option<Address> {
        match name {
            GeneralName::Directory(name) => self.by_name.get(&name.comparison_key()).cloned().or_else(|| {
                let Some(Pattern::Varying(parts)) = &self.pattern else { return None };
                expand(parts, name)
            }),
            GeneralName::Uri(uri) => self.by_uri.get(uri).cloned(),
            _ => None,
        }
    }
}

impl fmt::Debug for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.by_name.len() + self.by_uri.len();
        write!(f, "AddressRule({} addresses by name, a pattern: {})", table, self.pattern.is_some())
    }
}

fn expand(parts: &[(String, Option<Placeholder>)], name: &Name) -> Option<Address> {
    let mut text = String::new();
    for (before, placeholder) in parts {
        text.push_str(before);
        match placeholder {
            Some(Placeholder::Attribute(kind)) => push_escaped(&mut text, name.values(kind).last()?)?,
            // A name that never stood anywhere as bytes has no digest.
            Some(Placeholder::Digest) if name.der().is_empty() => return None,
            Some(Placeholder::Digest) => text.push_str(&hex::encode(crypto::sha256(name.der()))),
            None => {}
        }
    }
    Address::parse(&text).ok()
}

/// What a certificate says, as one segment of a path: it must not lead anywhere else.
fn push_escaped(text: &mut String, value: &str) -> Option<()> {
    // A backslash is an escape of what could deceive (`certificate::Name`); such a name belongs into the table.
    if value.is_empty() || value.starts_with('.') || value.contains(['/', '\\']) {
        return None;
    }
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(())
}
