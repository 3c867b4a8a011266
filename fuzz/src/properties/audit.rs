//! Audit logs, key rings, and the search for a My Number.

use honnin::record::{AuditHead, AuditVerifier};
use honnin::vault::{KeyRing, contains_my_number_in};

pub fn hold(data: &[u8]) {
    let check = |data: &[u8]| {
        let mut verifier = AuditVerifier::new(None);
        data.split_inclusive(|byte| *byte == b'\n').for_each(|line| verifier.line(line));
        verifier.finish()
    };
    let report = check(data);
    assert_eq!(report.problems == 0, report.findings.is_empty());
    if report.problems == 0 {
        assert_eq!(report.head.to_string().parse::<AuditHead>(), Ok(report.head));
        // A log that holds does not hold with any of its lines left out.
        let lines: Vec<&[u8]> = data.split_inclusive(|byte| *byte == b'\n').collect();
        let shorter: Vec<u8> = lines.iter().skip(1).copied().collect::<Vec<_>>().concat();
        assert!(check(&shorter).problems > 0);
    }
    let text = String::from_utf8_lossy(data);
    if let Ok(ring) = KeyRing::parse(&text) {
        let again = KeyRing::parse(&ring.expose_text()).unwrap();
        assert_eq!(*again.expose_text(), *ring.expose_text());
    }
    let _ = contains_my_number_in(data);
}
