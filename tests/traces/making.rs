//! Makes the recordings of today's client on the simulated card, and holds the corpus against them.

use super::scenarios::{self, Scenario};
use super::{cards, corpus, sample};
use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::card::{Access, Caution, Channel, ChannelError, Key, Session, jpki};
use honnin::holder;
use honnin::proof::Placement;
use honnin::secret::Secret;
use honnin::simulator::SimulatedCard;
use honnin::trace::{Content, Header, Persona, Recording, Run, check, read, to_json_lines};
use honnin::transport::SimulatedChannel;
use honnin::transport::trace::Recorder;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is signed in the corpus.
pub(crate) const WORDS: &[u8] = b"These are words to be signed by nobody.\n";

/// How a run of the program ended.
pub(crate) struct Ended {
    pub(crate) exit: u8,
    pub(crate) json: serde_json::Value,
    pub(crate) out: Option<Vec<u8>>,
}

/// Runs the program in a directory with the words to be signed; the secret, if any, comes from its environment.
pub(crate) fn honnin(directory: &Path, arguments: &[&str], secret: Option<&str>) -> Ended {
    std::fs::write(directory.join("words.txt"), WORDS).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_honnin"));
    command.current_dir(directory).env("LANG", "C.UTF-8").env_remove("LC_ALL").stdin(Stdio::null());
    command.env("HOME", directory).env("XDG_CACHE_HOME", directory);
    command.args(["--json"]);
    if let Some(secret) = secret {
        command.args(["--pin-from", "env:SECRET"]).env("SECRET", secret);
    }
    let output = command.args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let json = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{arguments:?}: {output:?}"));
    let out = ["certificate.der", "signed.p7m"].iter().find_map(|name| std::fs::read(directory.join(name)).ok());
    Ended { exit: u8::try_from(output.status.code().unwrap()).unwrap(), json, out }
}

/// A card that another program resets before a certain command.
struct Disturbed {
    inner: SimulatedChannel,
    reset_before: Option<usize>,
    heard: usize,
}

impl Channel for Disturbed {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.heard += 1;
        if self.reset_before == Some(self.heard) {
            return Err(ChannelError::Reset);
        }
        self.inner.transmit(command)
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}

/// What the client and the card say to each other in this scenario, and how the run ends.
pub(crate) fn made(scenario: &Scenario) -> (Recording, Ended) {
    let mut card = cards::card(scenario.persona);
    (scenario.changed)(&mut card);
    let directory = tempfile::tempdir().unwrap();
    // A signing time is the clock's, and a reset takes another program: both are made through the library.
    let (text, ended) = if scenario.arguments[0] == "sign" || scenario.reset_before.is_some() {
        by_library(scenario, SimulatedCard::from_file(card).unwrap())
    } else {
        std::fs::write(directory.path().join("card.toml"), card.to_toml().unwrap()).unwrap();
        let options = ["--card", "sim:card.toml", "--record", "trace.jsonl"];
        let ended = honnin(directory.path(), &[&options, &*scenario.arguments].concat(), scenario.secret.as_deref());
        (std::fs::read(directory.path().join("trace.jsonl")).unwrap(), ended)
    };
    let (_, mut recording) = read(&text).unwrap();
    for entry in &mut recording.entries {
        if let Content::Exchange(exchange) = &mut entry.content {
            exchange.t_us = None;
        }
    }
    let code = ended.json["problem"]["code"].as_str().map(str::to_owned);
    let header = &mut recording.header;
    assert_eq!(header.persona, Persona::Synthetic);
    header.recorded_at = Some(cards::at());
    header.card_profile = Some(scenario.persona.to_owned());
    header.note = Some(scenario.note.to_owned());
    header.facts = scenario.facts.iter().map(|fact| (*fact).to_owned()).collect();
    header.run = Some(Run {
        arguments: scenario.arguments.iter().map(|word| (*word).to_owned()).collect(),
        exit: ended.exit,
        code,
    });
    recording.header.findings = check(&recording).iter().map(|finding| finding.rule.id().to_owned()).collect();
    (recording, ended)
}

fn by_library(scenario: &Scenario, card: SimulatedCard) -> (Vec<u8>, Ended) {
    let mut written = Vec::new();
    let header = Header::new(Some(card.atr()), Persona::Synthetic).of_this_program(cards::at());
    let inner = Disturbed { inner: SimulatedChannel::new(card), reset_before: scenario.reset_before, heard: 0 };
    let mut session = Session::new(Recorder::new(inner, &mut written, &header).unwrap());
    let outcome: Result<Vec<u8>, (u8, String)> = if scenario.arguments[0] == "sign" {
        let key = if scenario.arguments.contains(&"user-authentication") {
            Key::UserAuthentication
        } else {
            Key::DigitalSignature
        };
        let typed = scenario.secret.as_deref().unwrap();
        let (secret, _) = Secret::new(key.secret_kind(), typed.as_bytes()).unwrap();
        let signed = session.run(async |card| {
            holder::sign(card, key, &secret, Caution::default(), WORDS, Placement::Attached, cards::at()).await
        });
        signed.map(|signed| signed.cms.reveal().clone()).map_err(|error| {
            let reason = error.reason();
            (reason.exit(), reason.code().to_owned())
        })
    } else {
        let read = session.run(async |card| {
            jpki::select(card).await?;
            jpki::read_certificate(card, honnin::card::CertificateFile::UserAuthentication).await
        });
        read.map(|read| read.to_vec()).map_err(|error| (error.reason().exit(), error.reason().code().to_owned()))
    };
    drop(session);
    let ended = match outcome {
        Ok(out) => Ended { exit: 0, json: serde_json::json!({}), out: Some(out) },
        Err((exit, code)) => Ended { exit, json: serde_json::json!({ "problem": { "code": code } }), out: None },
    };
    (written, ended)
}

#[test]
fn the_client_and_the_simulated_card_say_what_is_in_the_corpus() {
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        cards::make_missing();
    }
    let all = scenarios::all();
    let scenarios = if update { all } else { sample(all, 5) };
    let mut differing = Vec::new();
    for scenario in &scenarios {
        let path = corpus().join(format!("{}.jsonl", scenario.name));
        let (recording, _) = made(scenario);
        let text = to_json_lines(&recording);
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != text {
            differing.push(scenario.name.as_str());
        }
    }
    assert!(differing.is_empty(), "not what is recorded; run UPDATE=1 cargo test --test traces: {differing:?}");
}

#[test]
fn nothing_in_the_corpus_is_left_over_from_an_older_client() {
    let known: Vec<_> = scenarios::all().into_iter().map(|scenario| scenario.name).collect();
    for path in super::recordings("") {
        let name = super::name_of(&path);
        let ours =
            !["by-hand/", "another-client/", "opensc/", "formats/"].iter().any(|folder| name.starts_with(folder));
        assert!(!ours || known.contains(&name), "{name} is made by nothing; remove it");
    }
}
