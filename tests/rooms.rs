//! The map of the house (docs/design.md) against the source: every arrow between rooms points down.
//!
//! What counts is shipped code: comments and tests may name any room.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test; a file that cannot be read is a failure"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Longest file; beyond it there are probably two subjects in it.
const MAXIMUM_LINES: usize = 700;

#[test]
fn every_arrow_points_down() {
    let mut problems = Vec::new();
    for (path, text) in library_files() {
        problems.extend(judge(&path, &text));
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_room_is_on_the_map_and_the_map_has_no_other() {
    let declared: Vec<String> = fs::read_to_string(source().join("lib.rs"))
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')).map(str::to_owned))
        .collect();
    for room in &declared {
        assert!(rooms().contains_key(room.as_str()), "src/lib.rs: the room `{room}` is not in tests/rooms.rs");
    }
    for room in rooms().keys() {
        assert!(declared.iter().any(|it| it == room), "tests/rooms.rs: there is no room `{room}` in src/lib.rs");
    }
    for entry in fs::read_dir(source()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let expected = rooms().contains_key(name.as_str()) || ["cli", "lib.rs", "main.rs"].contains(&name.as_str());
        assert!(expected, "src/{name} is neither a room nor the program");
    }
}

/// API-40: the caller names the instant. A stopwatch (`Instant`) tells no time of day, and the program asks once.
#[test]
fn no_room_reads_a_clock_api_40() {
    let clocks = ["SystemTime::now", "Timestamp::now", "Zoned::now", "OffsetDateTime::now", "Utc::now"];
    let reads = |text: &str| clocks.iter().any(|clock| text.contains(clock));
    let is_test = |path: &Path| path.components().any(|part| part.as_os_str() == "tests");
    let shipped = library_files().filter(|(path, _)| !is_test(path));
    let reading: Vec<_> = shipped.filter(|(_, text)| reads(text)).map(|(path, _)| path).collect();
    assert_eq!(reading, Vec::<PathBuf>::new());
    let program = fs::read_to_string(source().join("cli/context.rs")).unwrap();
    assert!(reads(&program), "the search finds what is there");
}

#[test]
fn no_file_outgrows_its_name() {
    for path in rust_files(&source()) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= MAXIMUM_LINES, "{}: {lines} lines, at most {MAXIMUM_LINES}", path.display());
    }
}

#[test]
fn the_map_itself_has_no_circle() {
    // A room may use only rooms that stand before it in some order: take away those with nothing left to use.
    let mut left = rooms();
    while !left.is_empty() {
        let done: Vec<&str> = left
            .iter()
            .filter(|(_, uses)| uses.iter().all(|it| !left.contains_key(it)))
            .map(|(room, _)| *room)
            .collect();
        assert!(!done.is_empty(), "these rooms use each other: {:?}", left.keys());
        left.retain(|room, _| !done.contains(room));
    }
}

#[test]
fn a_turned_arrow_is_found_with_its_line() {
    let judge = |file: &str, text: &str| judge(&source().join(file), text);
    for (what, text, line) in [
        ("a use", "use crate::card::Channel;\n", 1),
        ("a path", "//! Text.\n\nfn f() { crate::kyc::decide() }\n", 3),
        ("a group", "use crate::{\n    reason::Reason,\n    card::{Channel, Session},\n};\n", 3),
        ("a group on one line", "use crate::{crypto, time::UnixTime, store};\n", 1),
        ("a visible use", "pub(crate) use crate::transport as carrier;\n", 1),
        ("upwards by super", "use super::super::card::Channel;\n", 1),
        ("a renamed root", "use crate as house;\n", 1),
        ("everything", "use crate::*;\n", 1),
        ("our own name", "use honnin::time::UnixTime;\n", 1),
        ("an argument parser", "use clap::Parser;\n", 1),
        ("no room", "use crate::util::hex;\n", 1),
        ("after a declaration of tests", "#[cfg(test)]\nmod tests;\nuse crate::card::Channel;\n", 3),
        ("after strings", "const A: &str = r#\"a \" b\n\"#; const B: char = '\"';\nuse crate::card::Channel;\n", 3),
        ("a part for two builds", "#[cfg(any(test, unix))]\nmod part { use crate::card::Channel; }\n", 2),
        ("beside a comment", "use /* crate::time */ crate::card::Channel; // crate::time\n", 1),
    ] {
        let problems = judge("proof/example.rs", text);
        assert_eq!(problems.len(), 1, "{what}: {problems:?}");
        assert!(problems[0].starts_with(&format!("src/proof/example.rs:{line}: ")), "{what}: {problems:?}");
    }
    for (what, text) in [
        ("down", "use crate::time::UnixTime;\nuse crate::{crypto::{self, KeyKind}, verdict::Verdict};\n"),
        ("itself", "use crate::proof::Statement;\nuse super::card_text;\nuse super::super::proof::error;\n"),
        ("a comment", "//! See [`crate::card`] and clap.\n/* crate::card */\n// use crate::card;\n"),
        ("a test", "#[cfg(test)]\nmod tests {\n    use crate::card::Channel;\n}\n"),
        ("tests with a reason", "#[cfg(all(test, unix))]\n#[allow(x)]\nmod tests { use crate::card::Channel; }\n"),
        ("a string", "const A: &str = \"use crate::card::Channel;\"; const B: &str = r\"crate::card\";\n"),
        ("another word", "let crate_card = clapper;\n"),
    ] {
        assert_eq!(judge("proof/example.rs", text), Vec::<String>::new(), "{what}");
    }
    assert_eq!(judge("proof/tests.rs", "use crate::card::Channel;\n"), Vec::<String>::new());
    assert_eq!(judge("simulator/mod.rs", "use crate::secret::Secret;\n").len(), 1, "a mirror proves nothing");
}

/// API-40: one clock, handed in. What measures patience is no clock: it tells no instant.
#[test]
fn the_program_alone_reads_the_time_of_day_and_in_one_place_api_40() {
    let reads = |text: &str| {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).filter(|line| reads_the_clock(line)).count()
    };
    assert!(reads_the_clock("let now = SystemTime::now();") && !reads_the_clock("let began = Instant::now();"));
    let is_test = |path: &Path| path.iter().any(|part| part == "tests" || part == "tests.rs");
    for (path, text) in library_files().filter(|(path, _)| !is_test(path)) {
        assert_eq!(reads(&text), 0, "{} reads a clock", path.display());
    }
    let program = rust_files(&source().join("cli")).into_iter().filter(|path| !is_test(path));
    let places: Vec<_> = program.filter(|path| reads(&fs::read_to_string(path).unwrap()) > 0).collect();
    assert_eq!(places, [source().join("cli/context.rs")]);
}

/// The ways to ask what time it is, in the standard library and in the crates this package has.
fn reads_the_clock(line: &str) -> bool {
    ["SystemTime::now", "UtcDateTime::now", "OffsetDateTime::now", "Utc::now", "UNIX_EPOCH.elapsed", "SystemTime as"]
        .iter()
        .any(|way| line.contains(way))
}

/// Room, and the rooms it may use: the table of arrows in docs/design.md.
fn rooms() -> BTreeMap<&'static str, &'static [&'static str]> {
    static ARROWS: LazyLock<BTreeMap<&'static str, &'static [&'static str]>> = LazyLock::new(|| {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/design.md");
        // Kept for the rest of the run: the names are borrowed from it everywhere.
        let page: &'static str = fs::read_to_string(page).unwrap().leak();
        let names = |cell: &'static str| cell.split('`').skip(1).step_by(2).collect::<Vec<_>>();
        let table = page.split("| room | may use |").nth(1).expect("docs/design.md has the table of arrows");
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.map(|row| {
            let cells: Vec<_> = row.split('|').collect();
            (names(cells[1])[0], &*names(cells[2]).leak())
        })
        .collect()
    });
    ARROWS.clone()
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of the library: all but the program's.
fn library_files() -> impl Iterator<Item = (PathBuf, String)> {
    rust_files(&source()).into_iter().filter_map(|path| {
        let inside = path.strip_prefix(source()).unwrap();
        let program = inside.starts_with("cli") || inside == Path::new("main.rs") || inside == Path::new("lib.rs");
        (!program).then(|| (path.clone(), fs::read_to_string(&path).unwrap()))
    })
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The forbidden arrows of one file, each as `src/room/file.rs:line: …`.
fn judge(path: &Path, text: &str) -> Vec<String> {
    let inside = path.strip_prefix(source()).unwrap();
    let parts: Vec<&str> = inside.iter().map(|part| part.to_str().unwrap()).collect();
    // Tests judge rooms from above.
    if parts.iter().any(|part| ["tests", "tests.rs"].contains(part)) {
        return Vec::new();
    }
    let room = parts[0].trim_end_matches(".rs");
    // How many `super` lead to the crate: src/room/mod.rs is the module `room`, src/room/file.rs is `room::file`.
    let depth = parts.len() - usize::from(parts.len() > 1 && parts[parts.len() - 1] == "mod.rs");
    let Some(allowed) = rooms().get(room).copied() else {
        return vec![format!("src/{}:1: `{room}` is not a room of the map", inside.display())];
    };
    let mut problems = Vec::new();
    let words = words(text);
    let mut complain = |line: usize, what: String| {
        problems.push(format!("src/{}:{line}: {what}", inside.display()));
    };
    let may = |target: &str| target == room || allowed.contains(&target);
    for (at, word) in words.iter().enumerate() {
        let next = |offset: usize| words.get(at + offset).map_or("", |word| word.text.as_str());
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", |word| word.text.as_str());
        match word.text.as_str() {
            "clap" => complain(word.line, "the library has no argument parser".into()),
            "honnin" if next(1) == "::" => complain(word.line, "inside the library, write `crate::`".into()),
            "crate" if next(1) == "as" => complain(word.line, "the crate under another name hides its arrows".into()),
            "crate" if next(1) == "::" => {
                for target in targets(&words, at + 2) {
                    if !may(&target.text) {
                        complain(target.line, format!("the arrow `{room}` -> `{}` is not on the map", target.text));
                    }
                }
            }
            "super" if before != "::" => {
                let mut count = 1;
                while next(2 * count - 1) == "::" && next(2 * count) == "super" {
                    count += 1;
                }
                // In a module written inside the file one `super` more is needed, so a room's name decides.
                let target = next(2 * count);
                if count >= depth && rooms().contains_key(target) && !may(target) {
                    complain(word.line, format!("the arrow `{room}` -> `{target}` is not on the map"));
                }
            }
            _ => {}
        }
    }
    problems
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    line: usize,
}

/// The first segments of the path or group that begins at `at`.
fn targets(words: &[Word], at: usize) -> Vec<Word> {
    if words.get(at).is_none_or(|word| word.text != "{") {
        return words.get(at).cloned().into_iter().collect();
    }
    let mut targets = Vec::new();
    let mut nesting = 0_usize;
    let mut first = false;
    for word in words.iter().skip(at) {
        match word.text.as_str() {
            "{" => {
                nesting += 1;
                first = nesting == 1;
            }
            "}" => {
                nesting -= 1;
                if nesting == 0 {
                    break;
                }
            }
            "," if nesting == 1 => first = true,
            _ if first => {
                targets.push(word.clone());
                first = false;
            }
            _ => {}
        }
    }
    targets
}

/// Identifiers and the signs that matter, without comments, strings, and what stands in `#[cfg(test)] mod … { … }`, which by
/// the rule of the house ends its file.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut characters = text.chars().peekable();
    let mut line = 1;
    while let Some(character) = characters.next() {
        let here = line;
        let mut push = |text: String| words.push(Word { text, line: here });
        match character {
            '\n' => line += 1,
            '/' if characters.peek() == Some(&'/') => {
                while characters.peek().is_some_and(|it| *it != '\n') {
                    characters.next();
                }
            }
            '/' if characters.peek() == Some(&'*') => {
                let mut last = ' ';
                for it in characters.by_ref() {
                    line += usize::from(it == '\n');
                    if last == '*' && it == '/' {
                        break;
                    }
                    last = it;
                }
            }
            '"' => {
                while let Some(it) = characters.next() {
                    match it {
                        '\\' => line += usize::from(characters.next() == Some('\n')),
                        '\n' => line += 1,
                        '"' => break,
                        _ => {}
                    }
                }
            }
            // A quoted character, so that '"' opens no string; a lifetime is an identifier like any other.
            '\'' => {
                let mut ahead = characters.clone();
                let (first, second) = (ahead.next(), ahead.next());
                if first == Some('\\') || second == Some('\'') {
                    characters.next();
                    if first == Some('\\') {
                        characters.next();
                    }
                    for it in characters.by_ref() {
                        if it == '\'' {
                            break;
                        }
                    }
                }
            }
            ':' if characters.peek() == Some(&':') => {
                characters.next();
                push("::".into());
            }
            '{' | '}' | ',' | ';' | '*' | '#' | '[' | ']' | '(' | ')' => push(character.into()),
            it if it.is_alphanumeric() || it == '_' => {
                let mut word = String::from(it);
                while let Some(it) = characters.next_if(|it| it.is_alphanumeric() || *it == '_') {
                    word.push(it);
                }
                // A raw string ends with as many signs as it begins with; what it holds is no code.
                let mut ahead = characters.clone();
                let signs = std::iter::from_fn(|| ahead.next_if_eq(&'#')).count();
                if ["r", "br", "cr"].contains(&word.as_str()) && ahead.peek() == Some(&'"') {
                    characters = ahead;
                    characters.next();
                    let end = format!("\"{}", "#".repeat(signs));
                    let mut seen = String::new();
                    while !seen.ends_with(&end) {
                        let Some(it) = characters.next() else { break };
                        line += usize::from(it == '\n');
                        seen.push(it);
                    }
                } else {
                    push(word);
                }
            }
            _ => {}
        }
    }
    let end = (0..words.len()).find(|at| opens_tests(&words[*at..])).unwrap_or(words.len());
    words.truncate(end);
    words
}

/// Whether here stands `#[cfg(test)] mod … {`, with other attributes between or beside it.
fn opens_tests(words: &[Word]) -> bool {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let mut at = 0;
    let mut test = false;
    while text(at) == "#" && text(at + 1) == "[" {
        let Some(length) = words[at..].iter().position(|word| word.text == "]") else { return false };
        let inside = &words[at..at + length];
        test |= text(at + 2) == "cfg"
            && inside.iter().any(|word| word.text == "test")
            && !inside.iter().any(|word| ["not", "any"].contains(&word.text.as_str()));
        at += length + 1;
    }
    test && text(at) == "mod" && text(at + 2) == "{"
}
