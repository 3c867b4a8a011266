//! Revocation lists, one partition each (certificates.md §3).

use der::Encode as _;
use std::fmt;
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::pkix::CrlReason;

use super::extensions;
use super::holder::Municipality;
use super::issue::{Authority, AuthorityError, serial_number, sha256_with_rsa, sign, time};
use crate::time::UnixTime;

/// Reasons that the practice statement names (certificates.md §3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationReason {
    /// 0
    Unspecified,
    /// 1
    KeyCompromise,
    /// 2
    CaCompromise,
    /// 3: recorded data changed, such as the address.
    AffiliationChanged,
    /// 4: renewed.
    Superseded,
    /// 5: no longer needed.
    CessationOfOperation,
    /// 6: never lifted in JPKI.
    CertificateHold,
}

/// A line of a list. `Debug` leaves the serial number out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RevokedEntry {
    /// The certificate's serial number.
    pub serial: u64,
    /// When it was revoked.
    pub at: UnixTime,
    /// Why; absent, the entry says nothing.
    pub reason: Option<RevocationReason>,
}

impl RevocationReason {
    /// The reason's name in our own reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key_compromise",
            Self::CaCompromise => "ca_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::CertificateHold => "certificate_hold",
        }
    }

    const fn code(self) -> CrlReason {
        match self {
            Self::Unspecified => CrlReason::Unspecified,
            Self::KeyCompromise => CrlReason::KeyCompromise,
            Self::CaCompromise => CrlReason::CaCompromise,
            Self::AffiliationChanged => CrlReason::AffiliationChanged,
            Self::Superseded => CrlReason::Superseded,
            Self::CessationOfOperation => CrlReason::CessationOfOperation,
            Self::CertificateHold => CrlReason::CertificateHold,
        }
    }
}

impl fmt::Debug for RevokedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevokedEntry").field("at", &self.at).field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl Authority {
    /// A list of version 2, signed now: with `scope`, the partition of that municipality under a critical
    /// issuingDistributionPoint; without, a list of everything. Its cRLNumber is `this_update` in seconds, so that a later
    /// list has a higher number. Any dates are taken, stale ones too.
    ///
    /// # Errors
    /// [`AuthorityError::Encoding`] for dates outside the years 1970 to 9999.
    pub fn revocation_list(
        &self,
        this_update: UnixTime,
        next_update: UnixTime,
        revoked: &[RevokedEntry],
        scope: Option<&Municipality>,
    ) -> Result<Vec<u8>, AuthorityError> {
        let entry = |entry: &RevokedEntry| {
            let extensions = entry.reason.map(|reason| extensions::of_entry(reason.code())).transpose()?;
            Ok(RevokedCert {
                serial_number: serial_number(entry.serial)?,
                revocation_date: time(entry.at)?,
                crl_entry_extensions: extensions,
            })
        };
        let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, der::Error>>()?;
        let number = this_update.seconds().unsigned_abs();
        let tbs_cert_list = TbsCertList {
            version: Version::V2,
            signature: sha256_with_rsa(),
            issuer: self.name.clone(),
            this_update: time(this_update)?,
            next_update: Some(time(next_update)?),
            // RFC 5280 §5.1.2.6: absent rather than empty.
            revoked_certificates: Some(entries).filter(|entries| !entries.is_empty()),
            crl_extensions: Some(extensions::of_list(self.purpose(), &self.key_identifier, number, scope)?),
        };
        let signature = sign(&self.key, &tbs_cert_list.to_der()?)?;
        Ok(CertificateList { tbs_cert_list, signature_algorithm: sha256_with_rsa(), signature }.to_der()?)
    }
}
