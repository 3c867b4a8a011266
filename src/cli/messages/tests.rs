use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use honnin::doctor::Node;
use honnin::reason::Reason;

use super::*;
use crate::cli::arguments::{localised, needed_texts};

/// Keys of a message file with the text after each, read line by line: not with the library that serves them.
fn entries(source: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in source.lines() {
        match line.split_once(" =") {
            Some((key, text)) if key.starts_with(|c: char| c.is_ascii_lowercase()) && !key.contains(' ') => {
                entries.push((key.to_owned(), text.trim().to_owned()));
            }
            _ if line.starts_with('#') || line.is_empty() => {}
            _ => {
                let last = entries.last_mut().expect("a file begins with a remark or a message");
                last.1.push_str(line);
            }
        }
    }
    entries
}

fn placeholders(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    text.split('$').skip(1).map(name).collect()
}

fn keys(language: Language) -> BTreeMap<String, String> {
    entries(language.source()).into_iter().collect()
}

#[test]
fn both_files_parse_without_a_remark_and_name_nothing_twice() {
    for language in [Language::En, Language::Ja] {
        let parsed = FluentResource::try_new(language.source().to_owned());
        assert!(parsed.is_ok(), "{language:?}: {:?}", parsed.err().map(|(_, errors)| errors));
        assert_eq!(keys(language).len(), entries(language.source()).len(), "{language:?} has a key twice");
    }
}

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    let (en, ja) = (keys(Language::En), keys(Language::Ja));
    assert!(en.len() > 300, "only {} messages were read", en.len());
    let only = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> Vec<String> {
        a.keys().filter(|key| !b.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&en, &ja), Vec::<String>::new(), "only in en.ftl");
    assert_eq!(only(&ja, &en), Vec::<String>::new(), "only in ja.ftl");
    for (key, text) in &en {
        assert_eq!(placeholders(text), placeholders(&ja[key]), "{key}");
    }
}

#[test]
fn every_reason_says_what_happened_and_what_to_do() {
    // RSN-28: ja/en text for every reason.
    for language in [Language::En, Language::Ja] {
        let texts = keys(language);
        for part in ["title", "detail", "hint"] {
            for reason in Reason::ALL {
                let key = format!("reason-{reason}-{part}");
                assert!(texts.get(&key).is_some_and(|text| !text.is_empty()), "{language:?} lacks {key}");
            }
        }
        for node in Node::ALL {
            for part in ["cause", "action"] {
                assert!(texts.contains_key(&format!("doctor-{node}-{part}")), "{language:?} lacks {node} {part}");
            }
        }
        let messages = Messages::new(language);
        for reason in Reason::ALL.iter().copied() {
            let words =
                [messages.retry(reason), messages.counted(reason), messages.who_acts(reason), messages.http(reason)];
            // A word without a message shows its key.
            let keys = ["retry-", "counted-", "who-", "explain-"];
            assert!(
                words.iter().all(|word| !keys.iter().any(|key| word.starts_with(key))),
                "{language:?} {reason}: {words:?}"
            );
            let is_japanese =
                |word: &str| !word.bytes().any(|byte| byte.is_ascii_lowercase()) || word.contains("--allow");
            assert!(language == Language::En || words[..3].iter().all(|word| is_japanese(word)), "{reason}: {words:?}");
        }
        let explained = texts.keys().filter(|key| key.starts_with("reason-")).count();
        assert_eq!(explained, Reason::ALL.len() * 3, "{language:?} explains a reason that does not exist");
    }
}

fn told_to_people(language: Language) -> impl Iterator<Item = (String, String)> {
    keys(language).into_iter().filter(|(key, _)| key.starts_with("reason-") || key.starts_with("doctor-"))
}

#[test]
fn english_sentences_have_at_most_twenty_words() {
    for (key, text) in told_to_people(Language::En) {
        for sentence in text.split_inclusive(". ") {
            let words = sentence.split_whitespace().count();
            assert!(words <= 20, "{key} has a sentence of {words} words: {sentence}");
        }
    }
}

#[test]
fn japanese_is_polite() {
    for (key, text) in told_to_people(Language::Ja) {
        if !["-detail", "-hint", "-cause", "-action"].iter().any(|end| key.ends_with(end)) {
            continue;
        }
        let sentences: Vec<_> = text.split_terminator('。').collect();
        assert!(text.ends_with('。'), "{key}: {text}");
        for sentence in sentences {
            let aside = sentence.strip_suffix(')').and_then(|sentence| sentence.rsplit_once('('));
            let sentence = aside.map_or(sentence, |(sentence, _)| sentence);
            let polite = ["ます", "ません", "です", "ました", "ませんでした", "でした", "ください"];
            assert!(polite.iter().any(|end| sentence.ends_with(end)), "{key}: {sentence}");
        }
    }
}

#[test]
fn nobody_is_shown_hexadecimal_or_blamed() {
    for language in [Language::En, Language::Ja] {
        for (key, text) in told_to_people(language) {
            assert!(!text.contains("0x") && !text.contains("SCARD_") && !text.contains("8010"), "{key}: {text}");
            let lower = text.to_lowercase();
            assert!(
                !["you failed", "your mistake", "illegal", "fraud", "不正な"].iter().any(|w| lower.contains(w)),
                "{key}"
            );
        }
    }
}

#[test]
fn neutral_where_the_reason_is_not_for_the_public() {
    // RSN-29: death, residency loss and suspicion of fraud are for the audit log only.
    for language in [Language::En, Language::Ja] {
        let messages = Messages::new(language);
        for reason in [Reason::CertificateRevoked, Reason::AccountStoppedByOperator, Reason::UnderReview] {
            let text = [messages.title(reason), messages.detail(reason), messages.hint(reason)].concat().to_lowercase();
            for word in
                ["death", "died", "deceased", "suspic", "fraud", "residen", "死亡", "疑", "転出", "国外", "犯罪"]
            {
                assert!(!text.contains(word), "{reason} {language:?}: {word}");
            }
        }
    }
}

#[test]
fn every_command_and_option_has_its_help() {
    for language in [Language::En, Language::Ja] {
        let texts = keys(language);
        let tree = localised(&Messages::new(language));
        for alternatives in needed_texts(&tree, "honnin") {
            assert!(
                alternatives.iter().any(|key| texts.contains_key(key)),
                "{language:?} lacks one of {alternatives:?}"
            );
        }
    }
}

/// Every source file below `directory`.
fn sources(directory: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// String literals that stand as first argument of a call that ends in `name`.
fn first_arguments(sources: &[String], name: &str) -> BTreeSet<String> {
    let call = format!("{name}(");
    let mut found = BTreeSet::new();
    for source in sources {
        for (at, _) in source.match_indices(&call) {
            let rest = source[at + call.len()..].trim_start();
            if let Some(literal) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                found.insert(literal.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_key_in_the_code_is_in_the_files_and_none_is_left_over() {
    let mut code = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/cli")), &mut code);
    let texts = keys(Language::En);
    for call in [".text", ".find", ".tell", ".because", ".hinting", "unavailable", "Self::file", "Sentence::Message"] {
        for key in first_arguments(&code, call) {
            assert!(texts.contains_key(&key), "{call}(\"{key}\") has no text");
        }
    }
    let built = [
        "reason-",
        "doctor-",
        "fact-",
        "check-",
        "status-",
        "command-",
        "option-",
        "warning-",
        "demo-step-",
        "revocation-meaning-",
        "detail-",
        "hierarchy-",
        "feature-name-",
        "why-",
        "retry-",
        "counted-",
        "who-",
        "policy-subject-",
        "policy-answer-",
        "case-state-",
    ];
    let all = code.concat();
    for key in texts.keys().filter(|key| !built.iter().any(|prefix| key.starts_with(prefix))) {
        assert!(all.contains(&format!("\"{key}\"")), "nothing says {key}");
    }
}

#[test]
fn every_warning_of_the_program_has_words() {
    let mut code = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut code);
    let texts = keys(Language::En);
    let warnings = first_arguments(&code, "Warning::new");
    assert!(warnings.contains("password_upper_cased"));
    for warning in warnings {
        assert!(texts.contains_key(&format!("warning-{warning}")), "no words for the warning {warning}");
    }
}

/// The codes between quotes that follow one of `marks` in `code`.
fn codes_after(code: &str, marks: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for mark in marks {
        for rest in code.split(mark).skip(1) {
            let literal = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            found.extend(literal.filter(|code| !code.is_empty()).map(str::to_owned));
        }
    }
    found.retain(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'));
    found
}

#[test]
fn every_code_of_a_detail_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join("src").join(path)).unwrap();
    let mut codes = BTreeSet::new();
    let mut all = Vec::new();
    sources(&root.join("src"), &mut all);
    codes.extend(codes_after(&all.concat(), &[".with(\"why\", "]));
    // Enumerations whose names stand under `why`.
    for (file, least) in [
        ("validation/revocation.rs", 20),
        ("validation/path.rs", 11),
        ("retrieval/error.rs", 25),
        ("evidence/time_stamp.rs", 6),
    ] {
        let text = read(file);
        let named = text.split(" fn ").filter(|body| body.starts_with("as_str(") || body.starts_with("why("));
        let of_file: BTreeSet<_> =
            named.flat_map(|body| codes_after(body.split("\n    }").next().unwrap(), &["=>"])).collect();
        assert!(of_file.len() >= least, "{file}: {of_file:?}");
        codes.extend(of_file);
    }
    // Tables and functions that hand a code on.
    let reasons: Vec<_> = Reason::ALL.iter().map(|reason| format!("Reason::{reason:?}, ")).collect();
    let reasons: Vec<_> = reasons.iter().map(String::as_str).collect();
    for file in ["validation/profile.rs", "validation/profile_table.rs", "validation/verify.rs"] {
        codes.extend(codes_after(&read(file), &reasons));
    }
    codes.extend(codes_after(&read("validation/profile_table.rs"), &["mismatch(", "Some("]));
    let malformed = read("validation/profile_table.rs");
    codes.extend(
        malformed
            .split("malformed(")
            .skip(1)
            .filter_map(|rest| rest.lines().next()?.split('"').nth(1))
            .map(str::to_owned),
    );
    codes.extend(codes_after(&read("holder/genuineness.rs"), &["refused("]));
    let bundle = read("record/bundle/verify.rs");
    codes.extend(
        bundle.split("says(").skip(1).filter_map(|rest| rest.lines().next()?.split('"').nth(1)).map(str::to_owned),
    );
    codes.extend(codes_after(
        &read("cli/commands/revocation.rs"),
        &["version() != 2,", "is_delta(),", "names_issuers,"],
    ));
    assert!(
        codes.len() > 70 && codes.contains("unknown_key") && codes.contains("taints"),
        "{}: {codes:?}",
        codes.len()
    );
    for language in [Language::En, Language::Ja] {
        let texts = keys(language);
        let missing: Vec<_> = codes.iter().filter(|code| !texts.contains_key(&format!("why-{code}"))).collect();
        assert!(missing.is_empty(), "{language:?} has no words for {missing:?}");
        for (key, text) in texts.iter().filter(|(key, _)| key.starts_with("why-")) {
            let code = key.trim_start_matches("why-");
            assert!(language == Language::En || (!text.contains(code) && !text.is_ascii()), "{key}: {text}");
        }
    }
}

#[test]
fn features_and_states_of_cases_are_told_in_words() {
    let states = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kyc/case.rs")).unwrap();
    let named = states.split(" fn as_str(").nth(1).and_then(|body| body.split("\n    }").next()).unwrap();
    let states = codes_after(named, &["=>"]);
    assert!(states.len() > 10, "{states:?}");
    let features = honnin::policy::Feature::ALL.iter().map(|feature| ("feature-name-", feature.as_str().to_owned()));
    let states = states.into_iter().map(|state| ("case-state-", state));
    for (group, code) in features.chain(states) {
        let (en, ja) = (Messages::new(Language::En), Messages::new(Language::Ja));
        let key = format!("{group}{code}");
        let told = en.find(&key).unwrap_or_else(|| panic!("no words for {key}"));
        assert!(!told.contains('_'), "{key}: {told}");
        let told = ja.find(&key).unwrap();
        assert!(!told.is_ascii() && !told.contains(&code), "{key}: {told}");
    }
}

#[test]
fn every_rule_and_defect_of_recordings_has_words_that_end_in_what_to_do() {
    use honnin::trace::{Defect, Rule};
    for language in [Language::En, Language::Ja] {
        let messages = Messages::new(language);
        for rule in Rule::ALL {
            let text = messages.text("trace-rule", &[("rule", rule.id().into())]);
            assert_ne!(text, rule.id(), "{language:?} has no words for it");
            for sentence in text.split_inclusive(". ") {
                assert!(sentence.split_whitespace().count() <= 20, "{sentence}");
            }
            assert!(language == Language::En || text.ends_with("ください。") || text.ends_with("）。"), "{text}");
        }
        let other = |key: &str, defect: &str| {
            messages.text(key, &[("defect", defect.to_owned().into()), ("file", "F".into()), ("line", 7.into())])
        };
        let told: std::collections::BTreeSet<_> = Defect::ALL
            .iter()
            .map(|defect| {
                other("cause-recording-line", defect.as_str()) + &other("cause-recording-file", defect.as_str())
            })
            .collect();
        assert_eq!(told.len(), Defect::ALL.len(), "{language:?}: two defects in the same words");
    }
}

#[test]
fn what_the_card_rooms_complain_of_is_said_in_japanese() {
    let ja = Messages::new(Language::Ja);
    for (folder, key, marks) in [
        ("/src/card", "cause-unexpected-answer", &["UnexpectedAnswer { what: "][..]),
        (
            "/src/holder",
            "cause-card-data",
            &["CardDataError { what: ", "(file, 0xFF20, ", "(value, 0xDF", "part(0xDF"][..],
        ),
    ] {
        let mut code = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder[1..]), &mut code);
        let mut told = BTreeSet::new();
        for line in
            code.iter().flat_map(|code| code.lines()).filter(|line| marks.iter().any(|mark| line.contains(mark)))
        {
            told.extend(line.split('"').nth(1).map(|what| what.replace(' ', "-")));
        }
        assert!(told.len() > 5, "{told:?}");
        for what in told {
            let text = ja.text(key, &[("what", what.clone().into()), ("words", "CANARY".into())]);
            assert!(!text.contains("CANARY"), "{key} has no Japanese for {what}");
        }
    }
}

#[test]
fn plurals_and_arguments_stand_in_the_sentence() {
    let en = Messages::new(Language::En);
    assert_eq!(en.text("prompt-tries", &[("n", 1.into())]), "Tries left: 1. One more mistake locks it.");
    assert_eq!(en.text("prompt-tries", &[("n", 3.into())]), "Tries left: 3");
    let ja = Messages::new(Language::Ja);
    assert_eq!(ja.text("prompt-tries", &[("n", 5.into())]), "残り回数: 5回");
    // No isolating marks, and what a name carries is escaped.
    assert_eq!(en.text("prompt-reader", &[("reader", "RC-S300\u{1b}[2J".into())]), r"Reader: RC-S300\u{1b}[2J");
}

#[test]
fn secrets_are_called_what_the_paper_calls_them() {
    let ja = Messages::new(Language::Ja);
    assert_eq!(ja.secret_name(SecretKind::UserAuthentication), "利用者証明用電子証明書の暗証番号（数字4桁）");
    assert_eq!(ja.secret_name(SecretKind::DigitalSignature), "署名用電子証明書の暗証番号（英数字6〜16文字）");
    assert_eq!(ja.secret_name(SecretKind::InputSupport), "券面事項入力補助用の暗証番号（数字4桁）");
}
