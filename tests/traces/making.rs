//! Makes the recordings of today's client on the simulated card, and holds the corpus against them.

use super::scenarios::{self, Scenario};
use super::{cards, corpus, sample};
use honnin::card::{Caution, Key, Session};
use honnin::holder;
use honnin::proof::Placement;
use honnin::secret::Secret;
use honnin::simulator::{CardFile, SimulatedCard};
use honnin::trace::{Content, Exchange, Header, Pattern, Persona, Recording, Run, check, read, to_json_lines};
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

/// What the client and the card say to each other in this scenario, and how the run ends.
pub(crate) fn made(scenario: &Scenario) -> (Recording, Ended) {
    let mut card = cards::card(scenario.persona);
    (scenario.changed)(&mut card);
    made_on(scenario, card)
}

/// The same with this card in its place.
pub(crate) fn made_on(scenario: &Scenario, card: CardFile) -> (Recording, Ended) {
    let directory = tempfile::tempdir().unwrap();
    // A signing time is the clock's: it is made through the library.
    let (text, ended) = if scenario.arguments[0] == "sign" {
        by_library(scenario, SimulatedCard::from_file(card).unwrap())
    } else {
        std::fs::write(directory.path().join("card.toml"), card.to_toml().unwrap()).unwrap();
        std::fs::write(directory.path().join("keys.json"), cards::keys(scenario.persona)).unwrap();
        let options = ["--card", "sim:card.toml", "--record", "trace.jsonl"];
        let ended = honnin(directory.path(), &[&options, &*scenario.arguments].concat(), scenario.secret.as_deref());
        (std::fs::read(directory.path().join("trace.jsonl")).unwrap(), ended)
    };
    let (_, mut recording) = read(&text).unwrap();
    without_chance(&mut recording);
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

/// Replaces what chance makes different in every run: times, random bytes of the card, and what a challenge is made of.
fn without_chance(recording: &mut Recording) {
    let signs = |exchange: &Exchange| exchange.tx.before().starts_with(&[0x80, 0x2A]);
    let challenged = recording.entries.iter().any(|entry| {
        // The digest that is signed behind the integrity record is a challenge: nothing else is signed in that application.
        matches!(&entry.content, Content::Exchange(it) if it.tx.before().ends_with(&[0x31, 0, 1, 1, 4, 8]))
    });
    for (index, entry) in recording.entries.iter_mut().enumerate() {
        let number = u8::try_from(index).unwrap();
        match &mut entry.content {
            Content::Exchange(exchange) => {
                exchange.t_us = None;
                if exchange.tx.before().starts_with(&[0x00, 0x84]) && exchange.rx.before().len() > 2 {
                    let length = exchange.rx.before().len() - 2;
                    exchange.rx = Pattern::exact(&[&vec![number; length][..], &[0x90, 0x00]].concat());
                }
                if challenged && signs(exchange) {
                    exchange.tx = Pattern::blanked(&exchange.tx.before()[..4], &[]);
                    let end = exchange.rx.before().len() - 2;
                    if end > 0 {
                        exchange.rx = Pattern::blanked(&[], &exchange.rx.before()[end..]);
                    }
                }
            }
            Content::LinkError { tx, .. } if challenged && tx.before().starts_with(&[0x80, 0x2A]) => {
                *tx = Pattern::blanked(&tx.before()[..4], &[]);
            }
            _ => {}
        }
    }
}

fn by_library(scenario: &Scenario, card: SimulatedCard) -> (Vec<u8>, Ended) {
    let mut written = Vec::new();
    let header = Header::new(Some(card.atr()), Persona::Synthetic).of_this_program(cards::at());
    let mut session = Session::new(Recorder::new(SimulatedChannel::new(card), &mut written, &header).unwrap());
    let user = scenario.arguments.contains(&"user-authentication");
    let key = if user { Key::UserAuthentication } else { Key::DigitalSignature };
    let typed = scenario.secret.as_deref().unwrap();
    let (secret, _) = Secret::new(key.secret_kind(), typed.as_bytes()).unwrap();
    let signed = session.run(async |card| {
        holder::sign(card, key, &secret, Caution::default(), WORDS, Placement::Attached, cards::at()).await
    });
    let outcome = signed.map(|signed| signed.cms.reveal().clone()).map_err(|error| error.reason());
    drop(session);
    let ended = match outcome {
        Ok(out) => Ended { exit: 0, json: serde_json::json!({}), out: Some(out) },
        Err(reason) => {
            Ended { exit: reason.exit(), json: serde_json::json!({ "problem": { "code": reason.code() } }), out: None }
        }
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
