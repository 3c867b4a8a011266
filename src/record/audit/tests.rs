//! A log that somebody worked on: each kind of damage is found and its line named.

use super::*;
use crate::kyc::{CaseState, Event, EventKind};
use crate::reason::Reason;
use crate::time::UnixTime;

const AT: UnixTime = UnixTime::from_seconds(1_795_316_400);

fn events() -> Vec<Event> {
    let event = |case: Option<&str>, kind| Event {
        at: AT,
        account: "a-1".parse().unwrap(),
        case: case.map(|case| case.parse().unwrap()),
        kind,
    };
    let rejected = CaseState::Rejected { reason: Reason::CertificateRevoked };
    vec![
        event(None, EventKind::AccountCreated),
        event(Some("case_1"), EventKind::CaseOpened),
        event(Some("case_1"), EventKind::CaseDeclared),
        event(Some("case_1"), EventKind::SubmissionRefused { reasons: vec![Reason::CertificateRevoked] }),
        event(Some("case_1"), EventKind::CaseTransitioned { from: CaseState::SignatureVerified, to: rejected }),
        event(Some("case_2"), EventKind::CaseOpened),
    ]
}

fn log_of(id: u8, events: &[Event]) -> Vec<String> {
    let mut log = AuditLog::new(AuditLogId([id; 16]), AuditHead::default());
    let mut lines: Vec<_> = events.iter().map(|event| log.append(event).unwrap()).collect();
    lines.push(log.closing(AT).unwrap());
    lines
}

fn check(lines: &[String], head: Option<AuditHead>) -> AuditReport {
    let mut verifier = AuditVerifier::new(head);
    lines.iter().for_each(|line| verifier.line(format!("{line}\n").as_bytes()));
    verifier.finish()
}

fn found(lines: &[String]) -> Vec<(u64, &'static str)> {
    check(lines, None).findings.iter().map(|finding| (finding.line, finding.problem.as_str())).collect()
}

#[test]
fn a_line_that_could_not_be_read_again_is_not_written() {
    let mut log = AuditLog::new(AuditLogId([1; 16]), AuditHead::default());
    let mut event = events().remove(3);
    // The longest that is written is read; one reason more is not written.
    let mut longest = None;
    for count in (1..).step_by(100) {
        event.kind = EventKind::SubmissionRefused { reasons: vec![Reason::CertificateRevoked; count] };
        match AuditLog::new(AuditLogId([1; 16]), AuditHead::default()).append(&event) {
            Some(line) => longest = Some(line),
            None => break,
        }
    }
    let longest = longest.unwrap();
    assert!(longest.len() <= MAXIMUM_LINE_BYTES && longest.len() > MAXIMUM_LINE_BYTES / 2, "{}", longest.len());
    assert_eq!(log.append(&event), None);
    assert_eq!(log.head(), AuditHead::default(), "the chain has not grown");
    let mut verifier = AuditVerifier::new(None);
    verifier.line(format!("{longest}\n").as_bytes());
    verifier.line(format!("{}\n", log_after(&mut log, &longest)).as_bytes());
    assert_eq!(verifier.finish().findings.len(), 0);
}

/// The closing line behind `line`, by the digest that stands in it.
fn log_after(log: &mut AuditLog, line: &str) -> String {
    let digest = line.rsplit('"').nth(1).unwrap();
    *log = AuditLog::new(AuditLogId([1; 16]), format!("1:{digest}").parse().unwrap());
    log.closing(AT).unwrap()
}

#[test]
fn a_log_is_chained_cloud_events_api_36() {
    let lines = log_of(1, &events());
    assert_eq!(found(&lines), []);
    let expected = concat!(
        r#"{"specversion":"1.0","id":"5","source":"urn:honnin:audit:01010101010101010101010101010101","#,
        r#""type":"honnin.kyc.case.transitioned","subject":"case_1","time":"2026-11-22T03:00:00Z","#,
        r#""datacontenttype":"application/json","dataschema":"urn:honnin:audit-data:1","#,
        r#""data":{"account":"a-1","case":"case_1","from":{"state":"signature_verified"},"#,
        r#""to":{"reason":"certificate_revoked","state":"rejected"}},"previous":""#,
    );
    assert!(lines[4].starts_with(expected), "{}", lines[4]);
    assert!(lines[6].contains(r#""type":"honnin.audit.closed""#) && lines[6].contains(r#""data":{"entries":6}"#));
    assert_eq!(check(&lines, None).head.entries, 6);
}

#[test]
fn every_changed_byte_is_found_and_its_line_named() {
    let lines = log_of(1, &events());
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let every = std::env::var_os("HONNIN_TEST_LONG").is_some();
    for at in (0..text.len()).filter(|at| every || at % 7 == 0 || text.as_bytes()[*at] == b'\n') {
        for flip in [0x01, 0x20, 0x80] {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= flip;
            let mut verifier = AuditVerifier::new(None);
            changed.split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
            let report = verifier.finish();
            let line = 1 + text[..at].matches('\n').count() as u64;
            let first = report.findings.first().unwrap_or_else(|| panic!("byte {at} of line {line}"));
            assert_eq!(first.line, line, "byte {at}: {:?}", report.findings);
        }
    }
}

#[test]
fn a_changed_line_is_told_from_its_neighbours() {
    let mut lines = log_of(1, &events());
    lines[1] = lines[1].replace("case_1", "case_9");
    assert_eq!(found(&lines), [(2, "changed")]);
    // With a digest of its own the line agrees with itself; the next one does not agree with it.
    let mut lines = log_of(1, &events());
    let mut other = events();
    other[1].case = Some("case_9".parse().unwrap());
    lines[1] = log_of(1, &other)[1].clone();
    assert_eq!(found(&lines), [(3, "not_chained")]);
}

#[test]
fn removed_moved_inserted_and_foreign_lines_are_named() {
    let lines = log_of(1, &events());
    for gone in 0..lines.len() - 1 {
        let mut cut = lines.clone();
        cut.remove(gone);
        let entry = gone as u64 + 1;
        let expected = vec![AuditFinding { line: entry, problem: AuditProblem::Missing { first: entry, last: entry } }];
        assert_eq!(check(&cut, None).findings, expected);
    }
    let mut cut = lines.clone();
    cut.drain(1..4);
    assert_eq!(check(&cut, None).findings[0].problem, AuditProblem::Missing { first: 2, last: 4 });

    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    assert_eq!(found(&swapped), [(4, "out_of_place")]);
    let mut moved = lines.clone();
    let line = moved.remove(1);
    moved.insert(4, line);
    assert_eq!(found(&moved), [(5, "out_of_place")]);

    let mut twice = lines.clone();
    twice.insert(3, lines[2].clone());
    assert_eq!(found(&twice), [(4, "out_of_place")]);
    // Put in before the entry whose number it bears, and chained to the one before.
    let mut forged = lines.clone();
    let mut other = events();
    other[2].kind = EventKind::CaseOpened;
    forged.insert(2, log_of(1, &other)[2].clone());
    assert_eq!(found(&forged), [(4, "out_of_place"), (5, "not_chained")]);

    let mut foreign = lines.clone();
    foreign[3] = log_of(2, &events())[3].clone();
    assert_eq!(found(&foreign)[0], (4, "other_log"));
}

#[test]
fn a_cut_end_is_found() {
    let lines = log_of(1, &events());
    for left in 0..lines.len() {
        let last = lines[..left].len() as u64;
        assert_eq!(found(&lines[..left]), [(last, "truncated")]);
    }
    assert_eq!(found(&[lines.clone(), vec![lines[0].clone()]].concat()), [(8, "behind_the_end")]);
    // Half a line, or a line without its end.
    let mut verifier = AuditVerifier::new(None);
    verifier.line(lines[0].as_bytes());
    assert_eq!(verifier.finish().findings[0].problem, AuditProblem::Malformed);
}

#[test]
fn an_end_made_anew_is_found_by_the_head_kept_elsewhere() {
    let lines = log_of(1, &events());
    let head = check(&lines, None).head;
    assert_eq!(head.to_string().parse(), Ok(head));
    assert_eq!(check(&lines, Some(head)).findings, []);
    let shorter = log_of(1, &events()[..4]);
    assert_eq!(found(&shorter), [], "the file alone does not tell");
    let findings = check(&shorter, Some(head)).findings;
    assert_eq!(findings, [AuditFinding { line: 5, problem: AuditProblem::BeforeHead { entries: 6 } }]);
    let mut other = events();
    other[1].kind = EventKind::CaseDeclared;
    let rewritten = check(&log_of(1, &other), Some(head)).findings;
    assert_eq!(rewritten, [AuditFinding { line: 6, problem: AuditProblem::OtherHead }]);
    // The head of an earlier export is still in a later one.
    let early = check(&shorter, None).head;
    assert_eq!(check(&lines, Some(early)).findings, []);
}
