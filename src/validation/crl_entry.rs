//! The entries of a revocation list (RFC 5280 §5.3), each checked as it is read.

use crate::certificate::GeneralName;
use crate::certificate::strict_der::{
    self, BOOLEAN, DerError, ENUMERATED, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE,
    UTC_TIME,
};
use crate::time::UnixTime;
use std::fmt;

/// Why a certificate was revoked (CRLReason, RFC 5280 §5.3.1), by its X.509 name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// 0
    Unspecified,
    /// 1
    KeyCompromise,
    /// 2
    CaCompromise,
    /// 3: at JPKI, recorded data changed; moving house is the everyday case.
    AffiliationChanged,
    /// 4
    Superseded,
    /// 5
    CessationOfOperation,
    /// 6: at JPKI never lifted, so it counts as revoked.
    CertificateHold,
    /// 8: only in delta lists.
    RemoveFromCrl,
    /// 9
    PrivilegeWithdrawn,
    /// 10
    AaCompromise,
}

impl RevocationReason {
    /// By the number of CRLReason.
    pub fn from_code(code: u32) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }

    /// The word of the contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key_compromise",
            Self::CaCompromise => "ca_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::CertificateHold => "certificate_hold",
            Self::RemoveFromCrl => "remove_from_crl",
            Self::PrivilegeWithdrawn => "privilege_withdrawn",
            Self::AaCompromise => "aa_compromise",
        }
    }
}

/// What a list says of one serial number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// When and why it was revoked, if it is listed.
    pub found: Option<(UnixTime, Option<RevocationReason>)>,
    /// Some entry, not necessarily this one, has a critical extension nobody knows: the list must not be used to say
    /// "good" (RFC 5280 §5.3).
    pub unknown_critical: bool,
    /// Some entry names a certificate issuer, which only an indirect list may do (RFC 5280 §5.3.3).
    pub names_issuers: bool,
}

/// One revoked certificate.
pub struct CrlEntry<'a> {
    /// Content octets of its serial number.
    pub serial: &'a [u8],
    /// When it was revoked.
    pub revoked_at: UnixTime,
    /// Why, if the list says so.
    pub reason: Option<RevocationReason>,
    /// Whose certificate it is, when not the list's issuer's (indirect lists): DER of GeneralNames.
    pub certificate_issuer: Option<&'a [u8]>,
    /// A critical extension nobody here processes.
    pub unknown_critical: bool,
}

impl<'a> CrlEntry<'a> {
    // Into the walk of the index, which has no use for the instant and then need not compute it.
    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        match Self::read_plain(reader.rest()) {
            Some((entry, rest)) => {
                *reader = Reader::new(rest);
                Ok(entry)
            }
            None => Self::read_any(reader),
        }
    }

    /// The shape of nearly every entry: short lengths, a UTCTime, at most a reason. It reads what [`Self::read_any`] reads and
    /// nothing else, several times faster; `None` leaves the judgement to that.
    #[inline(always)]
    fn read_plain(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let [SEQUENCE, length @ ..0x80, rest @ ..] = bytes else { return None };
        let (fields, rest) = rest.split_at_checked(usize::from(*length))?;
        let [INTEGER, length @ 1..=20, fields @ ..] = fields else { return None };
        let (serial, fields) = fields.split_at_checked(usize::from(*length))?;
        let [UTC_TIME, 13, fields @ ..] = fields else { return None };
        let (time, extensions) = fields.split_at_checked(13)?;
        let reason = match extensions {
            [] => None,
            [
                SEQUENCE,
                12,
                SEQUENCE,
                10,
                OBJECT_IDENTIFIER,
                3,
                0x55,
                0x1D,
                21,
                OCTET_STRING,
                3,
                ENUMERATED,
                1,
                code,
            ] => Some(RevocationReason::from_code(u32::from(*code))?),
            _ => return None,
        };
        let serial = strict_der::integer(serial).ok()?;
        let revoked_at = strict_der::utc_time(time)?;
        Some((Self { serial, revoked_at, reason, certificate_issuer: None, unknown_critical: false }, rest))
    }

    /// The serial number of the entry at the start of `bytes`, and what follows the entry, without looking at the rest of it.
    #[inline]
    pub(super) fn pass(bytes: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        match bytes {
            [SEQUENCE, whole @ ..0x80, INTEGER, length @ ..0x80, rest @ ..] => {
                Some((rest.get(..usize::from(*length))?, bytes.get(2 + usize::from(*whole)..)?))
            }
            _ => {
                let mut reader = Reader::new(bytes);
                let serial = reader.nested(SEQUENCE).and_then(|mut fields| fields.expect(INTEGER)).ok()?;
                Some((serial, reader.rest()))
            }
        }
    }

    #[cold]
    fn read_any(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut fields = reader.nested(SEQUENCE)?;
        let serial = strict_der::integer(fields.expect(INTEGER)?)?;
        let time = fields.element()?;
        let revoked_at = strict_der::time(time.tag, time.content)?;
        let mut entry = Self { serial, revoked_at, reason: None, certificate_issuer: None, unknown_critical: false };
        if let Some(extensions) = fields.optional(SEQUENCE)? {
            entry.read_extensions(extensions)?;
        }
        fields.finish()?;
        Ok(entry)
    }

    fn read_extensions(&mut self, content: &'a [u8]) -> Result<(), DerError> {
        let mut reader = Reader::new(content);
        if reader.is_empty() {
            return Err(DerError::Value("list of extensions"));
        }
        let twice = Err(DerError::Value("list of extensions (one stands twice)"));
        let mut dated = false;
        // Empty for nearly every entry, and then it costs nothing.
        let mut unknown: Vec<&[u8]> = Vec::new();
        let too_many = Err(DerError::Value("list of extensions (too many)"));
        while !reader.is_empty() {
            let extension = RawExtension::read(&mut reader)?;
            match extension.oid {
                REASON_CODE if self.reason.is_some() => return twice,
                CERTIFICATE_ISSUER if self.certificate_issuer.is_some() => return twice,
                INVALIDITY_DATE if dated => return twice,
                REASON_CODE => {
                    let code = strict_der::small_integer(strict_der::only(extension.value, ENUMERATED)?)?;
                    self.reason = Some(RevocationReason::from_code(code).ok_or(DerError::Value("reason"))?);
                }
                INVALIDITY_DATE => {
                    dated = true;
                    // Read, and nothing follows from it: the instant of revocation is revocationDate.
                    self.unknown_critical |= extension.critical;
                    strict_der::time(GENERALIZED_TIME, strict_der::only(extension.value, GENERALIZED_TIME)?)?;
                }
                CERTIFICATE_ISSUER => {
                    GeneralName::read_all(strict_der::only(extension.value, SEQUENCE)?)?;
                    self.certificate_issuer = Some(extension.value);
                }
                other if unknown.contains(&other) => return twice,
                _ if unknown.len() >= MAXIMUM_EXTENSIONS => return too_many,
                other => {
                    self.unknown_critical |= extension.critical;
                    unknown.push(other);
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for CrlEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CrlEntry(redacted)")
    }
}

// Content octets of 2.5.29.*.
const REASON_CODE: &[u8] = &[0x55, 0x1D, 21];
const INVALIDITY_DATE: &[u8] = &[0x55, 0x1D, 24];
const CERTIFICATE_ISSUER: &[u8] = &[0x55, 0x1D, 29];

/// Most extensions that a list or an entry may have: each is held against all before it.
pub(super) const MAXIMUM_EXTENSIONS: usize = 64;

pub(super) struct RawExtension<'a> {
    pub(super) oid: &'a [u8],
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

impl<'a> RawExtension<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let mut fields = reader.nested(SEQUENCE)?;
        let oid = strict_der::object_identifier(fields.expect(OBJECT_IDENTIFIER)?)?;
        let critical = fields.optional(BOOLEAN)?.map(strict_der::boolean).transpose()?.unwrap_or(false);
        let value = fields.expect(OCTET_STRING)?;
        fields.finish()?;
        Ok(Self { oid, critical, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry of these fields.
    fn entry(parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        [&[0x30, u8::try_from(content.len()).unwrap()], content.as_slice()].concat()
    }

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        const TIME: &[u8] = b"\x17\x0d260101000000Z";
        const REASON: &[u8] = &[0x30, 12, 0x30, 10, 6, 3, 0x55, 0x1D, 21, 4, 3, 10, 1, 4];
        let good = entry(&[&[2, 3, 1, 2, 3], TIME, REASON]);
        let mut cases = vec![good.clone(), entry(&[&[2, 1, 9], TIME]), entry(&[&[2, 2, 0, 0x80], TIME, REASON])];
        // Every byte of a good entry changed in four ways, and the entry cut at every place.
        for at in 0..good.len() {
            cases.push(good[..at].to_vec());
            for change in [0x01, 0x04, 0x80, 0xFF] {
                let mut changed = good.clone();
                changed[at] ^= change;
                cases.push(changed);
            }
        }
        let mut plain = 0;
        for case in &cases {
            let Some((short, rest)) = CrlEntry::read_plain(case) else { continue };
            plain += 1;
            let mut reader = Reader::new(case);
            let long = CrlEntry::read_any(&mut reader).unwrap();
            assert_eq!((short.serial, short.revoked_at, short.reason), (long.serial, long.revoked_at, long.reason));
            assert_eq!(rest, reader.rest());
            assert!(!long.unknown_critical && long.certificate_issuer.is_none());
            assert_eq!(CrlEntry::pass(case), Some((short.serial, rest)));
        }
        assert!(plain >= 20, "{plain}");
    }
}
