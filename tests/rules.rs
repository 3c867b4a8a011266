//! docs/rules.md: every rule number of kyc.md with the tests that cite it, or the reason why none does.
//!
//! A test cites a rule by its number in its comments and the messages of its assertions (`ACC-07`), or in its name (`…_acc_07`). A
//! number in a fixture or in a value that is compared cites nothing: there it is data. `UPDATE=1 cargo test --test rules` writes the
//! page anew. A page that does not name the newest tests yet is no failure; one that names a test that is gone, or leaves a
//! rule out, is.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const GROUPS: [(&str, &str); 22] = [
    ("ACC", "Accounts and the upgrade"),
    ("GATE", "Feature gates"),
    ("BANK", "Bank accounts"),
    ("CARD", "The card, its PINs and reading"),
    ("CERT", "Certificates in the wallet"),
    ("CONS", "Consent to latest user information"),
    ("LINK", "Re-issue and relinking"),
    ("UNIQ", "Uniqueness"),
    ("MIG", "Migration"),
    ("ATTR", "Attributes and their freshness"),
    ("REV", "Periodic re-verification"),
    ("SEC", "One-time passwords and locks"),
    ("LIFE", "Stop, resume, leave"),
    ("OUT", "Unknown outcomes"),
    ("CH", "Channels and client conditions"),
    ("CN", "The second policy"),
    ("TRI", "Triage"),
    ("RSN", "Reasons"),
    ("LAW", "Law"),
    ("API", "Interfaces"),
    ("T", "Scenarios"),
    ("Q", "Open questions"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Rows of a table of tabs, without remarks.
fn table(path: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Number and title of everything there is, in the order of the page.
fn catalogue() -> Vec<(String, String)> {
    let rules = table("src/policy/data/rules.tsv").into_iter().map(|row| (row[0].clone(), row[3].clone()));
    let scenarios = table("tests/rules-scenarios.tsv").into_iter().map(|row| (row[0].clone(), row[1].clone()));
    let all: Vec<_> = rules.chain(scenarios).collect();
    let mut ordered = Vec::new();
    for (group, _) in GROUPS {
        ordered.extend(all.iter().filter(|(number, _)| number.split('-').next() == Some(group)).cloned());
    }
    assert_eq!(ordered.len(), all.len(), "a number of no group");
    ordered
}

/// Number, and why no test cites it.
fn open() -> BTreeMap<String, String> {
    table("tests/rules-open.tsv").into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The tests of one file: name, and everything from its first comment to its closing brace. A check that one suite runs over every
/// store is a test too.
fn tests_in(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let is_suite = |line: &str| line.starts_with("fn ") && line.contains("(store: &dyn ");
    let starts: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].trim() == "#[test]" || is_suite(lines[*at])).collect();
    if starts.is_empty() && text.contains("fn main() -> ") && text.contains("ExitCode") {
        // A target with a harness of its own is one test.
        return vec![("main".to_owned(), text.to_owned())];
    }
    let mut tests = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let next = starts.get(index + 1).copied().unwrap_or(lines.len());
        // The function's own closing brace: what comes after it are helpers, which prove nothing by themselves.
        let indent = lines[*start].len() - lines[*start].trim_start().len();
        let closing = format!("{}}}", " ".repeat(indent));
        let end = (*start..next).find(|at| lines[*at] == closing).map_or(next, |at| at + 1);
        let above = lines[..*start].iter().rev().take_while(|line| line.trim_start().starts_with("//")).count();
        let body = lines[start - above..end].join("\n");
        let name = lines[*start..end].iter().find_map(|line| line.trim().strip_prefix("fn "));
        if let Some(name) = name.and_then(|rest| rest.split(['(', '<']).next()) {
            tests.push((name.to_owned(), body));
        }
    }
    tests
}

/// What a person wrote about the test, in a piece of Rust: comments, and the messages of assertions.
fn remarks_in(source: &str) -> String {
    let mut remarks = String::new();
    // For each open bracket: which argument its assertion's message is, if it is one's, and which argument this is.
    let mut open: Vec<(Option<usize>, usize)> = Vec::new();
    let mut word = String::new();
    for piece in pieces(source) {
        match piece {
            Piece::Comment(text) => remarks.extend([text.as_str(), "\n"]),
            Piece::Text(text) => {
                if let Some((Some(message), argument)) = open.last()
                    && message == argument
                {
                    remarks.extend([text.as_str(), "\n"]);
                }
                word.clear();
            }
            Piece::Code(mark) => {
                match mark {
                    '(' | '[' | '{' => {
                        let message = match word.as_str() {
                            "assert!" => Some(1),
                            "assert_eq!" | "assert_ne!" => Some(2),
                            _ => None,
                        };
                        open.push((message, 0));
                    }
                    ')' | ']' | '}' => drop(open.pop()),
                    ',' => open.iter_mut().next_back().into_iter().for_each(|(_, argument)| *argument += 1),
                    _ => {}
                }
                if mark.is_alphanumeric() || mark == '_' || mark == '!' {
                    word.push(mark);
                } else {
                    word.clear();
                }
            }
        }
    }
    remarks
}

/// A piece of Rust.
enum Piece {
    Comment(String),
    /// What stands between quotes.
    Text(String),
    Code(char),
}

fn pieces(source: &str) -> Vec<Piece> {
    let marks: Vec<char> = source.chars().collect();
    let find = |from: usize, wanted: &str| {
        let wanted: Vec<char> = wanted.chars().collect();
        (from..marks.len()).find(|at| marks[*at..].starts_with(&wanted)).unwrap_or(marks.len())
    };
    let text = |from: usize, to: usize| marks[from.min(marks.len())..to].iter().collect::<String>();
    let (mut pieces, mut at) = (Vec::new(), 0);
    while at < marks.len() {
        let is_word = at > 0 && (marks[at - 1].is_alphanumeric() || marks[at - 1] == '_');
        match (marks[at], marks.get(at + 1).copied().unwrap_or(' ')) {
            ('/', '/') => {
                let end = find(at, "\n");
                pieces.push(Piece::Comment(text(at + 2, end)));
                at = end;
            }
            ('/', '*') => {
                let end = find(at, "*/");
                pieces.push(Piece::Comment(text(at + 2, end)));
                at = end + 2;
            }
            ('r', '"' | '#') if !is_word || marks[at - 1] == 'b' => {
                let fence = marks[at + 1..].iter().take_while(|mark| **mark == '#').count();
                let end = find(at + 2 + fence, &format!("\"{}", "#".repeat(fence)));
                pieces.push(Piece::Text(text(at + 2 + fence, end)));
                at = end + 1 + fence;
            }
            ('"', _) => {
                let mut end = at + 1;
                while end < marks.len() && marks[end] != '"' {
                    end += if marks[end] == '\\' { 2 } else { 1 };
                }
                pieces.push(Piece::Text(text(at + 1, end.min(marks.len()))));
                at = end + 1;
            }
            // A character, which may be a quote or a bracket; a lifetime has no second apostrophe.
            ('\'', '\\') => at = find(at + 3, "'") + 1,
            ('\'', _) if marks.get(at + 2) == Some(&'\'') => at += 3,
            (mark, _) => {
                pieces.push(Piece::Code(mark));
                at += 1;
            }
        }
    }
    pieces
}

/// `ACC-07` in what is said of a test, and `acc_07` between the words of its name.
fn numbers_in(name: &str, body: &str) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let words: Vec<&str> = name.split('_').collect();
    for pair in words.windows(2) {
        let group = pair[0].to_ascii_uppercase();
        if GROUPS.iter().any(|(known, _)| *known == group) && is_number(&group, pair[1]) {
            numbers.insert(format!("{group}-{}", pair[1]));
        }
    }
    for word in remarks_in(body).split(|it: char| !(it.is_ascii_alphanumeric() || it == '-')) {
        if let Some((group, number)) = word.split_once('-')
            && GROUPS.iter().any(|(known, _)| *known == group)
            && is_number(group, number)
        {
            numbers.insert(word.to_owned());
        }
    }
    numbers
}

/// Two digits; the open questions alone are counted from one.
fn is_number(group: &str, text: &str) -> bool {
    (text.len() == 2 || (text.len() == 1 && group == "Q")) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Number to the tests that cite it, each as `path name`.
fn citations() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        rust_files(&root().join(folder), &mut files);
    }
    let mut cited: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files {
        let inside = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        if inside == "tests/rules.rs" {
            continue;
        }
        for (name, body) in tests_in(&fs::read_to_string(&path).unwrap()) {
            for number in numbers_in(&name, &body) {
                cited.entry(number).or_default().insert(format!("{inside} {name}"));
            }
        }
    }
    cited
}

fn page(catalogue: &[(String, String)]) -> String {
    let (cited, open) = (citations(), open());
    let mut page = String::from(
        "# Rules and their tests\n\nEvery rule of the wallet by its number, with the tests that cite it, or the reason why none does yet.\n\
         This page is generated from the tests (`UPDATE=1 cargo test --test rules`). Titles: `src/policy/data/rules.tsv` and\n\
         `tests/rules-scenarios.tsv`; reasons: `tests/rules-open.tsv`. Where a rule comes from and how sure it is stands in the\n\
         first of them.\n",
    );
    let with_tests = catalogue.iter().filter(|(number, _)| cited.contains_key(number)).count();
    write!(page, "\n{with_tests} of {} numbers have tests.\n", catalogue.len()).unwrap();
    for (group, title) in GROUPS {
        write!(page, "\n## {title}\n\n| number | what | tests |\n|---|---|---|\n").unwrap();
        for (number, what) in catalogue.iter().filter(|(number, _)| number.split('-').next() == Some(group)) {
            let tests = match (cited.get(number), open.get(number)) {
                (Some(tests), _) => listed(tests),
                (None, Some(reason)) => format!("none: {reason}"),
                (None, None) => "**none**".to_owned(),
            };
            writeln!(page, "| {number} | {what} | {tests} |").unwrap();
        }
    }
    page
}

/// Tests by file.
fn listed(tests: &BTreeSet<String>) -> String {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for test in tests {
        let (file, name) = test.split_once(' ').unwrap();
        files.entry(file).or_default().push(name);
    }
    let file = |(file, names): (&str, Vec<&str>)| {
        format!("`{file}`: {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
    };
    files.into_iter().map(file).collect::<Vec<_>>().join("<br>")
}

#[test]
fn every_rule_has_a_test_or_a_reason_why_not() {
    let (cited, open) = (citations(), open());
    let missing: Vec<_> = catalogue()
        .into_iter()
        .map(|(number, _)| number)
        .filter(|number| !cited.contains_key(number) && !open.contains_key(number))
        .collect();
    assert!(missing.is_empty(), "neither a test nor a line in tests/rules-open.tsv: {missing:?}");
    let known: BTreeSet<String> = catalogue().into_iter().map(|(number, _)| number).collect();
    let unknown: Vec<_> = cited.keys().chain(open.keys()).filter(|number| !known.contains(*number)).collect();
    assert!(unknown.is_empty(), "cited, and not a rule: {unknown:?}");
    for (number, reason) in &open {
        assert!(reason.split_whitespace().count() >= 3, "{number}: say why");
    }
}

#[test]
fn the_page_names_every_rule_and_no_test_that_is_gone() {
    let path = root().join("docs/rules.md");
    let catalogue = catalogue();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, page(&catalogue)).unwrap();
    }
    let in_tree = fs::read_to_string(&path).unwrap_or_default();
    let (cited, none) = (citations(), BTreeSet::new());
    let mut problems = Vec::new();
    for (number, title) in &catalogue {
        let Some(row) = in_tree.lines().find(|line| line.starts_with(&format!("| {number} | {title} | "))) else {
            problems.push(format!("{number}: no row"));
            continue;
        };
        let tests = cited.get(number).unwrap_or(&none);
        for part in row.rsplit(" | ").next().unwrap_or_default().split("<br>").filter(|part| part.starts_with('`')) {
            let mut names = part.split('`').skip(1).step_by(2);
            let file = names.next().unwrap_or_default();
            let gone = names.filter(|name| !tests.contains(&format!("{file} {name}")));
            problems.extend(gone.map(|name| format!("{number}: {file} {name} is not there")));
        }
    }
    let rows =
        in_tree.lines().filter(|line| line.starts_with("| ") && line.contains('-') && !line.starts_with("| number"));
    let known: BTreeSet<&str> = catalogue.iter().map(|(number, _)| number.as_str()).collect();
    for row in rows {
        let number = row.split(" | ").next().unwrap_or_default().trim_start_matches("| ");
        if !known.contains(number) {
            problems.push(format!("{number}: no such rule"));
        }
    }
    assert!(problems.is_empty(), "docs/rules.md; run UPDATE=1 cargo test --test rules:\n{}", problems.join("\n"));
}

#[test]
fn the_numbers_are_those_of_the_catalogue() {
    let path = root().join("../shared/reference/kyc.md");
    let Ok(text) = fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "../shared/reference/kyc.md is missing");
        eprintln!("SKIPPED the_numbers_are_those_of_the_catalogue: ../shared/reference/kyc.md is not there");
        return;
    };
    let mut wanted = BTreeSet::new();
    for line in text.lines() {
        // A rule is a row of its own; of the gates, the number stands before the feature's name.
        let Some(word) = line.strip_prefix("| ").and_then(|rest| rest.split([' ', '|']).next()) else { continue };
        if let Some((group, number)) = word.split_once('-')
            && GROUPS.iter().any(|(known, _)| *known == group)
            && is_number(group, number)
        {
            wanted.insert(word.to_owned());
        }
    }
    let known: BTreeSet<String> = catalogue().into_iter().map(|(number, _)| number).collect();
    assert!(wanted.len() > 290, "{}", wanted.len());
    assert_eq!(known, wanted);
}

#[test]
fn titles_are_short_and_our_own() {
    for row in table("tests/rules-scenarios.tsv") {
        let words = row[1].split_whitespace().count();
        assert!((2..=10).contains(&words), "{}: {words} words", row[0]);
    }
}

#[test]
fn citations_are_found_where_they_stand() {
    let text = "#[test]\nfn one_acc_07_t_3_q_8() {\n    // RSN-24 and X-9, ACC-1234\n}\n\n/// GATE-12\n#[test]\nfn two() {}\n\nfn t_20_three(store: &dyn Store) {\n";
    let tests = tests_in(text);
    assert_eq!(
        tests.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["one_acc_07_t_3_q_8", "two", "t_20_three"]
    );
    let numbers = numbers_in(&tests[0].0, &tests[0].1);
    assert!(
        numbers.contains("ACC-07") && numbers.contains("Q-8") && !numbers.contains("T-3") && numbers.contains("RSN-24")
    );
    assert!(!numbers.contains("X-9") && !numbers.contains("ACC-1234"));
    assert!(numbers_in("two", &tests[1].1).contains("GATE-12"));
}

#[test]
fn data_cite_nothing() {
    let text = r##"fn one() {
    let file = "rules = [\"SEC-03\"]"; // SEC-01
    let raw = r#"rules = ["SEC-04"], '"'"#;
    assert!(file.contains('"') && [b'(', b'\''].len() == 2, "SEC-06, {}", "SEC-07");
    /* LIFE-01 */ assert_eq!(rule(&["LIFE-02", "LIFE-03"]), ["LIFE-04"], "it is told: LIFE-05");
    assert!(matches!(vec!["GATE-01"][..], ["GATE-02"]), "GATE-03");
    told("GATE-04", "GATE-05", "GATE-06");
}"##;
    let numbers = numbers_in("one", text);
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), ["GATE-03", "LIFE-01", "LIFE-05", "SEC-01", "SEC-06"]);
}
