//! Certificate revocation lists (RFC 5280 §5): one streaming pass over the bytes, no tree of entries.
//!
//! Reading takes the frame only; entries are walked when somebody asks, every one checked on the way. So a list of ten
//! million entries costs its own bytes and nothing more, and an index can be built from [`Crl::entries`] later.

use super::crl_entry::{CrlEntry, MAXIMUM_EXTENSIONS, RawExtension, Scan};
use crate::certificate::strict_der::{
    self, BIT_STRING, DerError, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE, UTC_TIME, constructed,
    primitive,
};
use crate::certificate::{
    AuthorityKeyIdentifier, Certificate, DistributionPointName, GeneralName, Name, Oid, SerialNumber, pem_blocks,
};
use crate::crypto::{self, SignatureAlgorithm, SignatureError};
use crate::reason::Reason;
use crate::time::UnixTime;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

/// Why bytes are not a revocation list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// The algorithm inside the signed part differs from the one beside the signature.
    #[error("the signature algorithm is named twice, differently")]
    AlgorithmsDiffer,
    /// Not DER, or not a list's.
    #[error("{part} is malformed: {error}")]
    Der {
        /// Which part of the list.
        part: &'static str,
        /// What is wrong.
        error: DerError,
    },
    /// Text that looks like PEM is not, or holds no list.
    #[error("the PEM text is malformed or holds no revocation list")]
    Pem,
}

impl CrlError {
    /// The reason in the catalogue.
    pub fn reason(&self) -> Reason {
        Reason::MalformedData
    }
}

fn part(part: &'static str) -> impl Fn(DerError) -> CrlError {
    move |error| CrlError::Der { part, error }
}

/// issuingDistributionPoint (RFC 5280 §5.2.5): which certificates the list speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuingDistributionPoint {
    /// Its name; JPKI: one directoryName per municipality.
    pub name: Option<DistributionPointName>,
    /// Only certificates of holders.
    pub only_user_certificates: bool,
    /// Only certificates of CAs.
    pub only_ca_certificates: bool,
    /// Only these reasons, as the bits of ReasonFlags.
    pub only_some_reasons: Option<u16>,
    /// Entries may be of other issuers.
    pub indirect: bool,
    /// Only attribute certificates.
    pub only_attribute_certificates: bool,
}

/// A revocation list: its bytes and the fields around its entries.
#[derive(Clone)]
pub struct Crl {
    der: Vec<u8>,
    tbs: Range<usize>,
    entries: Range<usize>,
    signature: Range<usize>,
    signature_algorithm: Oid,
    version: u8,
    issuer: Name,
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    authority_key_identifier: Option<AuthorityKeyIdentifier>,
    issuing_distribution_point: Option<IssuingDistributionPoint>,
    number: Option<Vec<u8>>,
    base_number: Option<Vec<u8>>,
    unknown_critical: bool,
    /// A key, as SubjectPublicKeyInfo, under which the signature was found good. Neither changes, so it stays good: a server asks
    /// the same list again for everybody who comes.
    good_under: OnceLock<Box<[u8]>>,
}

impl Crl {
    /// Reads the frame of a DER list. Entries are looked at when they are asked for.
    ///
    /// # Errors
    /// [`CrlError`] when it is not one.
    pub fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        Self::from_owned_der(der.to_vec())
    }

    /// The same without a second copy of the bytes: lists of hundreds of megabytes exist. Up to 4 GiB.
    ///
    /// # Errors
    /// [`CrlError`] when they are not a list.
    pub fn from_owned_der(bytes: Vec<u8>) -> Result<Self, CrlError> {
        let der = bytes.as_slice();
        let mut list = Reader::new(strict_der::only(der, SEQUENCE).map_err(part("list"))?);
        let tbs = list.expect_element(SEQUENCE).map_err(part("list"))?;
        let outer_algorithm = list.expect(SEQUENCE).map_err(part("signature algorithm"))?;
        let signature = list.expect(BIT_STRING).and_then(strict_der::octets_of_bits).map_err(part("signature"))?;
        list.finish().map_err(part("list"))?;
        let frame = Frame::read(tbs.content).map_err(part("list"))?;
        if frame.algorithm != outer_algorithm {
            return Err(CrlError::AlgorithmsDiffer);
        }
        let extensions = frame.extensions.map(CrlExtensions::read).transpose().map_err(part("extensions"))?;
        let extensions = extensions.unwrap_or_default();
        let range = |slice: &[u8]| {
            let start = (slice.as_ptr() as usize).saturating_sub(der.as_ptr() as usize);
            start..start.saturating_add(slice.len())
        };
        Ok(Self {
            tbs: range(tbs.whole),
            entries: frame.entries.map_or(0..0, range),
            signature: range(signature),
            signature_algorithm: Reader::new(outer_algorithm)
                .expect(OBJECT_IDENTIFIER)
                .and_then(Oid::from_content)
                .map_err(part("signature algorithm"))?,
            version: frame.version,
            issuer: Name::from_der(frame.issuer).map_err(part("issuer"))?,
            this_update: frame.this_update,
            next_update: frame.next_update,
            authority_key_identifier: extensions.authority_key_identifier,
            issuing_distribution_point: extensions.issuing_distribution_point,
            number: extensions.number,
            base_number: extensions.base_number,
            unknown_critical: extensions.unknown_critical,
            good_under: OnceLock::new(),
            der: bytes,
        })
    }

    /// Reads a file that is one DER list, or PEM text with one or more.
    ///
    /// # Errors
    /// [`CrlError`], for the first that cannot be read.
    pub fn from_der_or_pem(bytes: &[u8]) -> Result<Vec<Self>, CrlError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("-----BEGIN "));
        let Some(text) = text else { return Self::from_der(bytes).map(|list| vec![list]) };
        let lists: Vec<Self> = pem_blocks(text, "X509 CRL")
            .map(|block| Self::from_der(&block.ok_or(CrlError::Pem)?))
            .collect::<Result<_, _>>()?;
        if lists.is_empty() { Err(CrlError::Pem) } else { Ok(lists) }
    }

    /// Every byte, as it came.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Version: 2 for every list with extensions.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// When it was made.
    pub fn this_update(&self) -> UnixTime {
        self.this_update
    }

    /// By when the next one is there; RFC 5280 demands it.
    pub fn next_update(&self) -> Option<UnixTime> {
        self.next_update
    }

    /// The key identifier it names as its signer's.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.authority_key_identifier.as_ref().and_then(|named| named.key_identifier.as_deref())
    }

    /// Whether this may be its issuer's certificate, by name and by the key it names: generations of a CA share the name.
    pub(super) fn may_be_by(&self, issuer: &Certificate) -> bool {
        self.issuer == *issuer.subject()
            && self.authority_key_identifier.as_ref().is_none_or(|named| named.may_mean(issuer))
    }

    /// Which certificates it speaks of; all of its issuer's when absent.
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.issuing_distribution_point.as_ref()
    }

    /// Whether it only tells changes against another list.
    pub fn is_delta(&self) -> bool {
        self.base_number.is_some()
    }

    /// cRLNumber (RFC 5280 §5.2.3): octets, the highest first, without leading zeros.
    pub fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    /// BaseCRLNumber of a list of changes (RFC 5280 §5.2.4), in the same form.
    pub fn base_number(&self) -> Option<&[u8]> {
        self.base_number.as_deref()
    }

    /// Whether a critical extension is unknown: nothing it says may then be used (RFC 5280 §5.2).
    pub fn has_unknown_critical_extension(&self) -> bool {
        self.unknown_critical
    }

    /// Checks the signature with a key given as SubjectPublicKeyInfo. Found good, it is not computed again for this key.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_signature(&self, spki_der: &[u8]) -> Result<(), SignatureError> {
        if self.good_under.get().is_some_and(|key| **key == *spki_der) {
            return Ok(());
        }
        let algorithm = const_oid::ObjectIdentifier::from_bytes(self.signature_algorithm.as_bytes()).ok();
        let algorithm =
            algorithm.and_then(|oid| SignatureAlgorithm::from_oid(&oid)).ok_or(SignatureError::AlgorithmNotAllowed)?;
        let bytes = |range: &Range<usize>| self.der.get(range.clone()).unwrap_or_default();
        crypto::verify(spki_der, algorithm, bytes(&self.tbs), bytes(&self.signature))?;
        // Where another key was first, that one stays; this is computed again then.
        let _ = self.good_under.set(spki_der.into());
        Ok(())
    }

    /// Its entries as they stand in the list, one after another.
    pub(super) fn entry_bytes(&self) -> &[u8] {
        self.der.get(self.entries.clone()).unwrap_or_default()
    }

    /// Its entries one after another, each checked; an error ends the walk.
    pub fn entries(&self) -> impl Iterator<Item = Result<CrlEntry<'_>, CrlError>> {
        let mut reader = Reader::new(self.entry_bytes());
        let mut broken = false;
        std::iter::from_fn(move || {
            if broken || reader.is_empty() {
                return None;
            }
            let entry = CrlEntry::read(&mut reader).map_err(part("entry"));
            broken = entry.is_err();
            Some(entry)
        })
    }

    /// One walk over all entries: what they say of `serial` of this list's own issuer, and whether any of them forbids using
    /// the list.
    ///
    /// # Errors
    /// [`CrlError`] when an entry is malformed.
    pub fn scan(&self, serial: &SerialNumber) -> Result<Scan, CrlError> {
        self.scan_of(&self.issuer, serial)
    }

    /// The same of `serial` of another issuer: an indirect list speaks of several (RFC 5280 §5.3.3).
    ///
    /// # Errors
    /// [`CrlError`] when an entry is malformed.
    pub fn scan_of(&self, issuer: &Name, serial: &SerialNumber) -> Result<Scan, CrlError> {
        let mut scan = Scan::default();
        // An entry without an issuer is of the issuer of the entry before it, the first one of the list's.
        let mut ours = *issuer == self.issuer;
        let mut named: &[u8] = &[];
        for entry in self.entries() {
            let entry = entry?;
            scan.unknown_critical |= entry.unknown_critical;
            if let Some(names) = entry.certificate_issuer {
                scan.names_issuers = true;
                if names != named {
                    let names = strict_der::only(names, SEQUENCE).and_then(GeneralName::read_all);
                    ours = names.map_err(part("entry"))?.contains(&GeneralName::Directory(issuer.clone()));
                }
                named = names;
            }
            // The first entry counts: a CA that lists one certificate twice has revoked it by then.
            if ours && entry.serial == serial.expose_bytes() && scan.found.is_none() {
                scan.found = Some((entry.revoked_at, entry.reason));
            }
        }
        Ok(scan)
    }
}

/// Times and size only: an issuer is public, but a list tells of people.
impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({} bytes, {} to {:?})", self.der.len(), self.this_update, self.next_update)
    }
}

/// Most names of an issuing distribution point: each is compared with those of a certificate.
const MAXIMUM_NAMES: usize = 256;

// Content octets of 2.5.29.*.
const CRL_NUMBER: &[u8] = &[0x55, 0x1D, 20];
const DELTA_CRL_INDICATOR: &[u8] = &[0x55, 0x1D, 27];
const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1D, 28];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 35];

/// TBSCertList without its entries.
struct Frame<'a> {
    version: u8,
    algorithm: &'a [u8],
    issuer: &'a [u8],
    this_update: UnixTime,
    next_update: Option<UnixTime>,
    entries: Option<&'a [u8]>,
    extensions: Option<&'a [u8]>,
}

impl<'a> Frame<'a> {
    fn read(content: &'a [u8]) -> Result<Self, DerError> {
        let mut tbs = Reader::new(content);
        let version = match tbs.optional(INTEGER)? {
            None => 1,
            Some([1]) => 2,
            Some(_) => return Err(DerError::Value("version")),
        };
        let algorithm = tbs.expect(SEQUENCE)?;
        let issuer = tbs.expect_element(SEQUENCE)?.whole;
        let this = tbs.element()?;
        let this_update = strict_der::time(this.tag, this.content)?;
        let next_update = match tbs.peek() {
            Some(tag @ (UTC_TIME | GENERALIZED_TIME)) => Some(strict_der::time(tag, tbs.expect(tag)?)?),
            _ => None,
        };
        let entries = tbs.optional(SEQUENCE)?;
        let extensions = tbs.optional(constructed(0))?;
        tbs.finish()?;
        if version == 1 && extensions.is_some() {
            return Err(DerError::Value("version"));
        }
        Ok(Self { version, algorithm, issuer, this_update, next_update, entries, extensions })
    }
}

#[derive(Default)]
struct CrlExtensions {
    authority_key_identifier: Option<AuthorityKeyIdentifier>,
    issuing_distribution_point: Option<IssuingDistributionPoint>,
    number: Option<Vec<u8>>,
    base_number: Option<Vec<u8>>,
    unknown_critical: bool,
}

/// A cRLNumber as it is compared: not negative, without leading zeros.
fn number(value: &[u8]) -> Result<Vec<u8>, DerError> {
    match strict_der::integer(strict_der::only(value, INTEGER)?)? {
        [first, ..] if first & 0x80 != 0 => Err(DerError::Value("number of a list")),
        [0, rest @ ..] => Ok(rest.to_vec()),
        digits => Ok(digits.to_vec()),
    }
}

impl CrlExtensions {
    fn read(content: &[u8]) -> Result<Self, DerError> {
        let mut reader = Reader::new(strict_der::only(content, SEQUENCE)?);
        let mut read = Self::default();
        let mut seen: Vec<&[u8]> = Vec::new();
        while !reader.is_empty() {
            let extension = RawExtension::read(&mut reader)?;
            if seen.contains(&extension.oid) {
                return Err(DerError::Value("list of extensions (one stands twice)"));
            }
            if seen.len() >= MAXIMUM_EXTENSIONS {
                return Err(DerError::Value("list of more than 64 extensions"));
            }
            seen.push(extension.oid);
            match extension.oid {
                AUTHORITY_KEY_IDENTIFIER => {
                    read.authority_key_identifier = Some(AuthorityKeyIdentifier::read(extension.value)?);
                }
                ISSUING_DISTRIBUTION_POINT => {
                    read.issuing_distribution_point = Some(issuing_distribution_point(extension.value)?);
                }
                DELTA_CRL_INDICATOR => read.base_number = Some(number(extension.value)?),
                CRL_NUMBER => read.number = Some(number(extension.value)?),
                _ => read.unknown_critical |= extension.critical,
            }
        }
        Ok(read)
    }
}

fn issuing_distribution_point(value: &[u8]) -> Result<IssuingDistributionPoint, DerError> {
    let mut fields = Reader::new(strict_der::only(value, SEQUENCE)?);
    let name = fields.optional(constructed(0))?.map(DistributionPointName::read).transpose()?;
    if matches!(&name, Some(DistributionPointName::Full(names)) if names.len() > MAXIMUM_NAMES) {
        return Err(DerError::Value("distribution point of more than 256 names"));
    }
    let flag = |fields: &mut Reader<'_>, number| {
        fields.optional(primitive(number))?.map(strict_der::boolean).transpose().map(Option::unwrap_or_default)
    };
    let point = IssuingDistributionPoint {
        name,
        only_user_certificates: flag(&mut fields, 1)?,
        only_ca_certificates: flag(&mut fields, 2)?,
        only_some_reasons: fields.optional(primitive(3))?.map(strict_der::named_bits).transpose()?,
        indirect: flag(&mut fields, 4)?,
        only_attribute_certificates: flag(&mut fields, 5)?,
    };
    fields.finish()?;
    Ok(point)
}
