//! The documents a verdict rests on, as they were: what is needed to reach the same verdict years later (LAW-22).

use super::facts::Fingerprint;
use crate::anchors::AnchorSet;
use crate::certificate::Certificate;
use crate::crypto::sha256;
use crate::secret::Personal;
use crate::time::UnixTime;
use crate::validation::{
    Crl, Materials, Parameters, RevocationQuery, RevocationSource, RevocationStatus, Validation, verify,
};

/// What kind of document speaks of revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RevocationKind {
    /// A certificate revocation list (RFC 5280 §5).
    Crl,
    /// An OCSP response (RFC 6960 §4.2).
    Ocsp,
}

/// One document that speaks of revocation. To be used for nothing but confirming that a certificate is in force (LAW-34).
#[derive(Clone, PartialEq, Eq)]
pub struct RevocationDocument {
    /// What kind.
    pub kind: RevocationKind,
    /// DER.
    pub der: Vec<u8>,
}

impl std::fmt::Debug for RevocationDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RevocationDocument({:?}, {} bytes)", self.kind, self.der.len())
    }
}

/// The anchor a path rested on, by name only: a bundle of documents never brings its own anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorName {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Its generation, in the words of the contract.
    pub generation: String,
}

/// The documents a verdict rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    /// The anchor of the path.
    pub anchor: AnchorName,
    /// The certificates of the path, the signer's first, the anchor left out; then others that were needed for signers of
    /// lists. DER.
    pub certificates: Vec<Personal<Vec<u8>>>,
    /// What spoke of revocation.
    pub revocation: Vec<RevocationDocument>,
}

/// The documents that `validation` of `leaf` rests on: of what was at hand, the one list or response that gives the answer;
/// where no single one does, all of them. `None` without a path, or where the answer came from something that has no document.
pub(super) fn documents(
    leaf: &Certificate,
    validation: &Validation,
    materials: &Materials<'_>,
    anchors: &AnchorSet,
    at: UnixTime,
) -> Option<Documents> {
    let path = validation.path.as_ref()?;
    let anchor = path.anchor();
    let issuer = path.certificates().get(1).unwrap_or(anchor.certificate());
    let query = RevocationQuery::of(path.end_entity(), issuer, at);
    let crl = |der: &[u8]| RevocationDocument { kind: RevocationKind::Crl, der: der.to_vec() };
    let ocsp = |der: &[u8]| RevocationDocument { kind: RevocationKind::Ocsp, der: der.to_vec() };
    // With one certificate between leaf and anchor there is a second question, which one document may not answer.
    let short = path.certificates().len() <= 2;
    let gives = |source: &dyn RevocationSource| short && source.status(&query) == validation.revocation;
    // A bundle is verified by the path's own certificate of the issuer, whatever the index was built with.
    let is_evidence = |list: &&Crl| list.signed_by(issuer).is_ok();
    let indexed = || {
        let sources = materials.sources.iter().filter(|source| gives(**source));
        sources.filter_map(|source| source.answering_list(&query)).find(is_evidence)
    };
    let list = materials.crls.iter().find(|list| gives(*list)).or_else(indexed);
    let response = materials.ocsp.iter().find(|response| gives(*response));
    let (revocation, others): (Vec<_>, &[Certificate]) = match (list, response, validation.revocation) {
        (Some(list), _, _) => (vec![crl(list.der())], &[]),
        (None, Some(response), _) => (vec![ocsp(response.der())], &[]),
        (None, None, RevocationStatus::Good(_) | RevocationStatus::Revoked { .. }) => {
            // Several documents together, or signers of lists other than the issuer: all that was at hand, if it suffices.
            let documents = Materials { sources: &[], ..*materials };
            let again = verify(leaf, &documents, &Parameters::new(at, anchors));
            if again.revocation != validation.revocation {
                return None;
            }
            let lists = materials.crls.iter().map(|list| crl(list.der()));
            let responses = materials.ocsp.iter().map(|response| ocsp(response.der()));
            (lists.chain(responses).collect(), materials.intermediates)
        }
        (None, None, _) => (Vec::new(), &[]),
    };
    let on_path = path.certificates().iter().filter(|one| *one != anchor.certificate());
    let mut certificates: Vec<&Certificate> = on_path.collect();
    for other in others {
        if !certificates.contains(&other) && other != anchor.certificate() {
            certificates.push(other);
        }
    }
    Some(Documents {
        anchor: AnchorName {
            fingerprint: Fingerprint(sha256(anchor.certificate().der())),
            generation: anchor.generation().as_str().to_owned(),
        },
        certificates: certificates.into_iter().map(|one| Personal::new(one.der().to_vec())).collect(),
        revocation,
    })
}
