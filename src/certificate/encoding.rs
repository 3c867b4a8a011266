//! Certificates out of files and card files: DER, PEM, DER followed by filler, or only the beginning of one.

use super::error::CertificateError;
use super::serial::SerialNumber;
use super::strict_der::{self, DerError, INTEGER, Reader, SEQUENCE, constructed};
use super::x509::{self, Certificate, MAXIMUM_LENGTH};
use crate::time::Validity;

/// Most certificates one PEM file may hold.
const MAXIMUM_IN_FILE: usize = 256;

impl Certificate {
    /// Reads a file that is one DER certificate, or PEM text with one or more of them; other PEM blocks are passed over.
    ///
    /// # Errors
    /// [`CertificateError`], for the first that cannot be read.
    pub fn from_der_or_pem(bytes: &[u8]) -> Result<Vec<Self>, CertificateError> {
        // DER begins with 0x30, which is the digit `0`: no PEM begins so.
        if bytes.first() == Some(&SEQUENCE) || bytes.is_empty() {
            return Self::from_der(bytes).map(|certificate| vec![certificate]);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| CertificateError::Structure)?;
        if !text.contains("-----BEGIN ") {
            return Err(CertificateError::Structure);
        }
        let mut certificates = Vec::new();
        for block in pem_blocks(text, "CERTIFICATE") {
            certificates.push(Self::from_der(&block.ok_or(CertificateError::Pem)?)?);
            if certificates.len() > MAXIMUM_IN_FILE {
                return Err(CertificateError::Pem);
            }
        }
        if certificates.is_empty() { Err(CertificateError::Pem) } else { Ok(certificates) }
    }

    /// The certificate as PEM text with lines of 64 characters.
    pub fn to_pem(&self) -> String {
        // Base64 of DER always succeeds; an empty text would only mean that the encoder changed its mind.
        der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, self.der()).unwrap_or_default()
    }

    /// Reads the content of a card's elementary file: one DER certificate, then filler (card.md: `FF` after the TLV).
    ///
    /// # Errors
    /// [`CertificateError::Absent`] when there is only filler, [`CertificateError::Truncated`] when the file ends before
    /// the certificate does, [`CertificateError::TrailingData`] when what follows is not filler.
    pub fn from_elementary_file(content: &[u8]) -> Result<Self, CertificateError> {
        Self::from_der(cut_filler(content)?)
    }
}

/// The DER of every PEM block of this kind; `None` for one that cannot be decoded.
pub(crate) fn pem_blocks<'a>(text: &'a str, kind: &'a str) -> impl Iterator<Item = Option<Vec<u8>>> + 'a {
    let (begin, end) = (format!("-----BEGIN {kind}-----"), format!("-----END {kind}-----"));
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(&begin)?;
        let block = rest.get(start..)?;
        let Some(length) = block.find(&end).map(|at| at + end.len()) else {
            rest = "";
            return Some(None);
        };
        rest = block.get(length..).unwrap_or_default();
        // RFC 7468 allows any white space; the decoder wants lines of one length.
        let body: String = block.get(begin.len()..length - end.len())?.split_whitespace().collect();
        let lines: Vec<&str> =
            (0..body.len()).step_by(64).map(|at| body.get(at..body.len().min(at + 64))).collect::<Option<_>>()?;
        let pem = format!("{begin}\n{}\n{end}\n", lines.join("\n"));
        Some(der::pem::decode_vec(pem.as_bytes()).ok().map(|(_, der)| der))
    })
}

/// The DER element at the start of a card's file, without the filler (`FF` or `00`) behind it.
///
/// # Errors
/// As [`Certificate::from_elementary_file`].
pub fn cut_filler(content: &[u8]) -> Result<&[u8], CertificateError> {
    let filler = |byte: &u8| matches!(byte, 0x00 | 0xFF);
    if content.iter().all(filler) {
        return Err(CertificateError::Absent);
    }
    let length = announced_length(content)?;
    let (der, rest) = content
        .split_at_checked(length)
        .ok_or(CertificateError::Truncated { expected: length, found: content.len() })?;
    match rest.iter().position(|byte| !filler(byte)) {
        None => Ok(der),
        Some(_) => Err(CertificateError::TrailingData { bytes: rest.len() }),
    }
}

/// The length of the certificate, header included, told by its first bytes: four are always enough.
///
/// # Errors
/// [`CertificateError::Absent`] for `FF` or nothing, otherwise what is malformed.
pub fn announced_length(start: &[u8]) -> Result<usize, CertificateError> {
    if start.first().is_none_or(|first| matches!(first, 0x00 | 0xFF)) {
        return Err(CertificateError::Absent);
    }
    let (tag, header, length) = strict_der::header(start).map_err(CertificateError::der("certificate"))?;
    let length = header.saturating_add(length);
    if tag == SEQUENCE && length <= MAXIMUM_LENGTH { Ok(length) } else { Err(CertificateError::Structure) }
}

/// What the first bytes of a certificate tell, unsigned: enough for a status display, never for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateHead {
    /// Length of the whole certificate, header included.
    pub length: usize,
    /// Serial number.
    pub serial: SerialNumber,
    /// Validity, if the bytes reach so far.
    pub validity: Option<Validity>,
}

/// Reads serial number and validity from the beginning of a certificate: 256 bytes suffice for every JPKI certificate.
///
/// # Errors
/// [`CertificateError::Absent`] for filler, [`CertificateError::Truncated`] when the bytes end before the serial number,
/// otherwise what is malformed.
pub fn head(start: &[u8]) -> Result<CertificateHead, CertificateError> {
    let length = announced_length(start)?;
    let short = CertificateError::Truncated { expected: length, found: start.len() };
    let malformed = |error| match error {
        DerError::Truncated { .. } => short.clone(),
        error => CertificateError::Der { part: "certificate", error },
    };
    let inner = |bytes: &[u8]| strict_der::header(bytes).map(|(tag, header, _)| (tag, header));
    let (_, outer) = inner(start).map_err(&malformed)?;
    let tbs = start.get(outer..).unwrap_or_default();
    let (tag, header) = inner(tbs).map_err(&malformed)?;
    if tag != SEQUENCE {
        return Err(CertificateError::Structure);
    }
    let mut reader = Reader::new(tbs.get(header..).unwrap_or_default());
    reader.optional(constructed(0)).map_err(&malformed)?;
    let serial = reader.expect(INTEGER).and_then(SerialNumber::from_content).map_err(&malformed)?;
    let mut validity = || {
        reader.expect(SEQUENCE)?;
        reader.expect(SEQUENCE)?;
        x509::read_validity(reader.expect(SEQUENCE)?)
    };
    let validity = match validity() {
        Ok(validity) => Some(validity),
        Err(DerError::Truncated { .. }) => None,
        Err(error) => return Err(malformed(error)),
    };
    Ok(CertificateHead { length, serial, validity })
}
