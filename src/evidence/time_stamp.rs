//! Whether a time-stamp token vouches for the signature of a proof, and whether it is to be taken (RFC 3161).
//!
//! A token is made by whoever has a key; what makes it one is an authority that was named beforehand, by its key, a certificate
//! for time-stamping alone, and a time that the engine's own clock agrees with. The same questions are asked at the approval and
//! years later of what was kept.

use crate::anchors::AnchorSet;
use crate::certificate::Certificate;
use crate::proof::{ProofError, SignedStatement, TimeStampAuthority, TimeStampRequest, TimeStampToken};
use crate::time::UnixTime;
use crate::validation::{Materials, Parameters, Profile, RevocationRule, verify};
use crate::verdict::Conclusion;

/// An authority that is asked, and those that are believed.
#[derive(Clone, Copy)]
pub struct TimeStampSource<'a> {
    /// Whoever carries requests and brings answers.
    pub authority: &'a dyn TimeStampAuthority,
    /// The authorities that may vouch for a time: anchors of their own, told apart from those that issue to people.
    pub trusted: &'a AnchorSet,
}

/// Under what terms a token is taken, beside being a true one.
#[derive(Clone, Copy, Debug)]
pub struct TimeStampTerms<'a> {
    /// Policies of authorities that are accepted, in dotted form; none names them all.
    pub policies: &'a [String],
    /// By how many seconds the time in the token and the engine's clock may differ (API-40).
    pub skew_seconds: i64,
}

/// Why there is no token. None of these is about the holder: they are outages, never refusals (RSN-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeStampFault {
    /// No authority is configured, and the policy wants a time stamp.
    #[error("no time-stamp authority is configured")]
    NotConfigured,
    /// The authority could not be reached.
    #[error("the time-stamp authority could not be reached")]
    Unreachable,
    /// The answer is none to this request: refused, malformed, over something else, not signed, or by a certificate that is not
    /// for time-stamping alone.
    #[error("the answer of the time-stamp authority is not accepted: {0}")]
    NotAccepted(#[from] ProofError),
    /// No path leads from its certificate to an authority that is trusted, or not within its dates.
    #[error("the time-stamp authority is not among the trusted ones")]
    Untrusted,
    /// The time in the token is too far from the engine's clock.
    #[error("the time in the time stamp is not that of the clock")]
    Clock,
    /// It was made under a policy that is not accepted.
    #[error("the time stamp is under another policy")]
    Policy,
}

impl TimeStampFault {
    /// The slug, as in the detail of a check.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotConfigured => "time_stamp_not_configured",
            Self::Unreachable => "time_stamp_unreachable",
            Self::NotAccepted(_) => "time_stamp_not_accepted",
            Self::Untrusted => "time_stamp_untrusted",
            Self::Clock => "time_stamp_clock",
            Self::Policy => "time_stamp_policy",
        }
    }
}

impl TimeStampSource<'_> {
    /// A token over the signature value of a proof, asked for now and taken under `terms`; `at` is the engine's clock.
    ///
    /// # Errors
    /// [`TimeStampFault`]
    pub fn obtain(
        &self,
        proof: &SignedStatement,
        nonce: [u8; 16],
        terms: TimeStampTerms<'_>,
        at: UnixTime,
    ) -> Result<Vec<u8>, TimeStampFault> {
        let request = TimeStampRequest::new(signature_of(proof)?, nonce);
        let answer = self.authority.answer(&request.to_der()?).map_err(|_| TimeStampFault::Unreachable)?;
        let token = request.accept(&answer)?;
        let stamp = TimeStamp::read(token.der(), proof)?;
        stamp.meets(terms, at)?;
        // As of the clock, not of the time the token claims: a key whose certificate is over cannot date itself back.
        match stamp.authority(self.trusted, at) {
            Conclusion::Yes => Ok(token.der().to_vec()),
            Conclusion::No(_) | Conclusion::Undetermined(_) => Err(TimeStampFault::Untrusted),
        }
    }
}

/// A token over the signature value of a proof, itself verified. Who stands behind it is [`TimeStamp::authority`]'s question.
#[derive(Clone, Debug)]
pub struct TimeStamp {
    generated_at: UnixTime,
    policy: String,
    certificate: Certificate,
    intermediates: Vec<Certificate>,
}

impl TimeStamp {
    /// Reads a token and verifies it over the signature value of a proof: digest, signature, signing certificate, and that this
    /// is for time-stamping alone (RFC 3161 §2.3).
    ///
    /// # Errors
    /// [`ProofError`] when the token is none, is over something else, or does not verify.
    pub fn read(token: &[u8], proof: &SignedStatement) -> Result<Self, ProofError> {
        let token = TimeStampToken::parse(token)?;
        let verified = token.verify(signature_of(proof)?)?;
        let certificate =
            |der: &Vec<u8>| Certificate::from_der(der).map_err(|_| ProofError::Malformed { what: "certificate" });
        Ok(Self {
            generated_at: verified.generated_at,
            policy: token.policy(),
            certificate: certificate(&verified.certificate)?,
            intermediates: verified.others.iter().filter_map(|der| certificate(der).ok()).collect(),
        })
    }

    /// The time the authority vouches for.
    pub const fn generated_at(&self) -> UnixTime {
        self.generated_at
    }

    /// Whether one of these authorities vouches for it, as of `at`: a path to its key, every certificate within its dates.
    /// Revocation of the authority is not asked: it would have to be asked of lists that this program is not given.
    pub fn authority(&self, trusted: &AnchorSet, at: UnixTime) -> Conclusion {
        let materials = Materials { intermediates: &self.intermediates, ..Materials::default() };
        let parameters =
            Parameters::new(at, trusted).with_profile(Profile::Rfc5280).with_revocation(RevocationRule::Skip);
        verify(&self.certificate, &materials, &parameters).verdict.conclusion()
    }

    /// Whether its time is that of the clock `at` the approval, and its policy an accepted one.
    ///
    /// # Errors
    /// [`TimeStampFault::Clock`], [`TimeStampFault::Policy`]
    pub fn meets(&self, terms: TimeStampTerms<'_>, at: UnixTime) -> Result<(), TimeStampFault> {
        let apart = self.generated_at.seconds().saturating_sub(at.seconds()).saturating_abs();
        if apart > terms.skew_seconds {
            return Err(TimeStampFault::Clock);
        }
        if !terms.policies.is_empty() && !terms.policies.contains(&self.policy) {
            return Err(TimeStampFault::Policy);
        }
        Ok(())
    }
}

fn signature_of(proof: &SignedStatement) -> Result<&[u8], ProofError> {
    proof
        .signers()
        .first()
        .map(|signer| signer.signature())
        .ok_or(ProofError::Malformed { what: "CMS without signers" })
}
