//! Writes the seeds of every corpus: synthetic people, throw-away keys, and what OpenSSL makes of odd profiles.
//!
//!     cargo run --manifest-path fuzz/Cargo.toml --example seeds

use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::authority::{Persona, RevocationReason, RevokedEntry, create};
use honnin::card::{Access, Caution, Channel, ChannelError, Key, Session, survey_every_counter};
use honnin::certificate::Certificate;
use honnin::holder::{look_over, read_attributes, read_face, sign};
use honnin::proof::{Challenge, ChallengeFields, ChallengeId, NONCE_BYTES, Placement};
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::SimulatedCard;
use honnin::time::UnixTime;
use honnin::transport::SimulatedChannel;
use honnin::transport::trace::{Header, Persona as Who, Recorder};
use honnin::validation::Crl;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

struct Corpus(PathBuf);

impl Corpus {
    fn seed(&self, target: &str, name: &str, bytes: &[u8]) {
        let folder = self.0.join(target);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("seed-{name}")), bytes).expect("a seed");
    }
}

/// Writes the answers of a card in the form of the `card` target.
struct Answers<C> {
    inner: C,
    written: Rc<RefCell<Vec<u8>>>,
}

impl<C: Channel> Channel for Answers<C> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.inner.transmit(command)?;
        let mut written = self.written.borrow_mut();
        let (data, status) = (answer.data(), answer.status());
        written.push(if data.len() == 256 { 0xFD } else { data.len() as u8 });
        written.extend_from_slice(data);
        written.extend_from_slice(&u16::from_str_radix(&status.to_string(), 16).expect("a status word").to_be_bytes());
        Ok(answer)
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = Corpus(root.join("corpus"));
    let fixtures = root.join("../fixtures");
    let at: UnixTime = "2026-11-22T03:00:00Z".parse().expect("an instant");
    let adult = create(Persona::Adult, at, &mut rand_core::OsRng).expect("a persona");
    let file = |path: &str| std::fs::read(fixtures.join(path)).expect(path);

    let signing = adult.digital_signature_certificate.as_ref().expect("an adult has one");
    for (name, der) in [
        ("testcard", file("certificates/testcard/jpki-auth-cert.der")),
        ("testcard-ca", file("certificates/testcard/jpki-auth-ca-cert.der")),
        ("digital-signature", signing.der.clone()),
        ("user-authentication", adult.user_authentication_certificate.der.clone()),
        ("authority", adult.digital_signature_ca.certificate().to_vec()),
    ] {
        corpus.seed("certificate", name, &der);
    }
    let pem = Certificate::from_der(&signing.der).expect("a certificate").to_pem();
    corpus.seed("certificate", "pem", pem.as_bytes());

    let revoked: Vec<RevokedEntry> = (0..12)
        .map(|n| RevokedEntry {
            serial: 0x0700_0000 + 3 * n,
            at: at.plus_seconds(-1000 * n as i64),
            reason: (n % 3 != 0).then_some(RevocationReason::AffiliationChanged),
        })
        .collect();
    let ca = &adult.digital_signature_ca;
    let scope = Some(&adult.holder.municipality);
    let list = ca.revocation_list(at, at.plus_seconds(86_400), &revoked, scope).expect("a list");
    corpus.seed("crl", "partition", &list);
    corpus.seed("crl", "empty", &ca.revocation_list(at, at.plus_seconds(86_400), &[], None).expect("a list"));
    // revokedCertificates begins with its first entry's header; so many bytes as twelve entries have.
    let parsed = Crl::from_der(&list).expect("a list");
    let first = parsed.entries().next().expect("an entry").expect("an entry").serial.as_ptr() as usize;
    let start = first - parsed.der().as_ptr() as usize - 4;
    let last = parsed.entries().last().expect("an entry").expect("an entry").serial.as_ptr() as usize;
    let end = last - parsed.der().as_ptr() as usize + 4 + 15 + 14;
    corpus.seed("crl_index", "ascending", &list[start..end.min(list.len())]);
    corpus.seed("crl_index", "one", &list[start..start + 2 + usize::from(list[start + 1])]);
    let entry = |serial: &[u8]| {
        let fields = [&[2, serial.len() as u8], serial, b"\x17\x0d260101000000Z"].concat();
        [&[0x30, fields.len() as u8][..], &fields].concat()
    };
    let counter: Vec<u8> = (0..80u8).flat_map(|n| entry(&[[0x11; 12].as_slice(), &[n, 0x55]].concat())).collect();
    corpus.seed("crl_index", "counter", &counter);
    let mixed = [entry(&[5]), entry(&[0x33; 20]), entry(&[1]), entry(&[5]), entry(&[0x33, 0x33])].concat();
    corpus.seed("crl_index", "mixed", &mixed);

    let challenge = Challenge::new(ChallengeFields {
        id: ChallengeId::from_random([0x5A; 16]),
        case: "case_1".to_owned(),
        account: "account_1".to_owned(),
        audience: "https://wallet.example/kyc".to_owned(),
        purpose: "本人確認".to_owned(),
        transaction: "マネーアカウントへの移行を申し込みます。\n\n二行目".to_owned(),
        issued_at: at,
        expires_at: at.plus_seconds(600),
        nonce: [0xA5; NONCE_BYTES],
    })
    .expect("a challenge");
    let statement = challenge.statement();
    corpus.seed("statement", "whole", statement.as_bytes());

    let card = || SimulatedChannel::new(SimulatedCard::from_file(adult.card.clone()).expect("a card"));
    let secret = |kind, typed: &str| Secret::new(kind, typed.as_bytes()).expect("a secret").0;
    let password = secret(SecretKind::DigitalSignature, honnin::authority::SIGNING_PASSWORD);
    for (name, place) in [("attached", Placement::Attached), ("detached", Placement::Detached)] {
        let signed = Session::new(card())
            .run(async |it| {
                let (key, caution) = (Key::DigitalSignature, Caution::default());
                sign(it, key, &password, caution, statement.as_bytes(), place, at).await
            })
            .expect("a signature");
        corpus.seed("signed_statement", name, signed.cms.reveal());
    }

    // What a card answers, as the `card` target takes it, and as a recording.
    let pin = secret(SecretKind::InputSupport, honnin::authority::INPUT_SUPPORT_PIN);
    let number = &adult.facts.card_face.as_ref().expect("an adult's card has a face").number_b;
    let number = secret(SecretKind::NumberB, number);
    let authentication = secret(SecretKind::UserAuthentication, honnin::authority::AUTHENTICATION_PIN);
    let keys = honnin::anchors::CardVerifiableKeys::known();
    for which in 0..6_u8 {
        let written = Rc::new(RefCell::new(vec![which]));
        let mut session = Session::new(Answers { inner: card(), written: Rc::clone(&written) });
        let caution = Caution::default();
        match which {
            0 => drop(session.run(async |it| look_over(it).await)),
            1 => drop(session.run(async |it| survey_every_counter(it).await)),
            2 => drop(session.run(async |it| read_attributes(it, &pin, caution, Some(&keys)).await)),
            3 => drop(session.run(async |it| read_face(it, &number, caution, &keys).await)),
            4 => drop(session.run(async |it| {
                sign(it, Key::UserAuthentication, &authentication, caution, b"content", Placement::Attached, at).await
            })),
            _ => drop(session.run(async |it| {
                honnin::card::jpki::select(it).await?;
                let file = honnin::card::CertificateFile::UserAuthenticationCa;
                honnin::card::jpki::read_certificate(it, file).await
            })),
        }
        drop(session);
        corpus.seed("card", ["status", "counters", "attributes", "face", "sign", "certificate"][usize::from(which)], &written.borrow());
    }
    let mut recording = Vec::new();
    let header = Header::new(Some(&[0x3B, 0xE0]), Who::Synthetic);
    let recorder = Recorder::new(card(), &mut recording, header).expect("a recorder");
    Session::new(recorder).run(async |it| look_over(it).await).expect("a status");
    corpus.seed("trace", "status", &recording);
    let odd = "{\"type\":\"header\",\"version\":1,\"supports_extended_length\":false,\"persona\":\"unknown\"}\n\n\
        {\"type\":\"event\",\"event\":\"reset\"}\n{\"type\":\"exchange\",\"tx\":\"0020009B ********\",\"rx\":\"********9000\",\"t_us\":5}\n\
        {\"type\":\"error\",\"tx\":\"00A4\",\"error\":\"removed\"}\n";
    corpus.seed("trace", "odd", odd.as_bytes());

    corpus.seed("card_data", "testcard", &file("card-data/testcard/text-0002.bin"));
    let mut small = adult.card.clone();
    for application in &mut small.applications {
        for file in &mut application.files {
            if let Some(content) = file.content.as_mut().filter(|content| !content.is_empty()) {
                // Attributes or face, the record beside them, the certificate that vouches for both.
                if !application.name.contains("jpki") && matches!(file.id.0, 2..=4) {
                    let name = format!("{}-{}", application.name.replace(' ', "-"), file.id.0);
                    corpus.seed("card_data", &name, content);
                }
                content.truncate(16);
            }
        }
        application.keys.truncate(1);
    }
    corpus.seed("card_file", "adult", small.to_toml().expect("a file").as_bytes());
    small.applications.truncate(1);
    small.data_objects.clear();
    if let Some(first) = small.applications.first_mut() {
        first.keys.clear();
        first.files.truncate(2);
    }
    corpus.seed("card_file", "small", small.to_toml().expect("a file").as_bytes());

    for policy in ["jp_wellnet", "jp_wellnet_mock"] {
        corpus.seed("policy", policy, &file(&format!("policies/{policy}.toml")));
    }
    odd_profiles(&corpus);
}

/// What our own authority never issues.
fn odd_profiles(corpus: &Corpus) {
    let folder = std::env::temp_dir().join(format!("honnin-seeds-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output().expect("openssl");
        assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    let seed = |target: &str, name: &str, file: &str| {
        corpus.seed(target, name, &std::fs::read(folder.join(file)).expect(file));
    };
    write(
        "odd.cnf",
        "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE,pathlen:3\nkeyUsage=critical,keyCertSign,cRLSign\n\
         nameConstraints=critical,permitted;DNS:.example,permitted;dirName:base,excluded;IP:10.0.0.0/255.0.0.0,excluded;email:.x.example\n\
         policyConstraints=requireExplicitPolicy:2,inhibitPolicyMapping:1\ninhibitAnyPolicy=1\n\
         certificatePolicies=1.2.3.4,@policy\npolicyMappings=1.2.3.4:1.2.3.5\nsubjectKeyIdentifier=hash\n\
         crlDistributionPoints=relative,whole\n\
         [policy]\npolicyIdentifier=2.5.29.32.0\nCPS.1=http://cps.example/\nuserNotice.1=@notice\n\
         [notice]\nexplicitText=a notice\norganization=TEST\nnoticeNumbers=1,2\n\
         [base]\nC=JP\n[relative]\nrelativename=below\nCRLissuer=dirName:base\nreasons=keyCompromise,CACompromise\n\
         [below]\nCN=below\n[whole]\nfullname=URI:http://crl.example/a.crl,dirName:base\n\
         [leaf]\nauthorityInfoAccess=OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/\nextendedKeyUsage=clientAuth,1.2.3\n\
         subjectAltName=DNS:a.example,email:a@x.example,IP:192.0.2.1,IP:2001:db8::1,URI:urn:a,RID:1.2.3,otherName:1.2.3.4;UTF8:other,dirName:base\n\
         authorityKeyIdentifier=keyid,issuer:always\n\
         [delegate]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored\n\
         [list]\nissuingDistributionPoint=critical,@idp\nauthorityKeyIdentifier=keyid\n\
         [idp]\nfullname=URI:http://crl.example/a.crl,dirName:base\nonlyuser=TRUE\nonlysomereasons=keyCompromise,superseded\nindirectCRL=TRUE\n\
         [delta]\n2.5.29.27=critical,DER:020101\n\
         [ca_tool]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=9\n",
    );
    let subject = "/C=JP/O=TEST/CN=odd";
    openssl(&format!(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout ca.key -out ca.pem -days 3000 -subj {subject} -config odd.cnf -extensions ca -sha384"
    ).replace("-config odd.cnf", "-config odd.cnf -utf8"));
    openssl("x509 -in ca.pem -outform DER -out ca.der");
    seed("certificate", "constraints", "ca.der");
    for (name, section) in [("leaf", "leaf"), ("delegate", "delegate")] {
        openssl(&format!("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /C=JP/CN={name} -config odd.cnf"));
        openssl(&format!("x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -set_serial 0x1{} -days 2000 -sha384 -extfile odd.cnf -extensions {section} -out {name}.pem", name.len()));
        openssl(&format!("x509 -in {name}.pem -outform DER -out {name}.der"));
        seed("certificate", &format!("odd-{name}"), &format!("{name}.der"));
    }
    write("index.txt", "R\t491231235959Z\t200102030405Z,keyCompromise\t14\tunknown\t/CN=leaf\nR\t491231235959Z\t200102030405Z,holdInstruction,holdInstructionReject\t15\tunknown\t/CN=x\nR\t491231235959Z\t200102030405Z,CAkeyTime,20200101000000Z\t16\tunknown\t/CN=y\nV\t491231235959Z\t\t18\tunknown\t/CN=delegate\n");
    write("number", "1000\n");
    for section in ["list", "delta"] {
        openssl(&format!("ca -config odd.cnf -name ca_tool -gencrl -cert ca.pem -keyfile ca.key -crlexts {section} -out {section}.pem"));
        openssl(&format!("crl -in {section}.pem -outform DER -out {section}.crl"));
        seed("crl", section, &format!("{section}.crl"));
    }
    for (name, options) in [
        ("by-authority", "-rsigner ca.pem -rkey ca.key"),
        ("by-delegate", "-rsigner delegate.pem -rkey delegate.key"),
        ("by-key", "-rsigner delegate.pem -rkey delegate.key -resp_key_id"),
    ] {
        openssl("ocsp -issuer ca.pem -cert leaf.pem -cert delegate.pem -reqout request.der");
        openssl(&format!("ocsp -index index.txt -CA ca.pem {options} -reqin request.der -respout response.der -ndays 3"));
        seed("ocsp", name, "response.der");
    }
    corpus.seed("ocsp", "try-later", &[0x30, 3, 0x0A, 1, 3]);
    write("content", "content");
    for (name, options) in [("plain", "-nodetach -noattr"), ("key-identifier", "-nodetach -keyid")] {
        openssl(&format!("cms -sign -binary -in content -signer leaf.pem -inkey leaf.key -md sha256 -outform DER -out {name}.cms {options}"));
        seed("signed_statement", name, &format!("{name}.cms"));
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
}
