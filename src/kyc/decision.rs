//! The decision: facts, policy and an instant in, one outcome out. Pure, so that an auditor can repeat it years later.

use super::{Account, Case, Declaration, Dependency, Identity, Kind, Login};
use crate::evidence::{Attributes, CertificateKind, Evidence};
use crate::policy::{AcceptedCertificate, DeclarationItem, Particular, VerifierStatus};
use crate::policy::{Policy, PolicyReference, RuleNumber};
use crate::reason::Reason;
use crate::time::UnixTime;
use crate::verdict::{Check, CheckId, Conclusion, Status, Verdict};

/// What follows from facts and policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The identity is verified.
    Upgrade {
        /// The kind the account had.
        from: Kind,
        /// The kind that follows (ACC-02).
        to: Kind,
        /// Rule numbers that decided.
        because: Vec<RuleNumber>,
    },
    /// No.
    Refuse {
        /// Every reason, the decisive one first.
        reasons: Vec<Reason>,
        /// Rule numbers that decided.
        because: Vec<RuleNumber>,
    },
    /// A person at the operator has to look.
    Review {
        /// What the holder is told.
        reasons: Vec<Reason>,
        /// Rule numbers that decided.
        because: Vec<RuleNumber>,
    },
    /// Neither yes nor no: something could not be reached (RSN-20, RSN-21).
    Unavailable {
        /// What could not be reached.
        dependency: Dependency,
        /// What the holder is told.
        reason: Reason,
        /// When trying again makes sense (RSN-22).
        retry_at: UnixTime,
        /// Rule numbers that decided.
        because: Vec<RuleNumber>,
    },
}

/// An outcome with the policy that made it and every named check, the policy's own included.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Which policy decided.
    pub policy: PolicyReference,
    /// What follows.
    pub outcome: Outcome,
    /// The named checks; those after the first decisive one are `not_run` (RSN-27).
    pub verdict: Verdict,
}

/// Decides whether `evidence` upgrades `account` under `policy` at `at`.
///
/// Nothing is upgraded unless every check up to the attributes passed (RSN-21) and every condition of the policy holds; all
/// unmet conditions are named, in order (GATE-13).
pub fn decide(account: &Account, case: &Case, evidence: &Evidence, policy: &Policy, at: UnixTime) -> Decision {
    let mut verdict = evidence.verdict().clone();
    let conclusion = verdict.conclusion();
    // A check that was left out is no outage that ends by itself: `judge` hands it to a person.
    let is_judged = matches!(conclusion, Conclusion::Yes | Conclusion::Undetermined(Reason::Internal));
    let outcome = match conclusion {
        Conclusion::Yes | Conclusion::Undetermined(Reason::Internal) => judge(account, case, evidence, policy, at),
        Conclusion::No(reason) => {
            Outcome::Refuse { reasons: vec![reason], because: vec![RuleNumber::engine("RSN-27")] }
        }
        Conclusion::Undetermined(reason) => Outcome::Unavailable {
            dependency: Dependency::RevocationInformation,
            reason,
            retry_at: at.plus_seconds(policy.revocation.value.retry_after_seconds),
            because: policy.revocation.rules.clone(),
        },
    };
    verdict.record(match &outcome {
        Outcome::Upgrade { .. } => Check::passed(CheckId::Policy),
        _ if !is_judged => Check::not_run(CheckId::Policy),
        Outcome::Refuse { reasons, .. } => {
            Check::failed(CheckId::Policy, reasons.first().copied().unwrap_or(Reason::Internal))
        }
        Outcome::Review { reasons, .. } => {
            Check::undetermined(CheckId::Policy, reasons.first().copied().unwrap_or(Reason::UnderReview))
        }
        Outcome::Unavailable { .. } => Check::not_run(CheckId::Policy),
    });
    Decision { policy: policy.reference.clone(), outcome, verdict }
}

/// The policy's part, reached only when nothing failed and nothing is open.
fn judge(account: &Account, case: &Case, evidence: &Evidence, policy: &Policy, at: UnixTime) -> Outcome {
    let complete =
        evidence.verdict().checks().iter().all(|check| check.id == CheckId::Policy || check.status == Status::Passed);
    if !complete {
        // No check failed, yet not all were made: fail closed, and let a person find out why (RSN-21).
        return review("RSN-21");
    }
    let mut unmet: Vec<(Reason, Vec<RuleNumber>)> = Vec::new();
    let engine = |rule| vec![RuleNumber::engine(rule)];
    unmet.extend(account.obstacles().into_iter().map(|reason| (reason, engine("GATE-12"))));
    if !policy.mock && !evidence.taints().is_empty() {
        unmet.push((Reason::IssuerNotTrusted, engine("API-41")));
    }
    if !certificate_is_accepted(evidence, policy) {
        unmet.push((Reason::CertificatePurposeMismatch, policy.evidence.rules.clone()));
    }
    if let Some(rule) = policy.method_refusal(at) {
        unmet.push((Reason::MethodNotAccepted, vec![rule]));
    }
    if !policy.particulars.value.iter().all(|particular| has(evidence.attributes(), *particular)) {
        unmet.push((Reason::AttributeMismatch, policy.particulars.rules.clone()));
    }
    if !policy.declaration.value.iter().all(|item| is_declared(&case.declaration, *item)) {
        unmet.push((Reason::DeclarationMissing, policy.declaration.rules.clone()));
    }
    let refuse = |unmet: Vec<(Reason, Vec<RuleNumber>)>| {
        let (reasons, rules): (Vec<_>, Vec<_>) = unmet.into_iter().unzip();
        Outcome::Refuse { reasons, because: unique(rules.into_iter().flatten()) }
    };
    let Some((from, to)) = rise(account, policy, at) else {
        unmet.push((Reason::MethodNotAccepted, policy.account.rules.clone()));
        return refuse(unmet);
    };
    if !unmet.is_empty() {
        return refuse(unmet);
    }
    if !policy.is_effective(at) {
        return review("CN-01");
    }
    if policy.verifier.value.status == VerifierStatus::Undeclared {
        // LAW-06: without a signature verifier no case may be labelled `jpki_signature`.
        return review("LAW-06");
    }
    let rules = [&policy.account.rules, &policy.evidence.rules, &policy.verifier.rules, &policy.revocation.rules]
        .into_iter()
        .chain([&policy.particulars.rules, &policy.declaration.rules])
        .flatten()
        .cloned();
    Outcome::Upgrade { from, to, because: unique(rules) }
}

/// The kinds that the policy's tiers give the account before and after the verification; `None` where they give nobody more for a
/// certificate.
fn rise(account: &Account, policy: &Policy, at: UnixTime) -> Option<(Kind, Kind)> {
    let verified = |account: &Account| Account {
        identity: Identity::VerifiedCertificate,
        verified_at: Some(at),
        ..account.clone()
    };
    let nobody = Account { identity: Identity::None, login: Login::Certificate, ..account.clone() };
    let rank = |account: &Account| policy.book.rank(account.tier(policy, at)?.name.as_str());
    let kind = |account: &Account| Kind::of_tier(account.tier(policy, at)?);
    let rises = rank(&verified(&nobody))? > rank(&nobody)?;
    rises.then_some((kind(account)?, kind(&verified(account))?))
}

fn review(rule: &'static str) -> Outcome {
    Outcome::Review { reasons: vec![Reason::UnderReview], because: vec![RuleNumber::engine(rule)] }
}

fn certificate_is_accepted(evidence: &Evidence, policy: &Policy) -> bool {
    let accepted = &policy.evidence.value.accepted_certificates;
    match evidence.certificate().map(|certificate| certificate.kind) {
        Some(CertificateKind::DigitalSignature) => accepted.contains(&AcceptedCertificate::DigitalSignature),
        Some(CertificateKind::UserAuthentication | CertificateKind::Other) | None => false,
    }
}

fn has(attributes: Option<&Attributes>, particular: Particular) -> bool {
    let value = attributes.and_then(|attributes| match particular {
        Particular::Name => attributes.name.as_ref(),
        Particular::Birthdate => attributes.birthdate.as_ref(),
        Particular::Address => attributes.address.as_ref(),
    });
    value.is_some_and(|value| !value.reveal().trim().is_empty())
}

fn is_declared(declaration: &Declaration, item: DeclarationItem) -> bool {
    let text = match item {
        DeclarationItem::Purpose => &declaration.purpose,
        DeclarationItem::Occupation => &declaration.occupation,
    };
    text.as_ref().is_some_and(|text| !text.trim().is_empty())
}

fn unique(rules: impl IntoIterator<Item = RuleNumber>) -> Vec<RuleNumber> {
    let mut kept = Vec::new();
    for rule in rules {
        if !kept.contains(&rule) {
            kept.push(rule);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{CertificateFacts, Fingerprint, ORDER};
    use crate::kyc::{CaseState, Hold};
    use crate::policy::{EvidenceRules, Fact, LegalMethod, Needs};
    use crate::secret::Personal;
    use crate::time::Validity;
    use crate::verdict::Taint;

    const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z

    fn account() -> Account {
        Account::created_with_certificate("a-1".parse().unwrap(), AT)
    }

    fn case() -> Case {
        let policy = Policy::jp_wellnet_mock().unwrap();
        Case {
            id: "case_1".parse().unwrap(),
            account: account().id,
            policy: policy.reference,
            state: CaseState::ChallengeIssued,
            challenge: None,
            declaration: Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) },
            opened_at: AT,
            expires_at: AT.plus_seconds(60),
        }
    }

    fn verdict(change: impl Fn(CheckId) -> Status) -> Verdict {
        let mut verdict = Verdict::new();
        for id in ORDER.into_iter().filter(|id| *id != CheckId::Policy) {
            verdict.record(Check::new(id, change(id)));
        }
        verdict
    }

    fn evidence_from(verdict: &Verdict, kind: CertificateKind) -> Evidence {
        let certificate = CertificateFacts {
            kind,
            issuer: "CN=TEST".into(),
            issuer_generation: "unknown".into(),
            validity: Validity { not_before: AT, not_after: AT },
            fingerprint: Fingerprint([1; 32]),
            serial: Personal::new("01".into()),
        };
        let attributes = Attributes {
            name: Some(Personal::new("見本 太郎".into())),
            birthdate: Some(Personal::new("1990-01-31".into())),
            address: Some(Personal::new("東京都千代田区".into())),
        };
        Evidence::synthetic(verdict, Some(certificate), Some(attributes), AT)
    }

    fn good() -> Evidence {
        evidence_from(&verdict(|_| Status::Passed), CertificateKind::DigitalSignature)
    }

    fn refusal(decision: &Decision) -> &[Reason] {
        match &decision.outcome {
            Outcome::Refuse { reasons, .. } => reasons,
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn good_evidence_makes_money_and_says_why_acc_02() {
        let policy = Policy::jp_wellnet_mock().unwrap();
        let decision = decide(&account(), &case(), &good(), &policy, AT);
        let Outcome::Upgrade { from, to, because } = &decision.outcome else { panic!("{decision:?}") };
        assert_eq!((*from, *to), (Kind::Cash, Kind::Money));
        let because: Vec<_> = because.iter().map(RuleNumber::as_str).collect();
        for rule in ["ACC-02", "ACC-05", "LAW-06", "LAW-08", "LAW-10", "LAW-11", "LAW-38"] {
            assert!(because.contains(&rule), "{rule} in {because:?}");
        }
        assert_eq!(decision.policy, policy.reference);
        assert_eq!(decision.verdict.check(CheckId::Policy).unwrap().status, Status::Passed);
        assert_eq!(decision, decide(&account(), &case(), &good(), &policy, AT), "pure");
    }

    #[test]
    fn the_tiers_of_the_policy_decide_acc_02_acc_05() {
        let mut policy = Policy::jp_wellnet_mock().unwrap();
        // No file says so, because it is refused when it is read; the decision does not trust that.
        policy.book.tiers[1].needs = Needs::Evidence("selfie_legacy".into());
        assert_eq!(refusal(&decide(&account(), &case(), &good(), &policy, AT)), [Reason::MethodNotAccepted]);
        assert_eq!(account().tier(&policy, AT).unwrap().name.as_str(), "cash");
        policy.book.tiers[1].needs = Needs::All(Vec::new());
        assert_eq!(account().tier(&policy, AT).unwrap().name.as_str(), "money");
        assert_eq!(refusal(&decide(&account(), &case(), &good(), &policy, AT)), [Reason::MethodNotAccepted]);
    }

    #[test]
    fn a_method_the_law_does_not_know_confirms_nobody_t_31_law_03() {
        let mut policy = Policy::jp_wellnet_mock().unwrap();
        let change: UnixTime = "2027-04-01T00:00:00+09:00".parse().unwrap();
        for at in [change.plus_seconds(-1), change] {
            let decision = decide(&account(), &case(), &good(), &policy, at);
            assert!(matches!(decision.outcome, Outcome::Upgrade { .. }), "JPKI stays: {decision:?}");
        }
        // A label that is none of the certificate's, on any date; no file says so (LAW-05, LAW-06).
        for method in LegalMethod::ALL.iter().copied().filter(|method| *method != LegalMethod::JpkiSignature) {
            policy.evidence.value.method = method;
            assert_eq!(
                refusal(&decide(&account(), &case(), &good(), &policy, AT))[0],
                Reason::MethodNotAccepted,
                "{method}"
            );
        }
        // A policy of that time, for an image and a face: no certificate is its proof, and from the change on nothing is.
        policy.evidence.value = EvidenceRules { method: LegalMethod::DocImageFace, accepted_certificates: Vec::new() };
        policy.book.tiers[1].needs = Needs::Fact(Fact::CertificateVerification);
        let purpose = Reason::CertificatePurposeMismatch;
        for (at, expected) in
            [(change.plus_seconds(-1), &[purpose][..]), (change, &[purpose, Reason::MethodNotAccepted])]
        {
            let decision = decide(&account(), &case(), &good(), &policy, at);
            assert_eq!(refusal(&decision), expected, "{at}");
            let Outcome::Refuse { because, .. } = &decision.outcome else { unreachable!() };
            assert_eq!(because.iter().any(|rule| rule.as_str() == "LAW-03"), at == change);
        }
    }

    #[test]
    fn kind_is_the_name_of_the_tier_for_every_account_acc_01_acc_16() {
        use Identity::{InProgress, None, VerifiedCertificate, VerifiedSelfieLegacy};
        for policy in [Policy::jp_wellnet().unwrap(), Policy::jp_wellnet_mock().unwrap()] {
            for login in [Login::Certificate, Login::PasswordLegacy] {
                for identity in [None, InProgress, VerifiedCertificate, VerifiedSelfieLegacy] {
                    let account = Account { login, identity, verified_at: Some(AT), ..account() };
                    for at in [AT, AT.plus_seconds(50 * 366 * 86_400)] {
                        let tier = account.tier(&policy, at).unwrap();
                        assert_eq!(tier.name.as_str(), account.kind().as_str(), "{login:?} {identity:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_failed_check_refuses_and_the_policy_is_not_run_rsn_27() {
        for (id, reason) in [
            (CheckId::Algorithm, Reason::AlgorithmNotAllowed),
            (CheckId::Path, Reason::IssuerNotTrusted),
            (CheckId::Purpose, Reason::CertificatePurposeMismatch),
            (CheckId::ValidityPeriod, Reason::CertificateExpired),
            (CheckId::Signature, Reason::SignatureInvalid),
            (CheckId::Revocation, Reason::CertificateRevoked),
        ] {
            let verdict = verdict(|check| if check == id { Status::Failed(reason) } else { Status::Passed });
            let evidence = evidence_from(&verdict, CertificateKind::DigitalSignature);
            let decision = decide(&account(), &case(), &evidence, &Policy::jp_wellnet_mock().unwrap(), AT);
            assert_eq!(refusal(&decision), [reason]);
            assert_eq!(decision.verdict.check(CheckId::Policy).unwrap().status, Status::NotRun);
        }
    }

    #[test]
    fn each_of_the_checks_the_law_names_is_needed_law_08() {
        let needed = [CheckId::Signature, CheckId::Path, CheckId::ValidityPeriod, CheckId::Revocation];
        for id in needed {
            for status in [
                Status::NotRun,
                Status::Undetermined(Reason::ValidityUnavailable),
                Status::Failed(Reason::SignatureInvalid),
            ] {
                let verdict = verdict(|check| if check == id { status } else { Status::Passed });
                let evidence = evidence_from(&verdict, CertificateKind::DigitalSignature);
                let decision = decide(&account(), &case(), &evidence, &Policy::jp_wellnet_mock().unwrap(), AT);
                assert!(!matches!(decision.outcome, Outcome::Upgrade { .. }), "{id:?} {status:?}");
            }
        }
    }

    #[test]
    fn name_birth_date_and_address_are_all_needed_law_10_attr_07() {
        let whole = || Attributes {
            name: Some(Personal::new("見本 太郎".into())),
            birthdate: Some(Personal::new("1990-01-31".into())),
            address: Some(Personal::new("東京都千代田区".into())),
        };
        let blank = || Some(Personal::new("\u{3000} ".to_owned()));
        for attributes in [
            Attributes { name: None, ..whole() },
            Attributes { birthdate: None, ..whole() },
            Attributes { address: None, ..whole() },
            Attributes { name: blank(), ..whole() },
            Attributes { birthdate: blank(), ..whole() },
            Attributes { address: blank(), ..whole() },
        ] {
            let evidence =
                Evidence::synthetic(&verdict(|_| Status::Passed), good().certificate().cloned(), Some(attributes), AT);
            let decision = decide(&account(), &case(), &evidence, &Policy::jp_wellnet_mock().unwrap(), AT);
            let Outcome::Refuse { reasons, because } = decision.outcome else { panic!("upgraded") };
            assert_eq!(reasons, [Reason::AttributeMismatch]);
            assert!(because.iter().any(|rule| rule.as_str() == "LAW-10"), "{because:?}");
        }
    }

    #[test]
    fn an_outage_is_neither_yes_nor_no_rsn_20_rsn_21() {
        let verdict = verdict(|id| match id {
            CheckId::Revocation => Status::Undetermined(Reason::ValidityUnavailable),
            _ => Status::Passed,
        });
        let evidence = evidence_from(&verdict, CertificateKind::DigitalSignature);
        let decision = decide(&account(), &case(), &evidence, &Policy::jp_wellnet_mock().unwrap(), AT);
        let Outcome::Unavailable { reason, retry_at, .. } = decision.outcome else { panic!("{decision:?}") };
        assert_eq!(reason, Reason::ValidityUnavailable);
        assert_eq!(retry_at, AT.plus_seconds(900));
    }

    #[test]
    fn a_check_that_was_not_made_never_upgrades_rsn_21() {
        for skipped in ORDER.into_iter().filter(|id| *id != CheckId::Policy) {
            let verdict = verdict(|id| if id == skipped { Status::NotRun } else { Status::Passed });
            let evidence = evidence_from(&verdict, CertificateKind::DigitalSignature);
            let decision = decide(&account(), &case(), &evidence, &Policy::jp_wellnet_mock().unwrap(), AT);
            assert!(matches!(decision.outcome, Outcome::Review { .. }), "{skipped:?}: {:?}", decision.outcome);
        }
    }

    #[test]
    fn taint_upgrades_under_a_mock_policy_only_api_41() {
        let mut tainted = verdict(|_| Status::Passed);
        tainted.taint(Taint::TestHierarchy);
        let evidence = evidence_from(&tainted, CertificateKind::DigitalSignature);
        let mut policy = Policy::jp_wellnet_mock().unwrap();
        let decision = decide(&account(), &case(), &evidence, &policy, AT);
        assert!(matches!(decision.outcome, Outcome::Upgrade { .. }));
        policy.mock = false;
        assert_eq!(refusal(&decide(&account(), &case(), &evidence, &policy, AT)), [Reason::IssuerNotTrusted]);
    }

    #[test]
    fn only_the_signing_certificate_proves_an_identity_law_38() {
        let policy = Policy::jp_wellnet_mock().unwrap();
        for kind in [CertificateKind::UserAuthentication, CertificateKind::Other] {
            let evidence = evidence_from(&verdict(|_| Status::Passed), kind);
            let decision = decide(&account(), &case(), &evidence, &policy, AT);
            assert_eq!(refusal(&decision), [Reason::CertificatePurposeMismatch]);
        }
    }

    #[test]
    fn every_unmet_condition_is_named_gate_13_law_11_t_25() {
        let policy = Policy::jp_wellnet_mock().unwrap();
        let mut undeclared = case();
        undeclared.declaration.purpose = Some("  ".into());
        let decision = decide(&account(), &undeclared, &good(), &policy, AT);
        assert_eq!(refusal(&decision), [Reason::DeclarationMissing]);
        let mut stopped = account();
        stopped.holds = [Hold::StoppedByUser].into();
        let decision = decide(&stopped, &undeclared, &good(), &policy, AT);
        assert_eq!(refusal(&decision), [Reason::AccountStoppedByUser, Reason::DeclarationMissing]);
        let check = decision.verdict.check(CheckId::Policy).unwrap();
        assert_eq!(check.status, Status::Failed(Reason::AccountStoppedByUser));
    }

    #[test]
    fn without_a_declared_verifier_a_person_decides_law_06() {
        let policy = Policy::jp_wellnet().unwrap();
        let decision = decide(&account(), &case(), &good(), &policy, AT);
        let Outcome::Review { reasons, because } = &decision.outcome else { panic!("{decision:?}") };
        assert_eq!(reasons, &[Reason::UnderReview]);
        assert_eq!(because.iter().map(RuleNumber::as_str).collect::<Vec<_>>(), ["LAW-06"]);
    }

    #[test]
    fn outside_its_dates_a_policy_upgrades_nobody_cn_01() {
        let policy = Policy::jp_wellnet_mock().unwrap();
        let early = "2026-01-01T00:00:00Z".parse().unwrap();
        let decision = decide(&account(), &case(), &good(), &policy, early);
        assert!(matches!(decision.outcome, Outcome::Review { .. }), "{decision:?}");
    }
}
