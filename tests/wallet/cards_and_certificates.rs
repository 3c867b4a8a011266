//! Cards, PINs and certificates of the wallet: CARD-01 to CARD-11, CERT-01 to CERT-16, ACC-13.

use crate::scene::{DAY, DEVICE, PERSON, Scene, hash, issued, noon, verified};
use honnin::kyc::Kind;
use honnin::policy::Policy;
use honnin::reason::Reason;
use honnin::secret::{Secret, SecretKind};
use honnin::wallet::{
    BiometricShortcut, CardForm, CertificateState, Command, ConsentAnswer, Happened, Issuer, MyAuthPin,
    MySigningPassword, Nfc, Operation, Phone, Platform, ReadFor, RevocationCause, SignIn, TypedCode, WalletCertificate,
    issuing_obstacles, issuing_reads,
};

const PHONE: Phone = Phone { platform: Platform::Ios, major: 18, nfc: Nfc::On };

fn sign_in(device: u8) -> Command {
    Command::SignIn(SignIn::Certificate { device: hash(device) })
}

#[test]
fn cards_without_pins_and_cards_in_phones_are_told_apart_card_05_card_06_t_17() {
    let mut policy = Policy::jp_wellnet().unwrap();
    for (form, rule, word) in [
        (CardForm::FaceAuthentication, "CARD-05", "face_authentication"),
        (CardForm::AndroidPhone, "CARD-06", "android_phone"),
        (CardForm::Iphone, "CARD-06", "iphone"),
    ] {
        let obstacles = issuing_obstacles(PHONE, form, &policy, noon());
        assert_eq!(obstacles.len(), 1);
        let refusal = &obstacles[0];
        assert_eq!((refusal.reason, refusal.rule.as_str()), (Reason::CardTypeNotAccepted, rule));
        assert_eq!(refusal.detail, [word]);
    }
    assert!(issuing_obstacles(PHONE, CardForm::Plastic, &policy, noon()).is_empty());
    policy.book.refusals.remove("phone_card").unwrap();
    let accepted = issuing_obstacles(PHONE, CardForm::Iphone, &policy, noon());
    assert!(accepted.is_empty(), "not supported by this policy is not invalid (LAW-04)");
}

#[test]
fn issuing_takes_two_reads_or_one_card_09_card_10_q_11_t_18() {
    let two = issuing_reads(false);
    assert_eq!(two.iter().map(|read| read.purpose).collect::<Vec<_>>(), [ReadFor::MySigning, ReadFor::MyAuth]);
    assert_eq!(two[0].pins, [SecretKind::DigitalSignature]);
    assert_eq!(two[1].pins, [SecretKind::UserAuthentication]);
    let one = issuing_reads(true);
    assert_eq!((one.len(), one[0].purpose), (1, ReadFor::Both));
    let asked = two.iter().chain(&one).flat_map(|read| &read.pins);
    assert!(asked.into_iter().all(|pin| *pin != SecretKind::InputSupport), "CARD-10: never asked for");
}

#[test]
fn the_phone_is_judged_before_the_card_card_07() {
    let policy = Policy::jp_wellnet().unwrap();
    let reasons = |phone| {
        let obstacles = issuing_obstacles(phone, CardForm::Plastic, &policy, noon());
        obstacles.iter().map(|refusal| refusal.reason).collect::<Vec<_>>()
    };
    assert_eq!(reasons(Phone { nfc: Nfc::Off, ..PHONE }), [Reason::NfcDisabled]);
    assert_eq!(reasons(Phone { nfc: Nfc::Unsupported, ..PHONE }), [Reason::NfcUnsupported]);
    assert_eq!(reasons(Phone { major: 14, ..PHONE }), [Reason::ClientUnsupported]);
    let old = Phone { platform: Platform::Android, major: 8, nfc: Nfc::Off };
    assert_eq!(reasons(old), [Reason::ClientUnsupported, Reason::NfcDisabled]);
    for (platform, major) in [(Platform::Ios, 15), (Platform::Android, 9)] {
        assert!(reasons(Phone { platform, major, nfc: Nfc::On }).is_empty());
    }
}

#[test]
fn a_pin_is_checked_before_the_card_and_reset_by_nobody_here_card_01_card_02_card_04() {
    assert!(Secret::new(SecretKind::DigitalSignature, b"abc12").is_err());
    assert!(Secret::new(SecretKind::UserAuthentication, b"12345").is_err());
    let (secret, adjusted) = Secret::new(SecretKind::DigitalSignature, b"abcdef").unwrap();
    assert_eq!((secret.expose(), adjusted), (&b"ABCDEF"[..], true), "upper-cased only; no digit needed to verify");
    assert!(Secret::to_be_set(SecretKind::DigitalSignature, b"abcdef").is_err(), "but to set");
    // The card counts, and nothing here does a second time.
    assert!(!Reason::PinIncorrect.counts_as_failure());
    assert!(!Reason::PinLocked.retryable());
    assert_eq!(Reason::PinLocked.who_acts().collect::<Vec<_>>(), ["municipality", "app"]);
}

#[test]
fn login_needs_both_certificates_and_this_device_cert_01_cert_02_cert_03() {
    let mut scene = Scene::certificate();
    let refusal = scene.refusal(sign_in(DEVICE));
    assert_eq!(refusal.reason, Reason::CertificateNotIssued);
    assert_eq!(refusal.detail, ["my_signing", "my_auth", "device_binding"]);
    scene.issue(0, ConsentAnswer::Refused);
    assert!(scene.does(sign_in(DEVICE)).session.is_some());
    scene.does(Command::IssuanceIncomplete { certificate: WalletCertificate::MyAuth });
    assert_eq!(scene.refusal(sign_in(DEVICE)).detail, ["my_auth"]);
}

#[test]
fn a_new_device_opens_the_same_account_and_ends_the_old_one_cert_04_acc_13_link_01() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    let old = scene.does(sign_in(DEVICE)).session.unwrap();
    scene.does(Command::DeviceLost);
    assert_eq!(scene.refusal(sign_in(DEVICE)).detail, ["device_binding"], "un-installed: the keys are gone");
    let mut new = issued(1, noon().plus_seconds(DAY));
    new.device = hash(4);
    let consent = ConsentAnswer::Refused;
    scene.does(Command::CertificatesIssued { issued: new, consent, romanised_name: hash(70) });
    let session = scene.does(sign_in(4)).session.unwrap();
    assert_eq!(session.account, old.account);
    let numbers = &scene.policy.wallet.session;
    let device = scene.wallet.facts.certificates.device;
    assert!(session.is_alive(device, numbers, scene.at) && !old.is_alive(device, numbers, scene.at));
    assert_eq!(scene.refusal(sign_in(DEVICE)).detail, ["device_binding"], "not on two devices at once");
}

#[test]
fn local_secrets_are_types_of_their_own_cert_05() {
    assert!(MyAuthPin::new(b"1234").is_ok() && MyAuthPin::new(b"12345").is_err() && MyAuthPin::new(b"12a4").is_err());
    assert!(MySigningPassword::new(b"abc123").is_ok() && MySigningPassword::new(b"abc12").is_err());
    assert!(MySigningPassword::new(&[b'a'; 17]).is_err());
    assert_eq!(MySigningPassword::new(b"abc123").unwrap().expose(), b"abc123", "no upper-casing: no PIN of the card");
    assert!(!format!("{:?}", MyAuthPin::new(b"8642").unwrap()).contains("8642"));
    let shortcut = BiometricShortcut::default();
    assert_eq!(shortcut.switched(true), BiometricShortcut::NotRegistered, "set only while setting the PIN");
    let set = shortcut.while_setting_pin(true);
    assert_eq!(set.switched(false), BiometricShortcut::Registered { on: false });
    assert_eq!(set.after_change_of_biometrics(), BiometricShortcut::NotRegistered);
}

#[test]
fn a_locked_local_secret_is_no_account_lock_cert_06() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    scene.does(Command::LocalSecret { certificate: WalletCertificate::MyAuth, locked: true });
    let refusal = scene.refusal(sign_in(DEVICE));
    assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::PinLocked, &["my_auth"][..]));
    assert!(scene.wallet.account.holds.is_empty());
    scene.does(Command::LocalSecret { certificate: WalletCertificate::MyAuth, locked: false });
    scene.does(sign_in(DEVICE));
}

#[test]
fn expiry_is_not_revocation_cert_07_cert_15() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    let CertificateState::Valid { until } = scene.wallet.facts.certificates.my_auth else { panic!() };
    scene.at = until;
    scene.does(sign_in(DEVICE));
    scene.later(1);
    assert_eq!(scene.refuses(sign_in(DEVICE)), [Reason::CertificateExpired, Reason::CertificateExpired]);
    let cause = RevocationCause::HolderRequest;
    scene.does(Command::RevokeCertificate { certificate: WalletCertificate::MyAuth, cause });
    assert_eq!(scene.refuses(sign_in(DEVICE)), [Reason::CertificateExpired, Reason::CertificateRevoked]);
}

#[test]
fn issuing_again_supersedes_and_keeps_the_history_cert_08_link_06() {
    let mut scene = Scene::certificate();
    scene.issue(0, ConsentAnswer::Refused);
    scene.later(DAY);
    scene.issue(1, ConsentAnswer::Refused);
    let history = &scene.wallet.facts.certificates.history;
    assert_eq!(history.len(), 4, "both, twice");
    assert!(history[0].serial != history[2].serial && history[0].from < history[2].from);
    scene.does(sign_in(DEVICE));
}

#[test]
fn the_holder_revokes_at_any_time_cert_09_cert_10() {
    let mut scene = Scene::certificate();
    let certificate = WalletCertificate::MySigning;
    let revoke = |cause| Command::RevokeCertificate { certificate, cause };
    assert_eq!(scene.refuses(revoke(RevocationCause::HolderRequest)), [Reason::CertificateNotIssued]);
    scene.issue(0, ConsentAnswer::Refused);
    scene.hold(honnin::kyc::Hold::StoppedByOperator);
    scene.does(revoke(RevocationCause::KeyCompromise));
    scene.does(revoke(RevocationCause::HolderRequest));
    let cause = RevocationCause::KeyCompromise;
    let state = scene.wallet.facts.certificates.state(certificate);
    assert_eq!(state, CertificateState::Revoked { cause }, "revoked is revoked, by the first cause");
}

#[test]
fn every_cause_that_obliges_the_holder_can_be_told_cert_10() {
    use RevocationCause::{AffiliationChanged, CessationOfOperation, DeletedByMistake, DiffersFromCard, KeyCompromise};
    for (cause, word) in [
        (KeyCompromise, "key_compromise"),
        (CessationOfOperation, "cessation_of_operation"),
        (DeletedByMistake, "deleted_by_mistake"),
        (AffiliationChanged, "affiliation_changed"),
        (DiffersFromCard, "differs_from_card"),
    ] {
        let mut scene = Scene::certificate();
        scene.issue(0, ConsentAnswer::Refused);
        let told = scene.does(Command::RevokeCertificate { certificate: WalletCertificate::MyAuth, cause });
        assert!(matches!(told.happened[..], [Happened::CertificateRevoked { cause: it, .. }] if it == cause));
        let refusal = scene.refusal(sign_in(DEVICE));
        assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::CertificateRevoked, &[word, "my_auth"][..]));
        assert_eq!(serde_json::to_value(cause).unwrap(), word, "one word everywhere");
    }
}

#[test]
fn codes_of_two_issuers_never_stand_for_each_other_cert_13() {
    let mut scene = Scene::legacy(honnin::kyc::Identity::None);
    scene.charge("c-1", 100);
    let right = scene.code(Operation::Payment).unwrap();
    let other = Some(TypedCode { issuer: Issuer::CertificateIssuer, ..right });
    let pay = |code| Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 1, code };
    let refusal = scene.refusal(pay(other));
    assert_eq!((refusal.reason, refusal.rule.as_str()), (Reason::OtpIncorrect, "CERT-13"));
    assert_eq!(scene.wallet.facts.failures.one_time_password, 0, "no guess at our code");
    scene.does(pay(Some(right)));
}

#[test]
fn login_lives_on_when_the_identity_evidence_dies_cert_14_t_37() {
    let mut scene = Scene::money();
    scene.issue(0, ConsentAnswer::Refused);
    let valid = CertificateState::Valid { until: noon().plus_seconds(9 * DAY) };
    for certificate in [WalletCertificate::JpkiSigning, WalletCertificate::JpkiUserAuth] {
        scene.does(Command::CertificateObserved { certificate, serial: None, found: valid });
    }
    let cause = RevocationCause::AffiliationChanged;
    let found = CertificateState::Revoked { cause };
    let moved =
        scene.does(Command::CertificateObserved { certificate: WalletCertificate::JpkiSigning, serial: None, found });
    assert!(moved.happened.iter().any(|it| matches!(it, Happened::CertificateRevoked { .. })));
    scene.does(sign_in(DEVICE));
    // The same certificate proves nothing any more, though the list the proof was held against did not have it yet.
    let refusal = scene.refusal(verified("case_2", PERSON, scene.at));
    assert_eq!((refusal.reason, refusal.rule.as_str()), (Reason::CertificateRevoked, "CERT-07"));
    assert_eq!(refusal.detail, ["affiliation_changed"]);
    // Nor does a look into an older list make it good again.
    let serial = scene.wallet.facts.certificates.present(WalletCertificate::JpkiSigning);
    assert!(serial.is_some());
    scene.does(Command::CertificateObserved { certificate: WalletCertificate::JpkiSigning, serial, found: valid });
    assert_eq!(scene.wallet.facts.certificates.jpki_signing, found);
    assert_eq!(scene.wallet.account.kind(), Kind::Money, "ACC-16");
    let outage = CertificateState::Unknown;
    scene.does(Command::CertificateObserved {
        certificate: WalletCertificate::JpkiSigning,
        serial: None,
        found: outage,
    });
    assert_eq!(scene.wallet.facts.certificates.jpki_signing, found, "an outage changes nothing (RSN-20)");
}

#[test]
fn death_is_told_neutrally_rsn_29() {
    let mut scene = Scene::money();
    let found = CertificateState::Revoked { cause: RevocationCause::HolderGone };
    scene.does(Command::CertificateObserved { certificate: WalletCertificate::JpkiSigning, serial: None, found });
    let refusal = scene.refusal(verified("case_2", PERSON, scene.at));
    assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::CertificateRevoked, &["unspecified"][..]));
}

#[test]
fn mail_and_kana_are_never_copied_from_the_issuer_cert_12() {
    let mut scene = Scene::certificate();
    let before = (scene.wallet.facts.contact.clone(), scene.wallet.facts.attributes.kana.clone());
    scene.issue(0, ConsentAnswer::Refused);
    scene.does(verified("case_1", PERSON, noon()));
    assert_eq!((scene.wallet.facts.contact, scene.wallet.facts.attributes.kana), before);
}
