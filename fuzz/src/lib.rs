//! What the fuzz targets assert. The targets themselves are one line each (`fuzz_targets/`), so that the same properties can be
//! held against the kept corpora without libFuzzer: `tests/fuzz_corpus.rs` of the main package does it in `make test`.

pub mod properties;
