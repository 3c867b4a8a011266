//! A second reader beside our own: x509-parser, which shares no code with it. Asked where a misreading would cost most, an anchor
//! somebody trusts and the certificate an approval rests on, and not on every look at a certificate.

use super::error::CertificateError;
use super::extension::Extension;
use super::x509::Certificate;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser as _;

impl Certificate {
    /// Reads the bytes again with x509-parser, and compares what both found: signed part, version, serial number, names, validity,
    /// key, signature and the content of each extension, in order.
    ///
    /// # Errors
    /// [`CertificateError::Structure`] where the other reader refuses the bytes or finds something else in them.
    pub fn second_reading(&self) -> Result<(), CertificateError> {
        self.agrees_with(self.der())
    }

    fn agrees_with(&self, der: &[u8]) -> Result<(), CertificateError> {
        let mut reader = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (rest, other) = reader.parse(der).map_err(|_| CertificateError::Structure)?;
        let tbs = &other.tbs_certificate;
        let extensions = self.extensions().all.iter().map(Extension::value);
        let times = (self.validity().not_before.seconds(), self.validity().not_after.seconds());
        let alike = rest.is_empty()
            && self.tbs() == tbs.as_ref()
            && u32::from(self.version()) == tbs.version.0.saturating_add(1)
            && self.serial().expose_bytes() == tbs.raw_serial()
            && self.issuer().der() == tbs.issuer.as_raw()
            && self.subject().der() == tbs.subject.as_raw()
            && times == (tbs.validity.not_before.timestamp(), tbs.validity.not_after.timestamp())
            && self.spki_der() == tbs.subject_pki.raw
            && self.signature() == other.signature_value.data.as_ref()
            && extensions.eq(tbs.extensions().iter().map(|one| one.value));
        alike.then_some(()).ok_or(CertificateError::Structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DER: &[u8] = include_bytes!("../../fixtures/certificates/testcard/jpki-auth-cert.der");

    #[test]
    fn both_readers_find_the_same_in_whatever_ours_reads() {
        let mut read = 0;
        for (place, change) in (0..DER.len()).flat_map(|place| [0x00, 0x01, 0x80].map(|change| (place, change))) {
            let mut changed = DER.to_vec();
            changed[place] ^= change;
            let Ok(certificate) = Certificate::from_der(&changed) else { continue };
            assert_eq!(certificate.second_reading(), Ok(()), "{place}");
            read += 1;
        }
        assert!(read > DER.len(), "{read}");
    }

    #[test]
    fn a_difference_is_found() {
        let certificate = Certificate::from_der(DER).unwrap();
        // Serial number, validity, an extension's content, the signature: wherever one bit of what was read is another.
        for place in [20, DER.len() / 3, DER.len() / 2, DER.len() - 1] {
            let mut other = DER.to_vec();
            other[place] ^= 1;
            assert_eq!(certificate.agrees_with(&other), Err(CertificateError::Structure), "{place}");
        }
        let longer = [DER, &[0]].concat();
        assert_eq!(certificate.agrees_with(&longer), Err(CertificateError::Structure));
    }
}
