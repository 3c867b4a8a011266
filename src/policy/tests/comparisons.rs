use crate::policy::{
    Difference, LegalMethod, LetterTable, PolicyFile, Question, RuleNumber, RuleSource, compare, compare_settings,
    grid, rules_behind,
};
use crate::reason::Reason;
use crate::time::UnixTime;
use std::collections::BTreeSet;

const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");
const CN: &str = include_str!("../../../fixtures/policies/cn_nonbank_2016.toml");
const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z

/// A kind of evidence that no account of the wallet is money by: what becomes of it is the file's own matter.
const ACCREDITED: &str = "\
[evidence_kinds.accredited_ca_signature]
rules = [\"LAW-05\", \"LAW-39\", \"ACC-16\"]
lifetime_days = \"unlimited\"
when_revoked = \"stays\"";

const PHONE: &str = "rules = [\"CARD-06\"]\nfrom = \"always\"";

fn policy(text: &str) -> PolicyFile {
    PolicyFile::parse(text).unwrap()
}

fn changed(from: &str, to: &str) -> PolicyFile {
    assert!(JP_WELLNET.contains(from), "{from}");
    policy(&JP_WELLNET.replacen(from, to, 1))
}

fn differences(a: &PolicyFile, b: &PolicyFile) -> Vec<Difference> {
    let letters = LetterTable::compiled_in().unwrap();
    compare(a, b, &letters, &grid(a, b, &letters, AT))
}

/// Every change of a number or a condition in the wallet's file that the grid has to bring out.
#[test]
fn the_grid_finds_a_change_anywhere_in_the_common_tables() {
    let jp = policy(JP_WELLNET);
    assert_eq!(differences(&jp, &jp), []);
    for (from, to, subject) in [
        ("balance_at_most:500", "balance_at_most:501", "feature withdraw"),
        ("balance_at_most:500", "balance_at_most:1000000", "feature withdraw"),
        ("\"bank_account_selected\"", "\"bank_account_final\"", "feature exact_top_up"),
        ("[\"reverification_in_time\", \"payee_not_listed\"]", "[\"payee_not_listed\"]", "feature pay"),
        ("\"feature_requires_password\"", "\"account_not_empty\"", "feature receipt"),
        ("survives = [\"locked_by_failures\", ", "survives = [", "feature unlock"),
        ("[features.receipt]", "[features.transfer]", "feature receipt"),
        ("balance = 100000", "balance = 100001", "limits cash"),
        ("single_payment = 500000", "single_payment = 499999", "limits money"),
        ("year = \"unlimited\"", "year = 7", "limits cash"),
        ("{ evidence = \"selfie_legacy\" }", "{ fact = \"legacy_selfie\" }", "tier"),
        (ACCREDITED, &ACCREDITED.replace("stays", "lapses"), "tier"),
        (ACCREDITED, &ACCREDITED.replace("\"unlimited\"", "3650"), "tier"),
        (PHONE, &PHONE.replace("always", "never"), "kind phone_card"),
        ("from = \"always\"", "from = \"2030-01-01T00:00:00Z\"", "kind face_authentication_card"),
        ("offer_on_limit = true", "offer_on_limit = false", "limits cash"),
        (
            ACCREDITED,
            &format!("{ACCREDITED}\n\n{}", ACCREDITED.replace("accredited_ca_signature", "doc_chip_face")),
            "method doc_chip_face",
        ),
    ] {
        let found: BTreeSet<String> =
            differences(&jp, &changed(from, to)).into_iter().map(|difference| difference.subject).collect();
        assert!(found.contains(subject), "{from} > {to}: {found:?}");
    }
    let yearly = policy(&CN.replacen("high = \"never\"", "high = 365", 1));
    for (from, to) in [
        ("high = \"never\"", "high = 366"),
        ("grace_days = 0", "grace_days = 1"),
        ("due_when_revoked = false", "due_when_revoked = true"),
    ] {
        let other = CN.replacen("high = \"never\"", if from.starts_with("high") { to } else { "high = 365" }, 1);
        let found = differences(&yearly, &policy(&other.replacen(from, to, 1)));
        assert!(found.iter().any(|difference| difference.subject == "reverification"), "{from} > {to}: {found:?}");
    }
}

#[test]
fn a_change_of_revision_or_rule_numbers_decides_nothing() {
    let jp = policy(JP_WELLNET);
    for other in [
        changed("revision = \"2026-11-3\"", "revision = \"2027-1\""),
        changed("rules = [\"GATE-01\"]", "rules = [\"GATE-02\"]"),
    ] {
        assert_eq!(differences(&jp, &other), []);
        assert_eq!(compare_settings(&jp, &other), []);
    }
}

#[test]
fn a_difference_says_which_way_and_shows_a_question() {
    let line = "    { any = [\"password_registered\"], reason = \"feature_requires_password\", rules = [\"GATE-09\", \"CH-10\"] },\n";
    let (jp, lax) = (policy(JP_WELLNET), changed(line, ""));
    let found = differences(&jp, &lax);
    assert_eq!(found.len(), 2, "{found:?}");
    let opened = found.iter().find(|difference| difference.b == "open").unwrap();
    assert_eq!((opened.subject.as_str(), opened.a.as_str()), ("feature receipt", "closed"));
    assert_eq!(opened.only_a, ["feature_requires_password".to_owned()].into());
    assert!(opened.only_b.is_empty() && opened.count > 0);
    let letters = LetterTable::compiled_in().unwrap();
    assert_eq!(opened.example.ruling(&jp, &letters).answer, "closed");
    assert_eq!(opened.example.ruling(&lax, &letters).answer, "open");
}

#[test]
fn settings_without_facts_are_compared_by_place() {
    let mock = include_str!("../../../fixtures/policies/jp_wellnet_mock.toml");
    let places: Vec<_> =
        compare_settings(&policy(JP_WELLNET), &policy(mock)).into_iter().map(|setting| setting.place).collect();
    assert_eq!(places, ["mock", "verifier.name", "verifier.status"]);
    // Which rules a demand cites is no part of it; which revision of the law a file was written for is (LAW-02).
    let cited = CN.replace("rules = [\"CN-13\", \"CN-14\"]", "rules = [\"CN-13\"]");
    assert_ne!(cited, CN);
    assert_eq!(compare_settings(&policy(CN), &policy(&cited)), []);
    let law = compare_settings(&policy(CN), &policy(&CN.replace("28 December 2015", "1 July 2016")));
    assert_eq!(law.iter().map(|setting| setting.place.as_str()).collect::<Vec<_>>(), ["law_revision_id"]);
    // Instants read as `policy check` tells them, in the time of Japan.
    let dates = compare_settings(
        &policy(JP_WELLNET),
        &changed("effective_to = \"open\"", "effective_to = \"2027-03-31T15:00:00Z\""),
    );
    let dates: Vec<_> = dates.iter().map(|it| (it.place.as_str(), it.a.as_deref(), it.b.as_deref())).collect();
    assert_eq!(dates, [("effective_to", Some("\"open\""), Some("\"2027-04-01T00:00:00+09:00\""))]);
    let found = compare_settings(&policy(JP_WELLNET), &policy(CN));
    let audience = found.iter().find(|setting| setting.place == "challenge.audience").unwrap();
    assert!(audience.a.is_some() && audience.b.is_none());
}

#[test]
fn questions_are_lines_of_json() {
    let questions = grid(&policy(CN), &policy(CN), &LetterTable::compiled_in().unwrap(), AT);
    for question in questions.iter().step_by(997) {
        let line = serde_json::to_string(question).unwrap();
        assert_eq!(serde_json::from_str::<Question>(&line).unwrap(), *question, "{line}");
    }
    let line = r#"{"ask":"method","method":"jpki_signature","at":"2027-04-01T00:00:00+09:00"}"#;
    let expected = Question::Method { method: LegalMethod::JpkiSignature, at: "2027-03-31T15:00:00Z".parse().unwrap() };
    assert_eq!(serde_json::from_str::<Question>(line).unwrap(), expected);
    for bad in [r#"{"ask":"method","method":"x","at":"2027-04-01T00:00:00Z"}"#, r#"{"ask":"kind","name":"x"}"#, "{}"] {
        assert!(serde_json::from_str::<Question>(bad).is_err(), "{bad}");
    }
}

#[test]
fn every_rule_that_is_cited_has_its_source() {
    // Numbers in the two files are checked when they are read; these are the ones the code itself cites.
    fn numbers(directory: &std::path::Path, into: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                numbers(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["engine(\"", "review(\"", "refused(\""] {
                    into.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
                }
            }
        }
    }
    let mut cited = BTreeSet::new();
    numbers(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut cited);
    cited.retain(|word| word.contains('-') && word.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase()));
    assert!(cited.contains("GATE-12") && cited.contains("LAW-03"), "{cited:?}");
    for number in cited {
        assert!(RuleSource::of(&number).is_some(), "{number}");
    }
    assert!(format!("GATE-{}", 99).parse::<RuleNumber>().is_err());
    assert!(JP_WELLNET.contains("[\"GATE-01\"]"));
    let unknown = JP_WELLNET.replacen("[\"GATE-01\"]", &format!("[\"GATE-{}\"]", 99), 1);
    assert!(PolicyFile::parse(&unknown).unwrap_err().to_string().contains("features.register_bank_account"));
}

#[test]
fn the_table_of_sources_is_whole_and_agrees_with_the_reference() {
    let all: Vec<_> = RuleSource::all().collect();
    assert_eq!(all.len(), 250);
    for rule in &all {
        assert!(!rule.source.is_empty() && !rule.english.is_empty() && rule.japanese.ends_with('。'), "{rule:?}");
        assert!(rule.english.split_whitespace().count() <= 20, "{rule:?}");
        let marks: Vec<_> = rule.confidence.as_str().split('/').collect();
        assert!(marks.iter().all(|mark| ["H", "M", "L", "D", "?"].contains(mark)), "{rule:?}");
    }
    assert!(RuleSource::of("ACC-02").unwrap().confidence.is_stated());
    assert!(!RuleSource::of("GATE-13").unwrap().confidence.is_stated());
    // The page this was taken from, where it is at hand.
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/kyc.md");
    let Ok(page) = std::fs::read_to_string(page) else { return };
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let number = cells[0].split(' ').next().unwrap();
        let Some(rule) = RuleSource::of(number).filter(|_| cells.len() >= 4) else { continue };
        let marks = cells[cells.len() - 2];
        for mark in rule.confidence.as_str().split('/') {
            assert!(marks.contains(mark), "{number}: {mark} in {marks}");
        }
    }
}

#[test]
fn every_reason_of_a_decision_has_a_rule_behind_it_rsn_28() {
    use crate::reason::Class;
    let local = [Class::Client, Class::Bug, Class::User, Class::Flow];
    for reason in Reason::ALL.iter().filter(|reason| !local.contains(&reason.class())) {
        let rules = rules_behind(*reason);
        let is_beside_the_card = reason.http_status().is_none();
        assert!(!rules.is_empty() || is_beside_the_card, "{reason}");
        assert!(rules.iter().all(|rule| rule.source().is_some()), "{reason}: {rules:?}");
    }
}
