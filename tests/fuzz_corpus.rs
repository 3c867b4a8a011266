//! What the fuzz targets promise, held against every file that fuzzing kept, and against small changes of each: `make test` needs
//! no libFuzzer to see that what once broke stays mended. Longer in `make fuzz`.

// The promises are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![allow(unreachable_pub, missing_docs, clippy::cast_possible_truncation, reason = "shared with another package")]

#[path = "../fuzz/src/properties/mod.rs"]
mod properties;

use std::path::Path;

/// SplitMix64: the same changes in every run.
struct Changes(u64);

impl Changes {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The same with a byte changed, a few taken out, doubled, or the end cut off.
    fn of(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        if changed.is_empty() {
            return vec![self.next() as u8];
        }
        let at = self.next() as usize % changed.len();
        let end = (at + 1 + self.next() as usize % 8).min(changed.len());
        match self.next() % 6 {
            0..=2 => changed[at] = self.next() as u8,
            3 => drop(changed.drain(at..end)),
            4 => {
                let twice = changed[at..end].to_vec();
                changed.splice(at..at, twice);
            }
            _ => changed.truncate(at),
        }
        changed
    }
}

#[test]
fn every_kept_file_keeps_its_promise() {
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, hold) in properties::ALL {
        let mut files: Vec<_> = std::fs::read_dir(corpora.join(target)).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{target}");
        hold(b"");
        let mut changes = Changes(7);
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let told = |change: &dyn Fn()| {
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(change));
                assert!(outcome.is_ok(), "{target}: {} breaks a promise", file.display());
            };
            told(&|| hold(&bytes));
            let is_seed = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("seed-"));
            let rounds = match (long, is_seed) {
                (true, _) => 2000,
                (false, true) => 20,
                (false, false) => 0,
            };
            for round in 0..rounds {
                let changed = changes.of(&bytes);
                told(&|| {
                    if let Err(cause) = std::panic::catch_unwind(|| hold(&changed)) {
                        eprintln!("change {round}: {changed:02x?}");
                        std::panic::resume_unwind(cause);
                    }
                });
            }
        }
    }
}
