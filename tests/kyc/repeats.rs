//! Requests that come twice, in every store (API-31, OUT-02, T-39).

use crate::stores::AT;
use honnin::idempotency::{Answer, Begun, IdempotencyStore, RepeatError, Repeats, Request, Terms, Ticket};
use honnin::kyc::StoreError;
use honnin::reason::Reason;
use honnin::secret::Personal;
use std::sync::atomic::{AtomicUsize, Ordering};

const BODY: &str = r#"{"account":"a-1","purpose":"送金"}"#;
const TERMS: Terms = Terms { keep_seconds: 86_400, lease_seconds: 60 };

fn request(key: &str, body: &str) -> Request {
    Request::new(Some(key), "POST", "/cases", "bank", body.as_bytes()).unwrap()
}

fn answer(text: &str) -> Answer {
    let body = Personal::new(text.as_bytes().to_vec());
    Answer { status: 201, content_type: "application/json".into(), body }
}

fn first(begun: Result<Begun, RepeatError>) -> Ticket {
    match begun {
        Ok(Begun::First(ticket)) => ticket,
        other => panic!("not the first: {other:?}"),
    }
}

fn again(begun: Result<Begun, RepeatError>) -> Answer {
    match begun {
        Ok(Begun::Again(answer)) => answer,
        other => panic!("not answered before: {other:?}"),
    }
}

fn status(refused: Result<Begun, RepeatError>) -> Option<u16> {
    refused.unwrap_err().reason().http_status()
}

fn t_39_a_post_without_a_key_with_one_and_with_a_used_one(store: &dyn IdempotencyStore) {
    let missing = Request::new(None, "POST", "/cases", "bank", BODY.as_bytes()).unwrap_err();
    assert_eq!((missing, missing.http_status()), (Reason::IdempotencyKeyMissing, Some(400)));
    let repeats = Repeats::new(store, TERMS);
    let ticket = first(repeats.begin(&request("k-1", BODY), AT));
    assert_eq!(status(repeats.begin(&request("k-1", BODY), AT.plus_seconds(1))), Some(409));
    // Another body is another request, whether the first one is done or not.
    assert_eq!(status(repeats.begin(&request("k-1", "{}"), AT.plus_seconds(1))), Some(422));
    repeats.finish(ticket, answer("the first answer")).unwrap();
    let same = r#"{ "purpose" : "送金", "account" : "a-1" }"#;
    for body in [BODY, same] {
        assert_eq!(again(repeats.begin(&request("k-1", body), AT.plus_seconds(2))), answer("the first answer"));
    }
    assert_eq!(status(repeats.begin(&request("k-1", "{}"), AT.plus_seconds(2))), Some(422));
    let other_caller = Request::new(Some("k-1"), "POST", "/cases", "shop", BODY.as_bytes()).unwrap();
    assert_eq!(repeats.begin(&other_caller, AT).unwrap_err(), RepeatError::Reused);
    let _other_key = first(repeats.begin(&request("k-2", BODY), AT));
}

fn a_key_is_remembered_for_a_day_api_31(store: &dyn IdempotencyStore) {
    // A shorter time is none that the rule allows.
    let repeats = Repeats::new(store, Terms { keep_seconds: 60, ..TERMS });
    repeats.finish(first(repeats.begin(&request("k-1", BODY), AT)), answer("one")).unwrap();
    let last = AT.plus_seconds(86_399);
    assert_eq!(again(repeats.begin(&request("k-1", BODY), last)), answer("one"));
    assert_eq!(repeats.forget(last, 9), Ok(0));
    let over = AT.plus_seconds(86_400);
    // Also before anybody cleared it away, and for another request.
    let ticket = first(repeats.begin(&request("k-1", "{}"), over));
    repeats.finish(ticket, answer("two")).unwrap();
    assert_eq!(again(repeats.begin(&request("k-1", "{}"), over)), answer("two"));

    repeats.finish(first(repeats.begin(&request("k-2", BODY), AT)), answer("old")).unwrap();
    repeats.finish(first(repeats.begin(&request("k-3", BODY), AT)), answer("old")).unwrap();
    assert_eq!((repeats.forget(over, 1), repeats.forget(over, 9), repeats.forget(over, 9)), (Ok(1), Ok(1), Ok(0)));
    assert_eq!(again(repeats.begin(&request("k-1", "{}"), over)), answer("two"), "of today");
}

fn who_dies_is_waited_for_until_his_lease_is_over(store: &dyn IdempotencyStore) {
    let repeats = Repeats::new(store, TERMS);
    let slow = first(repeats.begin(&request("k-1", BODY), AT));
    assert_eq!(repeats.begin(&request("k-1", BODY), AT.plus_seconds(59)).unwrap_err(), RepeatError::InProgress);
    let heir = first(repeats.begin(&request("k-1", BODY), AT.plus_seconds(60)));
    // It was not dead, only slow: its answer is not the one that is kept.
    assert_eq!(repeats.finish(slow, answer("too late")), Err(StoreError::Conflict));
    repeats.finish(heir, answer("in time")).unwrap();
    assert_eq!(again(repeats.begin(&request("k-1", BODY), AT.plus_seconds(61))), answer("in time"));
    // Nobody took over: late is no harm.
    let late = first(repeats.begin(&request("k-2", BODY), AT));
    repeats.finish(late, answer("late")).unwrap();
}

fn what_was_given_up_is_worked_on_at_once_rsn_25(store: &dyn IdempotencyStore) {
    let repeats = Repeats::new(store, TERMS);
    repeats.give_up(first(repeats.begin(&request("k-1", BODY), AT))).unwrap();
    assert_eq!(status(repeats.begin(&request("k-1", "{}"), AT)), Some(422), "the key is taken all the same");
    repeats.finish(first(repeats.begin(&request("k-1", BODY), AT)), answer("now")).unwrap();
    assert_eq!(again(repeats.begin(&request("k-1", BODY), AT)), answer("now"));
}

fn of_many_at_once_one_is_the_first_out_02(store: &dyn IdempotencyStore) {
    let (firsts, waited) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| match Repeats::new(store, TERMS).begin(&request("k-1", BODY), AT) {
                Ok(Begun::First(_)) => firsts.fetch_add(1, Ordering::Relaxed),
                Err(RepeatError::InProgress) => waited.fetch_add(1, Ordering::Relaxed),
                other => panic!("{other:?}"),
            });
        }
    });
    assert_eq!((firsts.into_inner(), waited.into_inner()), (1, 31));
}

suite!(
    a_key_is_remembered_for_a_day_api_31,
    of_many_at_once_one_is_the_first_out_02,
    t_39_a_post_without_a_key_with_one_and_with_a_used_one,
    what_was_given_up_is_worked_on_at_once_rsn_25,
    who_dies_is_waited_for_until_his_lease_is_over,
);

/// LAW-35, LAW-41, LAW-45: a caller may put anything into a key and a body; neither stands in the file, and both follow the keys.
#[cfg(feature = "sqlite")]
#[test]
fn an_answer_is_sealed_and_outlives_its_key_law_45() {
    use honnin::store::{DEFAULT_PATIENCE, KeySource, OpenMode, SqliteStore};
    use honnin::vault::{KeyPurpose, KeyRing};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.db");
    let open = |ring: &KeyRing| {
        let keys = KeySource::Ring(ring.clone());
        SqliteStore::open_with(&file, OpenMode::Create, DEFAULT_PATIENCE, &keys).unwrap()
    };
    let mut ring = KeyRing::random(&mut rand_core::OsRng).unwrap();
    let (store, canary) = (open(&ring), "KEY-CANARY-123456789018");
    let repeats = Repeats::new(&store, TERMS);
    let ticket = first(repeats.begin(&request(canary, BODY), AT));
    repeats.finish(ticket, answer("ANSWER-CANARY")).unwrap();
    drop(store);
    ring.rotate(KeyPurpose::Account, &mut rand_core::OsRng).unwrap();
    let store = open(&ring);
    assert_eq!(store.renew_keys(), Ok(2), "fingerprint and body");
    drop(store);
    ring.retire(KeyPurpose::Account, 1).unwrap();
    let store = open(&ring);
    assert_eq!(again(Repeats::new(&store, TERMS).begin(&request(canary, BODY), AT)), answer("ANSWER-CANARY"));
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!has(canary) && !has("ANSWER-CANARY") && !has("送金"));
    }
    assert!(!format!("{:?}", request(canary, BODY)).contains("123456789018"));
}
