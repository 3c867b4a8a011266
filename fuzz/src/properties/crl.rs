//! Revocation lists: the frame, the walk over the entries, the scan for one serial number.

use honnin::certificate::{Certificate, SerialNumber};
use honnin::validation::{Crl, IndexedCrl, RevocationQuery, RevocationSource as _, RevocationStatus, Threads};
use std::sync::LazyLock;

static ISSUER: LazyLock<Certificate> = LazyLock::new(|| {
    let der = include_bytes!("../../../fixtures/certificates/testcard/jpki-auth-ca-cert.der");
    Certificate::from_der(der).expect("a certificate")
});

pub fn hold(data: &[u8]) {
    let _ = Crl::from_der_or_pem(data);
    let Ok(list) = Crl::from_der(data) else { return };
    assert_eq!(list.der(), data);
    assert!(matches!(list.version(), 1 | 2));
    for number in [list.number(), list.base_number()].into_iter().flatten() {
        assert_ne!(number.first(), Some(&0), "a leading zero");
    }
    assert!(list.is_delta() == list.base_number().is_some());

    let mut whole = true;
    let mut serials = Vec::new();
    for entry in list.entries() {
        let Ok(entry) = entry else {
            whole = false;
            continue;
        };
        assert!(whole, "an error ends the walk");
        assert!(super::lies_in(entry.serial, list.der()));
        if entry.certificate_issuer.is_none() {
            serials.push((entry.serial.to_vec(), entry.revoked_at, entry.reason));
        }
    }
    let named = list.entries().flatten().any(|entry| entry.certificate_issuer.is_some());
    for (serial, at, reason) in serials.iter().take(4) {
        let hex: String = serial.iter().map(|octet| format!("{octet:02x}")).collect();
        let Ok(serial) = SerialNumber::from_hex(&hex) else { continue };
        match list.scan(&serial) {
            Ok(scan) => {
                assert!(whole && scan.names_issuers == named);
                let first = serials.iter().find(|(other, ..)| other == serial.expose_bytes());
                // With entries of other issuers between them, which numbers are this issuer's is more than this asks.
                assert!(named || scan.found == first.map(|(_, at, reason)| (*at, *reason)), "{at:?} {reason:?}");
            }
            Err(_) => assert!(!whole),
        }
    }

    // Nobody but the issuer makes a list that says anything.
    let serial = SerialNumber::from_hex("01").expect("a serial number");
    let query = RevocationQuery {
        issuer: &ISSUER,
        issuer_name: ISSUER.subject(),
        serial: &serial,
        distribution_points: &[],
        is_ca: false,
        at: list.this_update(),
    };
    assert!(matches!(list.status(&query), RevocationStatus::Undetermined(_)));
    assert!(IndexedCrl::new(list, &ISSUER, Threads::One).is_err());
}
