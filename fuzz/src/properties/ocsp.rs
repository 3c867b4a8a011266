//! OCSP responses.

use honnin::certificate::Certificate;
use honnin::validation::{OcspResponse, RevocationQuery, RevocationSource as _, RevocationStatus};
use std::sync::LazyLock;

static PATH: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    let leaf = include_bytes!("../../../fixtures/certificates/testcard/jpki-auth-cert.der");
    let issuer = include_bytes!("../../../fixtures/certificates/testcard/jpki-auth-ca-cert.der");
    [Certificate::from_der(leaf).expect("a certificate"), Certificate::from_der(issuer).expect("a certificate")]
});

pub fn hold(data: &[u8]) {
    let Ok(response) = OcspResponse::from_der(data) else { return };
    assert_eq!(response.der(), data);
    assert_eq!(response.is_error(), response.produced_at().is_none());
    assert!(response.nonce().is_none() || !response.is_error());
    // Nobody but the issuer, or one whom it certified, makes a response that says anything.
    let [leaf, issuer] = &*PATH;
    let at = response.produced_at().unwrap_or(honnin::time::UnixTime::from_seconds(0));
    let status = response.status(&RevocationQuery::of(leaf, issuer, at));
    assert!(matches!(status, RevocationStatus::Undetermined(_)), "believed");
    assert!(format!("{response:?}").ends_with("redacted)"));
}
