//! Every procedure of the program that asks a card, as a person's script runs it.

use super::people::{card, keys};
use honnin::authority::Persona;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// A command line, and the secret it takes from standard input.
pub(crate) struct Procedure {
    pub(crate) name: &'static str,
    arguments: &'static [&'static str],
    pub(crate) secret: Option<Presented>,
}

/// A secret: what is typed, right and wrong, and where its counter stands on the card.
pub(crate) struct Presented {
    right: &'static str,
    wrong: &'static str,
    pub(crate) application: &'static str,
    pub(crate) pin: u16,
}

const AUTHENTICATION: Option<Presented> =
    Some(Presented { right: "1234\n", wrong: "9999\n", application: "jpki", pin: 0x18 });
const SIGNATURE: Option<Presented> =
    Some(Presented { right: "ABC123\n", wrong: "ZZZ999\n", application: "jpki", pin: 0x1B });
const INPUT_SUPPORT: Option<Presented> =
    Some(Presented { right: "5678\n", wrong: "9999\n", application: "input support", pin: 0x11 });
const NUMBER_B: Option<Presented> = Some(Presented {
    right: "1980-02-17\n2030\n2285\n",
    wrong: "1980-02-17\n2030\n9999\n",
    application: "input support",
    pin: 0x15,
});
const NUMBER_B_OF_THE_FACE: Option<Presented> = Some(Presented {
    right: "1980-02-17\n2030\n2285\n",
    wrong: "1980-02-17\n2030\n9999\n",
    application: "surface",
    pin: 0x12,
});
const CHANGE: Option<Presented> =
    Some(Presented { right: "5678\n8765\n", wrong: "9999\n8765\n", application: "input support", pin: 0x11 });

const CHANGE_AUTHENTICATION: Option<Presented> =
    Some(Presented { right: "1234\n4321\n", wrong: "9999\n4321\n", application: "jpki", pin: 0x18 });
const CHANGE_SIGNATURE: Option<Presented> =
    Some(Presented { right: "ABC123\nNEW456\n", wrong: "ZZZ999\nNEW456\n", application: "jpki", pin: 0x1B });

/// All of them. `IN` is a file with content, `KEYS` one with the keys that vouch for the card's data, `OUT` one that is not
/// there yet.
pub(crate) const ALL: &[Procedure] = &[
    Procedure { name: "card status", arguments: &["card", "status"], secret: None },
    Procedure { name: "card status with details", arguments: &["card", "status", "-v"], secret: None },
    Procedure { name: "every counter", arguments: &["pin", "status", "--all"], secret: None },
    Procedure { name: "three counters", arguments: &["pin", "status"], secret: None },
    Procedure {
        name: "authentication certificate",
        arguments: &["certificate", "read", "user-authentication", "--out", "OUT"],
        secret: None,
    },
    Procedure {
        name: "CA certificate",
        arguments: &["certificate", "read", "digital-signature-ca", "--out", "OUT"],
        secret: None,
    },
    Procedure {
        name: "authentication CA certificate",
        arguments: &["certificate", "read", "user-authentication-ca", "--out", "OUT"],
        secret: None,
    },
    Procedure {
        name: "signing certificate",
        arguments: &["certificate", "read", "digital-signature", "--out", "OUT"],
        secret: SIGNATURE,
    },
    Procedure { name: "attributes", arguments: &["attributes", "read"], secret: INPUT_SUPPORT },
    Procedure {
        name: "attributes by number B",
        arguments: &["attributes", "read", "--with", "number-b"],
        secret: NUMBER_B,
    },
    Procedure {
        name: "genuine attributes",
        arguments: &["attributes", "read", "--genuineness", "--card-verifiable-keys", "KEYS"],
        secret: INPUT_SUPPORT,
    },
    Procedure {
        name: "attributes of this card",
        arguments: &["attributes", "read", "--genuineness", "--challenge", "--card-verifiable-keys", "KEYS"],
        secret: INPUT_SUPPORT,
    },
    Procedure {
        name: "genuine face",
        arguments: &["surface", "read", "--genuineness", "--card-verifiable-keys", "KEYS"],
        secret: NUMBER_B_OF_THE_FACE,
    },
    Procedure { name: "face", arguments: &["surface", "read", "--photo", "OUT"], secret: NUMBER_B_OF_THE_FACE },
    Procedure {
        name: "authentication signature",
        arguments: &["sign", "IN", "--out", "OUT", "--key", "user-authentication"],
        secret: AUTHENTICATION,
    },
    Procedure { name: "signature", arguments: &["sign", "IN", "--out", "OUT"], secret: SIGNATURE },
    Procedure { name: "change", arguments: &["pin", "change", "input-support"], secret: CHANGE },
    Procedure {
        name: "change for authentication",
        arguments: &["pin", "change", "user-authentication"],
        secret: CHANGE_AUTHENTICATION,
    },
    Procedure {
        name: "change for signatures",
        arguments: &["pin", "change", "digital-signature"],
        secret: CHANGE_SIGNATURE,
    },
    Procedure { name: "confirm", arguments: &["card", "confirm", "--record", "OUT"], secret: None },
    Procedure { name: "doctor", arguments: &["doctor"], secret: None },
];

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    pub(crate) json: serde_json::Value,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn code(&self) -> &str {
        self.json["problem"]["code"].as_str().unwrap_or_default()
    }

    /// A failure ends in what to do, in words and for machines.
    pub(crate) fn assert_says_what_to_do(&self, what: &str) {
        if self.exit == Some(0) {
            return;
        }
        let hint = self.json["problem"]["hint"].as_str().unwrap_or_default();
        assert!(hint.len() > 10, "{what}: {self:?}");
        let last = self.err.trim_end().lines().last().unwrap_or_default();
        assert!(last.starts_with("hint: ") && last.ends_with(hint), "{what}: {self:?}");
    }
}

/// The commands of a run in which nothing goes wrong, locking included; blanked where they carry a secret. A simulated card
/// in the program itself hears the same as one in a reader, and tells it sooner.
pub(crate) fn undisturbed(procedure: &Procedure) -> Vec<String> {
    static KNOWN: OnceLock<Mutex<HashMap<&'static str, Vec<String>>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap();
    let found = known.entry(procedure.name).or_insert_with(|| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("card.toml"), card(Persona::Adult).to_toml().unwrap()).unwrap();
        let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        let (simulated, trace) = (format!("sim:{}", file("card.toml")), file("trace"));
        let (trace, more) = match procedure.arguments.contains(&"--record") {
            true => (file("OUT"), vec!["--card", &simulated]),
            false => (trace.clone(), vec!["--card", &simulated, "--record", &trace]),
        };
        let ended = ended(procedure.start_with(dir.path(), true, &more));
        assert_eq!(ended.exit, Some(0), "{}: {ended:?}", procedure.name);
        let text = std::fs::read_to_string(trace).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.filter_map(|line| Some(line["tx"].as_str()?.to_owned())).collect()
    });
    found.clone()
}

/// Whether this is a VERIFY with data, whole or blanked.
pub(crate) fn is_verify(command: &str) -> bool {
    command.starts_with("0020") && command.len() > 8
}

impl Procedure {
    /// Starts it with the card in the reader; `right` says which secret is typed.
    pub(crate) fn start(&self, dir: &Path, right: bool) -> Child {
        self.start_with(dir, right, &["--reader", "00 00"])
    }

    fn start_with(&self, dir: &Path, right: bool, more: &[&str]) -> Child {
        std::fs::write(dir.join("IN"), "text").unwrap();
        std::fs::write(dir.join("KEYS"), keys(Persona::Adult)).unwrap();
        let _ = std::fs::remove_file(dir.join("OUT"));
        let path = |word: &&str| match *word {
            "IN" | "KEYS" | "OUT" => dir.join(word).to_str().unwrap().to_owned(),
            word => word.to_owned(),
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_honnin"))
            .args(self.arguments.iter().map(path))
            .args(["--json", "--timeout", "3", "--pin-from", "stdin"])
            .args(more)
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .env("HONNIN_PROBE_ROOT", dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let typed = self.secret.as_ref().map_or("", |secret| if right { secret.right } else { secret.wrong });
        // A run that fails before it reads is right to do so.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        child
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, dir: &Path, right: bool) -> Ended {
        ended(self.start(dir, right))
    }
}

/// Waits for a run.
pub(crate) fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended {
        exit: output.status.code(),
        json: serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}")),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
