//! A second reader beside our own: x509-parser, which shares no code with it. Asked where a misreading would cost most, an anchor
//! somebody trusts and the certificate an approval rests on, and not on every look at a certificate.

use super::error::CertificateError;
use super::x509::Certificate;
use x509_parser::certificate::X509Certificate;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser as _;

impl Certificate {
    /// Reads the bytes again with x509-parser, and compares what both found: signed part, version, serial number, names, validity,
    /// key, signature, the identifier of its algorithm in both places, and identifier, criticality and content of each
    /// extension, in order.
    ///
    /// # Errors
    /// [`CertificateError::Structure`] where the other reader refuses the bytes or finds something else in them.
    pub fn second_reading(&self) -> Result<(), CertificateError> {
        let mut reader = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (rest, other) = reader.parse(self.der()).map_err(|_| CertificateError::Structure)?;
        let alike = rest.is_empty() && Fields::of(self) == Fields::of_other(&other);
        alike.then_some(()).ok_or(CertificateError::Structure)
    }
}

/// What one reader found.
#[derive(Clone, PartialEq, Eq)]
struct Fields<'a> {
    tbs: &'a [u8],
    version: u32,
    serial: &'a [u8],
    inner_algorithm: &'a [u8],
    issuer: &'a [u8],
    not_before: i64,
    not_after: i64,
    subject: &'a [u8],
    key: &'a [u8],
    /// Identifier, criticality, content.
    extensions: Vec<(&'a [u8], bool, &'a [u8])>,
    outer_algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Fields<'a> {
    fn of(certificate: &'a Certificate) -> Self {
        let extensions = certificate.extensions().all.iter();
        // Both places say the same, or it had not been read.
        let algorithm = certificate.signature_algorithm().as_bytes();
        Self {
            tbs: certificate.tbs(),
            version: certificate.version().into(),
            serial: certificate.serial().expose_bytes(),
            inner_algorithm: algorithm,
            issuer: certificate.issuer().der(),
            not_before: certificate.validity().not_before.seconds(),
            not_after: certificate.validity().not_after.seconds(),
            subject: certificate.subject().der(),
            key: certificate.spki_der(),
            extensions: extensions.map(|one| (one.oid.as_bytes(), one.critical, one.value())).collect(),
            outer_algorithm: algorithm,
            signature: certificate.signature(),
        }
    }

    fn of_other(certificate: &'a X509Certificate<'_>) -> Self {
        let tbs = &certificate.tbs_certificate;
        let extensions = tbs.extensions().iter();
        Self {
            tbs: tbs.as_ref(),
            version: tbs.version.0.saturating_add(1),
            serial: tbs.raw_serial(),
            inner_algorithm: tbs.signature.algorithm.as_bytes(),
            issuer: tbs.issuer.as_raw(),
            not_before: tbs.validity.not_before.timestamp(),
            not_after: tbs.validity.not_after.timestamp(),
            subject: tbs.subject.as_raw(),
            key: tbs.subject_pki.raw,
            extensions: extensions.map(|one| (one.oid.as_bytes(), one.critical, one.value)).collect(),
            outer_algorithm: certificate.signature_algorithm.algorithm.as_bytes(),
            signature: certificate.signature_value.data.as_ref(),
        }
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

    /// Makes one field of the other reading what it is in ours.
    type Mend = for<'a> fn(&mut Fields<'a>, &Fields<'a>);

    /// Where `needle` stands for the `number`th time, counted from 0.
    fn find(needle: &[u8], number: usize) -> usize {
        let mut places = DER.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle);
        places.nth(number).expect("it stands there").0
    }

    #[test]
    fn each_field_is_compared_by_itself() {
        const RSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
        // keyUsage, critical: the identifier, then TRUE, then the content.
        const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F, 1, 1, 0xFF, 4];
        let certificate = Certificate::from_der(DER).unwrap();
        let ours = Fields::of(&certificate);
        let (issuer, subject) = (ours.issuer, ours.subject);
        let usage = find(KEY_USAGE, 0);
        // (field, where, what stands there instead, the field alone made equal again)
        let changes: [(&str, usize, u8, Mend); 14] = [
            ("version", find(&[0xA0, 3, 2, 1, 2], 0) + 4, 1, |other, ours| other.version = ours.version),
            ("serial", find(ours.serial, 0), 0x55, |other, ours| other.serial = ours.serial),
            ("inner algorithm", find(RSA_WITH_SHA256, 0) + 8, 12, |other, ours| {
                other.inner_algorithm = ours.inner_algorithm;
            }),
            ("issuer", find(issuer, 0) + issuer.len() - 1, b'?', |other, ours| other.issuer = ours.issuer),
            ("not before", find(&[0x17, 13], 0) + 13, b'7', |other, ours| other.not_before = ours.not_before),
            ("not after", find(&[0x17, 13], 1) + 13, b'7', |other, ours| other.not_after = ours.not_after),
            ("subject", find(subject, 0) + subject.len() - 1, b'?', |other, ours| other.subject = ours.subject),
            ("key", find(ours.key, 0) + ours.key.len() - 9, 0x55, |other, ours| other.key = ours.key),
            ("extension's identifier", usage + 2, 0x70, |other, ours| {
                let place = ours.extensions.iter().position(|one| one.0 == [0x55, 0x1D, 0x0F]).unwrap();
                other.extensions[place].0 = ours.extensions[place].0;
            }),
            ("extension's criticality", usage + 5, 0, |other, ours| {
                let place = ours.extensions.iter().position(|one| one.0 == [0x55, 0x1D, 0x0F]).unwrap();
                other.extensions[place].1 = ours.extensions[place].1;
            }),
            ("extension's content", usage + KEY_USAGE.len() + 4, 0x20, |other, ours| {
                let place = ours.extensions.iter().position(|one| one.0 == [0x55, 0x1D, 0x0F]).unwrap();
                other.extensions[place].2 = ours.extensions[place].2;
            }),
            ("extensions", usage, 0x54, |other, ours| other.extensions.clone_from(&ours.extensions)),
            ("outer algorithm", find(RSA_WITH_SHA256, 1) + 8, 12, |other, ours| {
                other.outer_algorithm = ours.outer_algorithm;
            }),
            ("signature", DER.len() - 1, 0x55, |other, ours| other.signature = ours.signature),
        ];
        for (field, place, byte, mend) in changes {
            let mut changed = DER.to_vec();
            assert_ne!(changed[place], byte, "{field}");
            changed[place] = byte;
            let mut reader = X509CertificateParser::new().with_deep_parse_extensions(false);
            let (_, other) = reader.parse(&changed).expect(field);
            let mut other = Fields::of_other(&other);
            let whole = other.clone() == ours;
            // Not by the signed part, in which everything stands, but by the field.
            let signed_part_differs = other.tbs != ours.tbs;
            other.tbs = ours.tbs;
            assert!(!whole && other != ours, "{field}");
            mend(&mut other, &ours);
            assert!(other == ours, "{field}: more than this differs");
            assert_eq!(signed_part_differs, !matches!(field, "outer algorithm" | "signature"), "{field}");
        }
        let mut fewer = ours.clone();
        fewer.extensions.pop();
        assert!(fewer != ours);
        let shorter = Fields { tbs: &ours.tbs[..ours.tbs.len() - 1], ..ours.clone() };
        assert!(shorter != ours);
    }
}
