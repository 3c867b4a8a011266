//! Where the outside vectors are, and which of their cases are listed as differing (cli.md, "Outside vectors").

// Not every target that reads the list has a folder of vectors.
#![allow(dead_code, reason = "shared by targets of different needs")]
#![allow(clippy::print_stdout, reason = "a test harness speaks on stdout")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a suite came out. Of a suite that is not there nothing is known, so it has not passed.
pub(crate) enum Outcome {
    Passed { cases: usize },
    Failed { cases: usize, differences: Vec<String> },
    Skipped(String),
}

impl Outcome {
    pub(crate) fn of(cases: usize, differences: Vec<String>) -> Self {
        if differences.is_empty() { Self::Passed { cases } } else { Self::Failed { cases, differences } }
    }
}

/// The `main` of a suite's target, in the words of libtest, which itself cannot skip at run time. Understands a filter,
/// `--list`, `--skip` and `--exact`; other options make no difference to one test.
pub(crate) fn main(name: &str, suite: impl FnOnce() -> Outcome) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        println!("{name}: test\n\n1 test, 0 benchmarks");
        return ExitCode::SUCCESS;
    }
    let exact = arguments.iter().any(|argument| argument == "--exact");
    let matches = |filter: &String| if exact { filter == name } else { name.contains(filter.as_str()) };
    let mut filters = Vec::new();
    let mut unwanted = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--skip" => unwanted |= rest.next().is_some_and(&matches),
            "--test-threads" | "--format" | "--color" | "--logfile" | "-Z" => drop(rest.next()),
            option if option.starts_with('-') => {}
            _ => filters.push(argument),
        }
    }
    let summary = |word: &str, [passed, failed, ignored, filtered]: [u8; 4]| {
        println!(
            "\ntest result: {word}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; {filtered} filtered out"
        );
    };
    if unwanted || !(filters.is_empty() || filters.into_iter().any(matches)) {
        println!("\nrunning 0 tests");
        summary("ok", [0, 0, 0, 1]);
        return ExitCode::SUCCESS;
    }
    println!("\nrunning 1 test");
    match suite() {
        Outcome::Passed { cases } => {
            println!("test {name} ... ok ({cases} cases)");
            summary("ok", [1, 0, 0, 0]);
            ExitCode::SUCCESS
        }
        Outcome::Skipped(why) => {
            println!("test {name} ... ignored, SKIPPED: {why}");
            summary("ok", [0, 0, 1, 0]);
            ExitCode::SUCCESS
        }
        Outcome::Failed { cases, differences } => {
            println!("test {name} ... FAILED ({} of {cases} cases)\n{}", differences.len(), differences.join("\n"));
            summary("FAILED", [0, 1, 0, 0]);
            ExitCode::from(101)
        }
    }
}

/// The files named `prefix*.json` in the folder `part` of the vectors, in order. Where the default folder lacks them the suite is
/// skipped; where `HONNIN_VECTORS` is set they must be there.
pub(crate) fn files(part: &str, prefix: &str) -> Result<Vec<PathBuf>, Outcome> {
    let (folder, named) = match std::env::var_os("HONNIN_VECTORS") {
        Some(folder) => (PathBuf::from(folder), true),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), false),
    };
    let folder = folder.join(part);
    let entries = std::fs::read_dir(&folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(prefix) && name.ends_with(".json")
    });
    files.sort();
    let missing = format!("no {prefix}*.json in {}", folder.display());
    match (files.is_empty(), named) {
        (false, _) => Ok(files),
        (true, false) => Err(Outcome::Skipped(missing)),
        (true, true) => {
            Err(Outcome::Failed { cases: 0, differences: vec![format!("HONNIN_VECTORS is set, but {missing}")] })
        }
    }
}

/// The ids, or prefixes of ids, that `tests/vectors-open.tsv` lists for a suite.
pub(crate) struct Open(Vec<String>);

impl Open {
    pub(crate) fn of(suite: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors-open.tsv");
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
            let mut fields = line.split('\t');
            let [Some(of), Some(id), Some(why), None] = std::array::from_fn(|_| fields.next()) else {
                panic!("vectors-open.tsv: suite, id or prefix, reason; not {line:?}");
            };
            assert!(!id.is_empty() && why.len() > 20, "vectors-open.tsv: {id:?} is listed without a reason");
            (of, id)
        });
        Self(rows.filter(|(of, _)| *of == suite).map(|(_, id)| id.to_owned()).collect())
    }

    /// Whether the outcome of a case contradicts the list: it differs and is not listed, or it agrees and is listed by its
    /// whole id. A prefix speaks for a family, some of which may agree.
    pub(crate) fn contradicts(&self, id: &str, agrees: bool) -> bool {
        let whole = self.0.iter().any(|listed| listed == id);
        let family = self.0.iter().any(|listed| listed.strip_suffix('*').is_some_and(|prefix| id.starts_with(prefix)));
        if agrees { whole } else { !whole && !family }
    }
}
