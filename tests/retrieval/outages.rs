//! Sources that are down: they rest, one by one, and what was kept serves as long as it is current.

use crate::server::{Server, list, response};
use crate::world::{World, now};
use honnin::reason::Reason;
use honnin::retrieval::{DirectoryCache, FetchError, Outcome};
use honnin::validation::{RevocationQuery, RevocationStatus};
use honnin::verdict::Conclusion;
use std::io::Write as _;

fn source(name: &str, url: &str, more: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\ndocument = \"crl\"\naddress = \"{url}\"\n{more}\n")
}

#[test]
fn a_source_that_says_when_is_left_alone_until_then() {
    // RSN-22
    let Some(world) = World::new() else { return };
    let server = Server::saying(response("503 Service Unavailable", &[("Retry-After", "120")], b""));
    let directory = world.folder().join("cache");
    let configuration = source("lists", &server.url("/"), "");
    let start = now();
    // Every time another program: that the source rests is remembered between them.
    for (after, requests) in [(0, 1), (1, 1), (119, 1), (120, 2)] {
        let cache = Box::new(DirectoryCache::open(&directory).unwrap());
        let retriever = world.retriever_with(&configuration, cache);
        let retrieved = world.retrieve(&retriever, "good", start.plus_seconds(after));
        assert_eq!(server.count(), requests, "after {after} s");
        let [attempt] = retrieved.attempts.as_slice() else { panic!("{:?}", retrieved.attempts) };
        let until = start.plus_seconds(if after < 120 { 120 } else { 240 });
        match attempt.outcome {
            Outcome::Failed(FetchError::Status { status: 503, .. }) => assert!(after % 120 == 0),
            Outcome::Failed(FetchError::Resting { until: found }) => assert_eq!(found, until),
            other => panic!("after {after} s: {other:?}"),
        }
        assert_eq!(retrieved.retry_at(), Some(until));
        let conclusion = world.judge("good", &retrieved, start).verdict.conclusion();
        assert_eq!(conclusion, Conclusion::Undetermined(Reason::ValidityUnavailable));
    }
}

#[test]
fn one_source_that_is_down_takes_no_other_with_it() {
    // RSN-23
    let Some(world) = World::new() else { return };
    let down = Server::saying(response("500 Oops", &[], b""));
    let up = Server::saying(list(&world.list("ca", 1, None)));
    let breaker = "[breaker]\nfailures = 2\nfirst_rest_seconds = 60\n";
    let configuration =
        [breaker, &source("first", &down.url("/"), ""), &source("second", &up.url("/"), "refresh_seconds = 0")]
            .concat();
    let retriever = world.retriever(&configuration);
    for (round, requests) in [(0, 1), (1, 2), (2, 2), (3, 2)] {
        let retrieved = world.retrieve(&retriever, "good", now());
        assert_eq!(down.count(), requests, "round {round}");
        assert_eq!(up.count(), round + 1);
        assert!(matches!(world.judge("good", &retrieved, now()).revocation, RevocationStatus::Good(_)));
    }
    let health = retriever.health();
    let [first, second] = ["first", "second"].map(|name| health[name].values().next().unwrap().clone());
    assert_eq!((first.failures_in_a_row, first.last_error.as_deref()), (2, Some("status")));
    assert!(first.resting_until.is_some() && second.resting_until.is_none());
    assert_eq!((second.failures_in_a_row, second.last_success.is_some()), (0, true));
    let usage = retriever.usage();
    assert_eq!((usage["first"].validity_checks_total, usage["second"].validity_checks_total), (0, 4));
    assert_eq!((usage["first"].requests_total, usage["first"].failures_total), (2, 2));
}

#[test]
fn a_missing_list_is_no_outage_of_its_source() {
    let Some(world) = World::new() else { return };
    let server = Server::saying(response("404 Not Found", &[], b""));
    let retriever = world.retriever(&source("lists", &server.url("/"), ""));
    for round in 1..=5 {
        world.retrieve(&retriever, "good", now());
        assert_eq!(server.count(), round, "other municipalities' lists are still asked for");
    }
}

#[test]
fn a_kept_list_serves_while_it_is_current_and_not_a_moment_longer() {
    // RSN-26
    let Some(world) = World::new() else { return };
    let body = list(&world.list("ca", 1, Some(("20261101000000Z", "20261102000000Z"))));
    let server = Server::new(move |_, before, stream| {
        let oops = response("502 Bad Gateway", &[], b"");
        let _ = stream.write_all(if before == 0 { &body } else { &oops });
    });
    let retriever = world.retriever(&source("lists", &server.url("/"), "refresh_seconds = 60"));
    let at = |text: &str| text.parse().unwrap();
    let first = world.retrieve(&retriever, "good", at("2026-11-01T12:00:00Z"));
    assert_eq!(first.attempts[0].outcome, Outcome::Fetched);
    for (instant, good) in [("2026-11-01T23:59:59Z", true), ("2026-11-02T00:00:00Z", false)] {
        let retrieved = world.retrieve(&retriever, "good", at(instant));
        assert!(matches!(retrieved.attempts[0].outcome, Outcome::KeptDespite(FetchError::Status { status: 502, .. })));
        // The certificates of this world are younger than its list, so only revocation is looked at.
        let revocation = world.judge("good", &retrieved, at(instant)).revocation;
        assert_eq!(matches!(revocation, RevocationStatus::Good(_)), good, "{instant}: {revocation:?}");
        assert!(good || matches!(revocation, RevocationStatus::Undetermined(_)));
    }
}

const BREAKER: &str = "[breaker]\nfailures = 2\nfirst_rest_seconds = 60\n";

#[test]
fn what_a_source_has_of_one_authority_rests_by_itself() {
    // RSN-23: the signing CA's lists and the authentication CA's are two dependencies, also where one source brings both.
    let Some(world) = World::new() else { return };
    let server = Server::saying(response("500 Oops", &[], b""));
    let retriever = world.retriever(&[BREAKER, &source("lists", &server.url("/"), "")].concat());
    let leaf = world.certificate("good");
    let ask = |ca: &str| {
        let ca = world.certificate(ca);
        retriever.retrieve(&RevocationQuery::of(&leaf, &ca, now()), &[], now()).attempts[0].outcome
    };
    let oops = |outcome| matches!(outcome, Outcome::Failed(FetchError::Status { status: 500, .. }));
    assert!(oops(ask("ca")) && oops(ask("ca")));
    assert!(matches!(ask("ca"), Outcome::Failed(FetchError::Resting { .. })), "that authority's rest");
    assert!(oops(ask("other")), "the other authority's do not");
    assert_eq!(server.count(), 3);
    let health = retriever.health();
    let failures: Vec<u32> = ["ca", "other"]
        .map(|name| {
            let key = hex::encode(world.certificate(name).extensions().subject_key_identifier.as_deref().unwrap());
            health["lists"][&key].failures_in_a_row
        })
        .to_vec();
    assert_eq!(failures, [2, 1]);
}

#[test]
fn a_bad_document_rests_and_no_other_with_it() {
    let Some(world) = World::new() else { return };
    let good = list(&world.list_of("elsewhere", "ca", 1, None));
    let bad = list(b"this is no list");
    let server = Server::new(move |head, _, stream| {
        let _ = stream.write_all(if head.starts_with("GET /Kiyose") { &bad } else { &good });
    });
    let directory = world.folder().join("cache");
    let configuration = [BREAKER, &source("lists", &server.url("/{CN}"), "refresh_seconds = 0")].concat();
    for round in 0..5 {
        // Every time another program: which document is bad is remembered, too.
        let cache = Box::new(DirectoryCache::open(&directory).unwrap());
        let retriever = world.retriever_with(&configuration, cache);
        let one = world.retrieve(&retriever, "good", now());
        match one.attempts[0].outcome {
            Outcome::Failed(FetchError::NotADocument) => assert!(round < 2, "round {round}"),
            Outcome::Failed(FetchError::Resting { until }) => {
                assert!(round >= 2, "round {round}");
                assert_eq!(one.retry_at(), Some(until));
            }
            other => panic!("round {round}: {other:?}"),
        }
        let other = world.retrieve(&retriever, "away", now());
        assert_eq!(other.attempts[0].outcome, Outcome::Fetched, "round {round}");
        assert!(matches!(world.judge("away", &other, now()).revocation, RevocationStatus::Good(_)));
    }
    assert_eq!(server.seen().iter().filter(|head| head.starts_with("GET /Kiyose")).count(), 2);
    // After its rest it is asked for again.
    let cache = Box::new(DirectoryCache::open(&directory).unwrap());
    let later = world.retrieve(&world.retriever_with(&configuration, cache), "good", now().plus_seconds(100));
    assert_eq!(later.attempts[0].outcome, Outcome::Failed(FetchError::NotADocument));
    let names: Vec<_> =
        std::fs::read_dir(&directory).unwrap().map(|file| std::fs::read(file.unwrap().path())).collect();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let told = names.iter().map(|bytes| text(bytes.as_ref().unwrap())).find(|text| text.contains("\"documents\""));
    assert!(!told.unwrap().contains("Kiyose"), "which municipality it is, is not written down");
}
