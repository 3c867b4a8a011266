//! From a proof to an account that became something else: scenarios T-01, T-02, T-20 to T-25 and the rules around them.

use crate::holder::{
    DAY, anchors, authentication_key, grounds, issued, list, prove, sign_bytes, sign_until_lifted, signing_key,
};
use crate::stores::{AT, account_id, case, case_id, new};
use honnin::anchors::AnchorSet;
use honnin::evidence::{RevocationKind, SignatureDigest};
use honnin::kyc::{
    AccountId, Answer, Case, CaseId, CaseState, Decision, Declaration, Effects, Event, EventKind, Hold, Identity, Kind,
    Outcome, Provenance, Request, Store, Upgrade, UpgradeError,
};
use honnin::policy::Policy;
use honnin::proof::{Challenge, Placement, SignedStatement};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::Crl;
use honnin::verdict::{CheckId, Status, Taint};
use std::process::Command;

/// A store, a policy, and the names every scenario uses.
struct Scene<'a> {
    store: &'a dyn Store,
    policy: Policy,
    anchors: AnchorSet,
    account: AccountId,
    case: CaseId,
}

impl<'a> Scene<'a> {
    /// A certificate-created account with an open case and everything declared.
    fn new(store: &'a dyn Store) -> Self {
        let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
        Self::declaring(store, declaration)
    }

    fn declaring(store: &'a dyn Store, declaration: Declaration) -> Self {
        let scene = Self {
            store,
            policy: Policy::jp_wellnet_mock().unwrap(),
            anchors: anchors(),
            account: account_id("a-1"),
            case: case_id("case_1"),
        };
        scene.engine().create_account(scene.account.clone(), AT).unwrap();
        scene.engine().open_case(scene.case.clone(), &scene.account, declaration, AT).unwrap();
        scene
    }

    fn engine(&self) -> Upgrade<'_> {
        Upgrade::new(self.store, &self.policy)
    }

    fn challenge_at(&self, at: UnixTime) -> Challenge {
        let request = Request {
            purpose: "本人確認".into(),
            transaction: "マネーアカウントへの変更を申し込みます。".into(),
        };
        self.engine().issue_challenge(&self.case, &request, &mut rand_core::OsRng, at).unwrap()
    }

    fn challenge(&self) -> Challenge {
        self.challenge_at(AT)
    }

    fn submit_at(&self, proof: &[u8], lists: &[Crl], at: UnixTime) -> Result<Answer, UpgradeError> {
        self.engine().submit(&self.case, proof, &grounds(&self.anchors, lists), at)
    }

    /// With a list that knows nothing bad.
    fn submit(&self, proof: &[u8]) -> Result<Answer, UpgradeError> {
        self.submit_at(proof, &list(AT, false), AT.plus_seconds(5))
    }

    fn recheck(&self, lists: &[Crl], at: UnixTime) -> Result<Answer, UpgradeError> {
        self.engine().recheck(&self.case, &grounds(&self.anchors, lists), at)
    }

    fn kind(&self) -> Kind {
        self.store.load_account(&self.account).unwrap().unwrap().facts.kind()
    }

    fn identity(&self) -> Identity {
        self.store.load_account(&self.account).unwrap().unwrap().facts.identity
    }

    fn stored_case(&self) -> Case {
        self.store.load_case(&self.case).unwrap().unwrap().facts
    }

    fn failures(&self) -> u64 {
        self.store.failures(&self.account).unwrap()
    }

    fn events(&self) -> Vec<Event> {
        self.store.events(&self.account).unwrap()
    }

    fn kind_changes(&self) -> usize {
        self.events().iter().filter(|event| matches!(event.kind, EventKind::AccountKindChanged { .. })).count()
    }
}

fn decided(answer: Result<Answer, UpgradeError>) -> Decision {
    match answer {
        Ok(Answer::Decided(decision)) => decision,
        other => panic!("no decision: {other:?}"),
    }
}

fn refused(answer: Result<Answer, UpgradeError>) -> Vec<Reason> {
    match decided(answer).outcome {
        Outcome::Refuse { reasons, .. } => reasons,
        other => panic!("not refused: {other:?}"),
    }
}

fn approved(answer: Result<Answer, UpgradeError>) {
    let decision = decided(answer);
    assert!(matches!(decision.outcome, Outcome::Upgrade { .. }), "{:?}", decision.outcome);
}

fn unavailable(answer: Result<Answer, UpgradeError>) -> (Reason, UnixTime) {
    match decided(answer).outcome {
        Outcome::Unavailable { reason, retry_at, .. } => (reason, retry_at),
        other => panic!("not unavailable: {other:?}"),
    }
}

fn status(decision: &Decision, id: CheckId) -> Status {
    decision.verdict.check(id).unwrap().status
}

fn t_01_an_unverified_account_is_cash(store: &dyn Store) {
    let scene = Scene::new(store);
    assert_eq!(scene.kind(), Kind::Cash);
    assert_eq!(scene.identity(), Identity::InProgress);
    scene.challenge();
    assert_eq!(scene.kind(), Kind::Cash, "ACC-02: asking is not verifying");
}

fn t_02_approval_makes_money_in_one_transaction(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = prove(&challenge);
    let decision = decided(scene.submit(&proof));
    let Outcome::Upgrade { from, to, because } = &decision.outcome else { panic!("{:?}", decision.outcome) };
    assert_eq!((*from, *to), (Kind::Cash, Kind::Money));
    assert!(because.iter().any(|rule| rule.as_str() == "ACC-02"), "{because:?}");
    assert!(decision.verdict.checks().iter().all(|check| check.status == Status::Passed), "{:?}", decision.verdict);
    assert_eq!(decision.verdict.taints, [Taint::CallerAnchor, Taint::TestHierarchy]);

    assert_eq!(scene.kind(), Kind::Money);
    let account = store.load_account(&scene.account).unwrap().unwrap().facts;
    let signing = issued().facts.certificates.digital_signature.as_ref().unwrap();
    assert_eq!(account.particulars, Some(Provenance::Certificate { issued_at: signing.not_before }), "ATTR-01");
    assert_eq!(account.verified_at, Some(AT.plus_seconds(5)));
    assert_eq!(scene.stored_case().state, CaseState::Approved);
    assert_eq!(store.held_proof(&scene.case).unwrap(), None);

    // kyc.md §19.1: every transition is one event, and one says that the kind changed (ACC-05).
    let steps: Vec<_> = scene
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::CaseTransitioned { to, .. } => Some(to.as_str()),
            _ => None,
        })
        .collect();
    let line = [
        "challenge_issued",
        "evidence_received",
        "signature_verified",
        "validity_checked",
        "attributes_matched",
        "approved",
    ];
    assert_eq!(steps, line);
    assert_eq!(scene.kind_changes(), 1);

    // LAW-20 to LAW-23
    let record = store.confirmation_record(&scene.case).unwrap().unwrap();
    let attributes = &issued().facts.attributes;
    assert_eq!(record.particulars.name.reveal(), &attributes.name);
    assert_eq!(record.particulars.birthdate.reveal(), &attributes.birthdate);
    assert_eq!(record.particulars.address.reveal(), &attributes.address);
    let serial = |text: &str| text.trim_start_matches('0').to_lowercase();
    assert_eq!(serial(record.certificate.serial.reveal()), serial(&signing.serial));
    assert_eq!(record.method, "jpki_signature");
    assert_eq!(record.policy, scene.policy.reference);
    assert_eq!(record.purpose.unwrap().reveal(), "送金");
    assert_eq!(record.revocation.this_update, Some(AT));
    // LAW-33: by which method, when, and by which list, named by its digest.
    let consulted = &record.attachment.documents.revocation[0];
    assert_eq!(consulted.kind, RevocationKind::Crl);
    assert_eq!(record.revocation.checked_at, AT.plus_seconds(5));
    let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&consulted.der).into();
    assert_eq!(record.revocation.source, Some(digest));
    let attachment = &record.attachment;
    assert_eq!(attachment.proof.reveal(), &proof, "LAW-22");
    assert_eq!(attachment.statement.reveal(), challenge.statement().as_bytes());
    assert_eq!(attachment.documents.revocation[0].der, list(AT, false)[0].der());
    assert_eq!(attachment.policy, scene.policy.text);
    assert_eq!(scene.stored_case().declaration, Declaration::default(), "LAW-44: it stands in the record now");
    assert!(record.checks.contains(r#"{"id":"policy","status":"passed"}"#), "{}", record.checks);
}

fn acc_15_a_second_approval_changes_nothing(store: &dyn Store) {
    let scene = Scene::new(store);
    let (void, first) = (scene.challenge(), scene.challenge());
    approved(scene.submit(&prove(&first)));
    let before = (store.load_account(&scene.account).unwrap(), store.load_case(&scene.case).unwrap(), scene.events());
    assert_eq!(scene.recheck(&list(AT, false), AT.plus_seconds(9)), Ok(Answer::AlreadyApproved));
    // Terminal is terminal, also for a list that says otherwise now, and long after the case's time.
    assert_eq!(scene.recheck(&list(AT, true), AT.plus_seconds(90 * DAY)), Ok(Answer::AlreadyApproved));
    let after = (store.load_account(&scene.account).unwrap(), store.load_case(&scene.case).unwrap(), scene.events());
    assert_eq!(before, after);
    // A challenge that was void before: good proof, and still nothing changes.
    assert_eq!(refused(scene.submit(&prove(&void))), [Reason::ChallengeExpired]);
    assert_eq!((scene.kind(), scene.kind_changes()), (Kind::Money, 1));
}

fn rsn_24_the_same_proof_counts_once(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    approved(scene.submit(&proof));
    let decision = decided(scene.submit(&proof));
    assert_eq!(status(&decision, CheckId::Format), Status::Passed);
    assert_eq!(status(&decision, CheckId::Challenge), Status::Failed(Reason::ChallengeAlreadyUsed));
    for later in [CheckId::Audience, CheckId::Path, CheckId::Signature, CheckId::Revocation, CheckId::Policy] {
        assert_eq!(status(&decision, later), Status::NotRun, "{later:?}");
    }
    assert_eq!(scene.failures(), 1, "RSN-28: this one counts");
    assert_eq!(scene.kind(), Kind::Money);
    assert_eq!(scene.kind_changes(), 1);
}

fn t_20_an_outage_decides_nothing_and_keeps_the_proof(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    let before = store.load_account(&scene.account).unwrap();
    let submitted_at = AT.plus_seconds(5);
    let (reason, retry_at) = unavailable(scene.submit_at(&proof, &[], submitted_at));
    assert_eq!((reason, retry_at), (Reason::ValidityUnavailable, submitted_at.plus_seconds(900)));
    // RSN-20: not counted, nothing changed, neither revoked nor valid.
    assert_eq!(scene.failures(), 0);
    assert_eq!(store.load_account(&scene.account).unwrap(), before);
    let state = scene.stored_case().state;
    assert!(matches!(state, CaseState::Unavailable { retry_at: at, .. } if at == retry_at), "{state:?}");
    assert!(store.held_proof(&scene.case).unwrap().is_some());
    assert_eq!(store.confirmation_record(&scene.case).unwrap(), None);

    // Still down: still open.
    unavailable(scene.recheck(&[], AT.plus_seconds(1000)));
    assert_eq!(scene.kind(), Kind::Cash, "RSN-21");
    // RSN-25: back again, no new challenge, no new signature.
    approved(scene.recheck(&list(AT.plus_seconds(1800), false), AT.plus_seconds(2000)));
    assert_eq!(scene.kind(), Kind::Money);
    let record = store.confirmation_record(&scene.case).unwrap().unwrap();
    assert_eq!((record.received_at, record.confirmed_at), (submitted_at, AT.plus_seconds(2000)));
    assert_eq!(record.attachment.proof.reveal(), &proof);
    assert_eq!(store.held_proof(&scene.case).unwrap(), None);
    assert_eq!(scene.kind_changes(), 1);
    assert_eq!(refused(scene.submit(&proof)), [Reason::ChallengeAlreadyUsed]);
}

fn rsn_25_a_recheck_may_also_find_the_certificate_revoked(store: &dyn Store) {
    let scene = Scene::new(store);
    unavailable(scene.submit_at(&prove(&scene.challenge()), &[], AT));
    assert_eq!(refused(scene.recheck(&list(AT, true), AT.plus_seconds(60))), [Reason::CertificateRevoked]);
    assert_eq!(scene.stored_case().state, CaseState::Rejected { reason: Reason::CertificateRevoked });
    assert_eq!(scene.identity(), Identity::None);
    assert_eq!(store.held_proof(&scene.case).unwrap(), None, "personal data leave with the case");
    let again = scene.recheck(&list(AT, false), AT.plus_seconds(70));
    assert!(matches!(again, Err(UpgradeError::OutOfOrder { .. })), "terminal: {again:?}");
    assert_eq!(scene.kind(), Kind::Cash);
}

fn rsn_25_ends_with_the_case(store: &dyn Store) {
    let scene = Scene::new(store);
    unavailable(scene.submit_at(&prove(&scene.challenge()), &[], AT));
    let late = AT.plus_seconds(scene.policy.case_lifetime_seconds.value);
    let answer = scene.recheck(&list(AT, false), late);
    assert_eq!(answer, Err(UpgradeError::OutOfOrder { state: CaseState::Expired }));
    assert_eq!(scene.stored_case().state, CaseState::Expired);
    assert_eq!(store.held_proof(&scene.case).unwrap(), None);
    assert_eq!(scene.identity(), Identity::None);
}

fn t_21_a_stale_list_is_an_outage(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    let decision = decided(scene.submit_at(&proof, &list(AT.plus_seconds(-3 * DAY), false), AT));
    assert_eq!(status(&decision, CheckId::Revocation), Status::Undetermined(Reason::ValidityUnavailable));
    assert_eq!(status(&decision, CheckId::Signature), Status::Passed, "LAW-09: two results");
    assert_eq!(status(&decision, CheckId::Attributes), Status::NotRun);
    assert!(matches!(scene.stored_case().state, CaseState::Unavailable { .. }));
    assert_eq!((scene.kind(), scene.failures()), (Kind::Cash, 0));
}

fn t_22_of_many_parallel_submissions_one_is_processed(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    let (scene, proof) = (&scene, &proof);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(move || scene.submit(proof))).collect();
        threads.into_iter().map(|thread| decided(thread.join().unwrap()).outcome).collect()
    });
    let upgraded = answers.iter().filter(|outcome| matches!(outcome, Outcome::Upgrade { .. })).count();
    let used = |outcome: &&Outcome| matches!(outcome, Outcome::Refuse { reasons, .. } if *reasons == [Reason::ChallengeAlreadyUsed]);
    assert_eq!((upgraded, answers.iter().filter(used).count()), (1, 7), "{answers:?}");
    assert_eq!((scene.kind(), scene.kind_changes()), (Kind::Money, 1));
}

/// Of several challenges the last one counts, and the account changes once.
fn parallel_proofs_for_one_case_upgrade_once(store: &dyn Store) {
    let scene = Scene::new(store);
    let proofs: Vec<_> = (0..4).map(|_| prove(&scene.challenge())).collect();
    let scene = &scene;
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = proofs.iter().map(|proof| scope.spawn(move || scene.submit(proof))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let outcomes: Vec<_> = answers.into_iter().map(|answer| decided(answer).outcome).collect();
    let void = |outcome: &&Outcome| matches!(outcome, Outcome::Refuse { reasons, .. } if *reasons == [Reason::ChallengeExpired]);
    assert_eq!(outcomes.iter().filter(void).count(), 3, "{outcomes:?}");
    assert_eq!(scene.failures(), 0);
    assert_eq!((scene.kind(), scene.kind_changes()), (Kind::Money, 1));
}

/// The content of a proof stands in it as it is, so a byte of it can be changed without touching the frame.
fn changed_in_content(proof: &[u8], challenge: &Challenge, offset: usize) -> Vec<u8> {
    let content = challenge.statement().as_bytes().to_vec();
    let start = proof.windows(content.len()).position(|window| window == content).unwrap();
    let mut changed = proof.to_vec();
    changed[start + offset] ^= 0x01;
    changed
}

fn t_24_one_changed_byte_is_a_bad_signature_and_costs_the_challenge(store: &dyn Store) {
    let scene = Scene::new(store);
    let text = |challenge: &Challenge| challenge.statement().as_str().to_owned();
    let transaction_at = |challenge: &Challenge| text(challenge).find("申し込み").unwrap();
    let purpose_at = |challenge: &Challenge| text(challenge).find("本人確認").unwrap() + 2;
    let header_at = |_: &Challenge| 0;
    let end_at = |challenge: &Challenge| text(challenge).len() - 1;
    let places: [&dyn Fn(&Challenge) -> usize; 4] = [&transaction_at, &purpose_at, &header_at, &end_at];
    for (failures, place) in (1..).zip(places) {
        let challenge = scene.challenge();
        let proof = prove(&challenge);
        let decision = decided(scene.submit(&changed_in_content(&proof, &challenge, place(&challenge))));
        assert_eq!(status(&decision, CheckId::Signature), Status::Failed(Reason::SignatureInvalid));
        assert_eq!(status(&decision, CheckId::Path), Status::Passed, "RSN-27: signature comes after path");
        assert_eq!(status(&decision, CheckId::Revocation), Status::NotRun);
        assert_eq!(scene.failures(), failures);
        // RSN-24: consumed, and stays so, even for the right proof.
        assert_eq!(store.consume_challenge(challenge.id(), &scene.case, AT), Ok(honnin::kyc::Consumption::AlreadyUsed));
        assert_eq!(scene.stored_case().state, CaseState::ChallengeIssued, "a new challenge is possible");
    }
    approved(scene.submit(&prove(&scene.challenge())));
    assert_eq!(scene.failures(), 0, "a success ends the run");
}

fn t_24_other_words_well_signed_are_a_bad_signature_too(store: &dyn Store) {
    let scene = Scene::new(store);
    scene.challenge();
    // LAW-07: the signature has to be over what was handed out, so it does not help that it matches something else.
    let proof = sign_bytes(&signing_key(), "何か別のもの".as_bytes(), Placement::Attached);
    assert_eq!(refused(scene.submit(&proof)), [Reason::SignatureInvalid]);
    // The bytes of the certificate and of the signature are guarded by themselves.
    let mut proof = prove(&scene.challenge());
    *proof.last_mut().unwrap() ^= 0x01;
    assert_eq!(refused(scene.submit(&proof)), [Reason::SignatureInvalid]);
    assert_eq!(scene.kind(), Kind::Cash);
}

fn rsn_24_the_right_proof_comes_too_late_after_a_wrong_one(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = prove(&challenge);
    let offset = challenge.statement().as_str().find("申し込み").unwrap();
    assert_eq!(refused(scene.submit(&changed_in_content(&proof, &challenge, offset))), [Reason::SignatureInvalid]);
    assert_eq!(refused(scene.submit(&proof)), [Reason::ChallengeAlreadyUsed]);
    assert_eq!(scene.kind(), Kind::Cash);
}

fn rsn_24_a_signature_value_never_counts_for_two_cases(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    // An RSA signature is the same bytes every time; another case has it already.
    let verified = SignedStatement::parse(&proof).unwrap().verify(None).unwrap();
    let digest = honnin::crypto::sha256(verified.signers()[0].signature());
    let mut effects = Effects::none(scene.account.clone());
    effects.case = Some(new(case("case_2", "a-1")));
    effects.signature = Some(SignatureDigest(digest));
    store.commit(&effects).unwrap();
    assert_eq!(refused(scene.submit(&proof)), [Reason::EvidenceAlreadyUsed]);
    assert_eq!(scene.stored_case().state, CaseState::Rejected { reason: Reason::EvidenceAlreadyUsed });
    assert_eq!((scene.kind(), scene.failures()), (Kind::Cash, 1));
}

fn a_challenge_answers_for_its_own_case_only(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = prove(&challenge);
    let other = case_id("case_2");
    scene.engine().open_case(other.clone(), &scene.account, Declaration::default(), AT).unwrap();
    let lists = list(AT, false);
    let answer = scene.engine().submit(&other, &proof, &grounds(&scene.anchors, &lists), AT);
    assert_eq!(refused(answer), [Reason::ChallengeUnknown]);
    approved(scene.submit(&proof));
}

fn a_revoked_holder_is_refused_and_the_case_ends(store: &dyn Store) {
    let scene = Scene::new(store);
    let decision = decided(scene.submit_at(&prove(&scene.challenge()), &list(AT, true), AT));
    let check = decision.verdict.check(CheckId::Revocation).unwrap();
    assert_eq!(check.status, Status::Failed(Reason::CertificateRevoked));
    assert_eq!(check.detail()["reason"], "affiliation_changed", "CERT-14, T-37");
    assert_eq!(scene.stored_case().state, CaseState::Rejected { reason: Reason::CertificateRevoked });
    assert_eq!((scene.kind(), scene.identity(), scene.failures()), (Kind::Cash, Identity::None, 0));
    let answer = scene.engine().issue_challenge(
        &scene.case,
        &Request { purpose: "p".into(), transaction: "t".into() },
        &mut rand_core::OsRng,
        AT,
    );
    assert!(matches!(answer, Err(UpgradeError::OutOfOrder { .. })), "{answer:?}");
    // A new case, after the municipality helped, is possible.
    let again = case_id("case_2");
    scene.engine().open_case(again, &scene.account, Declaration::default(), AT).unwrap();
    assert_eq!(scene.identity(), Identity::InProgress);
}

/// Ending one of two open cases leaves the account being verified.
fn a_case_that_ends_leaves_the_other_case_alone(store: &dyn Store) {
    let scene = Scene::new(store);
    let other = case_id("case_2");
    scene.engine().open_case(other.clone(), &scene.account, Declaration::default(), AT.plus_seconds(60)).unwrap();
    assert_eq!(refused(scene.submit_at(&prove(&scene.challenge()), &list(AT, true), AT)), [Reason::CertificateRevoked]);
    assert_eq!(scene.identity(), Identity::InProgress);
    let late = AT.plus_seconds(scene.policy.case_lifetime_seconds.value + 60);
    let answer = scene.engine().declare(&other, &Declaration::default(), late);
    assert_eq!(answer, Err(UpgradeError::OutOfOrder { state: CaseState::Expired }));
    assert_eq!(scene.identity(), Identity::None, "the last one ended");
}

/// LAW-41, T-29: refused before anything is stored or told.
fn t_29_a_my_number_is_refused_and_nothing_is_kept(store: &dyn Store) {
    const NUMBER: &str = "１２３４－５６７８－９０１８";
    let scene = Scene::new(store);
    let before = (scene.events(), store.load_case(&scene.case).unwrap());
    let declaration = Declaration { purpose: None, occupation: Some(format!("会社員 {NUMBER}")) };
    let refused_at = |item| UpgradeError::MyNumber { item };
    assert_eq!(scene.engine().declare(&scene.case, &declaration, AT), Err(refused_at("occupation")));
    let answer = scene.engine().open_case(case_id("case_2"), &scene.account, declaration, AT);
    assert_eq!(answer, Err(refused_at("occupation")));
    let request =
        Request { purpose: "本人確認".into(), transaction: format!("番号 {NUMBER} を登録します。") };
    let answer = scene.engine().issue_challenge(&scene.case, &request, &mut rand_core::OsRng, AT);
    assert_eq!(answer, Err(refused_at("transaction")));
    assert_eq!(answer.unwrap_err().reason(), Reason::MyNumberPresent);
    assert_eq!((scene.events(), store.load_case(&scene.case).unwrap()), before);
    // An upload: a signed document that is none of ours.
    let challenge = scene.challenge();
    let proof = sign_bytes(&signing_key(), format!("私の番号は{NUMBER}です").as_bytes(), Placement::Attached);
    let before = (scene.stored_case(), store.load_account(&scene.account).unwrap(), scene.events().len());
    assert_eq!(refused(scene.submit(&proof)), [Reason::MyNumberPresent]);
    assert_eq!((store.held_proof(&scene.case).unwrap(), scene.failures()), (None, 0));
    let after = (scene.stored_case(), store.load_account(&scene.account).unwrap());
    assert_eq!(after, (before.0, before.1), "nothing stored");
    assert_eq!(store.confirmation_record(&scene.case).unwrap(), None);
    let told = scene.events().split_off(before.2).iter().map(|event| format!("{event:?}")).collect::<String>();
    for number in [NUMBER, "123456789018", "1234-5678-9018", "１２３４５６７８９０１８"] {
        assert!(!told.contains(number), "nothing told: {number}");
    }
    approved(scene.submit(&prove(&challenge)));
}

fn t_23_other_issuers_and_other_certificates_are_refused(store: &dyn Store) {
    let mut scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = sign_bytes(&authentication_key(), challenge.statement().as_bytes(), Placement::Attached);
    let decision = decided(scene.submit(&proof));
    assert_eq!(status(&decision, CheckId::Path), Status::Passed);
    assert_eq!(status(&decision, CheckId::Purpose), Status::Failed(Reason::CertificatePurposeMismatch), "LAW-38");

    scene.case = case_id("case_2");
    scene.engine().open_case(scene.case.clone(), &scene.account, Declaration::default(), AT).unwrap();
    scene.anchors = AnchorSet::jpki();
    let decision = decided(scene.submit(&prove(&scene.challenge())));
    assert_eq!(status(&decision, CheckId::Path), Status::Failed(Reason::IssuerNotTrusted));
    assert_eq!(status(&decision, CheckId::Signature), Status::NotRun);
    assert_eq!(scene.stored_case().state, CaseState::Rejected { reason: Reason::IssuerNotTrusted });
    assert_eq!(scene.failures(), 2, "both count");

    // The eID card of another country, whose authority nobody here trusts.
    scene.case = case_id("case_3");
    scene.engine().open_case(scene.case.clone(), &scene.account, Declaration::default(), AT).unwrap();
    scene.anchors = anchors();
    let proof = proof_from_abroad(&scene.challenge());
    let decision = decided(scene.submit(&proof));
    assert_eq!(status(&decision, CheckId::Path), Status::Failed(Reason::IssuerNotTrusted), "{decision:?}");
    assert_eq!(scene.kind(), Kind::Cash);
    assert_eq!(scene.failures(), 3);
}

/// Signed with a key whose certificate an authority of Estonia issued, by `openssl`.
fn proof_from_abroad(challenge: &Challenge) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |line: &str| {
        let output = Command::new("openssl").args(line.split_whitespace()).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    std::fs::write(folder.path().join("statement"), challenge.statement().as_bytes()).unwrap();
    openssl("req -x509 -newkey rsa:2048 -nodes -subj /C=EE/CN=TEST-of-ESTEID -days 3650 -keyout ca.key -out ca.pem");
    openssl("req -newkey rsa:2048 -nodes -subj /C=EE/CN=TEST -keyout leaf.key -out leaf.csr");
    std::fs::write(folder.path().join("leaf.ext"), "keyUsage = critical, digitalSignature, nonRepudiation\n").unwrap();
    openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -extfile leaf.ext -days 3650 -out leaf.pem");
    openssl(
        "cms -sign -in statement -signer leaf.pem -inkey leaf.key -md sha256 -cades -binary -nodetach -outform DER -out proof",
    );
    std::fs::read(folder.path().join("proof")).unwrap()
}

/// CARD-08: whenever the card leaves the antenna, nothing was submitted; the same challenge is signed at the next try.
fn card_08_a_lost_contact_costs_no_challenge(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let before = (scene.stored_case(), scene.events());
    let lifted = (0..).map_while(|after| sign_until_lifted(after).err());
    let mut times = 0;
    for error in lifted {
        assert_eq!(error.reason(), Reason::CardLostContact, "after {times} commands");
        assert!(error.reason().retryable() && !error.reason().counts_as_failure());
        assert_eq!((scene.stored_case(), scene.events(), scene.failures()), (before.0.clone(), before.1.clone(), 0));
        times += 1;
    }
    assert!(times >= 4, "application, PIN, secret, key: {times}");
    approved(scene.submit(&prove(&challenge)));
}

fn an_expired_certificate_is_told_from_a_revoked_one_cert_07(store: &dyn Store) {
    let scene = Scene::new(store);
    let late = AT.plus_seconds(6 * 365 * DAY);
    let case = case_id("case_late");
    scene.engine().open_case(case.clone(), &scene.account, Declaration::default(), late).unwrap();
    let scene = Scene { case, ..scene };
    let proof = prove(&scene.challenge_at(late));
    assert_eq!(refused(scene.submit_at(&proof, &list(late, false), late)), [Reason::CertificateExpired]);
}

fn t_25_a_missing_declaration_waits(store: &dyn Store) {
    let scene = Scene::declaring(store, Declaration { purpose: None, occupation: Some("会社員".into()) });
    let proof = prove(&scene.challenge());
    assert_eq!(refused(scene.submit(&proof)), [Reason::DeclarationMissing]);
    assert_eq!(scene.stored_case().state, CaseState::AttributesMatched);
    assert_eq!((scene.kind(), scene.failures()), (Kind::Cash, 0));
    assert_eq!(refused(scene.recheck(&list(AT, false), AT.plus_seconds(20))), [Reason::DeclarationMissing]);
    let purpose = Declaration { purpose: Some("送金".into()), occupation: None };
    scene.engine().declare(&scene.case, &purpose, AT.plus_seconds(30)).unwrap();
    // The list may be out of reach by now: then it waits, and does not go back.
    unavailable(scene.recheck(&[], AT.plus_seconds(40)));
    assert_eq!(scene.stored_case().state, CaseState::AttributesMatched);
    approved(scene.recheck(&list(AT, false), AT.plus_seconds(50)));
    assert_eq!(store.confirmation_record(&scene.case).unwrap().unwrap().occupation.unwrap().reveal(), "会社員");
}

fn law_06_without_a_verifier_a_person_decides(store: &dyn Store) {
    let mut scene = Scene::new(store);
    scene.policy = policy_with("status = \"certified\"", "status = \"undeclared\"");
    let decision = decided(scene.submit(&prove(&scene.challenge())));
    assert!(matches!(decision.outcome, Outcome::Review { .. }), "{:?}", decision.outcome);
    assert_eq!(scene.stored_case().state, CaseState::UnderReview);
    assert_eq!(scene.kind(), Kind::Cash);
    assert_eq!(store.confirmation_record(&scene.case).unwrap(), None);
    scene.policy = Policy::jp_wellnet_mock().unwrap();
    let answer = scene.recheck(&list(AT, false), AT.plus_seconds(9));
    assert!(matches!(answer, Err(UpgradeError::OutOfOrder { .. })), "a person decides: {answer:?}");
    let answer = scene.recheck(&list(AT, false), AT.plus_seconds(3 * DAY));
    assert_eq!(answer, Err(UpgradeError::OutOfOrder { state: CaseState::UnderReview }), "a person may take days");
}

const MOCK: &str = include_str!("../../fixtures/policies/jp_wellnet_mock.toml");

fn policy_with(from: &str, to: &str) -> Policy {
    assert!(MOCK.contains(from), "{from}");
    Policy::parse(&MOCK.replace(from, to)).unwrap()
}

fn api_41_a_real_policy_upgrades_no_synthetic_holder(store: &dyn Store) {
    let mut scene = Scene::new(store);
    scene.policy = policy_with("mock = true", "mock = false");
    let decision = decided(scene.submit(&prove(&scene.challenge())));
    assert_eq!(status(&decision, CheckId::Policy), Status::Failed(Reason::IssuerNotTrusted));
    assert_eq!(scene.kind(), Kind::Cash);
}

fn a_statement_for_somebody_else_is_refused(store: &dyn Store) {
    let mut scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    scene.policy.challenge.value.audience = "https://other.example".into();
    let decision = decided(scene.submit(&proof));
    assert_eq!(status(&decision, CheckId::Audience), Status::Failed(Reason::AudienceMismatch));
    assert_eq!(status(&decision, CheckId::Path), Status::NotRun);
    assert_eq!(scene.failures(), 1);
}

fn what_is_no_proof_costs_nothing(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = prove(&challenge);
    for rubbish in [&b""[..], b"\x30", b"{}", &proof[..proof.len() / 2], &[0xFF; 4096]] {
        let decision = decided(scene.submit(rubbish));
        assert_eq!(status(&decision, CheckId::Format), Status::Failed(Reason::InputMalformed));
        assert_eq!(status(&decision, CheckId::Challenge), Status::NotRun);
    }
    assert_eq!(scene.failures(), 0);
    approved(scene.submit(&proof));
}

fn a_detached_proof_answers_the_last_challenge(store: &dyn Store) {
    let scene = Scene::new(store);
    let challenge = scene.challenge();
    let proof = sign_bytes(&signing_key(), challenge.statement().as_bytes(), Placement::Detached);
    approved(scene.submit(&proof));
}

fn a_challenge_runs_out(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    let late = AT.plus_seconds(scene.policy.challenge.value.lifetime_seconds + 1);
    assert_eq!(refused(scene.submit_at(&proof, &list(AT, false), late)), [Reason::ChallengeExpired]);
    assert_eq!(scene.failures(), 0);
    let proof = prove(&scene.challenge_at(late));
    approved(scene.submit_at(&proof, &list(AT, false), late));
}

fn a_case_runs_out_and_its_challenge_with_it(store: &dyn Store) {
    let scene = Scene::new(store);
    let end = AT.plus_seconds(scene.policy.case_lifetime_seconds.value);
    let challenge = scene.challenge_at(end.plus_seconds(-10));
    assert_eq!(challenge.expires_at(), end.plus_seconds(-1));
    let proof = prove(&challenge);
    assert_eq!(refused(scene.submit_at(&proof, &list(AT, false), end)), [Reason::ChallengeExpired]);
    assert_eq!(scene.stored_case().state, CaseState::Expired);
    assert_eq!((scene.kind(), scene.identity()), (Kind::Cash, Identity::None));
}

fn a_stopped_account_is_not_upgraded_gate_12(store: &dyn Store) {
    let scene = Scene::new(store);
    let proof = prove(&scene.challenge());
    let mut effects = Effects::none(scene.account.clone());
    let mut account = store.load_account(&scene.account).unwrap().unwrap();
    account.facts.holds.insert(Hold::StoppedByUser);
    effects.account = Some(account);
    store.commit(&effects).unwrap();
    assert_eq!(refused(scene.submit(&proof)), [Reason::AccountStoppedByUser]);
    let answer = scene.engine().open_case(case_id("case_2"), &scene.account, Declaration::default(), AT);
    assert_eq!(answer, Err(UpgradeError::Obstacles(vec![Reason::AccountStoppedByUser])));
}

fn steps_out_of_order_are_told(store: &dyn Store) {
    let scene = Scene::new(store);
    let engine = scene.engine();
    let lists = list(AT, false);
    let (nobody, nothing) = (account_id("nobody"), case_id("nothing"));
    let open = |id: &str, account: &AccountId| engine.open_case(case_id(id), account, Declaration::default(), AT);
    assert_eq!(engine.create_account(scene.account.clone(), AT), Err(UpgradeError::AccountExists));
    assert_eq!(open("case_1", &scene.account), Err(UpgradeError::CaseExists));
    assert_eq!(open("case_2", &nobody), Err(UpgradeError::UnknownAccount));
    assert_eq!(engine.submit(&nothing, b"", &grounds(&scene.anchors, &lists), AT), Err(UpgradeError::UnknownCase));
    let too_early = scene.recheck(&lists, AT);
    assert_eq!(too_early, Err(UpgradeError::OutOfOrder { state: CaseState::Created }));
    assert_eq!(too_early.unwrap_err().reason(), Reason::FlowOutOfOrder);
    let proof = sign_bytes(&signing_key(), b"unasked", Placement::Attached);
    assert_eq!(refused(scene.submit(&proof)), [Reason::ChallengeUnknown]);
    let unreadable = Request { purpose: "a\nb".into(), transaction: "t".into() };
    let answer = engine.issue_challenge(&scene.case, &unreadable, &mut rand_core::OsRng, AT);
    assert!(matches!(answer, Err(UpgradeError::Challenge(_))), "{answer:?}");
    assert_eq!(scene.stored_case().state, CaseState::Created);
    let long = Declaration { purpose: Some("x".repeat(201)), occupation: None };
    assert_eq!(engine.declare(&scene.case, &long, AT), Err(UpgradeError::Declaration { item: "purpose" }));
    let lines = Declaration { purpose: None, occupation: Some("a\nb".into()) };
    assert_eq!(
        engine.open_case(case_id("case_2"), &scene.account, lines, AT),
        Err(UpgradeError::Declaration { item: "occupation" })
    );
}

suite!(
    a_case_runs_out_and_its_challenge_with_it,
    a_case_that_ends_leaves_the_other_case_alone,
    a_challenge_answers_for_its_own_case_only,
    a_challenge_runs_out,
    a_detached_proof_answers_the_last_challenge,
    a_revoked_holder_is_refused_and_the_case_ends,
    a_statement_for_somebody_else_is_refused,
    a_stopped_account_is_not_upgraded_gate_12,
    acc_15_a_second_approval_changes_nothing,
    an_expired_certificate_is_told_from_a_revoked_one_cert_07,
    card_08_a_lost_contact_costs_no_challenge,
    api_41_a_real_policy_upgrades_no_synthetic_holder,
    law_06_without_a_verifier_a_person_decides,
    parallel_proofs_for_one_case_upgrade_once,
    rsn_24_a_signature_value_never_counts_for_two_cases,
    rsn_24_the_right_proof_comes_too_late_after_a_wrong_one,
    rsn_24_the_same_proof_counts_once,
    rsn_25_a_recheck_may_also_find_the_certificate_revoked,
    rsn_25_ends_with_the_case,
    steps_out_of_order_are_told,
    t_01_an_unverified_account_is_cash,
    t_02_approval_makes_money_in_one_transaction,
    t_20_an_outage_decides_nothing_and_keeps_the_proof,
    t_21_a_stale_list_is_an_outage,
    t_22_of_many_parallel_submissions_one_is_processed,
    t_23_other_issuers_and_other_certificates_are_refused,
    t_24_one_changed_byte_is_a_bad_signature_and_costs_the_challenge,
    t_24_other_words_well_signed_are_a_bad_signature_too,
    t_25_a_missing_declaration_waits,
    t_29_a_my_number_is_refused_and_nothing_is_kept,
    what_is_no_proof_costs_nothing,
);

/// LAW-35, LAW-44: nothing personal stands in the file in clear, neither of a refused holder nor of an approved one.
#[cfg(feature = "sqlite")]
#[test]
fn nothing_personal_stands_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let store = crate::sqlite_file::create(&file);
    let scene = Scene::new(&store);
    let canaries = crate::canary::Canaries::of_the_holder();
    let is_clear = || canaries.are_not_in(folder.path(), "accounts.db") == 5;
    assert_eq!(refused(scene.submit_at(&prove(&scene.challenge()), &list(AT, true), AT)), [Reason::CertificateRevoked]);
    assert!(is_clear());

    let case = case_id("case_2");
    let declaration = Declaration { purpose: Some("p".into()), occupation: Some("o".into()) };
    scene.engine().open_case(case.clone(), &scene.account, declaration, AT).unwrap();
    let scene = Scene { case, ..scene };
    approved(scene.submit(&prove(&scene.challenge())));
    assert!(is_clear(), "sealed at rest");
    // The canaries are worth something: what is sealed has them.
    let bundle = honnin::record::Archive::bundle(&store, &scene.case).unwrap().unwrap();
    assert!(canaries.found_in(bundle.reveal()).contains(&"serial"));
}
