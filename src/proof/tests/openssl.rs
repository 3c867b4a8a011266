//! OpenSSL judges what we write, and we read what it writes (certificates.md §4.4).

use super::signer::person;
use crate::crypto::{DigestAlgorithm, Scheme};
use crate::proof::{Mismatch, Placement, ProofError, SignedStatement, SigningRequest};
use crate::reason::Reason;
use crate::time::UnixTime;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CONTENT: &[u8] = "現金口座をマネー口座に変更します。\n二行目\n".as_bytes();

/// A folder with content, certificates and key, and OpenSSL to work in it; `None` where there is no OpenSSL.
struct Bench(tempfile::TempDir);

impl Bench {
    fn open(test: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: openssl is missing and CI must not skip");
            eprintln!("SKIPPED proof::{test}: there is no openssl on this machine (Debian: apt-get install openssl)");
            return None;
        }
        let bench = Self(tempfile::tempdir().unwrap());
        bench.write("content", CONTENT);
        bench.write("other", b"something else\n");
        bench.write("key.der", &person().key_der());
        bench.write("certificate.der", &person().certificate);
        bench.write("authority.der", &person().authority);
        for name in ["certificate", "authority"] {
            let (from, to) = (format!("{name}.der"), format!("{name}.pem"));
            bench.expect_ok(&["x509", "-inform", "DER", "-in", &from, "-out", &to]);
        }
        bench.expect_ok(&["pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem"]);
        Some(bench)
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.0.path()).join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("openssl").args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn expect_ok(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// `openssl cms -sign` with these arguments, as DER.
    fn sign(&self, arguments: &[&str]) -> Vec<u8> {
        let common = ["cms", "-sign", "-binary", "-in", "content", "-outform", "DER", "-out", "made.der"];
        self.expect_ok(&[&common[..], arguments].concat());
        self.read("made.der")
    }
}

const PERSON: [&str; 4] = ["-signer", "certificate.pem", "-inkey", "key.pem"];

fn ours(placement: Placement) -> Vec<u8> {
    let at = Some(UnixTime::from_seconds(1_795_316_400));
    let request = SigningRequest::new(CONTENT, &person().certificate, placement, at).unwrap();
    request.attach(&person().sign(&request.digest_info())).unwrap()
}

#[test]
fn openssl_accepts_what_we_sign() {
    let Some(bench) = Bench::open("openssl_accepts_what_we_sign") else { return };
    bench.write("attached.der", &ours(Placement::Attached));
    bench.write("detached.der", &ours(Placement::Detached));
    let verify = ["cms", "-verify", "-binary", "-inform", "DER", "-out", "seen", "-in"];
    let attached = [&verify[..], &["attached.der"]].concat();
    let detached = [&verify[..], &["detached.der", "-content"]].concat();
    for more in [
        &["-noverify"][..],
        &["-CAfile", "authority.pem"],
        // -cades: OpenSSL insists on signing-certificate-v2 and checks it.
        &["-CAfile", "authority.pem", "-cades"],
    ] {
        for arguments in [attached.clone(), [&detached[..], &["content"]].concat()] {
            bench.write("seen", b"");
            bench.expect_ok(&[&arguments[..], more].concat());
            assert_eq!(bench.read("seen"), CONTENT, "{arguments:?}");
        }
        assert!(!bench.run(&[&detached[..], &["other"], more].concat()).status.success(), "{more:?}");
    }
}

#[test]
fn openssl_reads_the_attributes_as_meant() {
    let Some(bench) = Bench::open("openssl_reads_the_attributes_as_meant") else { return };
    bench.write("ours.der", &ours(Placement::Detached));
    let output = bench.run(&["cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "ours.der"]);
    let text = String::from_utf8_lossy(&output.stdout);
    for line in ["contentType (1.2.840.113549.1.9.3)", "messageDigest", "UTCTIME:Nov 22 03:00:00 2026 GMT"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(text.contains("id-smime-aa-signingCertificateV2"), "{text}");
}

#[test]
fn we_accept_what_openssl_signs() {
    let Some(bench) = Bench::open("we_accept_what_openssl_signs") else { return };
    for (more, digest, names_certificate) in [
        (&[][..], DigestAlgorithm::Sha256, false),
        (&["-cades"], DigestAlgorithm::Sha256, true),
        (&["-cades", "-md", "sha384"], DigestAlgorithm::Sha384, true),
        (&["-md", "sha512"], DigestAlgorithm::Sha512, false),
        (&["-keyid"], DigestAlgorithm::Sha256, false),
        (&["-keyid", "-cades", "-certfile", "authority.pem"], DigestAlgorithm::Sha256, true),
        (&["-noattr", "-md", "sha256"], DigestAlgorithm::Sha256, false),
        (&["-nosmimecap", "-econtent_type", "1.2.840.113549.1.9.16.1.4"], DigestAlgorithm::Sha256, false),
    ] {
        let attached = bench.sign(&[&PERSON[..], &["-nodetach"], more].concat());
        let verified = SignedStatement::parse(&attached).and_then(|statement| statement.verify(None));
        let verified = verified.unwrap_or_else(|error| panic!("{more:?}: {error}"));
        assert_eq!(verified.content(), CONTENT, "{more:?}");
        let [signer] = verified.signers() else { panic!("{more:?}") };
        assert_eq!(signer.certificate(), person().certificate, "{more:?}");
        assert_eq!((signer.algorithm().digest, signer.names_certificate()), (digest, names_certificate), "{more:?}");
        assert_eq!(signer.signing_time().is_some(), !more.contains(&"-noattr"), "{more:?}");

        let detached = SignedStatement::parse(&bench.sign(&[&PERSON[..], more].concat())).unwrap();
        assert!(detached.verify(Some(CONTENT)).is_ok(), "{more:?}");
        assert_eq!(detached.verify(Some(b"other")).unwrap_err().reason(), Reason::SignatureInvalid, "{more:?}");
    }
}

#[test]
fn a_changed_byte_of_openssls_form_never_changes_content_or_signer() {
    let Some(bench) = Bench::open("a_changed_byte_of_openssls_form_never_changes_content_or_signer") else { return };
    // Without the binding attribute some bytes belong to nobody (the certificate's own signature, say): what may never
    // change is the content that is accepted and the key it is accepted from.
    for more in [&["-nodetach"][..], &["-nodetach", "-noattr"], &["-nodetach", "-keyid"], &["-nodetach", "-cades"]] {
        let der = bench.sign(&[&PERSON[..], more].concat());
        let key = key_of(&person().certificate);
        for index in 0..der.len() {
            let mut bytes = der.clone();
            bytes[index] ^= 0x01;
            let Ok(verified) = SignedStatement::parse(&bytes).and_then(|statement| statement.verify(None)) else {
                continue;
            };
            assert_eq!(verified.content(), CONTENT, "{more:?}: byte {index}");
            let certificate = verified.signers()[0].certificate();
            assert!(certificate.windows(key.len()).any(|window| window == key), "{more:?}: byte {index}");
            assert!(!more.contains(&"-cades") || certificate == person().certificate, "byte {index}");
        }
    }
}

fn key_of(certificate: &[u8]) -> Vec<u8> {
    use x509_parser::prelude::FromDer as _;
    let (_, certificate) = x509_parser::certificate::X509Certificate::from_der(certificate).unwrap();
    certificate.public_key().raw.to_vec()
}

#[test]
fn sha_1_is_refused_by_name() {
    let Some(bench) = Bench::open("sha_1_is_refused_by_name") else { return };
    for md in ["sha1", "md5"] {
        let der = bench.sign(&[&PERSON[..], &["-nodetach", "-md", md]].concat());
        let error = SignedStatement::parse(&der).unwrap().verify(None).unwrap_err();
        assert_eq!(error, ProofError::AlgorithmNotAllowed, "{md}");
    }
}

#[test]
fn two_signers_are_two_answers() {
    let Some(bench) = Bench::open("two_signers_are_two_answers") else { return };
    let second = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=TEST HANAKO", "-keyout", "second.key"];
    bench.expect_ok(&[&second[..], &["-out", "second.pem", "-days", "3"]].concat());
    let both = ["-signer", "second.pem", "-inkey", "second.key", "-nodetach"];
    let attached = bench.sign(&[&PERSON[..], &both].concat());
    let statement = SignedStatement::parse(&attached).unwrap();
    let verified = statement.verify(None).unwrap();
    assert_eq!(verified.signers().len(), 2);
    assert_eq!(verified.signers().iter().filter(|it| it.certificate() == person().certificate).count(), 1);

    let mut bytes = attached;
    let last = verified.signers()[1].signature();
    let place = bytes.windows(last.len()).position(|window| window == last).unwrap();
    bytes[place] ^= 0x01;
    let statement = SignedStatement::parse(&bytes).unwrap();
    let answers = statement.verify_each(None).unwrap();
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err(), &ProofError::Mismatch(Mismatch::Signature));
    assert_eq!(statement.verify(None).unwrap_err(), ProofError::Mismatch(Mismatch::Signature), "one is not enough");
}

#[test]
fn ecdsa_over_p_384_is_accepted() {
    let Some(bench) = Bench::open("ecdsa_over_p_384_is_accepted") else { return };
    bench.expect_ok(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-nodes",
        "-subj",
        "/CN=TEST JIRO",
        "-keyout",
        "ec.key",
        "-out",
        "ec.pem",
        "-days",
        "3",
    ]);
    let der = bench.sign(&["-signer", "ec.pem", "-inkey", "ec.key", "-nodetach", "-cades", "-md", "sha384"]);
    let verified = SignedStatement::parse(&der).unwrap().verify(None).unwrap();
    let algorithm = verified.signers()[0].algorithm();
    assert_eq!((algorithm.scheme, algorithm.digest), (Scheme::Ecdsa, DigestAlgorithm::Sha384));

    // And signed by ourselves: the certificate decides the algorithm.
    bench.expect_ok(&["x509", "-in", "ec.pem", "-outform", "DER", "-out", "ec.der"]);
    let request = SigningRequest::new(CONTENT, &bench.read("ec.der"), Placement::Attached, None).unwrap();
    assert_eq!(request.algorithm(), algorithm);
    assert_eq!((request.digest().len(), request.digest_info().len()), (48, 67));
    bench.write("digest", &request.digest());
    bench.expect_ok(&["pkeyutl", "-sign", "-inkey", "ec.key", "-in", "digest", "-out", "signature"]);
    bench.write("ours.der", &request.attach(&bench.read("signature")).unwrap());
    bench.expect_ok(&[
        "cms", "-verify", "-binary", "-inform", "DER", "-in", "ours.der", "-CAfile", "ec.pem", "-out", "seen",
    ]);
    assert_eq!(bench.read("seen"), CONTENT);
}

#[test]
fn indefinite_lengths_are_not_der() {
    let Some(bench) = Bench::open("indefinite_lengths_are_not_der") else { return };
    let der = bench.sign(&[&PERSON[..], &["-nodetach", "-stream"]].concat());
    assert_eq!(SignedStatement::parse(&der).unwrap_err().reason(), Reason::MalformedData);
}
