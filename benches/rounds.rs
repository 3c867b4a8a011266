//! Times of several contenders, taken in turn: a machine that slows down slows down all of them.

use std::time::Duration;

/// What is measured, by name.
pub type Contender<'a> = (&'a str, Box<dyn FnMut() -> Duration + 'a>);

/// How many rounds: `usual`, or as `HONNIN_BENCH_ROUNDS` says, for a quick look.
#[must_use]
pub fn rounds(usual: usize) -> usize {
    std::env::var("HONNIN_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual).max(1)
}

/// The best time of each, in their order. Every round has all of them, one after another.
pub fn best_of(rounds: usize, contenders: &mut [Contender<'_>]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; contenders.len()];
    for _ in 0..rounds {
        for (best, (_, run)) in best.iter_mut().zip(contenders.iter_mut()) {
            *best = run().min(*best);
        }
    }
    best
}

/// Prints one line for each: what, how long, how many times the first.
pub fn tell(contenders: &[Contender<'_>], best: &[Duration], unit: (&str, f64)) {
    let first = best.first().map_or(1.0, Duration::as_secs_f64);
    for ((name, _), time) in contenders.iter().zip(best) {
        let seconds = time.as_secs_f64();
        println!("  {name:<58} {:>9.2} {}  {:>6.2}x", seconds * unit.1, unit.0, seconds / first);
    }
}
