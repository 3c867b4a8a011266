//! The facts as documents: they come back as they were, and what is not such a document is refused without being shown.

use crate::scene::{BANK, DAY, PERSON, Scene, hash, noon};
use honnin::wallet::{
    CertificateState, Command, Consent, ConsentAnswer, DocumentError, Facts, Operation, RevocationCause,
    WalletCertificate,
};

fn busy() -> Scene {
    let mut scene = Scene::money();
    scene.issue(0, ConsentAnswer::Granted { id: "consent-1".into(), items: [].into(), registered: true });
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    scene.charge("c-1", 4000);
    scene.does(Command::GrantPoints { count: 10, expires_at: noon().plus_seconds(DAY) });
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 100, code });
    scene.code(Operation::Stop);
    scene.does(Command::NetworkSignal);
    scene
}

#[test]
fn facts_come_back_as_they_were() {
    let scene = busy();
    let document = scene.wallet.facts.to_document().unwrap();
    assert!(document.starts_with("{\"format\":1,"), "{document}");
    assert_eq!(Facts::from_document(&document).unwrap(), scene.wallet.facts);
    let consent = scene.wallet.consent.to_document().unwrap();
    assert_eq!(Consent::from_document(&consent).unwrap(), scene.wallet.consent);
}

#[test]
fn a_cause_has_one_word_and_the_older_one_is_still_read() {
    let mut scene = busy();
    let found = CertificateState::Revoked { cause: RevocationCause::AffiliationChanged };
    scene.does(Command::CertificateObserved { certificate: WalletCertificate::JpkiSigning, serial: None, found });
    let document = scene.wallet.facts.to_document().unwrap();
    assert!(document.contains("\"cause\":\"affiliation_changed\""), "{document}");
    let older = document.replace("affiliation_changed", "attributes_changed");
    assert_eq!(Facts::from_document(&older).unwrap(), scene.wallet.facts);
}

#[test]
fn the_kind_is_in_no_document_acc_07() {
    let scene = busy();
    let value: serde_json::Value = serde_json::from_str(&scene.wallet.facts.to_document().unwrap()).unwrap();
    let mut keys = Vec::new();
    fn collect(value: &serde_json::Value, keys: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    keys.push(key.clone());
                    collect(value, keys);
                }
            }
            serde_json::Value::Array(values) => values.iter().for_each(|value| collect(value, keys)),
            _ => {}
        }
    }
    collect(&value, &mut keys);
    assert!(keys.len() > 50 && !keys.iter().any(|key| key == "kind"), "{keys:?}");
}

#[test]
fn a_newer_or_broken_document_is_refused_and_not_shown() {
    let document = busy().wallet.facts.to_document().unwrap();
    let newer = document.replacen("\"format\":1", "\"format\":2", 1);
    assert_eq!(Facts::from_document(&newer), Err(DocumentError::NewerFormat { found: 2, known: 1 }));
    for broken in [
        "",
        "{}",
        "null",
        &document[..document.len() - 1],
        &document.replacen("\"password_registered\":false,", "", 1),
        &document.replacen("\"password_registered\"", "\"surprise\":1,\"password_registered\"", 1),
    ] {
        let error = Facts::from_document(broken).unwrap_err();
        assert!(matches!(error, DocumentError::Shape { .. }), "{error:?}");
        assert!(!error.to_string().contains("ミホン"));
    }
    assert!(Consent::from_document(&document).is_err(), "one is not the other");
}

#[test]
fn nothing_personal_is_printed() {
    let mut scene = busy();
    let shown = format!("{:?}", scene.wallet);
    for personal in ["taro@example.jp", "090", "ミホン"] {
        assert!(!shown.contains(personal), "{personal}");
    }
    let found = format!("{:?}", hash(PERSON));
    assert_eq!(found, "KeyedHash(redacted)");
    let happened = scene.does(Command::StopByOperator).happened;
    assert!(!serde_json::to_string(&happened).unwrap().contains("taro"));
}
