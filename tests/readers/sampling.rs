//! Which cases are tried: a seeded sample in `make test`, with `HONNIN_TEST_LONG=1` all of them, dealt out to several
//! processes with a service each, because a case is mostly waiting.

/// How many processes share the long run.
pub(crate) const SHARES: u64 = 6;

/// The variable that tells such a process which share is its own.
pub(crate) const SHARE: &str = "HONNIN_TEST_SHARE";

/// Whether this is the long run.
pub(crate) fn long() -> bool {
    std::env::var_os("HONNIN_TEST_LONG").is_some()
}

/// One case in `one_in`, by a fixed seed and the case's own words; in the long run every case of this process's share.
pub(crate) fn is_chosen(words: &str, one_in: u64) -> bool {
    // FNV-1a, so that the sample does not depend on anything but the words.
    let hash = words
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    match std::env::var(SHARE).ok().and_then(|share| share.parse::<u64>().ok()) {
        Some(share) if long() => (hash >> 7) % SHARES == share,
        _ => long() || (hash >> 7).is_multiple_of(one_in),
    }
}

/// A sample must be one; a share of the long run may have none of a small kind.
pub(crate) fn enough(cases: usize, at_least: usize) {
    assert!(long() || cases >= at_least, "{cases} cases are no sample");
    eprintln!("{cases} cases");
}
