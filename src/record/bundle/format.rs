//! The frame of docs/evidence-bundle.md: header, manifest, parts, and which of them was changed.

use super::error::BundleError;
use crate::crypto::sha256;
use serde::{Deserialize, Serialize};

const MAGIC: &str = "honnin-evidence/";
const MARK: &str = " 内部限り(公的個人認証法第52条) ";
const DIGEST_DIGITS: usize = 64;
const MAXIMUM_MANIFEST_BYTES: usize = 64 * 1024;
const MAXIMUM_PARTS: usize = 128;

/// Largest bundle that is read or written, in bytes.
pub const MAXIMUM_BUNDLE_BYTES: usize = 128 * 1024 * 1024;

/// The version of docs/evidence-bundle.md that is written and read.
const VERSION: u32 = 2;

/// One part: its name and its bytes.
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) bytes: &'a [u8],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    parts: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    media_type: String,
    length: usize,
    sha256: String,
}

/// The media type that goes with a part's name.
pub(super) fn media_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "case.json" | "checks.json" => "application/json",
        "policy.toml" => "application/toml",
        "statement.txt" => "text/vnd.honnin.statement",
        "proof.p7m" => "application/cms",
        _ => match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("cer") => "application/pkix-cert",
            Some("crl") => "application/pkix-crl",
            Some("ors") => "application/ocsp-response",
            Some("tsr") => "application/timestamp-token",
            _ => return None,
        },
    })
}

/// Most bytes of the part of this name.
fn limit(name: &str) -> usize {
    match name {
        "policy.toml" => 1024 * 1024,
        "proof.p7m" => 4 * 1024 * 1024,
        _ if name.starts_with("revocation/") => MAXIMUM_BUNDLE_BYTES,
        _ => 64 * 1024,
    }
}

/// The file, and the digest of the bundle.
pub(super) fn write(parts: &[Part<'_>]) -> Result<(Vec<u8>, [u8; 32]), BundleError> {
    if parts.len() > MAXIMUM_PARTS {
        return Err(BundleError::TooLarge { part: "manifest".to_owned() });
    }
    let mut entries = Vec::with_capacity(parts.len());
    for part in parts {
        if part.bytes.len() > limit(&part.name) {
            return Err(BundleError::TooLarge { part: part.name.clone() });
        }
        entries.push(Entry {
            media_type: media_type(&part.name).ok_or_else(|| BundleError::malformed("manifest", "a name"))?.to_owned(),
            name: part.name.clone(),
            length: part.bytes.len(),
            sha256: hex::encode(sha256(part.bytes)),
        });
    }
    let manifest = serde_json::to_vec(&Manifest { parts: entries });
    let mut rest = manifest.map_err(|_| BundleError::malformed("manifest", "JSON"))?;
    rest.push(b'\n');
    let of_manifest = sha256(&rest);
    parts.iter().for_each(|part| rest.extend_from_slice(part.bytes));
    if rest.len() > MAXIMUM_BUNDLE_BYTES {
        return Err(BundleError::TooLarge { part: "bundle".to_owned() });
    }
    let digest = sha256(&rest);
    let mut file = format!("{MAGIC}{VERSION}{MARK}{} {}\n", hex::encode(of_manifest), hex::encode(digest)).into_bytes();
    file.append(&mut rest);
    Ok((file, digest))
}

/// A file all of whose bytes agree with its digests.
pub(super) struct Read<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// The digest of the bundle.
    pub(super) digest: [u8; 32],
}

/// Reads a file.
pub(super) fn read(file: &[u8]) -> Result<Read<'_>, BundleError> {
    if file.len() > MAXIMUM_BUNDLE_BYTES.saturating_add(1024) {
        return Err(BundleError::TooLarge { part: "bundle".to_owned() });
    }
    let changed = |part: &str| BundleError::Changed { part: part.to_owned() };
    let Header { of_manifest, of_all, rest } = header(file)?;
    let is_all = sha256(rest) == of_all;
    let line = rest.iter().take(MAXIMUM_MANIFEST_BYTES).position(|byte| *byte == b'\n');
    let Some((line, parts)) = line.and_then(|at| rest.split_at_checked(at.saturating_add(1))) else {
        return Err(changed("manifest"));
    };
    if sha256(line) != of_manifest {
        // Everything behind the header agrees with the other digest: then it is this one that was changed.
        return Err(changed(if is_all { "header" } else { "manifest" }));
    }
    let parts = split(line, parts, |_| true)?;
    if is_all { Ok(Read { parts, digest: of_all }) } else { Err(changed("header")) }
}

/// The parts that stand before everything that speaks of revocation, out of the beginning of a file: each agrees with its own
/// digest. What comes behind is not looked at, so the bundle as a whole is not vouched for.
pub(super) fn read_beginning(beginning: &[u8]) -> Result<Vec<Part<'_>>, BundleError> {
    let changed = |part: &str| BundleError::Changed { part: part.to_owned() };
    let Header { of_manifest, rest, .. } = header(beginning)?;
    let line = rest.iter().take(MAXIMUM_MANIFEST_BYTES).position(|byte| *byte == b'\n');
    let Some((line, parts)) = line.and_then(|at| rest.split_at_checked(at.saturating_add(1))) else {
        return Err(changed("manifest"));
    };
    if sha256(line) != of_manifest {
        return Err(changed("manifest"));
    }
    split(line, parts, |name| !name.starts_with("revocation/") && !name.starts_with("time-stamps/"))
}

struct Header<'a> {
    of_manifest: [u8; 32],
    of_all: [u8; 32],
    rest: &'a [u8],
}

/// The first line. Of another version nothing more is known than that it is one.
fn header(file: &[u8]) -> Result<Header<'_>, BundleError> {
    let changed = || BundleError::Changed { part: "header".to_owned() };
    let behind = file.strip_prefix(MAGIC.as_bytes()).ok_or_else(changed)?;
    let end = behind.iter().position(|byte| !byte.is_ascii_digit()).ok_or_else(changed)?;
    let (number, rest) = behind.split_at_checked(end).ok_or_else(changed)?;
    let rest = rest.strip_prefix(MARK.as_bytes()).ok_or_else(changed)?;
    let number = std::str::from_utf8(number).ok().filter(|digits| !digits.starts_with('0'));
    let found = number.and_then(|digits| digits.parse().ok()).ok_or_else(changed)?;
    if found != VERSION {
        return Err(BundleError::OtherVersion { found, known: VERSION });
    }
    digests(rest).ok_or_else(changed)
}

fn digests(rest: &[u8]) -> Option<Header<'_>> {
    let (of_manifest, rest) = digest(rest, b' ')?;
    let (of_all, rest) = digest(rest, b'\n')?;
    Some(Header { of_manifest, of_all, rest })
}

fn digest(bytes: &[u8], end: u8) -> Option<([u8; 32], &[u8])> {
    let (digits, rest) = bytes.split_at_checked(DIGEST_DIGITS)?;
    let mut digest = [0; 32];
    hex::decode_to_slice(digits, &mut digest).ok()?;
    let is_lower = !digits.iter().any(u8::is_ascii_uppercase);
    rest.strip_prefix(&[end]).filter(|_| is_lower).map(|rest| (digest, rest))
}

/// The parts as the manifest, which is unchanged, describes them, up to the first that is not wanted.
fn split<'a>(line: &[u8], mut rest: &'a [u8], wanted: impl Fn(&str) -> bool) -> Result<Vec<Part<'a>>, BundleError> {
    let refuse = |what| BundleError::malformed("manifest", what);
    let manifest: Manifest = serde_json::from_slice(line).map_err(|_| refuse("JSON"))?;
    let mut again = serde_json::to_vec(&manifest).map_err(|_| refuse("JSON"))?;
    again.push(b'\n');
    if again != line {
        return Err(refuse("canonical form"));
    }
    if manifest.parts.len() > MAXIMUM_PARTS {
        return Err(BundleError::TooLarge { part: "manifest".to_owned() });
    }
    let mut parts = Vec::with_capacity(manifest.parts.len());
    for entry in manifest.parts {
        if !wanted(&entry.name) {
            return Ok(parts);
        }
        if media_type(&entry.name) != Some(entry.media_type.as_str()) {
            return Err(refuse("a name and its media type"));
        }
        if entry.length > limit(&entry.name) {
            return Err(BundleError::TooLarge { part: entry.name });
        }
        let Some((bytes, behind)) = rest.split_at_checked(entry.length) else {
            return Err(BundleError::Changed { part: entry.name });
        };
        if hex::encode(sha256(bytes)) != entry.sha256 {
            return Err(BundleError::Changed { part: entry.name });
        }
        rest = behind;
        parts.push(Part { name: entry.name, bytes });
    }
    if rest.is_empty() { Ok(parts) } else { Err(BundleError::Changed { part: "end".to_owned() }) }
}
