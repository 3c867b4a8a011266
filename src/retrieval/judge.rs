//! What may be kept: a list that one of the certificates at hand signed and that speaks of the certificate.
//! Whether it answers anything is for `validation`.

use super::error::FetchError;
use crate::certificate::Certificate;
use crate::validation::{Coverage, Crl, RevocationQuery};

/// Most other keys of its issuer's name that a list is held against: each hashes the whole list.
const MAXIMUM_SIGNERS: usize = 4;

/// The list in `bytes`, DER or PEM.
pub(super) fn read(bytes: Vec<u8>) -> Result<Crl, FetchError> {
    let text = bytes.starts_with(b"-----BEGIN ");
    let list = if text {
        Crl::from_der_or_pem(&bytes).map(|mut lists| lists.pop())
    } else {
        Crl::from_owned_der(bytes).map(Some)
    };
    list.ok().flatten().ok_or(FetchError::NotADocument)
}

/// Authentic, and about the certificate: how much of it the list covers.
pub(super) fn fitting(
    list: &Crl,
    query: &RevocationQuery<'_>,
    signers: &[Certificate],
) -> Result<Coverage, FetchError> {
    authentic(list, query, signers)?;
    // A genuine list of another partition is as good as none, however new it is.
    list.coverage(query).map_err(|_| FetchError::OtherScope)
}

/// Whether the issuer of the certificate signed the list, or somebody at hand with the name of the list's issuer.
fn authentic(list: &Crl, query: &RevocationQuery<'_>, signers: &[Certificate]) -> Result<(), FetchError> {
    let others = signers.iter().filter(|one| one.subject() == list.issuer() && *one != query.issuer);
    let own = std::iter::once(query.issuer).filter(|issuer| issuer.subject() == list.issuer());
    let signed = own.chain(others.take(MAXIMUM_SIGNERS)).any(|one| list.verify_signature(one.spki_der()).is_ok());
    if signed { Ok(()) } else { Err(FetchError::NotAuthentic) }
}
