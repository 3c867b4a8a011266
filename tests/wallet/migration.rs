//! Taking over a legacy account: MIG-01 to MIG-07.

use crate::scene::{BANK, DAY, PERSON, Scene, address, at, hash, issued, noon, typed, verified};
use honnin::kyc::{Identity, Kind, Login};
use honnin::policy::Policy;
use honnin::reason::Reason;
use honnin::wallet::{
    Answer, Attribute, AttributeName, Channel, Command, ConsentAnswer, Found, Happened, MigrationRequest, Occupancy,
    Operation, PasswordCheck, PhoneProof, SignIn, Source, Taken, TypedCode,
};
use std::collections::BTreeMap;

fn request(key: &str, code: Option<TypedCode>) -> MigrationRequest {
    let hashes = BTreeMap::from([
        (AttributeName::Name, hash(80)),
        (AttributeName::Birthdate, hash(81)),
        (AttributeName::Address, hash(82)),
    ]);
    MigrationRequest {
        key: key.into(),
        password: PasswordCheck::Right,
        code,
        issued: issued(0, noon().plus_seconds(900 * DAY)),
        taken: Taken { from_latest_info: false, as_of: noon().plus_seconds(-DAY), hashes, kana: None },
        person: Found { hash: hash(PERSON), occupancy: Occupancy::Free },
        consent: ConsentAnswer::Refused,
    }
}

fn migrate(request: MigrationRequest) -> Command {
    Command::Migrate(Box::new(request))
}

/// A legacy account by selfie with balance, points and two bank accounts.
fn legacy() -> Scene {
    let mut scene = Scene::legacy(Identity::VerifiedSelfieLegacy);
    scene.charge("c-1", 4321);
    scene.does(Command::GrantPoints { count: 55, expires_at: noon().plus_seconds(90 * DAY) });
    let bank = scene.bank(BANK);
    scene.bank(BANK + 1);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    let typed = |number| Attribute { source: Source::SelfAsserted, as_of: noon(), hash: hash(number) };
    let held = &mut scene.wallet.facts.attributes.held;
    held.insert(AttributeName::Name, typed(80));
    held.insert(AttributeName::Address, typed(99));
    scene
}

#[test]
fn everything_moves_once_and_a_retry_finds_the_first_result_mig_01_mig_06_t_26() {
    let mut scene = legacy();
    let before = scene.wallet.clone();
    let code = scene.code(Operation::Migration);
    let crashed = scene.clone();
    let first = scene.does(migrate(request("key-1", code)));
    let after = scene.wallet.clone();
    assert_eq!(after.account.login, Login::Certificate);
    assert_eq!(after.facts.balances, before.facts.balances, "totals before = after");
    assert_eq!(after.facts.banks, before.facts.banks, "and bank accounts");
    assert_eq!(after.account.kind(), Kind::Money, "recomputed");
    assert_eq!(first.answer, Answer::Done);
    let retry = scene.ask(migrate(request("key-1", code)));
    assert_eq!((retry.answer, retry.happened.len(), retry.notices.len()), (Answer::Unchanged, 0, 0));
    assert_eq!(scene.wallet, after);
    // A crash before the commit left the old facts: the same request does it then, to the same result.
    let mut scene = crashed;
    scene.does(migrate(request("key-1", code)));
    assert_eq!(scene.wallet, after);
    assert_eq!(scene.refuses(migrate(request("key-2", None))), [Reason::FlowOutOfOrder], "once");
}

#[test]
fn a_legacy_account_without_selfie_is_cash_and_can_be_verified_now_acc_08_mig_01() {
    let mut scene = Scene::legacy(Identity::None);
    let code = scene.code(Operation::Migration);
    scene.does(migrate(request("key-1", code)));
    assert_eq!(scene.wallet.account.kind(), Kind::Cash);
    scene.does(verified("case_1", PERSON, noon()));
    assert_eq!(scene.wallet.account.kind(), Kind::Money);
}

#[test]
fn password_and_a_code_to_the_old_phone_authorise_it_mig_02() {
    let mut scene = legacy();
    let code = scene.code(Operation::Migration);
    let wrong = MigrationRequest { password: PasswordCheck::Wrong, ..request("key-1", code) };
    assert_eq!(scene.refuses(migrate(wrong)), [Reason::PasswordIncorrect]);
    assert_eq!(scene.wallet.facts.failures.password, 1);
    assert_eq!(scene.refuses(migrate(request("key-1", None))), [Reason::OneTimePasswordRequired]);
    assert_eq!(scene.refuses(migrate(request("key-1", typed(51)))), [Reason::OtpIncorrect]);
    let outage = MigrationRequest { password: PasswordCheck::Unavailable, ..request("key-1", code) };
    assert_eq!(scene.refuses(migrate(outage)), [Reason::DependencyUnavailable], "SEC-06: no failure");
    scene.does(migrate(request("key-1", code)));
}

#[test]
fn with_the_phone_out_of_reach_support_changes_it_first_mig_03_sec_08() {
    let mut scene = legacy();
    let change = |ticket: &str| Command::ChangePhone {
        new: address("080-0000-9999", 33),
        occupancy: Occupancy::Free,
        proof: PhoneProof::Support { ticket: ticket.into() },
    };
    let from_the_app = scene.ask_by(Channel::App, change("ticket-77")).answer.reasons();
    assert_eq!(from_the_app, [Reason::FlowOutOfOrder], "support only");
    assert_eq!(scene.ask_by(Channel::Operator, change(" ")).answer.reasons(), [Reason::InputMalformed]);
    assert_eq!(scene.ask_by(Channel::Operator, change("ticket-77")).answer, Answer::Done);
    let code = scene.code(Operation::Migration);
    scene.does(migrate(request("key-1", code)));
}

#[test]
fn legacy_login_ends_on_its_date_and_never_without_one_mig_04_t_27() {
    let sign_in = || Command::SignIn(SignIn::Password(PasswordCheck::Right));
    let mut scene = Scene::legacy(Identity::None);
    scene.at = at("2099-01-01T00:00:00+09:00");
    assert!(scene.does(sign_in()).session.is_some(), "Q-3: open");
    let until = at("2027-04-01T00:00:00+09:00");
    scene.policy.wallet.migration.legacy_login_until = Some(until);
    scene.at = until.plus_seconds(-1);
    assert!(scene.does(sign_in()).session.is_some());
    scene.at = until;
    assert_eq!(scene.refuses(sign_in()), [Reason::LegacyLoginClosed]);
    assert_eq!(scene.refuses(migrate(request("key-1", typed(50)))), [Reason::LegacyLoginClosed], "unusable");
}

#[test]
fn a_policy_may_ask_migrated_accounts_for_no_code_mig_05() {
    let file = include_str!("../../fixtures/policies/jp_wellnet_mock.toml");
    let abolished = file
        .replace("any = [\"one_time_password_given\"]", "any = [\"one_time_password_given\", \"certificate_login\"]");
    assert_ne!(file, abolished);
    let pay = || Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 1, code: None };
    let email = || Command::ChangeEmail {
        new: address("new@example.jp", 34),
        new_confirmed: true,
        occupancy: Occupancy::Free,
        code: None,
    };
    let proof = || PhoneProof::CodeToOldNumber { code: None, new_confirmed: true };
    let phone =
        || Command::ChangePhone { new: address("080-0000-8888", 35), occupancy: Occupancy::Free, proof: proof() };
    let password = || Command::SetPassword { email_confirmed: true, code: None };
    let mut scene = legacy();
    scene.policy = Policy::parse(&abolished).unwrap();
    for command in [pay(), email(), phone(), password()] {
        assert_eq!(scene.refuses(command), [Reason::OneTimePasswordRequired], "still a password account");
    }
    let code = scene.code(Operation::Migration);
    scene.does(migrate(request("key-1", code)));
    for command in [pay(), email(), phone(), password()] {
        scene.does(command);
    }
}

#[test]
fn the_certificate_replaces_what_was_typed_and_differences_are_recorded_mig_07() {
    let mut scene = legacy();
    let code = scene.code(Operation::Migration);
    let ruling = scene.does(migrate(request("key-1", code)));
    let differing = vec![AttributeName::Address];
    assert!(ruling.happened.contains(&Happened::Migrated { differing: differing.clone() }));
    assert_eq!(scene.wallet.facts.migration.as_ref().unwrap().differing, differing);
    for name in [AttributeName::Name, AttributeName::Birthdate, AttributeName::Address] {
        let held = &scene.wallet.facts.attributes.held[&name];
        assert_eq!((&held.source, held.as_of), (&Source::Certificate, noon().plus_seconds(-DAY)), "{name:?}");
    }
}

#[test]
fn a_person_with_another_account_does_not_migrate_acc_12() {
    let mut scene = legacy();
    let code = scene.code(Operation::Migration);
    let other = Occupancy::Held("a-2".parse().unwrap());
    let taken = MigrationRequest { person: Found { hash: hash(PERSON), occupancy: other }, ..request("key-1", code) };
    assert_eq!(scene.refuses(migrate(taken)), [Reason::DuplicateAccount]);
    assert_eq!(scene.wallet.account.login, Login::PasswordLegacy);
}
