//! Time stamps against a real authority over files, `openssl ts`, which also judges what we make of its answers (RFC 3161).

use super::signer::person;
use crate::proof::{
    Mismatch, Placement, ProofError, RevocationValues, SignedStatement, SigningRequest, TimeStampAuthority,
    TimeStampRequest, TimeStampToken, TimeStampUnavailable, with_revocation_values, with_time_stamp,
};
use crate::reason::Reason;
use std::path::PathBuf;
use std::process::{Command, Output};

const CONTENT: &[u8] = "現金口座をマネー口座に変更します。\n".as_bytes();

const CONFIGURATION: &str = "
[tsa]
default_tsa = one
[one]
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[signing]
extendedKeyUsage = critical, emailProtection
[lenient]
extendedKeyUsage = timeStamping
[list]
database = ./index
default_md = sha256
default_crl_days = 7
";

/// An authority with its files; `None` where there is no OpenSSL.
struct Authority(tempfile::TempDir);

impl Authority {
    fn open(test: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: openssl is missing and CI must not skip");
            eprintln!("SKIPPED proof::{test}: there is no openssl on this machine (Debian: apt-get install openssl)");
            return None;
        }
        let it = Self(tempfile::tempdir().unwrap());
        it.write("configuration", CONFIGURATION.as_bytes());
        it.write("serial", b"01\n");
        it.write("index", b"");
        it.write("root.der", &person().authority);
        it.expect_ok("x509 -inform DER -in root.der -out holder-root.pem");
        let root = "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 9 -subj /CN=TEST-TSA-root \
                    -addext keyUsage=critical,keyCertSign,cRLSign";
        it.expect_ok(root);
        it.expect_ok("req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TEST-TSA");
        for (name, section) in [("tsa", "stamping"), ("mail", "signing"), ("lenient", "lenient")] {
            it.expect_ok(&format!(
                "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -days 9 -out {name}.pem -extfile configuration \
                 -extensions {section}"
            ));
        }
        it.expect_ok("x509 -in tsa.pem -outform DER -out tsa.der");
        it.expect_ok("x509 -in root.pem -outform DER -out tsa-root.der");
        it.expect_ok("ca -config configuration -name list -gencrl -cert root.pem -keyfile root.key -out list.pem");
        it.expect_ok("crl -in list.pem -outform DER -out list.der");
        std::fs::write(it.path("both.pem"), [it.read("root.pem"), it.read("holder-root.pem")].concat()).unwrap();
        Some(it)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(self.0.path()).output().unwrap()
    }

    fn expect_ok(&self, arguments: &str) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A token over `message`, as the authority makes it.
    fn stamp(&self, message: &[u8]) -> TimeStampToken {
        let request = TimeStampRequest::new(message, [7; 16]);
        request.accept(&self.answer(&request.to_der().unwrap()).unwrap()).unwrap()
    }
}

impl TimeStampAuthority for Authority {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        self.write("request", request);
        self.expect_ok(
            "ts -reply -config configuration -section one -queryfile request -signer tsa.pem -inkey tsa.key \
             -chain root.pem -out answer",
        );
        Ok(self.read("answer"))
    }
}

fn signed() -> Vec<u8> {
    let request = SigningRequest::new(CONTENT, &person().certificate, Placement::Attached, None).unwrap();
    request.attach(&person().sign(&request.digest_info())).unwrap()
}

fn signature_of(cms: &[u8]) -> Vec<u8> {
    SignedStatement::parse(cms).unwrap().verify(None).unwrap().signers()[0].signature().to_vec()
}

#[test]
fn openssl_answers_our_request_and_agrees_with_what_we_read() {
    let Some(authority) = Authority::open("openssl_answers_our_request") else { return };
    let before = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let token = authority.stamp(CONTENT);
    let text = String::from_utf8(authority.run("ts -query -in request -text").stdout).unwrap();
    for line in ["Version: 1", "Hash Algorithm: sha256", "Certificate required: yes", "Nonce: 0x0707070707070707"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    authority.write("content", CONTENT);
    authority.write("token", token.der());
    authority.expect_ok("ts -verify -in answer -queryfile request -CAfile root.pem");
    authority.expect_ok("ts -verify -in token -token_in -data content -CAfile root.pem");
    let verified = token.verify(CONTENT).unwrap();
    assert_eq!(verified.certificate, authority.read("tsa.der"));
    assert_eq!(verified.others, [authority.read("tsa-root.der")]);
    let at = u64::try_from(verified.generated_at.seconds()).unwrap();
    assert!((before..before + 120).contains(&at), "{at} after {before}");
    assert_eq!(token.policy(), "1.2.3.4.1");
}

#[test]
fn an_answer_to_something_else_is_refused() {
    let Some(authority) = Authority::open("an_answer_to_something_else_is_refused") else { return };
    let request = TimeStampRequest::new(CONTENT, [7; 16]);
    let answer = authority.answer(&request.to_der().unwrap()).unwrap();
    let mismatch = ProofError::Mismatch(Mismatch::TimeStamp);
    assert_eq!(TimeStampRequest::new(CONTENT, [8; 16]).accept(&answer).unwrap_err(), mismatch, "another nonce");
    assert_eq!(TimeStampRequest::new(b"other", [7; 16]).accept(&answer).unwrap_err(), mismatch);
    let token = request.accept(&answer).unwrap();
    assert_eq!(token.verify(b"other").unwrap_err(), mismatch);
    // A refusal: a digest that the authority does not take.
    let refusal = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
    assert_eq!(request.accept(&refusal).unwrap_err(), ProofError::TimeStampRefused { status: 2 });
    assert_eq!(ProofError::TimeStampRefused { status: 2 }.reason(), Reason::DependencyUnavailable);
    for rubbish in [&b""[..], b"\x30\x00", &answer[..answer.len() - 1], &[&answer[..], b"\x00"].concat()] {
        assert!(request.accept(rubbish).is_err());
    }
    // A token is not a statement of ours, and a statement is no token.
    assert!(TimeStampToken::parse(&signed()).is_err());
}

#[test]
fn a_changed_byte_of_a_token_does_not_verify() {
    let Some(authority) = Authority::open("a_changed_byte_of_a_token_does_not_verify") else { return };
    let der = authority.stamp(CONTENT).der().to_vec();
    let verifies = |der: &[u8]| TimeStampToken::parse(der).and_then(|token| token.verify(CONTENT));
    let good = verifies(&der).unwrap();
    let step = if std::env::var_os("HONNIN_TEST_LONG").is_some() { 1 } else { 17 };
    for at in (0..der.len()).step_by(step) {
        let mut changed = der.clone();
        changed[at] ^= 1 << (at % 8);
        if let Ok(found) = verifies(&changed) {
            // Certificates beside the signer's, and how the signature algorithm is named, are not signed (docs/statement.md).
            assert_eq!((found.generated_at, &found.certificate), (good.generated_at, &good.certificate), "byte {at}");
        }
    }
}

#[test]
fn only_a_certificate_for_time_stamping_alone_stamps() {
    let Some(authority) = Authority::open("only_a_certificate_for_time_stamping_alone_stamps") else { return };
    let token = authority.stamp(CONTENT);
    assert!(token.verify(CONTENT).is_ok());
    // The same TSTInfo signed by the same key under other certificates: OpenSSL's `ts` would not, its `cms` does.
    let info = SignedStatement::parse(token.der()).unwrap().content().unwrap().to_vec();
    authority.write("info", &info);
    for (name, expected) in [("mail", false), ("lenient", false), ("tsa", true)] {
        authority.expect_ok(&format!(
            "cms -sign -binary -nodetach -cades -econtent_type 1.2.840.113549.1.9.16.1.4 -in info -signer {name}.pem \
             -inkey tsa.key -outform DER -out forged"
        ));
        let answer = TimeStampToken::parse(&authority.read("forged")).unwrap().verify(CONTENT);
        assert_eq!(answer.is_ok(), expected, "{name}: {answer:?}");
        if !expected {
            assert_eq!(answer.unwrap_err(), ProofError::CertificatePurpose, "RFC 3161 §2.3: critical, and alone");
        }
    }
    // Without signing-certificate-v2 another certificate of the same key could be passed off.
    authority.expect_ok(
        "cms -sign -binary -nodetach -econtent_type 1.2.840.113549.1.9.16.1.4 -in info -signer tsa.pem -inkey tsa.key \
         -outform DER -out forged",
    );
    let answer = TimeStampToken::parse(&authority.read("forged")).unwrap().verify(CONTENT);
    assert_eq!(answer.unwrap_err(), ProofError::Malformed { what: "signing certificate attribute" });
}

#[test]
fn a_stamped_signature_is_still_a_signature_b_t_b_lt() {
    let Some(authority) = Authority::open("a_stamped_signature_is_still_a_signature_b_t_b_lt") else { return };
    let basic = signed();
    let signature = signature_of(&basic);
    let token = authority.stamp(&signature);
    let stamped = with_time_stamp(&basic, &token).unwrap();
    let wrong = authority.stamp(b"something else");
    assert_eq!(with_time_stamp(&basic, &wrong).unwrap_err(), ProofError::Mismatch(Mismatch::TimeStamp));

    let (list, tsa, root) = (authority.read("list.der"), authority.read("tsa.der"), authority.read("tsa-root.der"));
    // Not the holder's own authority: in these tests it bears the same issuer and serial number as the holder.
    let values = RevocationValues { certificates: &[&tsa, &root], crls: &[&list], ocsp: &[] };
    let long_term = with_revocation_values(&stamped, &values).unwrap();
    assert_eq!(with_revocation_values(&long_term, &values).unwrap(), long_term, "nothing is put in twice");
    let response = hex::decode("30030a0106").unwrap(); // OCSPResponse, unauthorized (6): enough to be carried
    let with_ocsp =
        with_revocation_values(&long_term, &RevocationValues { ocsp: &[&response], ..Default::default() }).unwrap();

    authority.write("content", CONTENT);
    for (name, cms) in [("b", &basic), ("t", &stamped), ("lt", &long_term), ("lt-ocsp", &with_ocsp)] {
        assert_eq!(signature_of(cms), signature, "{name}: what was signed stays");
        let read = SignedStatement::parse(cms).unwrap();
        assert_eq!(read.content(), Some(CONTENT), "{name}");
        authority.write(name, cms);
        authority.expect_ok(&format!(
            "cms -verify -binary -cades -inform DER -in {name} -CAfile holder-root.pem -purpose any -out seen"
        ));
        assert_eq!(authority.read("seen"), CONTENT);
    }
    let text = String::from_utf8_lossy(&authority.run("cms -cmsout -print -noout -inform DER -in lt-ocsp").stdout)
        .into_owned();
    for word in ["id-smime-aa-timeStampToken", "TEST-TSA-root", "d.crl", "1.3.6.1.5.5.7.16.2"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    // The token out of the signature is the one OpenSSL verifies over the signature value.
    let read = SignedStatement::parse(&long_term).unwrap();
    let [found] = read.signers()[0].time_stamps() else { panic!("one token") };
    assert_eq!(found, token.der());
    authority.write("token", found);
    authority.write("signature", &signature);
    authority.expect_ok("ts -verify -in token -token_in -data signature -CAfile root.pem");
    assert_eq!(TimeStampToken::parse(found).unwrap().verify(&signature).unwrap().generated_at, token.generated_at());
    let lists: Vec<_> = read.revocation_lists().collect();
    assert_eq!(lists, [&list[..]]);
    assert!(SignedStatement::parse(&basic).unwrap().signers()[0].time_stamps().is_empty());
}
