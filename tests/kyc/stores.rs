//! One suite for every store: what `honnin::kyc::Store` promises.

use honnin::evidence::{
    AnchorName, CertificateFacts, CertificateKind, Documents, Fingerprint, RevocationDocument, RevocationFacts,
    RevocationKind, SignatureDigest,
};
use honnin::kyc::{
    Account, AccountFacts, AccountId, Attachment, Case, CaseId, CaseState, ConfirmationRecord, Consumption,
    Declaration, Dependency, Effects, Event, EventKind, FailureEffect, HeldProof, Hold, Identity, Kind, Life, Login,
    Particulars, ProofEffect, Provenance, Store, StoreError, Version, Versioned,
};
use honnin::policy::Policy;
use honnin::proof::{Challenge, ChallengeFields, ChallengeId};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::store::MemoryStore;
use honnin::time::{UnixTime, Validity};
use honnin::verdict::Taint;

pub(crate) const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z

pub(crate) fn account_id(text: &str) -> AccountId {
    text.parse().unwrap()
}

pub(crate) fn case_id(text: &str) -> CaseId {
    text.parse().unwrap()
}

pub(crate) fn case(id: &str, account: &str) -> Case {
    Case {
        id: case_id(id),
        account: account_id(account),
        policy: Policy::jp_wellnet_mock().unwrap().reference,
        state: CaseState::Created,
        challenge: None,
        declaration: Declaration::default(),
        opened_at: AT,
        expires_at: AT.plus_seconds(3600),
    }
}

pub(crate) fn challenge(number: u8, case: &str, account: &str) -> Challenge {
    Challenge::new(ChallengeFields {
        id: ChallengeId::from_random([number; 16]),
        case: case.into(),
        account: account.into(),
        audience: "https://wallet.example/kyc".into(),
        purpose: "本人確認".into(),
        transaction: "マネーアカウントへの変更".into(),
        issued_at: AT,
        expires_at: AT.plus_seconds(600),
        nonce: [number; 32],
    })
    .unwrap()
}

pub(crate) fn new<T>(facts: T) -> Versioned<T> {
    Versioned { facts, version: Version::NEW }
}

/// An account `a-N` with a case `case_N` that waits for an answer to challenge N.
pub(crate) fn furnish(store: &dyn Store, number: u8) {
    let (account, case_name) = (format!("a-{number}"), format!("case_{number}"));
    let mut effects = Effects::none(account_id(&account));
    effects.account = Some(new(Account::created_with_certificate(account_id(&account), AT)));
    effects.case = Some(new(case(&case_name, &account)));
    effects.challenge = Some(challenge(number, &case_name, &account));
    store.commit(&effects).unwrap();
}

fn event(account: &str, case: Option<&str>, kind: EventKind) -> Event {
    Event { at: AT, account: account_id(account), case: case.map(case_id), kind }
}

fn accounts_come_back_as_they_were(store: &dyn Store) {
    let id = account_id("a-1");
    assert_eq!(store.load_account(&id).unwrap(), None);
    assert_eq!(store.failures(&id), Err(StoreError::Dangling { what: "account" }));
    let mut account = Account::imported_legacy(id.clone(), Identity::VerifiedSelfieLegacy, AT);
    account.holds = [Hold::StoppedByUser, Hold::LockedByFailures].into();
    account.particulars = Some(Provenance::Certificate { issued_at: AT.plus_seconds(-5) });
    account.life = Life::Withdrawn;
    account.verified_at = Some(AT.plus_seconds(-9));
    let mut effects = Effects::none(id.clone());
    effects.account = Some(new(account.clone()));
    effects.events = vec![event("a-1", None, EventKind::AccountCreated)];
    store.commit(&effects).unwrap();
    let stored = store.load_account(&id).unwrap().unwrap();
    assert_eq!(stored.facts, account);
    assert_eq!(stored.version, Version::NEW.next());

    account.holds.clear();
    account.verified_at = None;
    effects.account = Some(Versioned { facts: account.clone(), version: stored.version });
    store.commit(&effects).unwrap();
    assert_eq!(store.load_account(&id).unwrap().unwrap().facts, account);
    assert_eq!(store.events(&id).unwrap(), [effects.events.clone(), effects.events.clone()].concat());
}

fn cases_come_back_in_every_state(store: &dyn Store) {
    furnish(store, 1);
    let id = case_id("case_1");
    let dependency = Dependency::RevocationInformation;
    for state in [
        CaseState::ChallengeIssued,
        CaseState::EvidenceReceived,
        CaseState::SignatureVerified,
        CaseState::ValidityChecked,
        CaseState::AttributesMatched,
        CaseState::UnderReview,
        CaseState::Unavailable { dependency, retry_at: AT.plus_seconds(7) },
        CaseState::Expired,
        CaseState::Rejected { reason: Reason::CertificateRevoked },
        CaseState::Approved,
    ] {
        let mut stored = store.load_case(&id).unwrap().unwrap();
        stored.facts.state = state;
        stored.facts.challenge = Some(ChallengeId::from_random([1; 16]));
        stored.facts.declaration = Declaration { purpose: Some("送金".into()), occupation: None };
        let expected = stored.facts.clone();
        let mut effects = Effects::none(account_id("a-1"));
        effects.case = Some(stored);
        store.commit(&effects).unwrap();
        assert_eq!(store.load_case(&id).unwrap().unwrap().facts, expected);
    }
    assert_eq!(store.load_case(&case_id("case_2")).unwrap(), None);
}

/// Nothing of a refused commit may stay: the account below is written before the conflict is found.
fn a_stale_version_writes_nothing(store: &dyn Store) {
    furnish(store, 1);
    let account = store.load_account(&account_id("a-1")).unwrap().unwrap();
    let stale = store.load_case(&case_id("case_1")).unwrap().unwrap();
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = Some(stale.clone());
    store.commit(&effects).unwrap();

    let mut changed = account.clone();
    changed.facts.identity = Identity::VerifiedCertificate;
    effects.account = Some(changed);
    effects.case = Some(stale);
    effects.failures = FailureEffect::CountOne;
    effects.events = vec![event("a-1", Some("case_1"), EventKind::CaseOpened)];
    effects.challenge = Some(challenge(2, "case_1", "a-1"));
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict));
    assert_eq!(store.load_account(&account_id("a-1")).unwrap().unwrap(), account);
    assert_eq!(store.failures(&account_id("a-1")), Ok(0));
    assert_eq!(store.events(&account_id("a-1")).unwrap(), []);
    assert_eq!(store.load_challenge(ChallengeId::from_random([2; 16])).unwrap(), None);
}

fn a_name_is_taken_once(store: &dyn Store) {
    furnish(store, 1);
    let mut effects = Effects::none(account_id("a-1"));
    effects.account = Some(new(Account::created_with_certificate(account_id("a-1"), AT)));
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict));
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = Some(new(case("case_1", "a-1")));
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict));
    let mut effects = Effects::none(account_id("a-1"));
    effects.challenge = Some(challenge(1, "case_1", "a-1"));
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict), "a challenge cannot be made fresh again");
}

fn nothing_hangs_in_the_air(store: &dyn Store) {
    furnish(store, 1);
    let dangling = |effects: &Effects| matches!(store.commit(effects), Err(StoreError::Dangling { .. }));
    assert!(dangling(&Effects::none(account_id("nobody"))));
    let mut effects = Effects::none(account_id("a-1"));
    effects.challenge = Some(challenge(2, "case_9", "a-1"));
    assert!(dangling(&effects));
    let mut effects = Effects::none(account_id("a-1"));
    effects.signature = Some(SignatureDigest([1; 32]));
    assert!(dangling(&effects));
    let mut effects = Effects::none(account_id("a-1"));
    effects.proof = ProofEffect::Drop;
    assert!(dangling(&effects));
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = Some(new(case("case_2", "nobody")));
    assert!(dangling(&effects));
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = store.load_case(&case_id("case_1")).unwrap();
    let unknown =
        HeldProof { challenge: ChallengeId::from_random([9; 16]), received_at: AT, proof: Personal::new(Vec::new()) };
    effects.proof = ProofEffect::Keep(unknown);
    assert!(dangling(&effects));
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(ConfirmationRecord { case: case_id("case_9"), ..record() });
    assert!(dangling(&effects));
    for (account, case) in [("nobody", None), ("a-1", Some("case_9"))] {
        let mut effects = Effects::none(account_id("a-1"));
        effects.events = vec![event(account, case, EventKind::CaseDeclared)];
        assert!(dangling(&effects), "{account} {case:?}");
    }
    assert_eq!(store.events(&account_id("a-1")).unwrap(), []);
}

/// RSN-24
fn a_challenge_is_consumed_once(store: &dyn Store) {
    furnish(store, 1);
    furnish(store, 2);
    let (id, case) = (ChallengeId::from_random([1; 16]), case_id("case_1"));
    assert_eq!(store.consume_challenge(ChallengeId::from_random([9; 16]), &case, AT), Ok(Consumption::Unknown));
    // Another case cannot spend it, not even to annoy.
    assert_eq!(store.consume_challenge(id, &case_id("case_2"), AT), Ok(Consumption::Unknown));
    let expected = challenge(1, "case_1", "a-1");
    assert_eq!(store.consume_challenge(id, &case, AT.plus_seconds(600)), Ok(Consumption::Consumed(expected.clone())));
    for at in [AT, AT.plus_seconds(600), AT.plus_seconds(99_999)] {
        assert_eq!(store.consume_challenge(id, &case, at), Ok(Consumption::AlreadyUsed));
    }
    assert_eq!(store.load_challenge(id), Ok(Some(expected)), "still there for a recheck (RSN-25)");
    // The last second still counts, the next does not.
    let (id, case) = (ChallengeId::from_random([2; 16]), case_id("case_2"));
    assert_eq!(store.consume_challenge(id, &case, AT.plus_seconds(601)), Ok(Consumption::Expired));
}

/// LAW-07: what the holder is asked last is what he answers to.
fn a_later_challenge_voids_the_earlier_ones_of_its_case(store: &dyn Store) {
    furnish(store, 1);
    furnish(store, 2);
    let mut effects = Effects::none(account_id("a-1"));
    effects.challenge = Some(challenge(3, "case_1", "a-1"));
    store.commit(&effects).unwrap();
    let take = |number, case| store.consume_challenge(ChallengeId::from_random([number; 16]), &case_id(case), AT);
    assert_eq!(take(1, "case_1"), Ok(Consumption::Expired));
    assert!(matches!(take(3, "case_1"), Ok(Consumption::Consumed(_))));
    assert!(matches!(take(2, "case_2"), Ok(Consumption::Consumed(_))), "another case's stays");
    // What was used before stays used.
    effects.challenge = Some(challenge(4, "case_1", "a-1"));
    store.commit(&effects).unwrap();
    assert_eq!(take(3, "case_1"), Ok(Consumption::AlreadyUsed));
}

fn open_cases_are_those_that_have_not_ended(store: &dyn Store) {
    furnish(store, 1);
    furnish(store, 2);
    assert_eq!(store.open_cases(&account_id("nobody")), Ok(vec![]));
    let mut effects = Effects::none(account_id("a-1"));
    effects.case = Some(new(case("case_0", "a-1")));
    store.commit(&effects).unwrap();
    assert_eq!(store.open_cases(&account_id("a-1")), Ok(vec![case_id("case_0"), case_id("case_1")]));
    for (name, state) in [("case_0", CaseState::Expired), ("case_1", CaseState::UnderReview)] {
        let mut stored = store.load_case(&case_id(name)).unwrap().unwrap();
        stored.facts.state = state;
        effects.case = Some(stored);
        store.commit(&effects).unwrap();
    }
    assert_eq!(store.open_cases(&account_id("a-1")), Ok(vec![case_id("case_1")]));
}

/// RSN-24: the same signature value never counts for two cases.
fn a_signature_counts_for_one_case(store: &dyn Store) {
    furnish(store, 1);
    furnish(store, 2);
    let claim = |number: u8| {
        let name = format!("case_{number}");
        let mut effects = Effects::none(account_id(&format!("a-{number}")));
        effects.case = store.load_case(&case_id(&name)).unwrap();
        effects.signature = Some(SignatureDigest([5; 32]));
        effects.failures = FailureEffect::CountOne;
        store.commit(&effects)
    };
    assert_eq!(claim(1), Ok(()));
    assert_eq!(claim(1), Ok(()), "the same case may come back with it (RSN-25)");
    assert_eq!(claim(2), Err(StoreError::SignatureUsed));
    assert_eq!(store.failures(&account_id("a-2")), Ok(0), "nothing of a refused commit stays");
}

fn failures_are_counted_on_what_is_stored(store: &dyn Store) {
    furnish(store, 1);
    let id = account_id("a-1");
    let mut effects = Effects::none(id.clone());
    effects.failures = FailureEffect::CountOne;
    for expected in 1..=3 {
        store.commit(&effects).unwrap();
        assert_eq!(store.failures(&id), Ok(expected));
    }
    effects.failures = FailureEffect::Unchanged;
    store.commit(&effects).unwrap();
    assert_eq!(store.failures(&id), Ok(3));
    // Writing the account's facts does not touch the counter.
    effects.account = store.load_account(&id).unwrap();
    store.commit(&effects).unwrap();
    assert_eq!(store.failures(&id), Ok(3));
    effects.account = None;
    effects.failures = FailureEffect::Reset;
    store.commit(&effects).unwrap();
    assert_eq!(store.failures(&id), Ok(0));
}

fn a_proof_is_kept_and_dropped(store: &dyn Store) {
    furnish(store, 1);
    let (id, held) = (case_id("case_1"), |byte| HeldProof {
        challenge: ChallengeId::from_random([1; 16]),
        received_at: AT,
        proof: Personal::new(vec![byte; 3]),
    });
    let change = |effect| {
        let mut effects = Effects::none(account_id("a-1"));
        effects.case = store.load_case(&id).unwrap();
        effects.proof = effect;
        store.commit(&effects).unwrap();
        store.held_proof(&id).unwrap()
    };
    assert_eq!(change(ProofEffect::Unchanged), None);
    assert_eq!(change(ProofEffect::Keep(held(1))), Some(held(1)));
    assert_eq!(change(ProofEffect::Keep(held(2))), Some(held(2)));
    assert_eq!(change(ProofEffect::Unchanged), Some(held(2)));
    assert_eq!(change(ProofEffect::Drop), None);
}

pub(crate) fn record() -> ConfirmationRecord {
    ConfirmationRecord {
        case: case_id("case_1"),
        account: account_id("a-1"),
        policy: Policy::jp_wellnet_mock().unwrap().reference,
        because: vec!["ACC-02".into(), "LAW-11".into()],
        method: "jpki_signature".into(),
        verifier: "TEST".into(),
        received_at: AT,
        confirmed_at: AT.plus_seconds(1),
        particulars: Particulars {
            name: Personal::new("見本 太郎".into()),
            birthdate: Personal::new("1990-01-31".into()),
            address: Personal::new("東京都千代田区".into()),
        },
        certificate: CertificateFacts {
            kind: CertificateKind::DigitalSignature,
            issuer: "C=JP, O=JPKI-TEST".into(),
            issuer_generation: "unknown".into(),
            validity: Validity { not_before: AT.plus_seconds(-9), not_after: AT.plus_seconds(9) },
            fingerprint: Fingerprint([3; 32]),
            serial: Personal::new("0a".into()),
        },
        revocation: RevocationFacts {
            checked_at: AT,
            this_update: Some(AT.plus_seconds(-1)),
            next_update: None,
            source: Some([4; 32]),
        },
        purpose: Some(Personal::new("送金".into())),
        occupation: None,
        checks: "[]".into(),
        attachment: Attachment {
            policy: "format = 1\n".into(),
            statement: Personal::new(b"statement".to_vec()),
            proof: Personal::new(vec![0, 255]),
            documents: Documents {
                anchor: AnchorName { fingerprint: Fingerprint([5; 32]), generation: "unknown".into() },
                certificates: vec![Personal::new(b"certificate".to_vec())],
                revocation: vec![
                    RevocationDocument { kind: RevocationKind::Crl, der: b"list".to_vec() },
                    RevocationDocument { kind: RevocationKind::Ocsp, der: b"response".to_vec() },
                ],
            },
            time_stamps: vec![b"stamp".to_vec()],
            account: AccountFacts { login: Login::Certificate, identity: Identity::InProgress, created_at: AT },
            taints: vec![Taint::TestHierarchy, Taint::SimulatedCard],
        },
    }
}

/// LAW-24: never overwritten.
fn a_confirmation_record_is_written_once(store: &dyn Store) {
    furnish(store, 1);
    assert_eq!(store.confirmation_record(&case_id("case_1")).unwrap(), None);
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(record());
    store.commit(&effects).unwrap();
    assert_eq!(store.confirmation_record(&case_id("case_1")).unwrap(), Some(record()));
    let mut other = record();
    other.particulars.name = Personal::new("別人".into());
    effects.record = Some(other);
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict));
    assert_eq!(store.confirmation_record(&case_id("case_1")).unwrap(), Some(record()));
}

fn events_keep_their_order_and_their_account(store: &dyn Store) {
    furnish(store, 1);
    furnish(store, 2);
    let of_one = vec![
        event("a-1", Some("case_1"), EventKind::CaseOpened),
        event(
            "a-1",
            Some("case_1"),
            EventKind::CaseTransitioned {
                from: CaseState::EvidenceReceived,
                to: CaseState::Rejected { reason: Reason::IssuerNotTrusted },
            },
        ),
        event("a-1", Some("case_1"), EventKind::SubmissionRefused { reasons: vec![Reason::IssuerNotTrusted] }),
        event(
            "a-1",
            Some("case_1"),
            EventKind::AccountKindChanged { from: Kind::Cash, to: Kind::Money, because: vec!["ACC-05".into()] },
        ),
    ];
    let mut effects = Effects::none(account_id("a-1"));
    effects.events = of_one.clone();
    store.commit(&effects).unwrap();
    let mut effects = Effects::none(account_id("a-2"));
    effects.events = vec![event("a-2", None, EventKind::CaseDeclared)];
    store.commit(&effects).unwrap();
    assert_eq!(store.events(&account_id("a-1")).unwrap(), of_one);
    assert_eq!(store.events(&account_id("a-2")).unwrap().len(), 1);
}

/// RSN-24, T-22 at the port: of many threads exactly one gets the challenge.
fn one_of_many_threads_wins(store: &dyn Store) {
    furnish(store, 1);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asking = |_| {
            scope.spawn(|| store.consume_challenge(ChallengeId::from_random([1; 16]), &case_id("case_1"), AT).unwrap())
        };
        let threads: Vec<_> = (0..16).map(asking).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let won = answers.iter().filter(|answer| matches!(answer, Consumption::Consumed(_))).count();
    let lost = answers.iter().filter(|answer| **answer == Consumption::AlreadyUsed).count();
    assert_eq!((won, lost), (1, 15));
}

/// Compare-and-set under contention: every thread counts its write, and the version counts them all.
fn versions_never_lose_a_write(store: &dyn Store) {
    furnish(store, 1);
    let conflicts = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut written = 0;
                while written < 10 {
                    let mut effects = Effects::none(account_id("a-1"));
                    let mut account = store.load_account(&account_id("a-1")).unwrap().unwrap();
                    account.facts.created_at = account.facts.created_at.plus_seconds(1);
                    effects.account = Some(account);
                    match store.commit(&effects) {
                        Ok(()) => written += 1,
                        Err(StoreError::Conflict) => {
                            conflicts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    let stored = store.load_account(&account_id("a-1")).unwrap().unwrap();
    assert_eq!(stored.facts.created_at, AT.plus_seconds(40), "after {conflicts:?} conflicts");
    assert_eq!(stored.version.number(), 41);
}

suite!(
    a_challenge_is_consumed_once,
    a_confirmation_record_is_written_once,
    a_later_challenge_voids_the_earlier_ones_of_its_case,
    a_name_is_taken_once,
    a_proof_is_kept_and_dropped,
    a_signature_counts_for_one_case,
    a_stale_version_writes_nothing,
    accounts_come_back_as_they_were,
    cases_come_back_in_every_state,
    events_keep_their_order_and_their_account,
    failures_are_counted_on_what_is_stored,
    nothing_hangs_in_the_air,
    one_of_many_threads_wins,
    open_cases_are_those_that_have_not_ended,
    versions_never_lose_a_write,
);
