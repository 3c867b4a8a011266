//! Putting a time stamp and revocation values into a signature that was made: what is signed stays as it is.

use super::structure::{OCSP_RESPONSE, SIGNATURE_TIME_STAMP};
use super::token::TimeStampToken;
use crate::proof::error::ProofError;
use crate::proof::structure::{Attribute, ContentInfo, OtherRevocationInfo, SetOfAny, SignerInfo, any, read, write};
use der::asn1::AnyRef;
use der::{Tag, TagNumber, Tagged as _};

const WHAT: &str = "CMS SignedData";

/// Certificates and revocation material that a signature is to carry along (CAdES B-LT, ETSI EN 319 122-1 §5.4 and §6), DER.
#[derive(Clone, Copy, Debug, Default)]
pub struct RevocationValues<'a> {
    /// Certificates of the paths of signer and time-stamp authority.
    pub certificates: &'a [&'a [u8]],
    /// Revocation lists.
    pub crls: &'a [&'a [u8]],
    /// OCSP responses.
    pub ocsp: &'a [&'a [u8]],
}

/// The same signature with a signature-time-stamp attribute (CAdES B-T). `cms` has one signer; the token is verified over his
/// signature value first.
///
/// # Errors
/// [`ProofError`] as reading the CMS or [`TimeStampToken::verify`] tells it.
pub fn with_time_stamp(cms: &[u8], token: &TimeStampToken) -> Result<Vec<u8>, ProofError> {
    let mut info: ContentInfo<'_> = read(cms, WHAT)?;
    let signer = info.content.signer_infos.single().ok_or(ProofError::Malformed { what: WHAT })?;
    let signer = write(&signer, WHAT)?;
    let mut signer: SignerInfo<'_> = read(&signer, WHAT)?;
    token.verify(signer.signature.as_bytes())?;
    let attribute = Attribute { kind: SIGNATURE_TIME_STAMP, values: SetOfAny::sorted(vec![any(token.der(), WHAT)?]) };
    let attribute = write(&attribute, WHAT)?;
    let mut unsigned: Vec<AnyRef<'_>> = signer.unsigned_attributes.iter().flat_map(SetOfAny::iter).collect();
    unsigned.push(any(&attribute, WHAT)?);
    signer.unsigned_attributes = Some(SetOfAny::sorted(unsigned));
    let signer = write(&signer, WHAT)?;
    info.content.signer_infos = SetOfAny::sorted(vec![any(&signer, WHAT)?]);
    write(&info, WHAT)
}

/// The same signature with certificates and revocation values in it, so that it can be verified when its authority is gone:
/// B-LT, where it has a time stamp. What is there already is not put in twice.
///
/// # Errors
/// [`ProofError::Malformed`]
pub fn with_revocation_values(cms: &[u8], values: &RevocationValues<'_>) -> Result<Vec<u8>, ProofError> {
    let mut info: ContentInfo<'_> = read(cms, WHAT)?;
    let responses: Vec<Vec<u8>> = values.ocsp.iter().map(|der| other(der)).collect::<Result<_, _>>()?;
    let lists = values.crls.iter().copied().chain(responses.iter().map(Vec::as_slice));
    let revocation = joined(info.content.revocation_values.as_ref(), lists)?;
    let certificates = joined(info.content.certificates.as_ref(), values.certificates.iter().copied())?;
    let has_other = |set: &SetOfAny<'_>| {
        set.iter().any(|it| matches!(it.tag(), Tag::ContextSpecific { number: TagNumber::N1, .. }))
    };
    // RFC 5652 §5.1: another revocation format makes it version 5; lists alone change nothing.
    if revocation.as_ref().is_some_and(has_other) {
        info.content.version = 5;
    }
    info.content.revocation_values = revocation;
    info.content.certificates = certificates;
    write(&info, WHAT)
}

fn joined<'a>(
    before: Option<&SetOfAny<'a>>,
    more: impl Iterator<Item = &'a [u8]>,
) -> Result<Option<SetOfAny<'a>>, ProofError> {
    let mut elements: Vec<AnyRef<'a>> = before.into_iter().flat_map(SetOfAny::iter).collect();
    for der in more {
        let element = any(der, WHAT)?;
        if !elements.contains(&element) {
            elements.push(element);
        }
    }
    Ok((!elements.is_empty()).then(|| SetOfAny::sorted(elements)))
}

/// An OCSP response as RevocationInfoChoice: other [1] IMPLICIT OtherRevocationInfoFormat (RFC 5652 §10.2.1, RFC 5940).
fn other(response: &[u8]) -> Result<Vec<u8>, ProofError> {
    let info = OtherRevocationInfo { format: OCSP_RESPONSE, info: any(response, WHAT)? };
    let mut der = write(&info, WHAT)?;
    // SEQUENCE becomes [1], constructed.
    if let Some(tag) = der.first_mut() {
        *tag = 0xA1;
    }
    Ok(der)
}
