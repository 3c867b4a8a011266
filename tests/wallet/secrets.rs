//! One-time passwords, warn and lock, unlock, idle sessions: SEC-01 to SEC-08.

use crate::scene::{BANK, OPEN, Scene, address, hash, typed};
use honnin::kyc::{Hold, Identity};
use honnin::policy::{FailureCounters, Policy, PolicyError};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    Address, Applicant, Applied, Channel, Command, Happened, Known, Medium, Occupancy, Operation, PasswordCheck,
    PhoneProof, Registration, SignIn, Template, TypedCode, registration,
};

fn scene() -> Scene {
    let mut scene = Scene::legacy(Identity::None);
    scene.charge("c-1", 1000);
    scene
}

fn pay(id: &str, code: Option<TypedCode>) -> Command {
    Command::Pay { id: id.into(), payee: "電力".into(), yen: 1, code }
}

fn password(check: PasswordCheck) -> Command {
    Command::SignIn(SignIn::Password(check))
}

#[test]
fn the_third_failure_warns_once_and_the_fifth_locks_sec_03_sec_04_t_19() {
    let mut scene = scene();
    scene.code(Operation::Payment);
    let mut told = Vec::new();
    for failure in 1..=5_u32 {
        let ruling = scene.ask(pay("p-1", typed(51)));
        assert_eq!(ruling.answer.reasons(), [Reason::OtpIncorrect], "{failure}");
        told.extend(ruling.notices.into_iter().map(|notice| (failure, notice.medium, notice.template)));
    }
    let expected = [(3, Medium::Mail, Template::FailureWarning { run: 3 }), (5, Medium::Mail, Template::AccountLocked)];
    assert_eq!(told, expected, "not again at the fourth");
    assert!(scene.wallet.account.holds.contains(&Hold::LockedByFailures));
    let code = scene.code(Operation::Payment);
    assert_eq!(scene.refuses(pay("p-1", code)), [Reason::AccountLocked]);
}

#[test]
fn a_right_value_at_the_fourth_resets_sec_03_t_19() {
    let mut scene = scene();
    let right = scene.code(Operation::Payment);
    for _ in 0..3 {
        scene.refuses(pay("p-1", typed(51)));
    }
    scene.does(pay("p-1", right));
    assert_eq!(scene.wallet.facts.failures, honnin::wallet::Failures::default());
    scene.code(Operation::Payment);
    for _ in 0..4 {
        scene.refuses(pay("p-2", typed(51)));
    }
    assert!(scene.wallet.account.holds.is_empty(), "a new run");
}

#[test]
fn failures_count_together_or_apart_sec_03_q_5() {
    for (counters, locked) in [(FailureCounters::Joint, true), (FailureCounters::Separate, false)] {
        let mut scene = scene();
        scene.policy.wallet.failures.counters = counters;
        scene.code(Operation::Payment);
        for _ in 0..3 {
            scene.refuses(password(PasswordCheck::Wrong));
        }
        for _ in 0..2 {
            scene.refuses(pay("p-1", typed(51)));
        }
        assert_eq!(scene.wallet.account.holds.contains(&Hold::LockedByFailures), locked, "{counters:?}");
    }
}

#[test]
fn a_code_is_six_digits_for_one_operation_once_and_for_a_while_sec_01_q_6() {
    for (text, good) in
        [("123456", true), ("12345", false), ("1234567", false), ("１２３４５６", false), ("12345a", false)]
    {
        assert_eq!(TypedCode::is_well_formed(text), good, "{text}");
    }
    let mut scene = scene();
    let code = scene.code(Operation::Payment);
    scene.does(pay("p-1", code));
    assert_eq!(scene.refuses(pay("p-2", code)), [Reason::OtpExpired], "used");
    let other = scene.code(Operation::Stop);
    assert_eq!(scene.refuses(pay("p-2", other)), [Reason::OtpExpired], "for another operation");
    let code = scene.code(Operation::Payment);
    scene.later(299);
    let mut late = scene.clone();
    scene.does(pay("p-2", code));
    late.later(1);
    assert_eq!(late.refuses(pay("p-2", code)), [Reason::OtpExpired]);
    let mut twice = late;
    let code = twice.code(Operation::Payment);
    twice.does(Command::IssueOneTimePassword { operation: Operation::Payment, hash: hash(52) });
    assert_eq!(twice.refuses(pay("p-2", code)), [Reason::OtpIncorrect], "a newer one replaces it");
    twice.does(pay("p-2", typed(52)));
}

#[test]
fn a_code_is_void_before_it_can_be_guessed_sec_01() {
    let mut scene = scene();
    scene.policy.wallet.failures.counters = FailureCounters::Separate;
    scene.hold(Hold::LockedByFailures);
    let right = scene.code(Operation::Unlock);
    let unlock = |code| Command::Unlock { email_confirmed: true, code };
    for _ in 0..5 {
        assert_eq!(scene.refuses(unlock(typed(51))), [Reason::OtpIncorrect]);
    }
    assert_eq!(scene.refuses(unlock(right)), [Reason::OtpExpired]);
}

#[test]
fn codes_are_asked_for_at_registration_transactions_and_changes_sec_02() {
    let contact = crate::scene::contact();
    let kana = Personal::new("ミホン タロウ".to_owned());
    let registered = |applicant| {
        let applied = Applied { applicant, has_card: true, contact: &contact, kana: &kana, name_and_birthdate: None };
        registration(&Known::default(), &applied)
    };
    assert!(matches!(registered(Applicant::Stranger), Registration::CodeOnItsWay { .. }), "before the code came back");
    assert!(matches!(registered(Applicant::BothConfirmed), Registration::Open(_)));
    let mut scene = Scene::money();
    scene.charge("c-1", 1000);
    scene.wallet.facts.password_registered = true;
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    let new = |operation, number| {
        address(if operation == Operation::PhoneChange { "080-0000-8888" } else { "new@example.jp" }, number)
    };
    type Change = fn(Address, Option<TypedCode>) -> Command;
    let changes: [(Operation, Change); 6] = [
        (Operation::Payment, |_, code| pay("p-1", code)),
        (Operation::SelfTransfer, |_, code| Command::TransferToSelf { id: "t-1".into(), yen: 1, code }),
        (Operation::PasswordChange, |_, code| Command::SetPassword { email_confirmed: true, code }),
        (Operation::PhoneChange, |new, code| {
            let proof = PhoneProof::CodeToOldNumber { code, new_confirmed: true };
            Command::ChangePhone { new, occupancy: Occupancy::Free, proof }
        }),
        (Operation::EmailChange, |new, code| Command::ChangeEmail {
            new,
            new_confirmed: true,
            occupancy: Occupancy::Free,
            code,
        }),
        (Operation::Stop, |_, code| Command::Stop { code }),
    ];
    for (at, (operation, command)) in (40..).zip(changes) {
        assert_eq!(
            scene.refuses(command(new(operation, at), None)),
            [Reason::OneTimePasswordRequired],
            "{operation:?}"
        );
        let other = scene.code(Operation::Unlock);
        assert_eq!(scene.refuses(command(new(operation, at), other)), [Reason::OtpExpired], "for another operation");
        let code = scene.code(operation);
        let done = scene.does(command(new(operation, at), code));
        assert!(done.happened.contains(&Happened::OneTimePasswordUsed { operation }), "{operation:?}");
    }
}

#[test]
fn a_policy_may_ask_for_a_code_wherever_somebody_can_type_one_sec_02_mig_05() {
    let file = include_str!("../../fixtures/policies/jp_wellnet_mock.toml");
    let asking = |feature: &str| {
        let table = format!("[features.{feature}]");
        let (before, after) = file.split_once(&table).unwrap();
        let row = "requires = [\n    { any = [\"one_time_password_given\"], reason = \"one_time_password_required\", rules = [\"SEC-02\"] },\n";
        let (head, rest) = after.split_once("requires = [").unwrap();
        Policy::parse(&format!("{before}{table}{head}{row}{rest}"))
    };
    type Coded = fn(Option<TypedCode>) -> Command;
    let commands: [(&str, Operation, Coded); 4] = [
        ("charge_from_bank", Operation::BankCharge, |code| Command::ChargeFromBank {
            id: "c-2".into(),
            bank: hash(BANK),
            yen: 1,
            service: OPEN,
            code,
        }),
        ("set_payout_destination", Operation::PayoutDestination, |code| Command::SetPayoutDestination {
            bank: hash(BANK),
            code,
        }),
        ("delete_bank_account", Operation::BankDeletion, |code| Command::DeleteBank { bank: hash(BANK), code }),
        ("withdraw", Operation::Withdrawal, |code| Command::Withdraw { code }),
    ];
    for (feature, operation, command) in commands {
        let mut scene = Scene::money();
        scene.bank(BANK);
        scene.policy = asking(feature).unwrap();
        assert_eq!(scene.refuses(command(None)), [Reason::OneTimePasswordRequired], "{feature}");
        let code = scene.code(operation);
        scene.does(command(code));
    }
    // Nobody is there to type one, or the gate stands before the code could be sent: it would be closed for ever.
    for feature in ["exact_top_up", "automatic_payment", "charge_with_cash", "contact", "register_bank_account"] {
        let place = match asking(feature) {
            Err(PolicyError::Value { place, .. }) => place,
            other => panic!("{feature}: {other:?}"),
        };
        assert_eq!(place, format!("features.{feature}.requires[0].any"));
    }
}

#[test]
fn unlocking_takes_mail_and_sms_and_lifts_that_hold_alone_sec_05() {
    let mut scene = scene();
    let unlock = |email_confirmed, code| Command::Unlock { email_confirmed, code };
    assert_eq!(scene.refuses(unlock(true, None)), [Reason::FlowOutOfOrder], "nothing to unlock");
    for _ in 0..5 {
        scene.refuses(password(PasswordCheck::Wrong));
    }
    assert_eq!(scene.refuses(password(PasswordCheck::Right)), [Reason::AccountLocked]);
    scene.hold(Hold::StoppedByOperator);
    let code = scene.code(Operation::Unlock);
    assert_eq!(scene.refuses(unlock(false, code)), [Reason::FlowOutOfOrder]);
    assert_eq!(scene.refuses(unlock(true, None)), [Reason::OneTimePasswordRequired]);
    scene.does(unlock(true, code));
    assert_eq!(scene.wallet.account.holds, [Hold::StoppedByOperator].into());
    assert_eq!(scene.wallet.facts.failures, honnin::wallet::Failures::default());
}

#[test]
fn only_a_wrong_value_is_a_failure_sec_06_rsn_20() {
    let mut scene = scene();
    for _ in 0..9 {
        assert_eq!(scene.refuses(password(PasswordCheck::Unavailable)), [Reason::DependencyUnavailable]);
    }
    let code = scene.code(Operation::Payment);
    scene.later(301);
    for _ in 0..9 {
        assert_eq!(scene.refuses(pay("p-1", code)), [Reason::OtpExpired]);
    }
    assert_eq!(scene.wallet.facts.failures, honnin::wallet::Failures::default());
    for reason in
        [Reason::OtpExpired, Reason::OneTimePasswordRequired, Reason::DependencyUnavailable, Reason::Cancelled]
    {
        assert!(!reason.counts_as_failure(), "{reason}");
    }
    assert!(Reason::OtpIncorrect.counts_as_failure() && Reason::PasswordIncorrect.counts_as_failure());
}

#[test]
fn an_operation_that_is_refused_anyway_costs_no_code_sec_01() {
    let mut scene = scene();
    let code = scene.code(Operation::Payment);
    let dear = |code| Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 9999, code };
    assert_eq!(scene.refuses(dear(code)), [Reason::BalanceInsufficient]);
    assert_eq!(scene.refuses(dear(typed(51))), [Reason::BalanceInsufficient]);
    assert_eq!(scene.wallet.facts.failures.one_time_password, 0);
    scene.does(pay("p-2", code));
}

#[test]
fn idle_sessions_end_sec_07() {
    let mut scene = scene();
    let session = scene.ask_by(Channel::Web, password(PasswordCheck::Right)).session.unwrap();
    let numbers = &scene.policy.wallet.session;
    let alive =
        |session: &honnin::wallet::Session, seconds| session.is_alive(None, numbers, scene.at.plus_seconds(seconds));
    assert!(alive(&session, 899) && !alive(&session, 900));
    let used = session.used(scene.at.plus_seconds(600));
    assert!(alive(&used, 900));
}
