//! OCSP against `openssl ocsp` as a real responder on loopback (RFC 6960, RFC 9654). Keys and certificates are made by OpenSSL
//! too: nothing that judges here shares code with what is judged.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::time::UnixTime;
use honnin::validation::{
    CertIdDigest, Crl, Materials, NonceRule, OcspNonce, OcspRequest, OcspResponse, Parameters, Profile,
    RevocationReason, RevocationRule, RevocationStatus, verify,
};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A CA, another one of the same name, three leaves, and a delegate of the first CA.
struct World {
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Option<Self> {
        let works = Command::new("openssl").arg("version").stdout(Stdio::null()).status();
        if !works.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os("CI").is_none(), "openssl is missing");
            eprintln!("SKIPPED ocsp: openssl is missing");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        std::fs::write(
            here.join("extensions.cnf"),
            "[leaf]\nkeyUsage=critical,digitalSignature\n\
             [delegate]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored\n\
             [oddly]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\n1.3.6.1.5.5.7.48.1.5=DER:040100\n\
             [unmarked]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\n\
             [plain]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n",
        )
        .unwrap();
        for ca in ["ca", "other"] {
            openssl(
                here,
                &format!(
                    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {ca}.key -out {ca}.pem \
                     -days 30 -subj /C=JP/O=TEST/CN=responders -addext keyUsage=critical,keyCertSign,cRLSign"
                ),
            );
        }
        let leaves = [("good", "leaf", "11"), ("revoked", "leaf", "12"), ("unknown", "leaf", "13")];
        for (name, section, serial) in leaves.into_iter().chain([
            ("delegate", "delegate", "21"),
            ("plain", "plain", "22"),
            ("unmarked", "unmarked", "23"),
            ("oddly", "oddly", "24"),
        ]) {
            openssl(
                here,
                &format!(
                    "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr \
                     -subj /C=JP/O=TEST/CN={name}"
                ),
            );
            openssl(
                here,
                &format!(
                    "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 0x{serial} -days 20 -sha256 \
                     -extfile extensions.cnf -extensions {section} -out {name}.pem"
                ),
            );
        }
        std::fs::write(
            here.join("index.txt"),
            "V\t491231235959Z\t\t11\tunknown\t/CN=good\n\
             R\t491231235959Z\t200102030405Z,keyCompromise\t12\tunknown\t/CN=revoked\n",
        )
        .unwrap();
        Some(Self { folder })
    }

    fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read(self.folder.path().join(format!("{name}.pem"))).unwrap();
        Certificate::from_der_or_pem(&pem).unwrap().remove(0)
    }

    fn responder(&self, signer: &str, more: &[&str]) -> Responder {
        let (key, certificate) = (format!("{signer}.key"), format!("{signer}.pem"));
        let mut child = Command::new("openssl")
            .args(["ocsp", "-port", "0", "-index", "index.txt", "-CA", "ca.pem"])
            .args(["-rkey", &key, "-rsigner", &certificate, "-nmin", "10"])
            .args(more)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // "ACCEPT 0.0.0.0:40123 PID=1234"
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("the responder says where it listens").unwrap();
            let address = line.strip_prefix("ACCEPT ").and_then(|rest| rest.split(' ').next());
            if let Some(port) = address.and_then(|address| address.rsplit(':').next()) {
                break port.parse().unwrap();
            }
        };
        Responder { child, port }
    }

    /// The whole judgement on a leaf with this response.
    fn judge(&self, leaf: &str, response: OcspResponse, at: UnixTime) -> RevocationStatus {
        let anchors = AnchorSet::none().with_certificate(self.certificate("ca"), None);
        let materials = Materials { ocsp: &[response], ..Materials::default() };
        let parameters = Parameters::new(at, &anchors).with_profile(Profile::Rfc5280);
        verify(&self.certificate(leaf), &materials, &parameters).revocation
    }

    fn request(&self, leaf: &str, digest: CertIdDigest, nonce: bool) -> OcspRequest {
        let nonce = nonce.then(|| OcspNonce::random(&mut rand_core::OsRng).unwrap());
        OcspRequest::new(&self.certificate(leaf), &self.certificate("ca"), digest, nonce)
    }
}

struct Responder {
    child: Child,
    port: u16,
}

impl Responder {
    fn ask(&self, request: &OcspRequest) -> OcspResponse {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let length = request.der().len();
        let head = format!(
            "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/ocsp-request\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), request.der()].concat()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let body = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("head and body") + 4;
        OcspResponse::from_der(&answer[body..]).unwrap()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        // The one process this value started.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UnixTime::from_seconds(i64::try_from(since.as_secs()).unwrap())
}

fn gap(status: RevocationStatus) -> &'static str {
    match status {
        RevocationStatus::Undetermined(gap) => gap.as_str(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_real_responder_is_asked_and_understood() {
    let Some(world) = World::new() else { return };
    // The CA's own key, and a delegate's.
    for signer in ["ca", "delegate"] {
        let responder = world.responder(signer, &[]);
        for digest in [CertIdDigest::Sha1, CertIdDigest::Sha256] {
            let ask = |leaf: &str| {
                let request = world.request(leaf, digest, true);
                let response = responder.ask(&request);
                assert_eq!(response.nonce(), Some(request.nonce().unwrap().as_bytes()), "the responder echoes it");
                world.judge(leaf, response.in_answer_to(&request, NonceRule::Require), now())
            };
            assert!(matches!(ask("good"), RevocationStatus::Good(_)), "{signer} {digest:?}: {:?}", ask("good"));
            let RevocationStatus::Revoked { at, reason, .. } = ask("revoked") else { panic!("{:?}", ask("revoked")) };
            assert_eq!(at, "2020-01-02T03:04:05Z".parse().unwrap());
            assert_eq!(reason, Some(RevocationReason::KeyCompromise));
            assert_eq!(gap(ask("unknown")), "responder_unknown");
        }
    }
}

#[test]
fn a_signer_without_authority_is_not_believed() {
    let Some(world) = World::new() else { return };
    // A CA of the same name with another key; a holder of the right CA whose certificate is not for this.
    for (signer, why) in [("other", "signature_invalid"), ("plain", "signer_not_authorised")] {
        let responder = world.responder(signer, &[]);
        for leaf in ["good", "revoked"] {
            let request = world.request(leaf, CertIdDigest::Sha1, true);
            let response = responder.ask(&request).in_answer_to(&request, NonceRule::Require);
            let found = gap(world.judge(leaf, response, now()));
            assert!(found == why || found == "signer_not_authorised", "{signer}, {leaf}: {found}");
        }
    }
}

/// A list of the CA that names these serial numbers.
fn list(world: &World, revoked: &[&str]) -> Crl {
    let here = world.folder.path();
    let lines: Vec<String> =
        revoked.iter().map(|serial| format!("R\t491231235959Z\t200102030405Z\t{serial}\tunknown\t/CN=x\n")).collect();
    std::fs::write(here.join("listed.txt"), lines.concat()).unwrap();
    std::fs::write(here.join("list.cnf"), "[ca]\ndefault_ca=a\n[a]\ndatabase=listed.txt\ndefault_md=sha256\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n").unwrap();
    openssl(here, "ca -gencrl -config list.cnf -crlhours 2 -cert ca.pem -keyfile ca.key -out list.pem");
    Crl::from_der_or_pem(&std::fs::read(here.join("list.pem")).unwrap()).unwrap().remove(0)
}

#[test]
fn a_delegate_who_may_be_revoked_is_asked_about() {
    // certificates.md §4.2: "ocsp-nocheck or a status check for the delegate".
    let Some(world) = World::new() else { return };
    let responder = world.responder("unmarked", &[]);
    let request = world.request("revoked", CertIdDigest::Sha1, true);
    let response = [responder.ask(&request).in_answer_to(&request, NonceRule::Require)];
    let anchors = AnchorSet::none().with_certificate(world.certificate("ca"), None);
    let judge = |crls: &[Crl], rule| {
        let materials = Materials { ocsp: &response, crls, ..Materials::default() };
        let parameters = Parameters::new(now(), &anchors).with_profile(Profile::Rfc5280).with_revocation(rule);
        verify(&world.certificate("revoked"), &materials, &parameters).revocation
    };
    // Nothing is known of him: his word is no word, under either rule.
    assert_eq!(gap(judge(&[], RevocationRule::Require)), "signer_status_unknown");
    assert_eq!(gap(judge(&[], RevocationRule::IfPresent)), "signer_status_unknown");
    // A list clears him, and says nothing of the certificate itself: what counts is what he said.
    let clears = [list(&world, &["77"])];
    assert!(
        matches!(judge(&clears, RevocationRule::Require), RevocationStatus::Revoked { currency, .. } if currency.source == "ocsp")
    );
    // A list that names him takes his word away, and speaks for itself.
    let names = [list(&world, &["23"])];
    assert!(
        matches!(judge(&names, RevocationRule::Require), RevocationStatus::Good(currency) if currency.source == "crl")
    );
}

#[test]
fn the_mark_that_spares_the_question_has_one_form() {
    // RFC 6960 §4.2.2.2.1: "the value of the extension SHALL be NULL".
    let Some(world) = World::new() else { return };
    for (delegate, spared) in [("delegate", true), ("oddly", false)] {
        let responder = world.responder(delegate, &[]);
        let request = world.request("good", CertIdDigest::Sha1, true);
        let found = world.judge("good", responder.ask(&request).in_answer_to(&request, NonceRule::Require), now());
        match spared {
            true => assert!(matches!(found, RevocationStatus::Good(_)), "{found:?}"),
            false => assert_eq!(gap(found), "signer_status_unknown"),
        }
    }
}

#[test]
fn an_old_answer_is_not_taken_for_a_new_one() {
    let Some(world) = World::new() else { return };
    let responder = world.responder("ca", &[]);
    let first = world.request("good", CertIdDigest::Sha1, true);
    let response = responder.ask(&first);
    let fresh = now();
    let judge = |response: &OcspResponse, request: &OcspRequest, rule, at| {
        world.judge("good", response.clone().in_answer_to(request, rule), at)
    };
    assert!(matches!(judge(&response, &first, NonceRule::Require, fresh), RevocationStatus::Good(_)));

    // Replayed: same responder, same certificate, still within its dates.
    let second = world.request("good", CertIdDigest::Sha1, true);
    for rule in [NonceRule::Require, NonceRule::AcceptAbsent] {
        assert_eq!(gap(judge(&response, &second, rule, fresh)), "nonce_differs", "{rule:?}");
    }
    // Expired: one second beyond its ten minutes, and well before it was made.
    let end = match judge(&response, &first, NonceRule::Require, fresh) {
        RevocationStatus::Good(currency) => currency.next_update,
        other => panic!("{other:?}"),
    };
    assert!(matches!(judge(&response, &first, NonceRule::Require, end), RevocationStatus::Good(_)));
    assert_eq!(gap(judge(&response, &first, NonceRule::Require, end.plus_seconds(1))), "stale");
    assert_eq!(gap(judge(&response, &first, NonceRule::Require, fresh.plus_seconds(-3600))), "not_yet_current");

    // Without a nonce: the caller decides what an answer prepared beforehand is worth.
    let plain = world.request("good", CertIdDigest::Sha1, false);
    let response = responder.ask(&plain);
    assert_eq!(response.nonce(), None);
    assert!(matches!(judge(&response, &plain, NonceRule::Require, now()), RevocationStatus::Good(_)));
    assert!(matches!(judge(&response, &second, NonceRule::AcceptAbsent, now()), RevocationStatus::Good(_)));
    assert_eq!(gap(judge(&response, &second, NonceRule::Require, now())), "nonce_differs");

    // An answer about one certificate says nothing of another.
    assert_eq!(gap(world.judge("revoked", response, now())), "other_certificate");
}

#[test]
fn openssl_reads_our_request_as_we_mean_it() {
    let Some(world) = World::new() else { return };
    for (digest, name) in [(CertIdDigest::Sha1, "sha1"), (CertIdDigest::Sha256, "sha256")] {
        let request = world.request("good", digest, true);
        std::fs::write(world.folder.path().join("request.der"), request.der()).unwrap();
        let output = Command::new("openssl")
            .args(["ocsp", "-reqin", "request.der", "-req_text", "-noverify"])
            .current_dir(world.folder.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
        assert!(text.contains(&format!("hash algorithm: {name}")), "{text}");
        assert!(text.contains("serial number: 11") && text.contains("ocsp nonce"), "{text}");
    }
}
