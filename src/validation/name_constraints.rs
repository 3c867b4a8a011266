//! Name constraints (RFC 5280 §4.2.1.10): processed or refused, never ignored.

use super::path::PathFailure;
use crate::certificate::{Certificate, GeneralName, NameConstraints};

/// Most comparisons one path may cost: constraints times names is quadratic.
const COMPARISON_BUDGET: usize = 250_000;

/// permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.2 (b), (c).
pub(super) struct ConstraintState<'a> {
    /// One list per certificate that constrained: a name must satisfy every list that speaks of its form.
    permitted: Vec<&'a [GeneralName]>,
    excluded: Vec<&'a [GeneralName]>,
    budget: usize,
}

impl Default for ConstraintState<'_> {
    fn default() -> Self {
        Self { permitted: Vec::new(), excluded: Vec::new(), budget: COMPARISON_BUDGET }
    }
}

impl<'a> ConstraintState<'a> {
    /// §6.1.4 (g)
    pub(super) fn add(&mut self, constraints: Option<&'a NameConstraints>) -> Result<(), PathFailure> {
        if let Some(constraints) = constraints {
            // §4.2.1.10: an extension that constrains nothing must not be issued.
            if constraints.permitted.is_empty() && constraints.excluded.is_empty() {
                return Err(PathFailure::NameConstraintViolated);
            }
            self.permitted.push(&constraints.permitted);
            self.excluded.push(&constraints.excluded);
        }
        Ok(())
    }

    /// §6.1.3 (b), (c): subject and alternative names.
    pub(super) fn check(&mut self, certificate: &Certificate) -> Result<(), PathFailure> {
        if self.permitted.is_empty() {
            return Ok(());
        }
        let subject = certificate.subject();
        if !subject.is_empty() {
            self.check_name(&GeneralName::Directory(subject.clone()))?;
        }
        let alternatives = &certificate.extensions().subject_alternative_names;
        for name in alternatives {
            self.check_name(name)?;
        }
        // Addresses in the subject count where the extension has none.
        if !alternatives.iter().any(|name| matches!(name, GeneralName::Rfc822(_))) {
            for address in subject.values("emailAddress") {
                self.check_name(&GeneralName::Rfc822(address.to_owned()))?;
            }
        }
        Ok(())
    }

    fn check_name(&mut self, name: &GeneralName) -> Result<(), PathFailure> {
        let comparisons: usize = self.permitted.iter().chain(&self.excluded).map(|list| list.len()).sum();
        self.budget = self.budget.checked_sub(comparisons).ok_or(PathFailure::WorkLimit)?;
        let allowed = self.permitted.iter().all(|list| {
            let mut same_form = list.iter().filter(|base| form(base) == form(name)).peekable();
            // What cannot be compared is not permitted.
            same_form.peek().is_none() || same_form.any(|base| lies_within(name, base) == Some(true))
        });
        let excluded = self.excluded.iter().copied().flatten().any(|base| {
            // What cannot be compared may be excluded.
            form(base) == form(name) && (lies_within(name, base) != Some(false) || wildcard_reaches(name, base))
        });
        if allowed && !excluded { Ok(()) } else { Err(PathFailure::NameConstraintViolated) }
    }
}

/// A number per form of name.
fn form(name: &GeneralName) -> u8 {
    match name {
        GeneralName::Other(..) => 0,
        GeneralName::Rfc822(_) => 1,
        GeneralName::Dns(_) => 2,
        GeneralName::Directory(_) => 4,
        GeneralName::Uri(_) => 6,
        GeneralName::IpAddress(_) => 7,
        GeneralName::RegisteredId(_) => 8,
        GeneralName::Unsupported(tag, _) => 16 + tag,
    }
}

/// Whether `name` lies in the subtree of `base`, both of one form; `None` when that form cannot be compared.
fn lies_within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => Some(name.is_within(base)),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => {
            // Unlike those of mailboxes, a base of dNSName never begins with a period.
            (is_host(name) && (base.is_empty() || is_host(base))).then(|| host_within(name, base))
        }
        (GeneralName::Rfc822(name), GeneralName::Rfc822(base)) => mailbox_within(name, base),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => {
            let host = uri_host(name)?;
            Some(match base.strip_prefix('.') {
                Some(domain) => host_within(host, domain) && !host.eq_ignore_ascii_case(domain),
                None => host.eq_ignore_ascii_case(base),
            })
        }
        (GeneralName::IpAddress(name), GeneralName::IpAddress(base)) => {
            let (network, mask) = base.split_at_checked(base.len() / 2)?;
            if !matches!(base.len(), 8 | 32) || !matches!(name.len(), 4 | 16) {
                return None;
            }
            let inside =
                network.iter().zip(mask).zip(name).all(|((network, mask), octet)| network & mask == octet & mask);
            Some(name.len() == network.len() && inside)
        }
        _ => None,
    }
}

/// Whether `host` is `domain` or below it; every host is below the empty domain.
fn host_within(host: &str, domain: &str) -> bool {
    let split = host.len().checked_sub(domain.len()).and_then(|at| host.split_at_checked(at));
    let Some((front, tail)) = split else { return false };
    tail.eq_ignore_ascii_case(domain) && (domain.is_empty() || front.is_empty() || front.ends_with('.'))
}

/// Whether a wildcard stands for a host that is excluded: `*.example.com` for `www.example.com` (RFC 9525 §6.3). RFC 5280 does
/// not know wildcards; taking one for an ordinary label would let it around the exclusion.
fn wildcard_reaches(name: &GeneralName, base: &GeneralName) -> bool {
    match (name, base) {
        (GeneralName::Dns(name), GeneralName::Dns(base)) => name
            .strip_prefix("*.")
            .zip(base.split_once('.'))
            .is_some_and(|(domain, (_, above))| domain.eq_ignore_ascii_case(above)),
        _ => false,
    }
}

/// Whether a dNSName is one: the preferred syntax of RFC 1034 §3.5 (RFC 5280 §4.2.1.6) with a wildcard in front, and no address.
pub(super) fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let host = name.strip_prefix("*.").unwrap_or(name);
    host.len() <= 253 && host.split('.').all(label) && host.parse::<std::net::Ipv4Addr>().is_err()
}

fn mailbox_within(name: &str, base: &str) -> Option<bool> {
    let (local, host) = name.rsplit_once('@')?;
    // RFC 5321 §4.1.2: only a quoted local part holds another `@` or a space.
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    if local.is_empty()
        || !(quoted || local.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@'))
        || !is_host(host)
    {
        return None;
    }
    Some(match (base.rsplit_once('@'), base.strip_prefix('.')) {
        // The local part is compared exactly (RFC 5280 §7.5).
        (Some((base_local, base_host)), _) => local == base_local && host.eq_ignore_ascii_case(base_host),
        (None, Some(domain)) => host_within(host, domain) && !host.eq_ignore_ascii_case(domain),
        (None, None) => base.is_empty() || host.eq_ignore_ascii_case(base),
    })
}

/// The host of a URI with an authority; `None` where there is none, or only an address.
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host_and_port.split(':').next()?;
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    (!host.is_empty() && !is_address).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtrees_are_those_of_the_standard() {
        // RFC 5280 §4.2.1.10
        let dns = |name: &str, base: &str| lies_within(&GeneralName::Dns(name.into()), &GeneralName::Dns(base.into()));
        assert_eq!(dns("www.Host.example.com", "host.example.com"), Some(true));
        assert_eq!(dns("host1.example.com", "host.example.com"), Some(false));
        assert_eq!(dns("badexample.com", "example.com"), Some(false));
        assert_eq!(dns("*.example.com", "example.com"), Some(true));
        for malformed in
            ["", ".", ".example.com", "example.com.", "a..example.com", "-a.example.com", "a b.example.com"]
        {
            assert_eq!(dns(malformed, "example.com"), None, "{malformed}");
        }
        let reaches =
            |name: &str, base: &str| wildcard_reaches(&GeneralName::Dns(name.into()), &GeneralName::Dns(base.into()));
        assert_eq!(dns("www.example.com", ".example.com"), None, "a base with a period");
        assert!(reaches("*.example.com", "BAR.example.com"));
        assert!(!reaches("*.example.com", "x.bar.example.com") && !reaches("*.example.com", "other.org"));
        let mail =
            |name: &str, base: &str| lies_within(&GeneralName::Rfc822(name.into()), &GeneralName::Rfc822(base.into()));
        assert_eq!(mail("a@example.com", "example.com"), Some(true));
        assert_eq!(mail("a@x.example.com", "example.com"), Some(false));
        assert_eq!(mail("a@x.example.com", ".example.com"), Some(true));
        assert_eq!(mail("a@example.com", ".example.com"), Some(false));
        assert_eq!(mail("A@example.com", "a@example.com"), Some(false));
        for malformed in ["nobody", "@example.com", "a@b@example.com", "a@", "a@.example.com"] {
            assert_eq!(mail(malformed, "example.com"), None, "{malformed}");
        }
        let uri = |name: &str, base: &str| lies_within(&GeneralName::Uri(name.into()), &GeneralName::Uri(base.into()));
        assert_eq!(uri("http://u@a.example.com:80/x", ".example.com"), Some(true));
        assert_eq!(uri("http://example.com/", ".example.com"), Some(false));
        assert_eq!(uri("http://example.com/", "example.com"), Some(true));
        assert_eq!(uri("http://192.0.2.1/", "example.com"), None);
        assert_eq!(uri("urn:x", "example.com"), None);
        let ip = |name: &[u8], base: &[u8]| {
            lies_within(&GeneralName::IpAddress(name.into()), &GeneralName::IpAddress(base.into()))
        };
        assert_eq!(ip(&[192, 0, 2, 9], &[192, 0, 2, 0, 255, 255, 255, 0]), Some(true));
        assert_eq!(ip(&[192, 0, 3, 9], &[192, 0, 2, 0, 255, 255, 255, 0]), Some(false));
        assert_eq!(ip(&[0; 16], &[192, 0, 2, 0, 255, 255, 255, 0]), Some(false));
    }
}
