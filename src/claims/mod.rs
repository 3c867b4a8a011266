//! `verified_claims` of OpenID Identity Assurance 1.0: what a verified identity looks like to auditors and relying parties
//! (kyc.md §18.1).
//!
//! Types that read and write the published schema, our own views of a confirmation record, the request side, and the
//! provider's metadata. Two views exist, because evidence of a signature must carry the certificate's serial and the serial
//! is restricted: an auditor sees evidence, a relying party none (API-13). Deliberately no tokens, no HTTP and no clock
//! here, and nothing about the login: `acr` is another question (API-18).

mod answer;
mod details;
mod document;
mod evidence;
mod format;
mod known;
mod metadata;
mod request;
mod verification;
mod view;

#[cfg(test)]
mod tests;

pub use answer::answer;
pub use details::{
    Attachment, Attestation, CHECK_METHODS, CheckDetails, Digest, DocumentDetails, EmbeddedAttachment,
    ExternalAttachment, Issuer, Record, Voucher,
};
pub use document::{AggregatedClaims, ClaimSource, DistributedClaims, read_response};
pub use evidence::{DocumentEvidence, ElectronicRecord, ElectronicSignature, Evidence, Vouch};
pub use format::{Base64Text, ClaimDate, ClaimInstant, MediaType, NotOfTheForm, Uri};
pub use metadata::ProviderMetadata;
pub use request::{ClaimsRequest, Constraint, RequestedClaims, TimeConstraint, read_request};
pub use verification::{
    AssuranceDetails, AssuranceProcess, ClaimsError, EvidenceMetadata, EvidenceReference, OneOrMany, Verification,
    VerifiedClaims,
};
pub use view::{
    ACCREDITED_SIGNATURE, Audience, CERTIFICATE_STATUS, Identity, JPKI_SIGNATURE, Provider, STATUS_CHECK,
    verified_claims,
};
