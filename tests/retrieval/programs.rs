//! OpenSSL as the other side: a TLS server nobody vouches for, and a responder over HTTP.

use crate::world::{World, now, openssl};
use honnin::retrieval::{Configuration, FetchError, HttpSource, MemoryCache, Outcome, Retriever, TlsRoots};
use honnin::validation::{RevocationGap, RevocationStatus};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// One openssl that serves until it is dropped.
struct Program {
    child: Child,
    port: u16,
}

impl Program {
    fn new(world: &World, arguments: &str) -> Self {
        let mut child = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(world.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // "ACCEPT 0.0.0.0:40123 PID=1234"
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("the server says where it listens").unwrap();
            let address = line.strip_prefix("ACCEPT ").and_then(|rest| rest.split(' ').next());
            if let Some(port) = address.and_then(|address| address.rsplit(':').next()) {
                break port.trim().parse().unwrap();
            }
        };
        // Its further words are read, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The one process this value started.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn tls_is_believed_where_somebody_vouches_for_it() {
    let Some(world) = World::new() else { return };
    // What s_server -HTTP sends is the file as it stands, head included.
    let answer = crate::server::list(&world.list("ca", 1, None));
    std::fs::write(world.folder().join("answer"), answer).unwrap();
    openssl(
        world.folder(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls-ca.key -out tls-ca.pem -days 3 \
         -subj /CN=tls",
    );
    openssl(
        world.folder(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out tls.pem -days 3 \
         -subj /CN=localhost -CA tls-ca.pem -CAkey tls-ca.key -addext basicConstraints=CA:FALSE \
         -addext subjectAltName=IP:127.0.0.1",
    );
    let server = Program::new(&world, "s_server -HTTP -accept 127.0.0.1:0 -cert tls.pem -key tls.key");
    let ask = |host: &str, roots: TlsRoots| {
        let text = format!(
            "format = 1\n[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"https://{host}:{}/answer\"\n",
            server.port
        );
        let configuration = Configuration::from_toml(&text).unwrap();
        let retriever = Retriever::new(configuration, Box::<MemoryCache>::default());
        let retriever = retriever.with_source(Box::new(HttpSource::new(roots)));
        world.retrieve(&retriever, "good", now()).attempts[0].outcome
    };
    assert_eq!(ask("127.0.0.1", TlsRoots::System), Outcome::Failed(FetchError::TlsRefused));
    let other = TlsRoots::from_pem(&std::fs::read(world.folder().join("ca.pem")).unwrap()).unwrap();
    assert_eq!(ask("127.0.0.1", other), Outcome::Failed(FetchError::TlsRefused));
    let own = || TlsRoots::from_pem(&std::fs::read(world.folder().join("tls-ca.pem")).unwrap()).unwrap();
    assert_eq!(ask("127.0.0.1", own()), Outcome::Fetched);
    assert_eq!(ask("localhost", own()), Outcome::Failed(FetchError::TlsRefused), "another name than the certificate's");
    assert!(TlsRoots::from_pem(b"nothing").is_err());
    // Plain HTTP where TLS is spoken.
    let text = format!(
        "[[source]]\nname = \"lists\"\ndocument = \"crl\"\naddress = \"http://127.0.0.1:{}/answer\"\n",
        server.port
    );
    let outcome = world.retrieve(&world.retriever(&text), "good", now()).attempts[0].outcome;
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
}

#[test]
fn a_responder_answers_over_http() {
    let Some(world) = World::new() else { return };
    let responder = |more: &str| {
        Program::new(
            &world,
            &format!("ocsp -port 0 -index index.txt -CA ca.pem -rkey ca.key -rsigner ca.pem -nmin 10{more}"),
        )
    };
    let server = responder("");
    let configuration = |port: u16, more: &str| {
        format!(
            "[[source]]\nname = \"responder\"\ndocument = \"ocsp\"\naddress = \"http://127.0.0.1:{port}/\"\n{more}\n"
        )
    };
    for more in ["", "digest = \"sha256\"", "nonce = \"none\""] {
        let retriever = world.retriever(&configuration(server.port, more));
        for leaf in ["good", "revoked", "unknown"] {
            let retrieved = world.retrieve(&retriever, leaf, now());
            assert_eq!(retrieved.attempts[0].outcome, Outcome::Fetched, "{leaf} {more}");
            let status = world.judge(leaf, &retrieved, now()).revocation;
            let expected = match leaf {
                "good" => matches!(status, RevocationStatus::Good(currency) if currency.source == "ocsp"),
                "revoked" => matches!(status, RevocationStatus::Revoked { .. }),
                _ => status == RevocationStatus::Undetermined(RevocationGap::ResponderUnknown),
            };
            assert!(expected, "{leaf} {more}: {status:?}");
        }
        // LAW-32: a question that was not answered is no check.
        let usage = retriever.usage()["responder"];
        assert_eq!((usage.requests_total, usage.validity_checks_total), (3, 2));
    }
    // A responder that does not know the CA: it has no answer, which is nobody's "good".
    openssl(world.folder(), "ocsp -issuer ca.pem -cert good.pem -reqout question.der -no_nonce");
    let retriever = world.retriever(&configuration(server.port, "nonce = \"accept-absent\""));
    assert_eq!(world.retrieve(&retriever, "good", now()).attempts[0].outcome, Outcome::Fetched);
}

#[test]
fn an_old_answer_to_another_question_is_refused() {
    use crate::server::{Server, response};
    let Some(world) = World::new() else { return };
    let real = Program::new(&world, "ocsp -port 0 -index index.txt -CA ca.pem -rkey ca.key -rsigner ca.pem -nmin 10");
    openssl(
        world.folder(),
        &format!("ocsp -issuer ca.pem -cert good.pem -url http://127.0.0.1:{} -respout old.der -noverify", real.port),
    );
    let old = std::fs::read(world.folder().join("old.der")).unwrap();
    let replay = Server::saying(response("200 OK", &[("Content-Type", "application/ocsp-response")], &old));
    let source = |url: &str| {
        format!("[[source]]\nname = \"responder\"\ndocument = \"ocsp\"\naddress = \"{url}\"\nnonce = \"require\"\n")
    };
    let retriever = world.retriever(&source(&replay.url("/")));
    let retrieved = world.retrieve(&retriever, "good", now());
    assert_eq!(retrieved.attempts[0].outcome, Outcome::Failed(FetchError::NonceDiffers));
    assert!(matches!(world.judge("good", &retrieved, now()).revocation, RevocationStatus::Undetermined(_)));
    let head = replay.seen()[0].clone();
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert!(head.to_ascii_lowercase().contains("content-type: application/ocsp-request\r\n"), "{head}");
    // tryLater is an outage; a question is never sent on.
    let later =
        Server::saying(response("200 OK", &[("Content-Type", "application/ocsp-response")], &[0x30, 3, 10, 1, 3]));
    let retriever = world.retriever(&source(&later.url("/")));
    assert_eq!(
        world.retrieve(&retriever, "good", now()).attempts[0].outcome,
        Outcome::Failed(FetchError::ResponderError)
    );
    let onwards = Server::saying(response("307 Elsewhere", &[("Location", "/other")], b""));
    let retriever = world.retriever(&source(&onwards.url("/")));
    assert_eq!(
        world.retrieve(&retriever, "good", now()).attempts[0].outcome,
        Outcome::Failed(FetchError::RedirectRefused)
    );
    assert_eq!(onwards.count(), 1);
}
