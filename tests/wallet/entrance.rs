//! Which way a request may come: what the operator or the back end alone can say is not taken from a holder's hands.

use crate::scene::{BANK, DAY, PERSON, Scene, address, hash, noon, verified};
use honnin::kyc::Identity;
use honnin::policy::Risk;
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    Answer, AttributeName, CertificateState, Channel, Command, Current, Ending, Operation, PhoneProof, RefusalByBank,
    Taken, WalletCertificate,
};
use std::collections::BTreeMap;

const HOLDER: [Channel; 2] = [Channel::App, Channel::Web];

/// Refused by every one of these ways, without a trace; the rule that says so, and the word.
fn is_refused(scene: &Scene, ways: &[Channel], command: &Command) -> Vec<(String, &'static str)> {
    let told = ways.iter().map(|way| {
        let ruling = scene.clone().ask_by(*way, command.clone());
        assert_eq!(ruling.answer.reasons(), [Reason::FlowOutOfOrder], "{way:?} {command:?}");
        assert!(ruling.wallet == scene.wallet && ruling.happened.is_empty() && ruling.notices.is_empty());
        let Answer::Refused(refusals) = ruling.answer else { panic!() };
        (refusals[0].rule.as_str().to_owned(), refusals[0].detail[0])
    });
    told.collect()
}

#[test]
fn what_the_operator_decides_is_not_taken_from_the_holder_attr_03_life_03_tri_06() {
    let mut scene = Scene::money();
    scene.does(Command::StopByOperator);
    let edit = Command::SupportEdit {
        attribute: AttributeName::Kana,
        value: Personal::new("ベツメイ".into()),
        ticket: "ticket-1".into(),
        edited_by: "one".into(),
        approved_by: "two".into(),
    };
    let by_support = Command::ChangePhone {
        new: address("090-0000-9999", 99),
        occupancy: honnin::wallet::Occupancy::Free,
        proof: PhoneProof::Support { ticket: "ticket-2".into() },
    };
    let ways = [Channel::App, Channel::Web, Channel::System];
    for (command, rule) in [
        (edit, "ATTR-03"),
        (Command::StopByOperator, "LIFE-03"),
        (Command::Release { call_made: true, photo_matched: true }, "LIFE-03"),
        (Command::RestrictChannel { channel: Channel::Web, closed: true }, "TRI-06"),
        (Command::SetRisk(Risk::Low), "REV-06"),
        (by_support, "SEC-08"),
    ] {
        assert_eq!(is_refused(&scene, &ways, &command), vec![(rule.to_owned(), "operator_only"); 3]);
        scene.clone().does(command);
    }
}

#[test]
fn what_the_back_end_alone_knows_is_not_taken_from_the_holder_out_01_bank_06() {
    let mut scene = Scene::certificate();
    let bank = scene.bank(BANK);
    scene.does(Command::ChargeWithCash { id: "c-1".into(), yen: 100 });
    scene.does(Command::RegisterBank { bank: hash(BANK + 1), occupancy: honnin::wallet::Occupancy::Free });
    scene.does(Command::BeginFinalRegistration { bank: hash(BANK + 1) });
    let taken = Taken { from_latest_info: false, as_of: noon(), hashes: BTreeMap::new(), kana: None };
    let found = CertificateState::Valid { until: noon().plus_seconds(DAY) };
    let certificate = WalletCertificate::JpkiSigning;
    for (command, rule) in [
        (Command::OperationEnded { id: "c-1".into(), ending: Ending::Done }, "OUT-01"),
        (Command::GrantPoints { count: 1, expires_at: noon().plus_seconds(DAY) }, "CH-07"),
        (Command::BankCompleted { bank: hash(BANK + 1) }, "BANK-06"),
        (Command::BankRefused { bank: hash(BANK + 1), cause: RefusalByBank::Other }, "BANK-06"),
        (Command::CertificateObserved { certificate, serial: None, found }, "CERT-14"),
        (verified("case_1", PERSON, noon()), "ACC-05"),
        (Command::TakeAttributes(taken), "ATTR-02"),
        (Command::ValidityNoted { current: Current::Unchanged }, "REV-07"),
        (Command::NetworkSignal, "TRI-07"),
        (Command::RegistrationAttempted, "UNIQ-04"),
        (Command::Sweep, "REV-04"),
    ] {
        assert_eq!(is_refused(&scene, &HOLDER, &command), vec![(rule.to_owned(), "back_end_only"); 2]);
        scene.clone().does(command);
    }
    assert!(scene.wallet.facts.banks.find(bank).is_some());
}

#[test]
fn stopping_and_resuming_are_of_the_web_edition_life_01_life_02_gate_09() {
    let mut scene = Scene::legacy(Identity::None);
    let elsewhere = [Channel::App, Channel::Operator, Channel::System];
    let code = scene.code(Operation::Stop);
    let stop = Command::Stop { code };
    assert_eq!(is_refused(&scene, &elsewhere, &stop), vec![("LIFE-01".to_owned(), "web_only"); 3]);
    assert_eq!(scene.ask_by(Channel::Web, stop).answer, Answer::Done, "the code was not used up");
    let code = scene.code(Operation::Resume);
    let resume = Command::Resume { code };
    assert_eq!(is_refused(&scene, &elsewhere, &resume), vec![("LIFE-02".to_owned(), "web_only"); 3]);
    assert_eq!(scene.ask_by(Channel::Web, resume).answer, Answer::Done);
}
