//! `pin change`: rules before sending, one VERIFY and one change, and what is said when nobody knows.

use super::bench::{Fault, Reader, secret};
use super::process::{Holder, honnin, honnin_with_input};
use honnin::card::{Caution, ChangeProgress, change_secret};
use honnin::secret::SecretKind;
use std::cell::Cell;

fn change(holder: &Holder, pin: &str, lines: &str) -> super::process::Ended {
    honnin_with_input(lines, &["pin", "change", pin, "--pin-from", "stdin", "--json", "--card", &holder.card()])
}

#[test]
fn each_secret_changes_and_the_new_one_holds() {
    for (pin, word, old, new) in [
        ("user-authentication", "user_authentication", "1234", "4321"),
        ("digital-signature", "digital_signature", "ABC123", "NEW456"),
        ("input-support", "input_support", "5678", "8765"),
    ] {
        let holder = Holder::new("adult");
        let ended = change(&holder, pin, &format!("{old}\n{new}\n"));
        assert_eq!(ended.exit, 0, "{ended:?}");
        let result = ended.json()["result"].clone();
        assert_eq!(result, serde_json::json!({ "pin": word, "changed": true, "exchanges": 6 }));
        assert!(!ended.everything().contains(new) && !ended.everything().contains(old));
        let again = change(&holder, pin, &format!("{old}\n{new}\n"));
        assert_eq!((again.exit, again.code().as_str()), (20, "pin_incorrect"), "the old one is gone");
        assert_eq!(change(&holder, pin, &format!("{new}\n{old}\n")).exit, 0, "and back");
    }
}

#[test]
fn a_value_that_cannot_be_is_refused_before_anything_is_sent() {
    for (pin, lines) in [
        ("user-authentication", "1234\n123\n"),
        ("user-authentication", "1234\n12a4\n"),
        ("user-authentication", "123\n1234\n"),
        ("digital-signature", "ABC123\nABCDEF\n"),
        ("digital-signature", "ABC123\n123456\n"),
        ("digital-signature", "ABC123\nA1\n"),
        ("digital-signature", "ABC123\nABCDEFGH123456789\n"),
        ("digital-signature", "ABC123\nABC 123\n"),
    ] {
        let holder = Holder::new("adult");
        let trace = holder.path("trace.jsonl");
        let card = holder.card();
        let arguments = ["pin", "change", pin, "--pin-from", "stdin", "--json", "--card", &card, "--record", &trace];
        let ended = honnin_with_input(lines, &arguments);
        assert_eq!((ended.exit, ended.code().as_str()), (23, "pin_format_invalid"), "{lines:?}");
        assert!(!std::path::Path::new(&trace).exists(), "the card was not even opened");
    }
    let holder = Holder::new("adult");
    let ended = change(&holder, "user-authentication", "1234\n");
    assert_eq!((ended.exit, ended.code().as_str()), (23, "secret_unavailable"), "one line is not enough");
    let ended = honnin(&["pin", "change", "number-b", "--card", &holder.card()]);
    assert_eq!(ended.exit, 2);
}

#[test]
fn lower_case_is_told_and_counters_decide() {
    let holder = Holder::new("adult");
    let ended = change(&holder, "digital-signature", "abc123\nnew456\n");
    assert_eq!(ended.exit, 0, "{ended:?}");
    let warnings = ended.json()["warnings"].to_string();
    assert_eq!(warnings.matches("password_upper_cased").count(), 1, "{warnings}");
    assert_eq!(change(&holder, "digital-signature", "NEW456\nABC123\n").exit, 0);

    let blocked = Holder::new("blocked");
    assert_eq!(change(&blocked, "input-support", "5678\n8765\n").exit, 21);
    let last = Holder::new("one-try-left");
    assert_eq!(change(&last, "input-support", "5678\n8765\n").exit, 22);
    assert_eq!(last.remaining("input_support"), 1);
    let phone = Holder::new("android");
    assert_eq!(change(&phone, "input-support", "5678\n8765\n").exit, 14);
}

#[test]
fn files_and_variables_give_two_lines_too() {
    let holder = Holder::new("adult");
    let file = holder.path("pins");
    std::fs::write(&file, "1234\r\n4321\r\n").unwrap();
    let source = format!("file:{file}");
    let ended = honnin(&["pin", "change", "user-authentication", "--pin-from", &source, "--card", &holder.card()]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    std::fs::write(&file, "4321").unwrap();
    let ended = honnin(&["pin", "change", "user-authentication", "--pin-from", &source, "--card", &holder.card()]);
    assert_eq!(ended.exit, 23, "{ended:?}");
}

#[test]
fn progress_tells_whether_the_new_value_was_sent() {
    // SELECT, SELECT EF, query, VERIFY, CHANGE.
    for (at, sent) in [(0, false), (3, false), (4, true)] {
        for fault in [Fault::RemovedBefore, Fault::RemovedAfter] {
            let reader = Reader::adult().with_fault(at, fault.clone());
            let progress = Cell::new(ChangeProgress::NotSent);
            let (old, new) =
                (secret(SecretKind::UserAuthentication, "1234"), secret(SecretKind::UserAuthentication, "4321"));
            let outcome = reader
                .session()
                .run(async |card| change_secret(card, &old, &new, Caution::default(), |it| progress.set(it)).await);
            assert!(outcome.is_err());
            assert_eq!(progress.get() == ChangeProgress::Sent, sent, "{fault:?} {at}");
            let changed = sent && matches!(fault, Fault::RemovedAfter);
            let expected: &[u8] = if changed { b"4321" } else { b"1234" };
            assert_eq!(reader.secret("jpki", 0x18), expected, "{fault:?} {at}");
        }
    }
}

#[test]
fn a_card_lifted_under_the_change_is_not_called_unchanged() {
    let holder = Holder::new("adult");
    let text = std::fs::read_to_string(holder.path("card.toml")).unwrap();
    for (after, changed) in [(3, serde_json::json!(false)), (4, serde_json::Value::Null)] {
        let pulled = text.replacen("[switches]\n", &format!("[switches]\nremoved_after = {after}\n"), 1);
        std::fs::write(holder.path("card.toml"), pulled).unwrap();
        let ended = change(&holder, "user-authentication", "1234\n4321\n");
        assert_eq!((ended.exit, ended.code().as_str()), (16, "card_lost_contact"), "{ended:?}");
        assert_eq!(ended.json()["result"]["changed"], changed);
        let said = ended.json()["problem"]["detail"].as_str().unwrap().contains("may be the old or the new one");
        assert_eq!(said, after == 4, "{ended:?}");
    }
}
