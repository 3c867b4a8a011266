//! The program from outside: every case in `cases/*.txt` pins arguments, standard output, standard error and status.
//!
//! ```text
//! # a remark
//! $ LC_ALL=ja_JP.UTF-8 honnin explain E2 'an argument with spaces'
//! out| a line of standard output; [..] stands for anything within the line
//! err| a line of standard error
//! exit 0
//! ```
//!
//! Each file runs in a directory of its own, its commands one after the other, with an environment that holds `PATH` and
//! what the line sets. `UPDATE=1 cargo test --test cli` rewrites the cases whose outcome differs: read the difference.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod streams;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test in an environment that holds nothing from outside.
fn honnin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_honnin"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (n, part) in line.split('\'').enumerate() {
        if n % 2 == 1 { words.push(part.to_owned()) } else { words.extend(part.split_whitespace().map(str::to_owned)) }
    }
    words
}

fn run(line: &str, directory: &Path) -> Output {
    let mut command = honnin();
    command.current_dir(directory);
    let words = words(line);
    let program = words.iter().position(|word| word == "honnin").unwrap_or_else(|| panic!("not a case: {line}"));
    for setting in &words[..program] {
        let (name, value) = setting.split_once('=').unwrap_or_else(|| panic!("not a setting: {setting}"));
        command.env(name, value);
    }
    command.args(&words[program + 1..]).output().unwrap()
}

fn written(output: &Output) -> Vec<String> {
    let mut below = Vec::new();
    for (stream, bytes) in [("out", &output.stdout), ("err", &output.stderr)] {
        let text = std::str::from_utf8(bytes).unwrap();
        for line in text.split_inclusive('\n') {
            below.push(match line.strip_suffix('\n') {
                Some(line) => format!("{stream}| {line}").trim_end().to_owned(),
                None => format!("{stream}| {line} (no end of line)"),
            });
        }
    }
    below.push(format!("exit {}", output.status.code().map_or("by signal".to_owned(), |code| code.to_string())));
    below
}

fn fits(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = actual.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// An empty directory but for the fixtures that cases name, copied so that no run leaves anything in the tree.
fn furnished() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
    let traces =
        ["adult", "another-client", "by-hand", "faults", "formats"].map(|part| format!("fixtures/traces/{part}"));
    let traces = traces.iter().map(String::as_str);
    for folder in ["fixtures/cards", "fixtures/certificates/testcard", "fixtures/policies"].into_iter().chain(traces) {
        std::fs::create_dir_all(directory.path().join(folder)).unwrap();
        for entry in std::fs::read_dir(tree.join(folder)).unwrap().map(Result::unwrap) {
            std::fs::copy(entry.path(), directory.path().join(folder).join(entry.file_name())).unwrap();
        }
    }
    std::fs::write(directory.path().join("words.txt"), "Words, neither DER nor TOML.\n").unwrap();
    let policy = |name: &str| std::fs::read_to_string(tree.join("fixtures/policies").join(name)).unwrap();
    let kind =
        "[evidence_kinds.doc_image_face]\nrules = [\"CN-09\"]\nlifetime_days = 30\nwhen_revoked = \"lapses\"\n\n";
    for (file, name, from, to) in [
        (
            "abolished.toml",
            "cn_nonbank_2016.toml",
            "[evidence_kinds.face_to_face]",
            &*format!("{kind}[evidence_kinds.face_to_face]"),
        ),
        ("short.toml", "jp_wellnet.toml", "payout_lock_days = 30", "payout_lock_days = 0"),
        ("former.toml", "jp_wellnet.toml", "format = 2\n", "format = 1\n"),
        ("years.toml", "jp_wellnet.toml", "record_years = 7\n", "record_years = 10\n"),
        ("incomplete.toml", "jp_wellnet.toml", "record_years = 7\n", ""),
    ] {
        let text = policy(name);
        assert!(text.contains(from), "{from}");
        std::fs::write(directory.path().join(file), text.replacen(from, to, 1)).unwrap();
    }
    directory
}

fn run_file(path: &Path, differences: &mut String) {
    let source = std::fs::read_to_string(path).unwrap();
    let directory = furnished();
    let mut rewritten = String::new();
    let mut lines = source.lines().peekable();
    let mut cases = 0;
    while let Some(line) = lines.next() {
        rewritten.push_str(line);
        rewritten.push('\n');
        let Some(command) = line.strip_prefix("$ ") else {
            assert!(line.is_empty() || line.starts_with('#'), "{}: not a line of a case: {line}", path.display());
            continue;
        };
        cases += 1;
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| ["out|", "err|", "exit "].iter().any(|s| line.starts_with(s))) {
            expected.push(line.to_owned());
        }
        let actual = written(&run(command, directory.path()));
        let same = expected.len() == actual.len() && expected.iter().zip(&actual).all(|(e, a)| fits(e, a));
        if !same {
            let (expected, actual) = (expected.join("\n"), actual.join("\n"));
            write!(differences, "{}\n$ {command}\n--- expected\n{expected}\n--- found\n{actual}\n\n", path.display())
                .unwrap();
        }
        for line in if same { expected } else { actual } {
            rewritten.push_str(&line);
            rewritten.push('\n');
        }
    }
    assert!(cases > 0, "{} has no case", path.display());
    if std::env::var_os("UPDATE").is_some() && rewritten != source {
        std::fs::write(path, rewritten).unwrap();
    }
}

#[test]
fn every_case_has_its_output_and_status() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/cases");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut differences = String::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt")) {
        run_file(file, &mut differences);
    }
    assert!(differences.is_empty() || std::env::var_os("UPDATE").is_some(), "\n{differences}");
}

#[test]
fn the_runner_can_tell_right_from_wrong() {
    assert!(fits("out| a", "out| a") && !fits("out| a", "out| ab") && !fits("out| ab", "out| a"));
    assert!(fits("out| [..] ms", "out| 12 ms") && !fits("out| [..] ms", "out| 12 s"));
    assert!(fits("out| a[..]b[..]c", "out| a1b2c") && !fits("out| a[..]b[..]c", "out| a1c"));
    assert_eq!(words("A=b honnin x 'y z'"), ["A=b", "honnin", "x", "y z"]);
}
