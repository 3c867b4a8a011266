//! Which list is whose: by the distribution point of the certificate, through a table or a pattern; and files as sources.

use crate::server::{Server, list};
use crate::world::{POINT, World, now};
use honnin::retrieval::{Configuration, FetchError, Outcome};
use honnin::validation::RevocationStatus;
use std::process::Command;

fn only(world: &World, configuration: &str) -> Outcome {
    let retrieved = world.retrieve(&world.retriever(configuration), "good", now());
    let [attempt] = retrieved.attempts.as_slice() else { panic!("{:?}", retrieved.attempts) };
    attempt.outcome
}

#[test]
fn the_list_of_the_municipality_is_asked_for() {
    let Some(world) = World::new() else { return };
    let server = Server::saying(list(&world.list("ca", 1, None)));
    let base = server.url("");
    let head = "[[source]]\nname = \"lists\"\ndocument = \"crl\"\n";
    assert_eq!(only(&world, &format!("{head}address = \"{base}/sign/{{OU}}/{{CN}}.crl\"\n")), Outcome::Fetched);
    assert!(server.seen()[0].starts_with("GET /sign/Tokyo-to/Kiyose-shi%20CRLDP.crl "), "{}", server.seen()[0]);
    // A table of every municipality; the name in another spelling is the same name.
    let mut table = format!("{head}[source.points]\n");
    for n in 0..1900 {
        table.push_str(&format!("\"C=JP, O=TEST, OU=Tokyo-to, CN=Town {n} CRLDP\" = \"{base}/town/{n}\"\n"));
    }
    table.push_str(&format!("\"c=jp,o=test,ou=TOKYO-TO,cn=kiyose-shi  crldp\" = \"{base}/kiyose\"\n"));
    assert_eq!(only(&world, &table), Outcome::Fetched);
    assert!(server.seen()[1].starts_with("GET /kiyose "), "{}", server.seen()[1]);
    // No address, no request.
    let elsewhere = format!("{head}[source.points]\n\"C=JP, O=TEST, CN=Elsewhere\" = \"{base}/x\"\n");
    assert_eq!(only(&world, &elsewhere), Outcome::Failed(FetchError::NoAddress));
    assert_eq!(server.count(), 2);
}

#[test]
fn a_source_serves_its_issuers_only() {
    let Some(world) = World::new() else { return };
    let server = Server::saying(list(&world.list("ca", 1, None)));
    let key = hex::encode(world.certificate("ca").extensions().subject_key_identifier.as_deref().unwrap());
    let head = format!("[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"{}\"\n", server.url("/"));
    for (filter, served) in [
        ("issuers = [\"C=JP, O=TEST, CN=lists\"]".to_owned(), true),
        ("issuers = [\"C=JP, O=TEST, CN=others\"]".to_owned(), false),
        (format!("issuer_keys = [\"{}\"]", key.to_uppercase()), true),
        ("issuer_keys = [\"00112233445566778899aabbccddeeff00112233\"]".to_owned(), false),
    ] {
        let retrieved = world.retrieve(&world.retriever(&format!("{head}{filter}\n")), "good", now());
        assert_eq!(retrieved.attempts.len(), usize::from(served), "{filter}");
    }
}

#[test]
fn files_are_a_source_like_any_other() {
    let Some(world) = World::new() else { return };
    world.list("ca", 1, None);
    let folder = world.folder().display();
    let source = |path: &str, more: &str| {
        format!("[[source]]\nname = \"feed\"\ndocument = \"crl\"\naddress = \"file://{path}\"\n{more}\n")
    };
    let retriever = world.retriever(&source(&format!("{folder}/ca.crl"), "refresh_seconds = 0"));
    for expected in [Outcome::Fetched, Outcome::Unchanged] {
        let retrieved = world.retrieve(&retriever, "good", now());
        assert_eq!(retrieved.attempts[0].outcome, expected);
        assert!(matches!(world.judge("good", &retrieved, now()).revocation, RevocationStatus::Good(_)));
    }
    // The feed brings a new list.
    world.list("ca", 2, None);
    assert_eq!(world.retrieve(&retriever, "good", now()).attempts[0].outcome, Outcome::Fetched);
    // By the name of the municipality.
    std::fs::rename(world.folder().join("ca.crl"), world.folder().join("Kiyose-shi CRLDP.crl")).unwrap();
    assert_eq!(only(&world, &source(&format!("{folder}/{{CN}}.crl"), "")), Outcome::Fetched);

    let failed = |path: &str, more: &str| match only(&world, &source(path, more)) {
        Outcome::Failed(error) => error,
        other => panic!("{path}: {other:?}"),
    };
    assert_eq!(failed(&format!("{folder}/absent.crl"), ""), FetchError::File(std::io::ErrorKind::NotFound));
    assert_eq!(failed(&format!("{folder}"), ""), FetchError::NotAFile);
    assert_eq!(failed("/dev/zero", ""), FetchError::NotAFile);
    assert_eq!(failed(&format!("{folder}/ca.pem"), ""), FetchError::NotADocument);
    assert_eq!(failed(&format!("{folder}/Kiyose-shi%20CRLDP.crl"), "bytes = 10"), FetchError::TooLarge { limit: 10 });
    // Opening a pipe that nobody writes into would never end.
    if Command::new("mkfifo").arg(world.folder().join("pipe")).status().is_ok_and(|status| status.success()) {
        assert_eq!(failed(&format!("{folder}/pipe"), ""), FetchError::NotAFile);
    }
}

#[test]
fn a_configuration_says_what_is_wrong_with_it() {
    let source = "[[source]]\nname = \"a\"\ndocument = \"crl\"\n";
    for (text, expected) in [
        (String::new(), "format"),
        ("format = 2\n".into(), "format"),
        ("format = 1\nsurprise = 1\n".into(), "surprise"),
        (format!("format = 1\n{source}"), "address"),
        (format!("format = 1\n{source}address = \"crl.example\"\n"), "scheme"),
        (format!("format = 1\n{source}address = \"https://user:secret@crl.example/\"\n"), "host"),
        (format!("format = 1\n{source}address = \"https:///x\"\n"), "host"),
        (format!("format = 1\n{source}address = \"file://relative\"\n"), "file:///"),
        (format!("format = 1\n{source}address = \"https://{{CN}}/x\"\n"), "host"),
        (format!("format = 1\n{source}address = \"https://x{{CN}}.example/x\"\n"), "host"),
        (format!("format = 1\n{source}address = \"https://crl.example/{{SERIAL}}\"\n"), "placeholder"),
        (format!("format = 1\n{source}address = \"https://crl.example/\"\nissuers = [\"JPKI\"]\n"), "issuers"),
        (format!("format = 1\n{source}address = \"https://crl.example/\"\nissuer_keys = [\"xyz\"]\n"), "issuer_keys"),
        (format!("format = 1\n{source}address = \"https://crl.example/\"\ntotal_seconds = 0\n"), "total_seconds"),
        (format!("format = 1\n{source}address = \"https://crl.example/\"\nnonce = \"require\"\n"), "nonce"),
        (format!("format = 1\n{source}address = \"https://a/\"\n{source}address = \"https://b/\"\n"), "name"),
        (format!("format = 1\n{source}[source.points]\n\"JPKI\" = \"https://a/\"\n"), "name"),
        ("format = 1\n[[source]]\nname = \"a\"\ndocument = \"ocsp\"\naddress = \"https://a/{CN}\"\n".into(), "address"),
        ("format = 1\n[[source]]\nname = \"a\"\ndocument = \"ldap\"\naddress = \"https://a/\"\n".into(), "ldap"),
    ] {
        let error = Configuration::from_toml(&text).expect_err(&text).to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
    // LAW-31: nothing is built in.
    assert!(Configuration::from_toml("format = 1\n").unwrap().sources().is_empty());
    let shown = format!(
        "{:?}",
        Configuration::from_toml(&format!(
            "format = 1\n{source}[source.points]\n\"{POINT}\" = \"https://crl.example/kiyose\"\n"
        ))
        .unwrap()
    );
    assert!(!shown.contains("kiyose"), "{shown}");
}
