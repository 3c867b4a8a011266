//! The corpus of recorded sessions in `fixtures/traces/`: made by today's client on the simulated card, typed by hand after
//! card.md §10, and recorded from other clients.
//!
//! Every recording is replayed to the result it had, judged by the linter, and asked again of the simulated card.
//! `UPDATE=1 cargo test --test traces` makes the first kind anew: read the difference.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "a test")]

mod another_client;
mod by_hand;
mod cards;
mod conformance;
mod dissector;
mod formats;
mod making;
mod masking;
mod product;
mod scenarios;

use std::path::{Path, PathBuf};

/// `fixtures/traces/`
pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/traces")
}

/// Every recording in this part of the corpus, in order of the names.
pub(crate) fn recordings(below: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![corpus().join(below)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jsonl") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no recording below {below}");
    found
}

/// Its name in the corpus.
pub(crate) fn name_of(path: &Path) -> String {
    path.strip_prefix(corpus()).unwrap().with_extension("").to_str().unwrap().to_owned()
}

/// All of `things` with `HONNIN_TEST_LONG=1`, else every `step`th: which ones changes with nothing but the corpus.
pub(crate) fn sample<T>(things: Vec<T>, step: usize) -> Vec<T> {
    let step = if std::env::var_os("HONNIN_TEST_LONG").is_some() { 1 } else { step };
    things.into_iter().step_by(step).collect()
}
