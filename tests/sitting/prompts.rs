//! The program on a terminal of its own: what `surface read` and `pin change` ask, in which order, and what stays unseen.
//!
//! The terminal is script(1)'s, part of util-linux.
#![cfg(target_os = "linux")]

use super::process::Holder;
use std::io::{Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// A person at a terminal.
struct Terminal {
    child: std::process::Child,
    keyboard: ChildStdin,
    screen: ChildStdout,
    shown: Vec<u8>,
}

impl Terminal {
    /// Runs the program there.
    fn running(holder: &Holder, arguments: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_honnin");
        let inner = format!("'{program}' {arguments} --lang en --card '{}'; echo status=$?; stty -a", holder.card());
        let mut child = Command::new("script")
            .args(["-q", "-e", "-c", &inner, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("script(1), part of util-linux, gives the test a terminal");
        let (keyboard, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, keyboard, screen, shown: Vec::new() }
    }

    /// Waits for a prompt, and types an answer.
    fn answers(mut self, prompt: &str, keys: &str) -> Self {
        let from = self.shown.len();
        let mut byte = [0];
        while !String::from_utf8_lossy(&self.shown[from..]).contains(prompt) {
            let end = self.screen.read(&mut byte).unwrap() == 0;
            assert!(!end, "{prompt:?} was never asked: {}", String::from_utf8_lossy(&self.shown));
            self.shown.push(byte[0]);
        }
        // The prompt stands; echo goes off in the same moment.
        std::thread::sleep(std::time::Duration::from_millis(400));
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Everything that was shown, with echo on again at the end.
    fn ends(mut self) -> String {
        self.screen.read_to_end(&mut self.shown).unwrap();
        self.child.wait().unwrap();
        let shown = String::from_utf8_lossy(&self.shown).into_owned();
        let flags: Vec<_> = shown.split([' ', ';', '\r', '\n']).collect();
        assert!(flags.contains(&"echo") && flags.contains(&"icanon"), "echo is off: {shown}");
        shown
    }
}

/// Whether these parts stand in this order.
fn assert_in_order(shown: &str, parts: &[&str]) {
    let mut rest = shown;
    for part in parts {
        let (_, after) = rest.split_once(part).unwrap_or_else(|| panic!("{part:?} is not where it should be: {shown}"));
        rest = after;
    }
}

#[test]
fn the_face_is_asked_for_by_what_is_printed_on_it() {
    let holder = Holder::new("adult");
    let photo = holder.path("photo.jp2");
    let shown = Terminal::running(&holder, &format!("surface read --photo '{photo}'"))
        .answers("Date of birth (YYYY-MM-DD): ", "1980-02-17\n")
        .answers("Year in which the card expires (4 digits): ", "2030\n")
        .answers("Security code on the face of the card (4 digits): ", "2285\n")
        .ends();
    // What it discloses and the tries left stand before anything is typed; the era's date before the last question.
    assert_in_order(
        &shown,
        &[
            "will be read off it",
            "Tries left: 10",
            "照合番号B",
            "Date of birth (YYYY-MM-DD)",
            "昭和",
            "Year in which",
            "Security code",
        ],
    );
    assert!(shown.contains("status=0"), "{shown}");
    assert!(!shown.contains("2285") && !shown.contains("55021720302285"), "{shown}");
    assert!(std::fs::metadata(&photo).unwrap().len() > 100);
}

#[test]
fn a_wrong_security_code_costs_one_of_ten_and_says_how_many_are_left() {
    let holder = Holder::new("adult");
    let shown = Terminal::running(&holder, "surface read")
        .answers("Date of birth (YYYY-MM-DD): ", "1980-02-17\n")
        .answers("(4 digits): ", "2030\n")
        .answers("(4 digits): ", "9999\n")
        .ends();
    assert!(shown.contains("status=20") && shown.contains("9 tries are left"), "{shown}");
    assert!(!shown.contains("9999"), "{shown}");
}

#[test]
fn a_date_that_is_none_is_refused_before_the_next_question() {
    let holder = Holder::new("adult");
    let shown = Terminal::running(&holder, "surface read").answers("(YYYY-MM-DD): ", "1980-02-31\n").ends();
    assert!(shown.contains("status=23") && !shown.contains("Year in which"), "{shown}");
}

#[test]
fn a_pin_is_changed_by_typing_the_new_one_twice() {
    let holder = Holder::new("adult");
    let shown = Terminal::running(&holder, "pin change user-authentication")
        .answers("(4 digits): ", "1234\n")
        .answers("(4 digits): ", "8642\n")
        .answers("The new one again: ", "8642\n")
        .ends();
    assert_in_order(
        &shown,
        &[
            "利用者証明用電子証明書の暗証番号",
            "Tries left: 3",
            "(4 digits): ",
            "New PIN of",
            "The new one again: ",
            "status=0",
        ],
    );
    for secret in ["1234", "8642"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let again = Terminal::running(&holder, "pin change user-authentication")
        .answers("(4 digits): ", "1234\n")
        .answers("(4 digits): ", "7531\n")
        .answers("The new one again: ", "7531\n")
        .ends();
    assert!(again.contains("status=20"), "the old one is not the PIN any more: {again}");
}

#[test]
fn a_new_pin_that_is_not_typed_twice_alike_reaches_no_card() {
    let holder = Holder::new("adult");
    let shown = Terminal::running(&holder, "pin change user-authentication")
        .answers("(4 digits): ", "1234\n")
        .answers("(4 digits): ", "8642\n")
        .answers("The new one again: ", "8643\n")
        .ends();
    assert!(shown.contains("status=23"), "{shown}");
    assert_eq!(holder.remaining("user_authentication"), 3);
}

#[test]
fn a_value_that_cannot_be_right_is_said_before_more_is_typed() {
    let holder = Holder::new("adult");
    let old = Terminal::running(&holder, "pin change user-authentication").answers("(4 digits): ", "12a4\n").ends();
    assert!(old.contains("status=23") && !old.contains("New PIN of"), "{old}");
    let new = Terminal::running(&holder, "pin change user-authentication")
        .answers("(4 digits): ", "1234\n")
        .answers("(4 digits): ", "864\n")
        .ends();
    assert!(new.contains("status=23") && !new.contains("The new one again"), "{new}");
    assert_eq!(holder.remaining("user_authentication"), 3);
}

#[test]
fn ctrl_c_between_the_questions_leaves_the_card_as_it_was() {
    let holder = Holder::new("adult");
    let shown = Terminal::running(&holder, "pin change user-authentication")
        .answers("(4 digits): ", "1234\n")
        .answers("(4 digits): ", "86\x03")
        .ends();
    assert!(shown.contains("status=130"), "{shown}");
    assert!(!shown.contains("86\r") && !shown.contains("1234"), "{shown}");
    assert_eq!(holder.remaining("user_authentication"), 3);
}
