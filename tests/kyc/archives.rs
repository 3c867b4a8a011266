//! One suite for every archive: what `honnin::record::Archive` promises, and what may be done with it (LAW-20 to LAW-25, T-32).

use crate::stores::{AT, account_id, case_id, furnish, record};
use honnin::kyc::{ActorId, Effects, EventKind, Store, StoreError};
use honnin::record::{AmendedField, Archive, ArchiveError, Archivist, AuditVerifier, Bundle};
use honnin::time::UnixTime;

const DAY: i64 = 86_400;

/// A store that is both.
pub(crate) trait Whole: Store + Archive {}
impl<T: Store + Archive> Whole for T {}

fn clerk() -> ActorId {
    "clerk-7".parse().unwrap()
}

fn with_record(store: &dyn Whole) {
    furnish(store, 1);
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(record());
    store.commit(&effects).unwrap();
}

fn log_of(archive: &dyn Archive) -> String {
    let mut log = Vec::new();
    Archivist::new(archive).export_audit(&mut log, AT).unwrap();
    String::from_utf8(log).unwrap()
}

fn findings(log: &str) -> usize {
    let mut verifier = AuditVerifier::new(None);
    log.split_inclusive('\n').for_each(|line| verifier.line(line.as_bytes()));
    verifier.finish().findings.len()
}

/// kyc.md §19.1: record, evidence and log come out of one commit.
fn a_record_brings_its_evidence_and_its_audit_line(store: &dyn Whole) {
    with_record(store);
    let case = case_id("case_1");
    let kept = store.kept_record(&case).unwrap().unwrap();
    assert_eq!((&kept.record, kept.amendments.len(), kept.relation_ended_at), (&record(), 0, None));
    let bundle = store.bundle(&case).unwrap().unwrap();
    let (expected, digest) = Bundle::write(&record()).unwrap();
    assert_eq!(*bundle.reveal(), expected);
    let policy = Some(hex::encode(honnin::crypto::sha256(record().attachment.policy.as_bytes())));
    let kept = EventKind::EvidenceKept { bundle: hex::encode(digest), policy };
    assert_eq!(store.events(&account_id("a-1")).unwrap().last().unwrap().kind, kept);
    let log = log_of(store);
    assert_eq!(findings(&log), 0, "{log}");
    assert!(log.contains(&hex::encode(digest)));
    // API-36: no personal data in the log.
    for canary in ["見本", "千代田", "1990-01-31", "送金", "serial"] {
        assert!(!log.contains(canary), "{canary} in {log}");
    }
    assert_eq!(store.kept_record(&case_id("case_9")), Ok(None));
    assert_eq!(store.bundle(&case_id("case_9")), Ok(None));
}

fn a_refused_commit_leaves_no_audit_line(store: &dyn Whole) {
    with_record(store);
    let before = log_of(store);
    let mut effects = Effects::none(account_id("a-1"));
    effects.record = Some(record());
    assert_eq!(store.commit(&effects), Err(StoreError::Conflict));
    assert_eq!(log_of(store), before);
}

/// Many at once, of which every third is refused behind its events: the chain has the lines of the others and no gap.
fn the_chain_holds_among_refused_writes(store: &dyn Whole) {
    with_record(store);
    let before = store.audit_head().unwrap().1;
    let event = store.events(&account_id("a-1")).unwrap().remove(0);
    let write = |number: usize| {
        let mut effects = Effects::none(account_id("a-1"));
        effects.events = vec![event.clone(); 2];
        effects.record = number.is_multiple_of(3).then(record);
        store.commit(&effects)
    };
    let written: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|thread| scope.spawn(move || (0..30).filter(|it| write(thread + it).is_ok()).count()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(written, 16 * 20);
    let head = store.audit_head().unwrap().1;
    assert_eq!(head.entries, before.entries + 2 * 16 * 20);
    assert_eq!(store.audit_lines(0, usize::MAX).unwrap().len() as u64, head.entries);
    let mut verifier = AuditVerifier::new(Some(before));
    log_of(store).split_inclusive('\n').for_each(|line| verifier.line(line.as_bytes()));
    let report = verifier.finish();
    assert_eq!((report.findings, report.head), (vec![], head));
}

/// LAW-24
fn records_are_found_by_customer_and_by_certificate(store: &dyn Whole) {
    with_record(store);
    furnish(store, 2);
    let cases = vec![case_id("case_1")];
    assert_eq!(store.records_of(&account_id("a-1")), Ok(cases.clone()));
    assert_eq!(store.records_of(&account_id("a-2")), Ok(vec![]));
    assert_eq!(store.records_by_serial("C=JP, O=JPKI-TEST", "0a"), Ok(cases), "LAW-35");
    assert_eq!(store.records_by_serial("C=JP, O=JPKI-TEST", "0b"), Ok(vec![]));
    let found = Archivist::new(store).find(&account_id("a-1")).unwrap();
    assert_eq!(found[0].record, record());
}

/// LAW-24: appended, never overwritten.
fn amendments_are_appended_and_the_old_content_stays(store: &dyn Whole) {
    with_record(store);
    let (archivist, case) = (Archivist::new(store), case_id("case_1"));
    let amend = |field, value: &str, at| archivist.amend(&case, field, value, &clerk(), at);
    assert_eq!(amend(AmendedField::Address, "大阪市北区", AT.plus_seconds(60)).unwrap(), 1);
    assert_eq!(amend(AmendedField::Address, "京都市中京区", AT.plus_seconds(120)).unwrap(), 2);
    let kept = store.kept_record(&case).unwrap().unwrap();
    assert_eq!(kept.record, record(), "as it was made");
    let values: Vec<_> = kept.amendments.iter().map(|it| it.value.reveal().as_str()).collect();
    assert_eq!(values, ["大阪市北区", "京都市中京区"]);
    assert_eq!((kept.amendments[1].at, &kept.amendments[1].by), (AT.plus_seconds(120), &clerk()));
    // LAW-41, and what is no text.
    assert!(matches!(amend(AmendedField::Note, "番号 1234-5678-9018", AT), Err(ArchiveError::MyNumber)));
    for value in ["", " ", "a\nb", &"x".repeat(1001)] {
        assert!(matches!(amend(AmendedField::Note, value, AT), Err(ArchiveError::Value)), "{value:?}");
    }
    let unknown = archivist.amend(&case_id("case_9"), AmendedField::Note, "x", &clerk(), AT);
    assert!(matches!(unknown, Err(ArchiveError::Unknown)));
    // Two who append at once: the second one reads again.
    let second = honnin::record::Amendment { number: 2, ..kept.amendments[1].clone() };
    let change = honnin::record::ArchiveChange::Amend { case: case.clone(), amendment: second };
    let event = store.events(&account_id("a-1")).unwrap().pop().unwrap();
    assert_eq!(store.change(&change, &event), Err(StoreError::Conflict));
    let log = log_of(store);
    assert_eq!((findings(&log), log.matches("honnin.kyc.record.amended").count()), (0, 2));
    assert!(!log.contains("大阪"));
}

/// LAW-20, LAW-25, T-32.
fn t_32_a_record_is_kept_for_seven_years_and_then_erased(store: &dyn Whole) {
    with_record(store);
    let (archivist, case, customer) = (Archivist::new(store), case_id("case_1"), account_id("a-1"));
    let erase = |at| archivist.erase(&case, &clerk(), at);
    let far = AT.plus_seconds(90 * 366 * DAY);
    assert!(matches!(erase(far), Err(ArchiveError::MustBeKept { until: None })), "the relation lasts");
    let closed: UnixTime = "2027-03-31T12:00:00+09:00".parse().unwrap();
    let until: UnixTime = "2034-03-31T12:00:00+09:00".parse().unwrap();
    assert!(matches!(archivist.end_relation(&customer, closed, AT), Err(ArchiveError::RelationEnd)), "in the future");
    assert_eq!(archivist.end_relation(&customer, closed, closed).unwrap(), until);
    let earlier = archivist.end_relation(&customer, closed.plus_seconds(-DAY), closed);
    assert!(matches!(earlier, Err(ArchiveError::RelationEnd)), "an end may move on, not back");
    assert_eq!(store.kept_record(&case).unwrap().unwrap().retain_until(), Some(until));
    archivist.amend(&case, AmendedField::Note, "備考", &clerk(), closed).unwrap();

    let refused = erase(until.plus_seconds(-DAY));
    assert!(matches!(refused, Err(ArchiveError::MustBeKept { until: Some(told) }) if told == until), "{refused:?}");
    assert!(erase(until.plus_seconds(-1)).is_err());
    assert_eq!(archivist.due_for_erasure(until.plus_seconds(-1), 9).unwrap(), []);
    assert_eq!(archivist.due_for_erasure(until, 9).unwrap(), vec![case.clone()]);
    assert!(store.kept_record(&case).unwrap().is_some());
    erase(until).unwrap();

    assert_eq!(store.kept_record(&case), Ok(None));
    assert_eq!(store.bundle(&case), Ok(None));
    assert_eq!(store.confirmation_record(&case), Ok(None));
    assert_eq!(store.records_of(&customer), Ok(vec![]));
    assert_eq!(store.records_by_serial("C=JP, O=JPKI-TEST", "0a"), Ok(vec![]));
    assert!(store.load_challenge(honnin::proof::ChallengeId::from_random([1; 16])).unwrap().is_none());
    assert!(matches!(erase(until), Err(ArchiveError::Unknown)));
    let log = log_of(store);
    assert_eq!(findings(&log), 0);
    assert_eq!(log.matches("honnin.kyc.record.erased").count(), 1, "done and logged");
    assert!(log.contains("honnin.kyc.relation.ended"));
}

/// JPKI Act 52: plain, marked internal, and logged.
fn exports_are_plain_marked_and_logged(store: &dyn Whole) {
    with_record(store);
    let (archivist, case) = (Archivist::new(store), case_id("case_1"));
    archivist.amend(&case, AmendedField::Name, "見本 花子", &clerk(), AT.plus_seconds(9)).unwrap();
    let bundle = archivist.export_bundle(&case, &clerk(), AT).unwrap();
    let expected = Bundle::write(&record()).unwrap();
    assert_eq!(*bundle.reveal(), expected.0);
    let text = archivist.export_records(&account_id("a-1"), &clerk(), AT).unwrap().into_inner();
    for line in [
        "内部限り",
        "顧客番号: a-1",
        "氏名: 見本 太郎",
        "住居: 東京都千代田区",
        "追記1(2026-11-22T12:00:09+09:00、clerk-7) 氏名: 見本 花子",
        "\"format\":\"honnin-confirmation-record/2\"",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let log = log_of(store);
    assert!(log.contains("honnin.kyc.evidence.exported") && log.contains("honnin.kyc.record.exported"));
    assert!(log.contains(&hex::encode(expected.1)) && log.contains("clerk-7"));
    assert!(matches!(archivist.export_bundle(&case_id("case_9"), &clerk(), AT), Err(ArchiveError::Unknown)));
}

fn the_log_is_read_in_pieces_and_its_heads_stay(store: &dyn Whole) {
    with_record(store);
    let (_, early) = store.audit_head().unwrap();
    let mut effects = Effects::none(account_id("a-1"));
    let event = store.events(&account_id("a-1")).unwrap().pop().unwrap();
    effects.events = vec![event; 2500];
    store.commit(&effects).unwrap();
    let log = log_of(store);
    assert_eq!(log.lines().count() as u64, early.entries + 2500 + 1, "with the closing entry");
    let mut verifier = AuditVerifier::new(Some(early));
    log.split_inclusive('\n').for_each(|line| verifier.line(line.as_bytes()));
    let report = verifier.finish();
    assert_eq!((report.findings, report.head), (vec![], store.audit_head().unwrap().1));
    assert_eq!(store.audit_lines(early.entries + 2499, 9).unwrap().len(), 1);
}

suite!(
    a_record_brings_its_evidence_and_its_audit_line,
    a_refused_commit_leaves_no_audit_line,
    amendments_are_appended_and_the_old_content_stays,
    exports_are_plain_marked_and_logged,
    records_are_found_by_customer_and_by_certificate,
    t_32_a_record_is_kept_for_seven_years_and_then_erased,
    the_chain_holds_among_refused_writes,
    the_log_is_read_in_pieces_and_its_heads_stay,
);
