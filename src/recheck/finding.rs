//! What today's revocation state says of one kept certificate.

use crate::anchors::AnchorSet;
use crate::certificate::Certificate;
use crate::record::KeptSigner;
use crate::time::UnixTime;
use crate::validation::{RevocationGap, RevocationQuery, RevocationReason, RevocationSource, RevocationStatus};
use crate::wallet::RevocationCause;
use std::collections::HashMap;

/// What a look at a kept certificate found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Not revoked, says a current list or response: unchanged so far (REV-07).
    Unchanged,
    /// Revoked.
    Revoked {
        /// The reason as it was published, if one was.
        reason: Option<RevocationReason>,
    },
    /// Its validity period is over, and nothing current says that it was revoked before.
    Expired,
    /// Nobody could say; nothing follows from it (RSN-20).
    Undetermined(RevocationGap),
    /// What is kept is no certificate, or not one of its issuer.
    Unreadable,
}

impl Finding {
    /// The wallet's word for a published reason. What a list does not say is not guessed.
    pub const fn cause(reason: Option<RevocationReason>) -> RevocationCause {
        match reason {
            Some(RevocationReason::AffiliationChanged) => RevocationCause::AffiliationChanged,
            Some(RevocationReason::Superseded) => RevocationCause::Superseded,
            Some(RevocationReason::KeyCompromise | RevocationReason::CaCompromise | RevocationReason::AaCompromise) => {
                RevocationCause::KeyCompromise
            }
            // Given up, returned, death and departure share code 5; the list does not tell them apart.
            _ => RevocationCause::Unspecified,
        }
    }
}

/// Certificates that issue, by fingerprint: bundles name their anchor and never bring it.
#[derive(Clone, Debug, Default)]
pub struct Issuers {
    by_fingerprint: HashMap<[u8; 32], Certificate>,
}

impl Issuers {
    /// The certificates of these anchors.
    pub fn of(anchors: &AnchorSet) -> Self {
        let certificates = anchors.for_purpose(None).map(|anchor| anchor.certificate());
        Self { by_fingerprint: certificates.map(|one| (one.fingerprint(), one.clone())).collect() }
    }
}

/// The signer's own certificate.
pub(super) fn leaf(signer: &KeptSigner) -> Option<Certificate> {
    signer.certificates.first().and_then(|der| Certificate::from_der(der.reveal()).ok())
}

/// What `source` says of a kept certificate as of `at`. The certificate's signature was verified when it was kept, and what is
/// kept is authenticated by the store, so it is not verified again.
pub fn judge(signer: &KeptSigner, issuers: &Issuers, source: &dyn RevocationSource, at: UnixTime) -> Finding {
    let Some(leaf) = leaf(signer) else { return Finding::Unreadable };
    let issued = |issuer: &Certificate| {
        let (names, is) = (leaf.extensions().authority_key_identifier.as_ref(), issuer.extensions());
        issuer.subject() == leaf.issuer()
            && match (names.and_then(|names| names.key_identifier.as_ref()), is.subject_key_identifier.as_ref()) {
                (Some(named), Some(own)) => named == own,
                _ => true,
            }
    };
    let anchor = issuers.by_fingerprint.get(&signer.anchor.0);
    let between =
        signer.certificates.iter().skip(1).filter_map(|der| Certificate::from_der(der.reveal()).ok()).find(&issued);
    let Some(issuer) = anchor.filter(|anchor| issued(anchor)).or(between.as_ref()) else {
        return if anchor.is_some() { Finding::Unreadable } else { Finding::Undetermined(RevocationGap::OtherIssuer) };
    };
    let until = leaf.validity().not_after;
    match source.status(&RevocationQuery::of(&leaf, issuer, at)) {
        RevocationStatus::Revoked { reason, .. } => Finding::Revoked { reason },
        // Lists forget what has expired.
        _ if at > until => Finding::Expired,
        RevocationStatus::Good(_) => Finding::Unchanged,
        RevocationStatus::Undetermined(gap) => Finding::Undetermined(gap),
        RevocationStatus::NotChecked => Finding::Undetermined(RevocationGap::NoSource),
    }
}
