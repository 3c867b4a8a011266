//! What servers do wrong, one by one: nothing of it is ever taken for an answer, and nothing takes longer than allowed.

use crate::server::{Server, list, response};
use crate::world::{World, now};
use honnin::retrieval::{FetchError, Outcome};
use honnin::validation::{RevocationReason, RevocationStatus};
use honnin::verdict::Conclusion;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// One source with tight limits.
fn source(url: &str) -> String {
    format!(
        "[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"{url}\"\ntotal_seconds = 5\nidle_seconds = 2\n\
         bytes = 100000\n"
    )
}

/// What became of one request to `server`. Whatever went wrong, the certificate's status is undetermined and never failed
/// (RSN-20).
fn outcome(world: &World, url: &str) -> Outcome {
    let retriever = world.retriever(&source(url));
    let started = Instant::now();
    let retrieved = world.retrieve(&retriever, "good", now());
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    let conclusion = world.judge("good", &retrieved, now()).verdict.conclusion();
    let [attempt] = retrieved.attempts.as_slice() else { panic!("{:?}", retrieved.attempts) };
    match attempt.outcome {
        Outcome::Fetched => assert_eq!(conclusion, Conclusion::Yes),
        _ => assert_eq!(conclusion, Conclusion::Undetermined(honnin::reason::Reason::ValidityUnavailable)),
    }
    attempt.outcome
}

fn failure(world: &World, url: &str) -> FetchError {
    match outcome(world, url) {
        Outcome::Failed(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_list_is_fetched_and_answers() {
    let Some(world) = World::new() else { return };
    let server = Server::saying(list(&world.list("ca", 1, None)));
    let retriever = world.retriever(&source(&server.url("/crl")));
    let retrieved = world.retrieve(&retriever, "good", now());
    assert_eq!(retrieved.attempts[0].outcome, Outcome::Fetched);
    assert!(matches!(world.judge("good", &retrieved, now()).revocation, RevocationStatus::Good(_)));
    let revoked = world.judge("revoked", &retrieved, now()).revocation;
    let RevocationStatus::Revoked { at, reason, .. } = revoked else { panic!("{revoked:?}") };
    assert_eq!((at.to_string().as_str(), reason), ("2020-01-02T03:04:05Z", Some(RevocationReason::AffiliationChanged)));
    let head = &server.seen()[0];
    assert!(head.starts_with("GET /crl HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains("accept-encoding: identity"), "{head}");
    // PEM as well: some operators hand that on.
    let pem = std::fs::read(world.folder().join("ca.crl.pem")).unwrap();
    let server = Server::saying(response("200 OK", &[("Content-Type", "application/x-pem-file")], &pem));
    assert_eq!(outcome(&world, &server.url("/")), Outcome::Fetched);
}

#[test]
fn what_comes_too_slowly_is_given_up() {
    let Some(world) = World::new() else { return };
    let body = world.list("ca", 1, None);
    // A byte every 100 ms is never idle, but it takes too long.
    let whole = list(&body);
    let drip = Server::new(move |_, _, stream| {
        for byte in whole.chunks(1) {
            if stream.write_all(byte).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    assert_eq!(failure(&world, &drip.url("/")), FetchError::TooSlow);
    // The beginning, then nothing.
    let beginning = list(&body)[..200].to_vec();
    let silent = Server::new(move |_, _, stream| {
        let _ = stream.write_all(&beginning);
        std::thread::sleep(Duration::from_secs(8));
    });
    assert_eq!(failure(&world, &silent.url("/")), FetchError::Idle);
    // Not even a beginning.
    let mute = Server::new(|_, _, _| std::thread::sleep(Duration::from_secs(8)));
    assert_eq!(failure(&world, &mute.url("/")), FetchError::Idle);
}

#[test]
fn lies_about_length_are_found() {
    let Some(world) = World::new() else { return };
    let body = world.list("ca", 1, None);
    let with_length = |length: usize, body: &[u8]| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/pkix-crl\r\nContent-Length: {length}\r\n\r\n"
        );
        Server::saying([head.as_bytes(), body].concat())
    };
    let long = with_length(body.len() + 50, &body);
    assert_eq!(failure(&world, &long.url("/")), FetchError::CutOff);
    let cut = with_length(body.len(), &body[..body.len() / 2]);
    assert_eq!(failure(&world, &cut.url("/")), FetchError::CutOff);
    let short = with_length(body.len() - 50, &body);
    assert_eq!(failure(&world, &short.url("/")), FetchError::NotADocument);
    // Without a length, the end of the connection is the end of the document: only the document itself can tell.
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/pkix-crl\r\n\r\n";
    let endless = Server::saying([&head[..], &body[..100]].concat());
    assert_eq!(failure(&world, &endless.url("/")), FetchError::NotADocument);
    let chunked = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n";
    let unfinished = Server::saying([&chunked[..], &body[..20]].concat());
    assert_eq!(failure(&world, &unfinished.url("/")), FetchError::CutOff);
    let both = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 500\r\n\r\n";
    let twice = Server::saying([&both[..], &body].concat());
    assert!(matches!(outcome(&world, &twice.url("/")), Outcome::Failed(_)));
}

#[test]
fn what_is_too_large_is_not_taken() {
    let Some(world) = World::new() else { return };
    let announced = Server::saying(list(&vec![0x30; 100_001]));
    assert_eq!(failure(&world, &announced.url("/")), FetchError::TooLarge { limit: 100_000 });
    // Without an end, and without saying so.
    let endless = Server::new(|_, _, stream| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nTransfer-Encoding: chunked\r\n\r\n";
        let _ = stream.write_all(head);
        while stream.write_all(&[&b"1000\r\n"[..], &[0x30; 0x1000], b"\r\n"].concat()).is_ok() {}
    });
    assert_eq!(failure(&world, &endless.url("/")), FetchError::TooLarge { limit: 100_000 });
    let headers = Server::new(|_, _, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X-More: yes\r\n").is_ok() {}
    });
    assert_eq!(failure(&world, &headers.url("/")), FetchError::Protocol);
    // A bomb: small on the wire, a gibibyte of zeros unpacked. It is not unpacked at all.
    let bomb =
        response("200 OK", &[("Content-Type", "application/pkix-crl"), ("Content-Encoding", "gzip")], &[0x1F; 900]);
    assert_eq!(failure(&world, &Server::saying(bomb).url("/")), FetchError::ContentEncoding);
}

#[test]
fn what_is_something_else_is_not_taken() {
    let Some(world) = World::new() else { return };
    let body = world.list("ca", 1, None);
    let page = response("200 OK", &[("Content-Type", "text/html; charset=utf-8")], b"<html>Please log in</html>");
    assert_eq!(failure(&world, &Server::saying(page).url("/")), FetchError::ContentType);
    let unlabelled = response("200 OK", &[], b"<html>Please log in</html>");
    assert_eq!(failure(&world, &Server::saying(unlabelled).url("/")), FetchError::NotADocument);
    let no_type = response("200 OK", &[], &body);
    assert_eq!(outcome(&world, &Server::saying(no_type).url("/")), Outcome::Fetched);
    for (status, number) in [("404 Not Found", 404), ("500 Oops", 500), ("206 Partial Content", 206), ("304 Same", 304)]
    {
        let server = Server::saying(response(status, &[("Content-Type", "application/pkix-crl")], &body));
        assert_eq!(failure(&world, &server.url("/")), FetchError::Status { status: number, retry_after: None });
    }
    let noise = Server::saying(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec());
    assert!(matches!(failure(&world, &noise.url("/")), FetchError::Protocol | FetchError::CutOff));
    let silence = Server::saying(Vec::new());
    assert!(matches!(
        failure(&world, &silence.url("/")),
        FetchError::NoConnection | FetchError::CutOff | FetchError::Protocol
    ));
    // Whole and well made, and of somebody else with the same name.
    let forged = list(&world.list("other", 1, None));
    assert_eq!(failure(&world, &Server::saying(forged).url("/")), FetchError::NotAuthentic);
}

#[test]
fn redirects_are_followed_a_little_way() {
    let Some(world) = World::new() else { return };
    let to = |location: &str| response("302 Found", &[("Location", location)], b"");
    let answer = list(&world.list("ca", 1, None));
    let moved = to("/new/place");
    let good = Server::new(move |head, _, stream| {
        let _ = stream.write_all(if head.starts_with("GET /new/place ") { &answer } else { &moved });
    });
    assert_eq!(outcome(&world, &good.url("/crl")), Outcome::Fetched);
    let circle = Server::saying(to("/crl"));
    assert_eq!(failure(&world, &circle.url("/crl")), FetchError::TooManyRedirects);
    assert_eq!(circle.count(), 4, "three redirects are followed");
    // A port where nobody listens any more.
    let gone = Server::saying(Vec::new()).port();
    std::thread::sleep(Duration::from_millis(100));
    let nowhere = Server::saying(to(&format!("http://127.0.0.1:{gone}/")));
    assert_eq!(failure(&world, &nowhere.url("/")), FetchError::NoConnection);
    for elsewhere in
        ["file:///etc/passwd", "http://localhost/", "ftp://127.0.0.1/", "http://user@127.0.0.1/", "http:///x"]
    {
        let server = Server::saying(to(elsewhere));
        assert_eq!(failure(&world, &server.url("/")), FetchError::RedirectRefused, "{elsewhere}");
    }
    let nowhere_at_all = Server::saying(response("301 Moved", &[], b""));
    assert_eq!(failure(&world, &nowhere_at_all.url("/")), FetchError::Protocol);
}

#[test]
fn nobody_there_is_an_outage() {
    let Some(world) = World::new() else { return };
    let gone = Server::saying(Vec::new()).port();
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(failure(&world, &format!("http://127.0.0.1:{gone}/")), FetchError::NoConnection);
    assert!(matches!(
        failure(&world, "http://no-such-host.invalid/"),
        FetchError::HostUnknown | FetchError::NoConnection
    ));
    assert_eq!(failure(&world, "ldap://127.0.0.1/cn=list"), FetchError::SchemeUnsupported);
}
