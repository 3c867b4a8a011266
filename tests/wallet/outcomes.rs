//! Unknown outcomes, repeats, and what is over: OUT-01 to OUT-04, LIFE-06, CH-04, CH-05.

use crate::scene::{BANK, OPEN, Scene, hash};
use honnin::reason::Reason;
use honnin::wallet::{Advice, Answer, Channel, Command, Counterpart, Ending, Facts, Operation};

fn advice(scene: &Scene, id: &str) -> Advice {
    scene.wallet.facts.history.advice(id, &scene.policy.wallet.pending, scene.at)
}

#[test]
fn history_decides_what_the_screen_did_not_say_out_01_out_03() {
    let mut scene = Scene::certificate();
    assert_eq!(advice(&scene, "c-1"), Advice::ContactSupport, "not in the history");
    let begun = scene.at;
    scene.does(Command::ChargeWithCash { id: "c-1".into(), yen: 100 });
    scene.does(Command::ChargeWithCash { id: "c-2".into(), yen: 100 });
    let normal_until = begun.plus_seconds(1800);
    assert_eq!(advice(&scene, "c-1"), Advice::Wait { normal_until });
    scene.later(1800);
    assert_eq!(advice(&scene, "c-1"), Advice::Wait { normal_until });
    scene.later(1);
    assert_eq!(advice(&scene, "c-1"), Advice::ContactSupport, "over thirty minutes");
    scene.does(Command::OperationEnded { id: "c-1".into(), ending: Ending::Done });
    scene.does(Command::OperationEnded { id: "c-2".into(), ending: Ending::Failed });
    assert_eq!((advice(&scene, "c-1"), advice(&scene, "c-2")), (Advice::Done, Advice::BeginAgain));
}

#[test]
fn a_repeat_changes_nothing_and_a_name_is_used_once_out_02() {
    let mut scene = Scene::certificate();
    scene.bank(BANK);
    let charge = |yen| Command::ChargeFromBank { id: "c-1".into(), bank: hash(BANK), yen, service: OPEN, code: None };
    assert_eq!(scene.ask(charge(100)).answer, Answer::Done);
    let repeat = scene.ask(charge(100));
    assert_eq!((repeat.answer, repeat.happened.len()), (Answer::Unchanged, 0));
    assert_eq!(scene.refuses(charge(200)), [Reason::IdempotencyKeyReused]);
    scene.does(Command::OperationEnded { id: "c-1".into(), ending: Ending::Done });
    assert_eq!(scene.ask(charge(100)).answer, Answer::Unchanged);
    assert_eq!(scene.wallet.facts.balances.cash.yen, 100, "charged once");
}

#[test]
fn a_payment_is_paid_once_however_often_it_is_asked_out_02_ch_05() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 100);
    let code = scene.code(Operation::Payment);
    let pay = Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 60, code };
    scene.does(pay.clone());
    // The app was killed while the code was read; it comes back, perhaps in the browser, and asks again by name (CH-04).
    assert_eq!(scene.ask_by(Channel::Web, pay).answer, Answer::Unchanged);
    assert_eq!(scene.wallet.facts.balances.cash.yen, 40);
}

#[test]
fn another_payee_or_way_under_the_same_name_is_another_payment_out_02() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 1000);
    let code = scene.code(Operation::Payment);
    let pay = |payee: &str| Command::Pay { id: "p-1".into(), payee: payee.into(), yen: 60, code };
    scene.does(pay("電力"));
    assert_eq!(scene.refuses(pay("水道")), [Reason::IdempotencyKeyReused]);
    let automatic = Command::PayAutomatically { id: "p-1".into(), payee: "電力".into(), yen: 60 };
    assert_eq!(scene.refuses(automatic), [Reason::IdempotencyKeyReused]);
    assert_eq!(scene.ask(pay("電力")).answer, Answer::Unchanged);
    // OUT-01: support is told id, time, payee and amount.
    let entry = scene.wallet.facts.history.find("p-1").unwrap().clone();
    let Some(Counterpart::Payee(payee)) = &entry.counterpart else { panic!("{entry:?}") };
    assert_eq!((payee.reveal().as_str(), entry.yen, entry.begun_at), ("電力", 60, scene.at));
    assert!(!format!("{entry:?}").contains("電力"));
}

#[test]
fn another_bank_account_under_the_same_name_is_another_charge_out_02() {
    let mut scene = Scene::certificate();
    let (one, other) = (scene.bank(BANK), scene.bank(BANK + 1));
    let charge = |bank| Command::ChargeFromBank { id: "c-1".into(), bank, yen: 100, service: OPEN, code: None };
    scene.does(charge(one));
    assert_eq!(scene.refuses(charge(other)), [Reason::IdempotencyKeyReused]);
    assert_eq!(scene.ask(charge(one)).answer, Answer::Unchanged);
    // An exact top-up names no bank account: it is the same request after another one was chosen.
    scene.does(Command::SelectExactTopUp { bank: Some(one) });
    let top_up =
        || Command::ExactTopUp { id: "t-1".into(), shortage: 200, bank_minimum: 100, service: OPEN, unattended: true };
    scene.does(top_up());
    scene.does(Command::SelectExactTopUp { bank: Some(other) });
    assert_eq!(scene.ask(top_up()).answer, Answer::Unchanged);
}

#[test]
fn entries_from_before_the_payee_was_kept_are_still_read() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 1000);
    let code = scene.code(Operation::Payment);
    let pay = Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 60, code };
    scene.does(pay.clone());
    let document = scene.wallet.facts.to_document().unwrap();
    let older = document.replace(",\"counterpart\":{\"payee\":\"電力\"}", "");
    assert_ne!(older, document);
    scene.wallet.facts = Facts::from_document(&older).unwrap();
    assert_eq!(scene.wallet.facts.history.find("p-1").unwrap().counterpart, None);
    assert_eq!(scene.ask(pay).answer, Answer::Unchanged);
}

#[test]
fn names_and_payees_are_bounded_and_hold_no_my_number_law_41() {
    let mut scene = Scene::certificate();
    let charge = |id: &str| Command::ChargeWithCash { id: id.into(), yen: 1 };
    for malformed in ["", " ", "c 1", "見本", "c\n1", &"c".repeat(65)] {
        assert_eq!(scene.refuses(charge(malformed)), [Reason::InputMalformed], "{malformed:?}");
    }
    for number in ["123456789018", "c_123456789018", "1234-5678-9018"] {
        assert_eq!(scene.refuses(charge(number)), [Reason::MyNumberPresent]);
    }
    scene.charge(&"c".repeat(64), 1000);
    let code = scene.code(Operation::Payment);
    let pay = |payee: &str| Command::Pay { id: "p-1".into(), payee: payee.into(), yen: 1, code };
    assert_eq!(scene.refuses(pay("見本 １２３４５６７８９０１８")), [Reason::MyNumberPresent]);
    assert_eq!(scene.refuses(pay("電\n力")), [Reason::InputMalformed]);
    assert_eq!(scene.refuses(pay(&"電".repeat(129))), [Reason::InputMalformed]);
    assert!(!scene.wallet.facts.to_document().unwrap().contains("１２３４"), "nothing of it is kept");
}

#[test]
fn what_cannot_be_begun_costs_no_code_sec_01() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 1000);
    let code = scene.code(Operation::Payment);
    let pay = |id: &str, yen| Command::Pay { id: id.into(), payee: "電力".into(), yen, code };
    for (id, yen) in [("p-1", 0), ("", 1), ("p 1", 1)] {
        let ruling = scene.ask(pay(id, yen));
        assert_eq!(ruling.answer.reasons(), [Reason::InputMalformed], "{id:?} {yen}");
        assert!(ruling.happened.is_empty(), "no code was used up");
    }
    scene.does(pay("p-1", 1));
}

#[test]
fn what_ended_has_ended_out_04() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 100);
    let end = |id: &str, ending| Command::OperationEnded { id: id.into(), ending };
    assert_eq!(scene.ask(end("c-1", Ending::Done)).answer, Answer::Unchanged, "told twice");
    assert_eq!(scene.refuses(end("c-1", Ending::Failed)), [Reason::FlowOutOfOrder]);
    assert_eq!(scene.refuses(end("c-9", Ending::Done)), [Reason::InputMalformed]);
    assert_eq!(scene.wallet.facts.balances.cash.yen, 100);
}

#[test]
fn a_failed_payment_is_given_back_to_where_it_came_from_out_01() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 100);
    scene.does(Command::GrantPoints { count: 30, expires_at: scene.at.plus_seconds(9) });
    let before = scene.wallet.facts.balances.clone();
    let code = scene.code(Operation::Payment);
    scene.does(Command::Pay { id: "p-1".into(), payee: "電力".into(), yen: 90, code });
    scene.does(Command::OperationEnded { id: "p-1".into(), ending: Ending::Failed });
    assert_eq!(scene.wallet.facts.balances, before);
}
