//! A secret is asked for in a process of its own (this test program, started again), because the sources are the
//! environment, descriptors and the terminal of a process.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use clap::Parser;

use super::*;
use crate::cli::arguments::Arguments;
use crate::cli::messages::{Language, Messages};
use crate::cli::output::Screen;

const NAME: &str = "cli::secrets::tests::asked_in_a_process_of_its_own";

/// Asks, and tells whether it got what was expected; never the secret itself.
#[test]
#[ignore = "runs only as the child of the other tests"]
fn asked_in_a_process_of_its_own() {
    crate::cli::interrupt::listen(Box::new(|| println!("farewell")));
    let mut line = vec!["honnin".to_owned(), "man".to_owned()];
    line.extend(std::env::var("TEST_PIN_FROM").ok().map(|from| format!("--pin-from={from}")));
    let kind = match std::env::var("TEST_KIND").as_deref() {
        Ok("authentication") => SecretKind::UserAuthentication,
        _ => SecretKind::DigitalSignature,
    };
    let screen = Screen { json: false, quiet: false, stdout_is_terminal: false, colour_out: false, colour_err: false };
    let context = Context::new(Arguments::parse_from(line).global, Messages::new(Language::En), screen);
    let purpose = ["Signs contract.pdf".to_owned(), "Discloses name\u{1b}[2J and address".to_owned()];
    let question = Question { kind, reader: Some("RC-S300 0"), tries_left: Some(5), purpose: &purpose, pin_pad: false };
    match ask(&context, &question) {
        Ok(answer) => {
            let expected = std::env::var("TEST_EXPECTED").unwrap();
            let codes: Vec<_> = answer.warnings.iter().map(|warning| warning.code).collect();
            println!("outcome={} warnings={codes:?}", answer.secret.expose() == expected.as_bytes());
        }
        Err(error) => {
            let failure = error.into_failure();
            let cause = failure.cause.map(|cause| cause.in_words(&context.messages));
            println!("outcome={} cause={cause:?}", failure.reason);
        }
    }
}

fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

fn child_arguments() -> [&'static str; 4] {
    ["--ignored", "--exact", NAME, "--nocapture"]
}

fn child(from: &str) -> Command {
    let mut command = Command::new(this_program());
    command.args(child_arguments()).env("TEST_PIN_FROM", from).env("TEST_EXPECTED", "CANARY77").stdin(Stdio::null());
    command
}

fn told(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn with_input(mut command: Command, input: &[u8]) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    told(&child.wait_with_output().unwrap())
}

#[test]
fn from_a_variable() {
    let output = child("env:TEST_SECRET").env("TEST_SECRET", "CANARY77").output().unwrap();
    assert!(told(&output).contains("outcome=true warnings=[]"), "{output:?}");
    let output = child("env:TEST_SECRET").env("TEST_SECRET", "canary77").output().unwrap();
    assert!(told(&output).contains(r#"outcome=true warnings=["password_upper_cased"]"#), "{output:?}");
    let output = child("env:TEST_SECRET_UNSET").output().unwrap();
    assert!(told(&output).contains("outcome=secret_unavailable"), "{output:?}");
    let output = child("env:TEST_SECRET").env("TEST_SECRET", "").output().unwrap();
    assert!(told(&output).contains(r#"outcome=secret_unavailable cause=Some("The source is empty.")"#), "{output:?}");
}

#[test]
fn what_cannot_be_right_is_refused_and_not_repeated() {
    // CARD-01, CARD-02: length and characters are checked before anything is sent.
    for (kind, secret) in
        [("authentication", "86420"), ("authentication", "86a2"), ("signing", "S3C-RET"), ("signing", "S3C77")]
    {
        let output = child("env:TEST_SECRET").env("TEST_SECRET", secret).env("TEST_KIND", kind).output().unwrap();
        let told = told(&output);
        assert!(told.contains("outcome=pin_format_invalid"), "{told}");
        assert!(!told.contains(secret) && !String::from_utf8_lossy(&output.stderr).contains(secret), "{told}");
    }
}

#[test]
fn from_standard_input_one_line() {
    assert!(with_input(child("stdin"), b"CANARY77\nmore\n").contains("outcome=true"));
    assert!(with_input(child("stdin"), b"CANARY77\r\n").contains("outcome=true"));
    assert!(with_input(child("stdin"), b"CANARY77").contains("outcome=true"));
    assert!(with_input(child("stdin"), b"\n").contains("outcome=secret_unavailable"));
    assert!(with_input(child("stdin"), &[b'A'; 100_000][..60_000]).contains("outcome=pin_format_invalid"));
}

#[cfg(unix)]
#[test]
fn from_a_file_without_its_line_end() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pin");
    let from = format!("file:{}", path.display());
    for (content, outcome) in [
        ("CANARY77\n", "outcome=true warnings=[]"),
        ("CANARY77\r\n", "outcome=true"),
        ("CANARY77", "outcome=true"),
        ("CANARY77\n\n", "outcome=pin_format_invalid"),
        ("\n", "outcome=secret_unavailable"),
    ] {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let told = told(&child(&from).output().unwrap());
        assert!(told.contains(outcome), "{content:?}: {told}");
    }
    std::fs::write(&path, "CANARY77").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(told(&child(&from).output().unwrap()).contains(r#"warnings=["secret_file_readable_by_others"]"#));
    std::fs::remove_file(&path).unwrap();
    assert!(
        told(&child(&from).output().unwrap()).contains("outcome=secret_unavailable cause=Some(\"There is no file ")
    );
}

#[cfg(unix)]
#[test]
fn from_a_descriptor() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pin");
    std::fs::write(&path, "CANARY77\n").unwrap();
    let script = format!("\"$0\" \"$@\" 3<'{}'", path.display());
    let mut command = Command::new("sh");
    command.arg("-c").arg(&script).arg(this_program()).args(child_arguments());
    let output = command.env("TEST_PIN_FROM", "fd:3").env("TEST_EXPECTED", "CANARY77").output().unwrap();
    assert!(told(&output).contains("outcome=true"), "{output:?}");
    let mut command = Command::new("sh");
    command.arg("-c").arg("echo CANARY77 | \"$0\" \"$@\" 5<&0 </dev/null").arg(this_program()).args(child_arguments());
    let output = command.env("TEST_PIN_FROM", "fd:5").env("TEST_EXPECTED", "CANARY77").output().unwrap();
    assert!(told(&output).contains("outcome=true"), "{output:?}");
    assert!(told(&child("fd:99").output().unwrap()).contains("outcome=secret_unavailable"));
}

fn fake_pinentry(mut command: Command, behaviour: &str, answer: &str, log: &Path) -> String {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pinentry/fake.sh");
    command.env("PINENTRY_PROGRAM", program).env("FAKE_PINENTRY", behaviour).env("FAKE_PINENTRY_ANSWER", answer);
    told(&command.env("FAKE_PINENTRY_LOG", log).env_remove("GPG_TTY").output().unwrap())
}

#[cfg(unix)]
#[test]
fn from_a_pinentry_program() {
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("log");
    let told = fake_pinentry(child("pinentry"), "answer", "CAN%41RY%37%37", &log);
    assert!(told.contains("outcome=true"), "{told}");
    let dialogue = std::fs::read_to_string(&log).unwrap();
    let said: Vec<_> = dialogue.lines().filter(|line| !line.starts_with("OPTION")).collect();
    assert_eq!(
        said,
        [
            "SETTITLE honnin",
            r"SETDESC Signs contract.pdf%0ADiscloses name\u{1b}[2J and address%0AReader: RC-S300 0%0AOn the paper from the municipal office: 署名用電子証明書の暗証番号%0ATries left: 5",
            "SETPROMPT password of the digital signature certificate (6 to 16 letters and digits):",
            "GETPIN",
            "BYE",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pinentry_program_that_gives_no_secret() {
    let none = Path::new("/dev/null");
    for (behaviour, outcome) in [
        ("empty", "outcome=cancelled"),
        ("cancel", "outcome=cancelled"),
        ("no-display", "outcome=secret_unavailable"),
        ("vanish", "outcome=secret_unavailable"),
        ("babble", "outcome=secret_unavailable"),
    ] {
        let told = fake_pinentry(child("pinentry"), behaviour, "", none);
        assert!(told.contains(outcome), "{behaviour}: {told}");
    }
    let told = fake_pinentry(child("pinentry"), "answer", "CANARY%7", none);
    assert!(told.contains("outcome=secret_unavailable"), "{told}");
}

/// This program without a controlling terminal, and without `--pin-from`.
#[cfg(target_os = "linux")]
fn without_terminal() -> Command {
    let mut command = Command::new("setsid");
    command.arg("-w").arg(this_program()).args(child_arguments());
    command.env("TEST_EXPECTED", "CANARY77").env_remove("TEST_PIN_FROM").stdin(Stdio::null());
    command
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_the_default_is_pinentry_else_nothing() {
    let told_by_fake = fake_pinentry(without_terminal(), "answer", "CANARY77", Path::new("/dev/null"));
    assert!(told_by_fake.contains("outcome=true"), "{told_by_fake}");
    let output = without_terminal().env("PINENTRY_PROGRAM", "/nonexistent/pinentry").output().unwrap();
    assert!(told(&output).contains("outcome=secret_unavailable"), "{output:?}");
    let output = without_terminal().env("TEST_PIN_FROM", "tty").output().unwrap();
    assert!(told(&output).contains(r#"cause=Some("There is no terminal to ask on.")"#), "{output:?}");
}

/// Runs this program on a terminal of its own (script(1)), types `keys` once it has prompted, and returns all it showed,
/// the state of the terminal afterwards included.
#[cfg(target_os = "linux")]
fn on_a_terminal(keys: &[u8]) -> String {
    let program = this_program();
    let inner = format!("'{}' {}; echo status=$?; stty -a", program.display(), child_arguments().join(" "));
    let mut child = Command::new("script")
        .args(["-q", "-e", "-c", &inner, "/dev/null"])
        .env("TEST_EXPECTED", "CANARY77")
        .env_remove("TEST_PIN_FROM")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script(1), part of util-linux, gives the test a terminal");
    let mut keyboard = child.stdin.take().unwrap();
    let mut screen = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&shown).contains("letters and digits): ") {
        assert_ne!(screen.read(&mut byte).unwrap(), 0, "{}", String::from_utf8_lossy(&shown));
        shown.push(byte[0]);
    }
    // The prompt stands; echo goes off in the same moment.
    std::thread::sleep(std::time::Duration::from_millis(500));
    keyboard.write_all(keys).unwrap();
    screen.read_to_end(&mut shown).unwrap();
    child.wait().unwrap();
    String::from_utf8_lossy(&shown).into_owned()
}

#[cfg(target_os = "linux")]
fn assert_echo_is_back(shown: &str) {
    let flags: Vec<_> = shown.split([' ', ';', '\r', '\n']).collect();
    for flag in ["echo", "icanon", "isig"] {
        assert!(flags.contains(&flag), "{flag} is off: {shown}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn from_the_terminal_without_echo() {
    let shown = on_a_terminal(b"canary77\n");
    assert!(shown.contains(r#"outcome=true warnings=["password_upper_cased"]"#), "{shown}");
    assert!(!shown.to_lowercase().contains("canary"), "{shown}");
    let prompt = "Signs contract.pdf\r\nDiscloses name\\u{1b}[2J and address\r\nReader: RC-S300 0\r\n\
                  On the paper from the municipal office: 署名用電子証明書の暗証番号\r\nTries left: 5\r\n\
                  password of the digital signature certificate (6 to 16 letters and digits): ";
    assert!(shown.contains(prompt), "{shown}");
    assert_echo_is_back(&shown);
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_typed_is_cancelled() {
    for keys in [&b"\n"[..], b"\x04"] {
        let shown = on_a_terminal(keys);
        assert!(shown.contains("outcome=cancelled"), "{shown}");
        assert_echo_is_back(&shown);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_at_the_prompt_ends_at_once_with_echo_back_on() {
    let shown = on_a_terminal(b"CAN\x03");
    assert!(shown.contains("farewell"), "{shown}");
    assert!(shown.contains("status=130"), "{shown}");
    assert!(!shown.contains("outcome="), "{shown}");
    assert!(!shown.contains("CAN"), "{shown}");
    assert_echo_is_back(&shown);
}
