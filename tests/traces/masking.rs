//! The recording of any command of ours on the card of a real person: nothing is left in it to blank.

use super::making::honnin;
use super::{cards, scenarios};
use honnin::trace::{Persona, Severity, check, read, redacted};

#[test]
fn what_we_record_of_a_real_person_needs_no_blanking() {
    let mut card = cards::card("adult");
    card.persona.synthetic = false;
    let text = card.to_toml().unwrap();
    let procedures = scenarios::all().into_iter().filter(|it| it.persona == "adult" && it.name.starts_with("adult/"));
    let mut runs: Vec<(Vec<&str>, Option<String>)> = procedures.map(|it| (it.arguments, it.secret)).collect();
    let more: [&[&str]; 2] = [&["card", "status", "-vv"], &["pin", "status", "--all", "-v"]];
    runs.extend(more.map(|arguments| (arguments.to_vec(), None)));
    let kinds: std::collections::BTreeSet<_> = runs.iter().map(|(arguments, _)| arguments[0]).collect();
    for command in ["attributes", "card", "certificate", "doctor", "pin", "sign", "surface"] {
        assert!(kinds.contains(command), "every command that talks to a card is here: {kinds:?}");
    }
    for (arguments, secret) in runs {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("card.toml"), &text).unwrap();
        std::fs::write(directory.path().join("keys.json"), cards::keys("adult")).unwrap();
        let options = ["--card", "sim:card.toml", "--record", "trace.jsonl"];
        let ended = honnin(directory.path(), &[&options, &*arguments].concat(), secret.as_deref());
        assert!(matches!(ended.exit, 0 | 1), "{arguments:?}: {}", ended.json);
        let (_, recording) = read(&std::fs::read(directory.path().join("trace.jsonl")).unwrap()).unwrap();
        assert_eq!(recording.header.persona, Persona::Unknown);
        assert!(recording.exchanges() > 0, "{arguments:?}");
        let again = redacted(&recording);
        for (ours, blanked) in recording.entries.iter().zip(&again.entries) {
            assert!(ours == blanked, "{arguments:?}: line {} is to be blanked", ours.line);
        }
        assert_eq!(again, recording, "{arguments:?}");
        for finding in check(&recording) {
            assert!(!finding.rule.id().ends_with("_not_masked"), "{arguments:?}: {finding:?}");
            assert!(finding.rule.severity() != Severity::Error, "{arguments:?}: {finding:?}");
        }
    }
}
