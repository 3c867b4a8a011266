//! The program as a person or a script runs it, and synthetic holders made by the program itself.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) exit: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("standard output is text")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        let text = self.text();
        assert_eq!(text.lines().count(), 1, "one JSON object on standard output, got {text:?}");
        serde_json::from_str(&text).expect("standard output is JSON")
    }

    pub(crate) fn code(&self) -> String {
        self.json()["problem"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn everything(&self) -> String {
        format!("{}\n{}", String::from_utf8_lossy(&self.out), self.err)
    }
}

/// Runs the program in English with `input` on its standard input.
pub(crate) fn honnin_with_input(input: &str, arguments: &[&str]) -> Ended {
    let mut child = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The program may end without reading: that is its right.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Ended {
        exit: output.status.code().unwrap_or(-1),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the program without input.
pub(crate) fn honnin(arguments: &[&str]) -> Ended {
    honnin_with_input("", arguments)
}

/// A directory with a fresh copy of a persona's files: each test has counters of its own.
pub(crate) struct Holder {
    dir: tempfile::TempDir,
}

impl Holder {
    pub(crate) fn new(persona: &str) -> Self {
        static MADE: OnceLock<Mutex<HashMap<String, PathBuf>>> = OnceLock::new();
        let mut made = MADE.get_or_init(Mutex::default).lock().expect("no test panics while making a persona");
        let template = made.entry(persona.to_owned()).or_insert_with(|| {
            let dir = tempfile::tempdir().expect("a directory").keep();
            let ended = honnin(&["simulator", "new", "--persona", persona, "--out", dir.to_str().unwrap()]);
            assert_eq!(ended.exit, 0, "{ended:?}");
            dir
        });
        let dir = tempfile::tempdir().expect("a directory");
        for entry in std::fs::read_dir(template).expect("the persona's files") {
            let entry = entry.expect("a file");
            std::fs::copy(entry.path(), dir.path().join(entry.file_name())).expect("a copy");
        }
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// `--card` for this holder's card.
    pub(crate) fn card(&self) -> String {
        format!("sim:{}", self.path("card.toml"))
    }

    /// What the persona's maker says a client must find.
    pub(crate) fn facts(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path("persona.json")).unwrap()).unwrap()
    }

    pub(crate) fn remaining(&self, pin: &str) -> serde_json::Value {
        let json = honnin(&["pin", "status", "--json", "--card", &self.card()]).json();
        let pins = json["result"]["pins"].as_array().expect("pins").clone();
        pins.iter().find(|found| found["pin"] == pin).expect("this pin")["remaining"].clone()
    }
}
