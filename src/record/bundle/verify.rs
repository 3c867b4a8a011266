//! Making every check of a bundle again: as of then, and as of now.

use super::contents::{Contents, revocation_part};
use super::error::BundleError;
use super::{Bundle, RecordedCheck};
use crate::anchors::AnchorSet;
use crate::certificate::Certificate;
use crate::evidence::{self, Evidence, Grounds, RevocationKind, TimeStamp, TimeStampFault, TimeStampTerms};
use crate::kyc::{Account, Case, CaseState, Declaration, Outcome, decide};
use crate::policy::{Policy, TimeStampNeed, TimeStampRules};
use crate::proof::{Challenge, SignedStatement, Statement};
use crate::reason::Reason;
use crate::time::UnixTime;
use crate::validation::{Crl, Materials, OcspResponse, Parameters, verify};
use crate::verdict::{Check, CheckId, Conclusion, Status, Verdict};

/// What came of a bundle's verification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Verification {
    /// Every check as of the instant of the confirmation: the answer.
    pub then: Verdict,
    /// The instant of the confirmation.
    pub then_at: UnixTime,
    /// Path and revocation of the signer's certificate as of now, with the same material.
    pub now: Verdict,
    /// Now, as the caller has it.
    pub now_at: UnixTime,
    /// Checks that came out otherwise than they were recorded.
    pub differing: Vec<CheckId>,
    /// What the time stamps over the signature are worth, in the order of their parts; those that do not verify are not here.
    pub time_stamps: Vec<TimeStampStanding>,
    /// The part whose statement about revocation the check rested on.
    pub revocation_part: Option<String>,
}

/// What a time stamp of a bundle is worth to this reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeStampStanding {
    /// The time in the token.
    pub generated_at: UnixTime,
    /// Whether an authority that the reader trusts vouches for it, as of that time.
    pub then: Conclusion,
    /// The same as of now: where it no longer does, only a later time stamp over all of it would.
    pub now: Conclusion,
}

/// Documents of a bundle, parsed.
struct Parsed {
    policy: Policy,
    challenge: Challenge,
    signed: SignedStatement,
    certificates: Vec<Certificate>,
    crls: Vec<Crl>,
    ocsp: Vec<OcspResponse>,
}

impl Parsed {
    fn of(contents: &Contents) -> Result<Self, BundleError> {
        let attachment = &contents.attachment;
        if attachment.policy.is_empty() {
            return Err(BundleError::NoPolicy);
        }
        let policy = Policy::parse(&attachment.policy).map_err(|_| BundleError::OtherPolicy)?;
        let statement = Statement::parse(attachment.statement.reveal())
            .map_err(|_| BundleError::malformed("statement.txt", "a statement"))?;
        let signed = evidence::read(attachment.proof.reveal())
            .ok_or_else(|| BundleError::malformed("proof.p7m", "a CMS SignedData with one signer"))?;
        let mut certificates = Vec::new();
        for (number, der) in (1..).zip(&attachment.documents.certificates) {
            let refuse = |_| BundleError::malformed(&format!("certificates/{number}.cer"), "a certificate");
            certificates.push(Certificate::from_der(der.reveal()).map_err(refuse)?);
        }
        let (mut crls, mut ocsp) = (Vec::new(), Vec::new());
        for (number, document) in (1..).zip(&attachment.documents.revocation) {
            match document.kind {
                RevocationKind::Crl => {
                    crls.push(Crl::from_der(&document.der).map_err(|_| {
                        BundleError::malformed(&format!("revocation/{number}.crl"), "a revocation list")
                    })?)
                }
                RevocationKind::Ocsp => ocsp
                    .push(OcspResponse::from_der(&document.der).map_err(|_| {
                        BundleError::malformed(&format!("revocation/{number}.ors"), "an OCSP response")
                    })?),
            }
        }
        Ok(Self { policy, challenge: statement.challenge().clone(), signed, certificates, crls, ocsp })
    }

    /// The certificate of whoever signed.
    fn signer(&self) -> Option<&[u8]> {
        self.signed.signers().first().and_then(|signer| signer.certificate().ok())
    }

    fn materials(&self) -> Materials<'_> {
        Materials { intermediates: &self.certificates, crls: &self.crls, ocsp: &self.ocsp, sources: &[] }
    }
}

impl Bundle {
    /// Makes every check again, as of the confirmation and as of `now`, with the caller's anchors and what is inside. No
    /// time-stamp authority is trusted.
    ///
    /// # Errors
    /// [`BundleError::Malformed`] when a part is no document of its kind; [`BundleError::NoPolicy`],
    /// [`BundleError::OtherPolicy`].
    pub fn verify(&self, anchors: &AnchorSet, now: UnixTime) -> Result<Verification, BundleError> {
        self.verify_trusting(anchors, &AnchorSet::none(), now)
    }

    /// The same, trusting these time-stamp authorities.
    ///
    /// # Errors
    /// [`BundleError::Malformed`] when a part is no document of its kind; [`BundleError::NoPolicy`],
    /// [`BundleError::OtherPolicy`].
    pub fn verify_trusting(
        &self,
        anchors: &AnchorSet,
        authorities: &AnchorSet,
        now: UnixTime,
    ) -> Result<Verification, BundleError> {
        let (case, attachment) = (&self.contents.case, &self.contents.attachment);
        let parsed = Parsed::of(&self.contents)?;
        let at = case.confirmed_at;
        let audience = &parsed.policy.challenge.value.audience;
        let grounds = Grounds { materials: parsed.materials(), anchors, taints: &attachment.taints };
        let evidence = evidence::examine(&parsed.signed, &parsed.challenge, audience, &grounds, at);
        let mut then = self.decided(&parsed, &evidence);
        then.record(self.check_challenge(&parsed));
        if let Some(check) = self.contradiction(&evidence, now) {
            then.record(check);
        }
        // Of whoever signed, whatever the part says; the two are compared below.
        let first = attachment.documents.certificates.first().map(|der| der.reveal().as_slice());
        let signer = parsed.signer();
        let now_verdict = match signer.or(first).map(Certificate::from_der) {
            Some(Ok(leaf)) => verify(&leaf, &parsed.materials(), &Parameters::new(now, anchors)).verdict,
            _ => return Err(BundleError::malformed("certificates/1.cer", "the signer's certificate")),
        };
        let is_settled = then.check(CheckId::Signature).is_some_and(|check| matches!(check.status, Status::Failed(_)));
        if !is_settled && (signer.is_none() || signer != first) {
            then.record(Check::failed(CheckId::Signature, Reason::MalformedData).with("part", "certificates/1.cer"));
        }
        let differing = then.checks().iter().filter(|check| !self.was_recorded(check)).map(|check| check.id).collect();
        let time_stamps = self.time_stamps(&parsed, authorities, now, &mut then);
        let source = evidence.revocation().and_then(|revocation| revocation.source);
        let revocation_part = revocation_part(&attachment.documents, source);
        Ok(Verification { then, then_at: at, now: now_verdict, now_at: now, differing, time_stamps, revocation_part })
    }

    /// What the time stamps are worth. One that does not verify, was not made when the case was confirmed, or is missing where the
    /// policy needs one, fails a check.
    fn time_stamps(
        &self,
        parsed: &Parsed,
        authorities: &AnchorSet,
        now: UnixTime,
        then: &mut Verdict,
    ) -> Vec<TimeStampStanding> {
        let confirmed_at = self.contents.case.confirmed_at;
        let TimeStampRules { need, skew_seconds, accepted_policies } = &parsed.policy.time_stamp.value;
        let terms = TimeStampTerms { policies: accepted_policies, skew_seconds: *skew_seconds };
        let mut found = Vec::new();
        for (number, token) in (1..).zip(&self.contents.attachment.time_stamps) {
            let part = format!("time-stamps/{number}.tsr");
            let stamp = match TimeStamp::read(token, &parsed.signed) {
                Ok(stamp) => stamp,
                Err(error) => {
                    then.record(Check::failed(CheckId::Signature, error.reason()).with("part", part));
                    continue;
                }
            };
            if let Err(fault) = stamp.meets(terms, confirmed_at) {
                let check = Check::failed(CheckId::Policy, Reason::MalformedData);
                then.record(check.with("why", fault.as_str()).with("part", part));
            }
            let generated_at = stamp.generated_at();
            let at = |at| stamp.authority(authorities, at);
            found.push(TimeStampStanding { generated_at, then: at(generated_at), now: at(now) });
        }
        let is_settled = then.check(CheckId::Policy).is_some_and(|check| matches!(check.status, Status::Failed(_)));
        if *need == TimeStampNeed::Always && !is_settled && !found.iter().any(|it| it.then == Conclusion::Yes) {
            let untrusted = Check::failed(CheckId::Policy, Reason::IssuerNotTrusted);
            then.record(untrusted.with("why", TimeStampFault::Untrusted.as_str()));
        }
        found
    }

    /// What nobody signed and what the checks come to: the anchor, the taints, and when it was confirmed.
    fn contradiction(&self, evidence: &Evidence, now: UnixTime) -> Option<Check> {
        let (case, attachment) = (&self.contents.case, &self.contents.attachment);
        let says = |why: &'static str| Check::failed(CheckId::Policy, Reason::MalformedData).with("why", why);
        // A reader without the anchor has no path, and hears of that.
        let is_another_anchor =
            evidence.documents().is_some_and(|documents| documents.anchor != attachment.documents.anchor);
        // What the bundle tells was given to the examination; what it found besides was left out.
        let lacks_a_taint = evidence.taints().iter().any(|taint| !attachment.taints.contains(taint));
        if case.confirmed_at > now {
            Some(says("confirmed_at"))
        } else if is_another_anchor {
            Some(says("anchor"))
        } else if lacks_a_taint {
            Some(says("taints"))
        } else {
            None
        }
    }

    /// The policy's decision on the facts that were recorded.
    fn decided(&self, parsed: &Parsed, evidence: &Evidence) -> Verdict {
        let (case, facts) = (&self.contents.case, &self.contents.attachment.account);
        let account = Account {
            login: facts.login,
            identity: facts.identity,
            ..Account::created_with_certificate(case.account.clone(), facts.created_at)
        };
        // What was declared stands in the record; here it counts that it was.
        let declared = |was: bool| was.then(|| "-".to_owned());
        let subject = Case {
            id: case.case.clone(),
            account: case.account.clone(),
            policy: case.policy.clone(),
            state: CaseState::SignatureVerified,
            challenge: None,
            declaration: Declaration {
                purpose: declared(case.declared.purpose),
                occupation: declared(case.declared.occupation),
            },
            opened_at: parsed.challenge.issued_at(),
            expires_at: case.confirmed_at,
        };
        let decision = decide(&account, &subject, evidence, &parsed.policy, case.confirmed_at);
        let mut verdict = decision.verdict;
        let because = match &decision.outcome {
            Outcome::Upgrade { because, .. } => because.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let method = parsed.policy.evidence.value.method.as_str();
        let verifier = &parsed.policy.verifier.value.name;
        let says = |ours: bool, why: &'static str| {
            (!ours).then(|| Check::failed(CheckId::Policy, Reason::MalformedData).with("why", why))
        };
        let contradiction = says(decision.policy == case.policy, "policy")
            .or_else(|| says(method == case.method && *verifier == case.verifier, "method"));
        let contradiction = contradiction.or_else(|| match &decision.outcome {
            Outcome::Upgrade { .. } => says(because == case.because, "because"),
            _ => None,
        });
        if let Some(check) = contradiction {
            verdict.record(check);
        }
        verdict
    }

    /// The statement belongs to this case and account, and was answered within its time.
    fn check_challenge(&self, parsed: &Parsed) -> Check {
        let (case, challenge) = (&self.contents.case, &parsed.challenge);
        let in_time = challenge.issued_at() <= case.received_at
            && !challenge.is_expired(case.received_at)
            && case.received_at <= case.confirmed_at;
        if challenge.case() != case.case.as_str() || challenge.account() != case.account.as_str() {
            Check::failed(CheckId::Challenge, Reason::ChallengeUnknown)
        } else if !in_time {
            Check::failed(CheckId::Challenge, Reason::ChallengeExpired)
        } else {
            Check::passed(CheckId::Challenge)
        }
    }

    fn was_recorded(&self, check: &Check) -> bool {
        let is_same = |recorded: &&RecordedCheck| {
            serde_json::to_value(check.id).is_ok_and(|id| id == recorded.id.as_str())
                && recorded.status == check.status.as_str()
                && recorded.code.as_deref() == check.status.reason().map(Reason::code)
                && recorded.detail == check.detail()
        };
        self.contents.checks.iter().any(|recorded| is_same(&recorded))
    }
}
