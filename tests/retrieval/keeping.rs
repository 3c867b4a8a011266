//! What is kept: asked about again by condition, whole or not at all, and never older than what was there.

use crate::server::{Server, list, response};
use crate::world::{World, now};
use honnin::retrieval::{
    Cache as _, CacheEntry, CacheKey, DirectoryCache, FetchError, MemoryCache, Outcome, Retrieved, Validators,
};
use honnin::time::UnixTime;
use honnin::validation::RevocationStatus;
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn source(url: &str, more: &str) -> String {
    format!("[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"{url}\"\n{more}\n")
}

#[test]
fn a_kept_list_is_asked_about_by_condition() {
    let Some(world) = World::new() else { return };
    let body = world.list("ca", 1, None);
    let head = [
        ("Content-Type", "application/pkix-crl"),
        ("ETag", "\"one\""),
        ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    let (whole, same) = (response("200 OK", &head, &body), response("304 Not Modified", &[], b""));
    let server = Server::new(move |head, _, stream| {
        let _ = stream.write_all(if head.to_ascii_lowercase().contains("if-none-match") { &same } else { &whole });
    });
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 600"));
    let start = now();
    for (after, expected, requests) in [
        (0, Outcome::Fetched, 1),
        (599, Outcome::Kept, 1),
        (600, Outcome::Unchanged, 2),
        // What was confirmed is young again.
        (1199, Outcome::Kept, 2),
        (1200, Outcome::Unchanged, 3),
        // A clock that was set back makes nothing young.
        (-1000, Outcome::Unchanged, 4),
    ] {
        let retrieved = world.retrieve(&retriever, "good", start.plus_seconds(after));
        assert_eq!(retrieved.attempts[0].outcome, expected, "after {after} s");
        assert_eq!(server.count(), requests, "after {after} s");
        assert!(matches!(
            world.judge("good", &retrieved, start.plus_seconds(60)).revocation,
            RevocationStatus::Good(_)
        ));
    }
    let head = server.seen()[1].to_ascii_lowercase();
    assert!(head.contains("if-none-match: \"one\"\r\n"), "{head}");
    assert!(head.contains("if-modified-since: sun, 06 nov 1994 08:49:37 gmt\r\n"), "{head}");
    // LAW-32
    let usage = retriever.usage()["lists"];
    assert_eq!((usage.requests_total, usage.unchanged_total, usage.kept_total, usage.failures_total), (4, 3, 2, 0));
    assert_eq!(usage.validity_checks_total, 5, "the one before the list was made could not be answered");
}

#[test]
fn an_older_list_and_a_forged_one_replace_nothing() {
    let Some(world) = World::new() else { return };
    let older = list(&world.list("ca", 1, Some(("20260101000000Z", "20491231000000Z"))));
    let newer = list(&world.list("ca", 2, Some(("20260601000000Z", "20491231000000Z"))));
    let forged = list(&world.list("other", 3, Some(("20260901000000Z", "20491231000000Z"))));
    let server = Server::new(move |_, before, stream| {
        let _ = stream.write_all([&newer, &older, &forged][before.min(2)]);
    });
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    for expected in
        [Outcome::Fetched, Outcome::KeptDespite(FetchError::Older), Outcome::KeptDespite(FetchError::NotAuthentic)]
    {
        let retrieved = world.retrieve(&retriever, "good", now());
        assert_eq!(retrieved.attempts[0].outcome, expected);
        assert_eq!(retrieved.crls[0].this_update().to_string(), "2026-06-01T00:00:00Z");
    }
}

#[test]
fn a_genuine_list_of_another_partition_replaces_nothing() {
    // certificates.md §3.3: the right list is found by its distribution point, by name; a newer one of elsewhere is none.
    let Some(world) = World::new() else { return };
    let right = list(&world.list("ca", 1, Some(("20260601000000Z", "20491231000000Z"))));
    let elsewhere = list(&world.list_of("elsewhere", "ca", 2, Some(("20260901000000Z", "20491231000000Z"))));
    let (right, elsewhere) = (&right, &elsewhere);
    let serve = |order: &'static [bool]| {
        let (right, elsewhere) = (right.clone(), elsewhere.clone());
        Server::new(move |_, before, stream| {
            let _ = stream.write_all(if order[before.min(order.len() - 1)] { &right } else { &elsewhere });
        })
    };
    let revoked = |retrieved: &Retrieved| {
        matches!(world.judge("revoked", retrieved, now()).revocation, RevocationStatus::Revoked { .. })
    };

    let server = serve(&[true, false, true]);
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    for expected in [Outcome::Fetched, Outcome::KeptDespite(FetchError::OtherScope), Outcome::Fetched] {
        let retrieved = world.retrieve(&retriever, "revoked", now());
        assert_eq!(retrieved.attempts[0].outcome, expected);
        assert!(revoked(&retrieved), "{expected:?}");
    }
    // Where it comes first, it does not stand in the way of the right one.
    let server = serve(&[false, true]);
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    let first = world.retrieve(&retriever, "revoked", now());
    assert_eq!((first.attempts[0].outcome, first.crls.len()), (Outcome::Failed(FetchError::OtherScope), 0));
    let second = world.retrieve(&retriever, "revoked", now());
    assert_eq!(second.attempts[0].outcome, Outcome::Fetched);
    assert!(revoked(&second));
    // One address that has now this list and now that one: each is kept for whom it speaks of.
    let server = serve(&[true, false, false, true]);
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    for (leaf, expected) in [
        ("revoked", Outcome::Fetched),
        ("away", Outcome::Fetched),
        ("revoked", Outcome::KeptDespite(FetchError::OtherScope)),
        ("away", Outcome::KeptDespite(FetchError::OtherScope)),
    ] {
        let retrieved = world.retrieve(&retriever, leaf, now());
        assert_eq!(retrieved.attempts[0].outcome, expected, "{leaf}");
        assert_eq!(revoked(&retrieved), leaf == "revoked");
    }
}

#[test]
fn a_list_that_covers_less_is_looked_at_and_replaces_nothing() {
    let Some(world) = World::new() else { return };
    let complete = list(&world.list("ca", 1, Some(("20260601000000Z", "20491231000000Z"))));
    let some_reasons = list(&world.list_of("some_reasons", "ca", 2, Some(("20260701000000Z", "20491231000000Z"))));
    world.revoke_good_at("2026-08-01T00:00:00Z".parse().unwrap(), "superseded");
    let changes = list(&world.list_of("changes", "ca", 3, Some(("20260801000000Z", "20491231000000Z"))));
    let good = |retrieved: &Retrieved| world.judge("good", retrieved, now()).revocation;

    let down = response("503 Down", &[], b"");
    let order = [complete.clone(), some_reasons.clone(), changes.clone(), complete.clone(), down.clone()];
    let server = Server::new(move |_, before, stream| {
        let _ = stream.write_all(&order[before.min(4)]);
    });
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    for (step, (expected, lists, revoked)) in [
        (Some(Outcome::Fetched), 1, false),
        (Some(Outcome::KeptDespite(FetchError::Narrower)), 2, false),
        // What changed since the list that is kept: it counts.
        (Some(Outcome::KeptDespite(FetchError::Narrower)), 3, true),
        // The complete list of before, once more: what has changed since is not forgotten over it.
        (Some(Outcome::Fetched), 3, true),
        // Nor while the source is down.
        (None, 3, true),
    ]
    .into_iter()
    .enumerate()
    {
        let retrieved = world.retrieve(&retriever, "good", now());
        let outcome = retrieved.attempts[0].outcome;
        match expected {
            Some(expected) => assert_eq!(outcome, expected, "{step}"),
            None => assert!(matches!(outcome, Outcome::KeptDespite(FetchError::Status { .. })), "{step}: {outcome:?}"),
        }
        assert_eq!(retrieved.crls.len(), lists, "{step}");
        let found = good(&retrieved);
        assert_eq!(matches!(found, RevocationStatus::Revoked { .. }), revoked, "{step}: {found:?}");
        assert!(revoked || matches!(found, RevocationStatus::Good(_)), "{step}: {found:?}");
    }

    // Where the one that covers less came first, the complete one stands beside it, though it is older: together they say what
    // they say in the other order, also to the next program and while the source is down.
    for (narrow, revoked) in [(some_reasons, false), (changes, true)] {
        let (complete, down) = (complete.clone(), down.clone());
        let server = Server::new(move |_, before, stream| {
            let _ = stream.write_all([&narrow, &complete, &down][before.min(2)]);
        });
        let directory = tempfile::tempdir().unwrap();
        for step in 0..3 {
            let cache = Box::new(DirectoryCache::open(directory.path()).unwrap());
            let retriever = world.retriever_with(&source(&server.url("/"), "refresh_seconds = 0"), cache);
            let retrieved = world.retrieve(&retriever, "good", now());
            match (step, good(&retrieved)) {
                (0, RevocationStatus::Undetermined(_)) => assert_eq!(retrieved.crls.len(), 1),
                (1.., RevocationStatus::Revoked { .. }) => assert!(revoked, "{step}"),
                (1.., RevocationStatus::Good(_)) => assert!(!revoked, "{step}"),
                (step, found) => panic!("{step}, {revoked}: {found:?}"),
            }
            assert_eq!(retrieved.attempts[0].outcome == Outcome::Fetched, step < 2, "{step}");
        }
    }
}

#[test]
fn a_newer_complete_list_ends_what_narrower_ones_said() {
    let Some(world) = World::new() else { return };
    let end = "20491231000000Z";
    let first = list(&world.list("ca", 1, Some(("20260601000000Z", end))));
    let newer = list(&world.list("ca", 4, Some(("20260901000000Z", end))));
    // On hold in August, released by September.
    world.revoke_good_at("2026-08-01T00:00:00Z".parse().unwrap(), "certificateHold");
    let changes = list(&world.list_of("changes", "ca", 3, Some(("20260801000000Z", end))));
    let order = [first, changes.clone(), newer, changes];
    let server = Server::new(move |_, before, stream| {
        let _ = stream.write_all(&order[before.min(3)]);
    });
    let retriever = world.retriever(&source(&server.url("/"), "refresh_seconds = 0"));
    for (expected, lists, revoked) in [
        (Outcome::Fetched, 1, false),
        (Outcome::KeptDespite(FetchError::Narrower), 2, true),
        (Outcome::Fetched, 1, false),
        // Played back, it says nothing any more.
        (Outcome::KeptDespite(FetchError::Older), 1, false),
    ] {
        let retrieved = world.retrieve(&retriever, "good", now());
        assert_eq!((retrieved.attempts[0].outcome, retrieved.crls.len()), (expected, lists));
        let found = world.judge("good", &retrieved, now()).revocation;
        assert_eq!(matches!(found, RevocationStatus::Revoked { .. }), revoked, "{expected:?}: {found:?}");
    }
}

#[test]
fn what_ran_out_is_asked_for_again_unless_a_current_list_includes_it() {
    let Some(world) = World::new() else { return };
    let start = now();
    let hour = |n: i64| start.plus_seconds(n * 3600);
    let complete = list(&world.list_between(1, hour(0), hour(48)));
    let changes = list(&world.changes_between(2, hour(1), hour(2)));
    let later = list(&world.changes_between(3, hour(47), hour(90)));
    let order = [complete, changes, later];
    let server = Server::new(move |_, before, stream| {
        let _ = stream.write_all(&order[before.min(2)]);
    });
    let refresh = format!("refresh_seconds = {}", 3600 * 24 * 7);
    let directory = tempfile::tempdir().unwrap();
    let ask = |at: UnixTime, refresh: &str| {
        let cache = Box::new(DirectoryCache::open(directory.path()).unwrap());
        let retriever = world.retriever_with(&source(&server.url("/"), refresh), cache);
        let retrieved = world.retrieve(&retriever, "good", at);
        (retrieved.attempts[0].outcome, server.count())
    };
    assert_eq!(ask(hour(1), &refresh), (Outcome::Fetched, 1));
    assert_eq!(ask(hour(1), "refresh_seconds = 0"), (Outcome::KeptDespite(FetchError::Narrower), 2));
    // The changes have run out, and the complete list has not.
    assert_eq!(ask(hour(3), &refresh), (Outcome::Kept, 2));
    assert_eq!(ask(hour(47), "refresh_seconds = 0"), (Outcome::KeptDespite(FetchError::Narrower), 3));
    assert_eq!(ask(hour(47), &refresh), (Outcome::Kept, 3));
    // Now the complete list has run out, and no list of changes speaks in its place.
    assert_eq!(ask(hour(49), &refresh).1, 4);
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_damaged_cache_costs_a_request_and_nothing_else() {
    let Some(world) = World::new() else { return };
    let server = Server::saying(list(&world.list("ca", 1, None)));
    let directory = world.folder().join("deep/cache");
    let ask = || {
        let cache = Box::new(DirectoryCache::open(&directory).unwrap());
        let retriever = world.retriever_with(&source(&server.url("/"), ""), cache);
        let retrieved = world.retrieve(&retriever, "good", now());
        assert!(matches!(world.judge("good", &retrieved, now()).revocation, RevocationStatus::Good(_)));
        retrieved.attempts[0].outcome
    };
    assert_eq!(ask(), Outcome::Fetched);
    assert_eq!(ask(), Outcome::Kept, "another program finds it");
    let names = files(&directory);
    assert_eq!(names.len(), 4, "a list, how the sources fare, and a head for each: {names:?}");
    for name in &names {
        let text = name.display().to_string();
        assert!(!text.contains("Kiyose") && !text.contains("127.0.0.1"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(name.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
    let damages: [fn(&Path); 6] = [
        |file| std::fs::remove_file(file).unwrap(),
        |file| std::fs::write(file, b"").unwrap(),
        |file| std::fs::write(file, b"{\"checked_at\":1,\"sha256\":\"../../../etc/passwd\"}").unwrap(),
        |file| {
            let bytes = std::fs::read(file).unwrap();
            std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        },
        |file| {
            let mut bytes = std::fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(file, bytes).unwrap();
        },
        |file| {
            std::fs::remove_file(file).unwrap();
            std::fs::create_dir(file).unwrap();
        },
    ];
    for damage in damages {
        for which in 0..names.len() {
            std::fs::remove_dir_all(&directory).unwrap();
            assert_eq!(ask(), Outcome::Fetched);
            damage(&files(&directory)[which]);
            assert!(matches!(ask(), Outcome::Fetched | Outcome::Kept));
        }
    }
    // Where nothing can be written, every request goes out.
    std::fs::remove_dir_all(&directory).unwrap();
    let cache = Box::new(DirectoryCache::open(&directory).unwrap());
    std::fs::remove_dir(&directory).unwrap();
    let retriever = world.retriever_with(&source(&server.url("/"), ""), cache);
    for _ in 0..2 {
        assert_eq!(world.retrieve(&retriever, "good", now()).attempts[0].outcome, Outcome::Fetched);
    }
}

#[test]
fn many_writers_leave_a_whole_entry() {
    let directory = tempfile::tempdir().unwrap();
    let key = CacheKey::of(&["a", "b"]);
    assert_ne!(key, CacheKey::of(&["ab", ""]));
    let entry = |n: u8| CacheEntry {
        checked_at: UnixTime::from_seconds(n.into()),
        validators: Validators { entity_tag: Some(n.to_string()), last_modified: None },
        bytes: vec![n; 50_000],
    };
    std::thread::scope(|scope| {
        for n in 0..4 {
            let cache = DirectoryCache::open(directory.path()).unwrap();
            scope.spawn(move || {
                for _ in 0..20 {
                    cache.store(&key, &entry(n)).unwrap();
                    if let Some(found) = cache.load(&key) {
                        assert!(found.bytes.len() == 50_000 && found.bytes.windows(2).all(|pair| pair[0] == pair[1]));
                    }
                }
            });
        }
    });
    // Whoever wrote last may have swept away what another's head names: then it is absent, and one more write mends it.
    let cache = DirectoryCache::open(directory.path()).unwrap();
    cache.store(&key, &entry(9)).unwrap();
    assert_eq!(cache.load(&key), Some(entry(9)));
    assert!(files(directory.path()).iter().all(|file| file.extension().is_none_or(|extension| extension != "new")));
}

#[test]
fn memory_holds_no_more_than_it_may() {
    let cache = MemoryCache::new(100);
    let entry = |at, length| CacheEntry {
        checked_at: UnixTime::from_seconds(at),
        validators: Validators::default(),
        bytes: vec![0; length],
    };
    let keys: Vec<_> = ["a", "b", "c", "d"].map(|name| CacheKey::of(&[name])).to_vec();
    cache.store(&keys[0], &entry(1, 40)).unwrap();
    cache.store(&keys[1], &entry(2, 40)).unwrap();
    cache.confirm(&keys[0], UnixTime::from_seconds(3)).unwrap();
    cache.store(&keys[2], &entry(4, 40)).unwrap();
    assert!(cache.load(&keys[0]).is_some() && cache.load(&keys[1]).is_none() && cache.load(&keys[2]).is_some());
    cache.store(&keys[3], &entry(5, 101)).unwrap();
    assert!(cache.load(&keys[3]).is_none() && cache.load(&keys[2]).is_some());
}
