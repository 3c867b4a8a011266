//! Certificates and revocation lists, bent in every way that their structure offers: our word against OpenSSL's.
//!
//! Both accept, or both refuse, or the disagreement is of a class that `classes.tsv` names and argues. Most changes are made inside
//! the signed part and signed again, so that they reach what is checked behind the signature. A fixed sample runs in `make test`,
//! a million in `make test-long` (`HONNIN_DIFFERENTIAL=N` for N, `HONNIN_DIFFERENTIAL_SEED` for another series).

// All of this is test code; clippy only knows functions marked #[test].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::cast_possible_truncation
)]
#![allow(unreachable_pub, reason = "modules of a test")]
// With the other backend an unoptimised build takes minutes; that the backends agree is tested elsewhere.
#![cfg(feature = "fast-crypto")]

mod change;
mod classes;
mod judge;
mod tree;
mod word;
mod world;

use change::Dice;
use classes::Classes;
use judge::Judge;
use world::{Kind, World};

/// How many are asked about at once.
const BATCH: usize = 200;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn every_disagreement_with_openssl_is_known_and_argued() {
    let folder = tempfile::tempdir().unwrap();
    if Judge::compile(folder.path()).is_none() {
        assert!(std::env::var_os("CI").is_none(), "cc, or the headers of OpenSSL (libssl-dev), are missing");
        eprintln!("SKIPPED differential: cc, or the headers of OpenSSL (libssl-dev), are missing");
        return;
    }
    let world = World::new(folder.path());
    let mut judge = Judge::start(folder.path(), world.at.seconds());
    let world = world.with_signed_leaves(folder.path(), &mut judge);
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let wanted = number("HONNIN_DIFFERENTIAL", if long { 1_000_000 } else { 8_000 });
    let mut dice = Dice(number("HONNIN_DIFFERENTIAL_SEED", 20_261_122));
    let mut classes = Classes::read();

    // First what is not bent: both accept.
    for (kind, document) in world.straight(&mut judge) {
        let theirs = judge.ask(&[(kind.letter(), &document)]);
        let pairs = word::pairs(&world, kind, &document, &theirs[0]);
        assert!(pairs.iter().all(|(ours, theirs)| ours == theirs && !ours.contains(':')), "{kind:?}: {pairs:?}");
    }

    let mut done = 0;
    while done < wanted {
        let drafts: Vec<_> = (0..BATCH).map(|_| world.draft(&mut dice)).collect();
        let questions: Vec<(u8, &[u8])> = drafts.iter().map(|draft| (draft.signer, draft.signed.as_slice())).collect();
        let signatures = judge.ask(&questions);
        let documents: Vec<(Kind, Vec<u8>)> = drafts
            .into_iter()
            .zip(signatures)
            .map(|(draft, signature)| (draft.kind, draft.finished(&signature, &mut dice)))
            .collect();
        let questions: Vec<(u8, &[u8])> =
            documents.iter().map(|(kind, bytes)| (kind.letter(), bytes.as_slice())).collect();
        for ((kind, document), theirs) in documents.iter().zip(judge.ask(&questions)) {
            for (ours, theirs) in word::pairs(&world, *kind, document, &theirs) {
                classes.note(*kind, &ours, &theirs, document);
            }
        }
        done += BATCH as u64;
    }
    classes.tell(done);
}
