//! Every recording that a run of ours was recorded in is replayed to the same result; every recording is judged.

use super::making::{honnin, made};
use super::{cards, name_of, recordings, sample, scenarios};
use honnin::trace::{Content, Entry, check, read, redacted, to_json_lines};
use serde_json::Value;

/// Whether an answer is blanked whoever the person is: a replay that comes so far ends undetermined.
pub(crate) fn needs_what_is_blanked(entry: &Entry) -> bool {
    matches!(&entry.content, Content::Exchange(exchange) if exchange.rx.is_blanked())
}

#[test]
fn a_replay_ends_as_the_recorded_run_did() {
    let all: Vec<_> = recordings("").into_iter().filter(|path| !name_of(path).starts_with("formats/")).collect();
    let mut replayed = 0;
    for path in sample(all, 4) {
        let (_, recording) = read(&std::fs::read(&path).unwrap()).unwrap();
        let Some(run) = recording.header.run else { continue };
        let persona = recording.header.card_profile.unwrap();
        let secret = scenarios::typed_again(&run.arguments, &persona);
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("keys.json"), cards::keys(&persona)).unwrap();
        let file = path.to_str().unwrap();
        let mut arguments = vec!["trace", "replay", file, "--"];
        arguments.extend(run.arguments.iter().map(String::as_str));
        let ended = honnin(directory.path(), &arguments, secret.as_deref());
        if recording.entries.iter().any(needs_what_is_blanked) {
            // The integrity record holds a digest of the individual number, and no recording answers a challenge of today.
            let code = &ended.json["problem"]["code"];
            assert_eq!((ended.exit, code), (3, &"masked_data_needed".into()), "{file}: {}", ended.json);
            continue;
        }
        assert_eq!(ended.exit, run.exit, "{file}: {}", ended.json);
        assert_eq!(ended.json["problem"]["code"].as_str(), run.code.as_deref(), "{file}");
        assert_eq!(ended.json["result"]["differences"], serde_json::json!([]), "{file}");
        assert_eq!(ended.json["result"]["played"], ended.json["result"]["recorded"], "{file}");
        replayed += 1;
    }
    assert!(replayed > 40, "only {replayed} recordings were replayed");
}

#[test]
fn a_replay_gives_the_very_result_of_the_card() {
    // Without paths and without the warnings, which tell a card from a recording.
    let plain = |mut result: Value| {
        if let Some(result) = result.as_object_mut() {
            result.remove("out");
            // Where card confirm wrote its recording.
            result.remove("recording");
        }
        result
    };
    for scenario in sample(scenarios::all(), 7) {
        let (recording, first) = made(&scenario);
        if recording.entries.iter().any(needs_what_is_blanked) {
            continue;
        }
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("trace.jsonl"), to_json_lines(&recording)).unwrap();
        std::fs::write(directory.path().join("keys.json"), cards::keys(scenario.persona)).unwrap();
        let arguments = [&["trace", "replay", "trace.jsonl", "--"], &*scenario.arguments].concat();
        let again = honnin(directory.path(), &arguments, scenario.secret.as_deref());
        assert_eq!(again.exit, first.exit, "{}: {}", scenario.name, again.json);
        assert_eq!(again.out, first.out, "{}: what was written", scenario.name);
        if first.json["result"].is_object() {
            let (again, first) = (again.json["result"]["result"].clone(), first.json["result"].clone());
            assert_eq!(plain(again), plain(first), "{}", scenario.name);
        }
    }
}

#[test]
fn every_recording_breaks_the_rules_it_says_and_no_other() {
    let mut objected = 0;
    for path in recordings("") {
        let (_, recording) = read(&std::fs::read(&path).unwrap()).unwrap();
        let found: Vec<_> = check(&recording).iter().map(|finding| finding.rule.id().to_owned()).collect();
        assert_eq!(found, recording.header.findings, "{}", name_of(&path));
        objected += usize::from(!found.is_empty());
        let ours = recording.header.run.is_some();
        // The doctor measures the link by reading the same bytes in three sizes (desktop.md §1 T1).
        let measures = name_of(&path).ends_with("/doctor") && found.iter().all(|rule| rule == "bytes_read_twice");
        // Whether an offset past the end is 6B00, and what follows a certificate, is what confirming asks.
        let asks = name_of(&path).ends_with("/card-confirm") && found.iter().all(|rule| rule == "read_past_the_end");
        let on_purpose = name_of(&path).starts_with("faults/last-try-") || measures || asks;
        assert!(!ours || found.is_empty() || on_purpose, "{}: our own client breaks {found:?}", name_of(&path));
    }
    assert!(objected > 3, "the linter has something to object to in the corpus: {objected}");
}

#[test]
fn nobody_is_named_and_every_recording_says_what_it_is_evidence_for() {
    for path in recordings("") {
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, recording) = read(text.as_bytes()).unwrap();
        let name = name_of(&path);
        let header = &recording.header;
        assert_eq!(header.persona, honnin::trace::Persona::Synthetic, "{name}");
        assert!(!header.facts.is_empty() && header.note.is_some() && header.atr.is_some(), "{name}");
        for fact in &header.facts {
            assert!(fact.starts_with("card.md §") || fact.starts_with("desktop.md §"), "{name}: {fact}");
        }
        assert_eq!(redacted(&recording).entries, recording.entries, "{name}: nothing is left to blank");
        // The persona's secrets as they would stand in a VERIFY, and their number.
        for secret in ["0431323334", "06414243313233", "0435363738", "FF100C"] {
            assert!(!text.contains(&format!("0020009{secret}")) && !text.contains(secret), "{name} holds {secret}");
        }
    }
}
