//! An upgrade with a time-stamp authority: `openssl ts` over files answers, or nobody does, or somebody who is not to be believed
//! (RFC 3161, RSN-20, RSN-23, API-40).

use crate::holder::{DAY, anchors, grounds, list, prove};
use crate::stores::{AT, account_id, case_id};
use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::evidence::{TimeStampFault, TimeStampSource, TimeStampTerms};
use honnin::kyc::{Answer, CaseState, Decision, Declaration, Dependency, Kind, Outcome, Request, Store, Upgrade};
use honnin::policy::Policy;
use honnin::proof::{
    Mismatch, ProofError, SignedStatement, TimeStampAuthority, TimeStampRequest, TimeStampUnavailable,
};
use honnin::reason::Reason;
use honnin::record::{Archive, Bundle};
use honnin::store::MemoryStore;
use honnin::time::UnixTime;
use honnin::verdict::{CheckId, Conclusion, Status};
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

struct Nobody;

impl TimeStampAuthority for Nobody {
    fn answer(&self, _: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        Err(TimeStampUnavailable)
    }
}

/// Answers what a function says.
struct Answering<F>(F);

impl<F: Fn(&[u8]) -> Vec<u8> + Send + Sync> TimeStampAuthority for Answering<F> {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        Ok((self.0)(request))
    }
}

const CONFIGURATION: &str = "[tsa]\ndefault_tsa = one\n[one]\nserial = ./serial\nsigner_digest = sha256\n\
    default_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n\
    [stamping]\nextendedKeyUsage = critical, timeStamping\n\
    [lenient]\nextendedKeyUsage = timeStamping\n\
    [more]\nextendedKeyUsage = critical, timeStamping, emailProtection\n";

/// The files of `openssl ts`: one key with certificates of several kinds, and the roots behind them.
struct OpenSsl {
    folder: tempfile::TempDir,
    turn: Mutex<()>,
}

fn openssl(folder: &Path, line: &str) -> Vec<u8> {
    let output = Command::new("openssl").args(line.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_seconds(since.as_secs().try_into().unwrap())
}

/// One for all tests; `None` where there is no OpenSSL.
fn authority() -> Option<&'static OpenSsl> {
    static AUTHORITY: OnceLock<Option<OpenSsl>> = OnceLock::new();
    AUTHORITY
        .get_or_init(|| {
            if Command::new("openssl").arg("version").output().is_err() {
                assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "openssl is missing and CI must not skip");
                eprintln!("SKIPPED kyc::time_stamps: there is no openssl on this machine (apt-get install openssl)");
                return None;
            }
            Some(OpenSsl::new())
        })
        .as_ref()
}

impl OpenSsl {
    fn new() -> Self {
        let it = Self { folder: tempfile::tempdir().unwrap(), turn: Mutex::new(()) };
        std::fs::write(it.folder.path().join("configuration"), CONFIGURATION).unwrap();
        std::fs::write(it.folder.path().join("serial"), "01\n").unwrap();
        // Two roots of one name: an authority is told by its key (certificates.md §4.4).
        for root in ["root", "other"] {
            it.run(&format!(
                "req -x509 -newkey rsa:2048 -nodes -keyout {root}.key -out {root}.pem -days 9999 \
                 -subj /CN=TEST-TSA-root -addext keyUsage=critical,keyCertSign"
            ));
            it.run(&format!("x509 -in {root}.pem -outform DER -out {root}.der"));
        }
        it.run("req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TEST-TSA");
        for (name, root, days, section) in [
            ("tsa", "root", 9999, "stamping"),
            ("brief", "root", 30, "stamping"),
            ("stranger", "other", 9999, "stamping"),
            ("lenient", "root", 9999, "lenient"),
            ("more", "root", 9999, "more"),
        ] {
            it.run(&format!(
                "x509 -req -in tsa.csr -CA {root}.pem -CAkey {root}.key -days {days} -out {name}.pem \
                 -extfile configuration -extensions {section}"
            ));
        }
        // Vouches for itself.
        it.run(
            "req -x509 -key tsa.key -out alone.pem -days 9999 -subj /CN=TEST-TSA -addext extendedKeyUsage=critical,timeStamping",
        );
        it
    }

    fn run(&self, line: &str) -> Vec<u8> {
        openssl(self.folder.path(), line)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    fn trusted(&self, root: &str) -> AnchorSet {
        AnchorSet::none().with_certificate(Certificate::from_der(&self.read(&format!("{root}.der"))).unwrap(), None)
    }

    /// What `openssl ts` answers, by its own clock, under this certificate.
    fn stamp(&self, request: &[u8], certificate: &str) -> Vec<u8> {
        let _turn = self.turn.lock().unwrap();
        self.answer_to(request, certificate)
    }

    fn answer_to(&self, request: &[u8], certificate: &str) -> Vec<u8> {
        self.write("request", request);
        self.run(&format!(
            "ts -reply -config configuration -section one -queryfile request -signer {certificate}.pem -inkey tsa.key \
             -out answer"
        ));
        self.read("answer")
    }

    /// The same with another time in it, or under a certificate that `openssl ts` does not stamp with: the TSTInfo is taken out,
    /// changed, and signed anew by `openssl cms`.
    fn stamp_at(&self, request: &[u8], certificate: &str, at: UnixTime) -> Vec<u8> {
        let _turn = self.turn.lock().unwrap();
        self.answer_to(request, "tsa");
        let token = self.run("ts -reply -in answer -token_out");
        let info = SignedStatement::parse(&token).unwrap().content().unwrap().to_vec();
        // GeneralizedTime, whole seconds: 15 octets behind tag and length.
        let place = info.windows(2).position(|window| window == [0x18, 0x0F]).unwrap() + 2;
        let text: String = at.to_string().chars().filter(|it| it.is_ascii_digit()).collect();
        let info = [&info[..place], text.as_bytes(), b"Z", &info[place + 15..]].concat();
        self.write("info", &info);
        self.run(&format!(
            "cms -sign -binary -nodetach -cades -econtent_type 1.2.840.113549.1.9.16.1.4 -in info -signer {certificate}.pem \
             -inkey tsa.key -outform DER -out token"
        ));
        let body = [&[0x30, 0x03, 0x02, 0x01, 0x00][..], &self.read("token")].concat();
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82][..], &length, &body].concat()
    }
}

/// A proof that waits to be submitted.
fn proof(store: &dyn Store, policy: &Policy) -> Vec<u8> {
    let engine = Upgrade::new(store, policy);
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(account_id("a-1"), AT).unwrap();
    engine.open_case(case_id("case_1"), &account_id("a-1"), declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    prove(&engine.issue_challenge(&case_id("case_1"), &request, &mut rand_core::OsRng, AT).unwrap())
}

fn decision(answer: Answer) -> Decision {
    match answer {
        Answer::Decided(decision) => decision,
        Answer::AlreadyApproved => panic!("approved before"),
    }
}

/// The mock policy with `need` in its `[time_stamp]`.
fn policy(need: &str) -> Policy {
    let text = Policy::jp_wellnet_mock().unwrap().text;
    let changed = text.replace("need = \"where_configured\"", &format!("need = \"{need}\""));
    Policy::parse(&changed).unwrap()
}

const TERMS: TimeStampTerms<'_> = TimeStampTerms { policies: &[], skew_seconds: 60 };

fn signed() -> SignedStatement {
    let (store, policy) = (MemoryStore::new(), policy("where_configured"));
    SignedStatement::parse(&proof(&store, &policy)).unwrap()
}

#[test]
fn a_token_is_taken_from_a_trusted_authority_at_its_time_and_from_nobody_else() {
    let Some(openssl) = authority() else { return };
    let (proof, trusted) = (signed(), openssl.trusted("root"));
    let obtain = |authority: &dyn TimeStampAuthority, trusted: &AnchorSet, terms: TimeStampTerms<'_>, at: UnixTime| {
        TimeStampSource { authority, trusted }.obtain(&proof, [7; 16], terms, at)
    };
    // The real thing, by its own clock.
    let real = Answering(|request: &[u8]| openssl.stamp(request, "tsa"));
    assert!(obtain(&real, &trusted, TERMS, now()).is_ok());
    for seconds in [-3600, 3600] {
        let fault = obtain(&real, &trusted, TERMS, now().plus_seconds(seconds)).unwrap_err();
        assert_eq!(fault, TimeStampFault::Clock, "{seconds} s off");
    }
    // Exactly at the limit of the skew, and a second beyond, on both sides.
    for (seconds, expected) in
        [(0, true), (60, true), (-60, true), (61, false), (-61, false), (DAY, false), (-DAY, false)]
    {
        let at = now();
        let shifted = Answering(|request: &[u8]| openssl.stamp_at(request, "tsa", at.plus_seconds(seconds)));
        let answer = obtain(&shifted, &trusted, TERMS, at);
        assert_eq!(answer.is_ok(), expected, "{seconds}: {answer:?}");
        assert!(expected || answer == Err(TimeStampFault::Clock));
    }
    // Whoever is not trusted, whatever the time.
    for (certificate, trusted, why) in [
        ("tsa", AnchorSet::none(), "nobody is trusted"),
        ("tsa", AnchorSet::jpki(), "those who issue to people are not time-stamp authorities"),
        ("tsa", openssl.trusted("other"), "another key of the same name"),
        ("stranger", openssl.trusted("root"), "another root of the same name"),
        ("alone", openssl.trusted("root"), "it vouches for itself"),
    ] {
        let source = Answering(move |request: &[u8]| openssl.stamp(request, certificate));
        assert_eq!(obtain(&source, &trusted, TERMS, now()), Err(TimeStampFault::Untrusted), "{why}");
    }
    // Its certificate was over when it was asked, whatever the token says.
    let later = now().plus_seconds(40 * DAY);
    let brief = Answering(|request: &[u8]| openssl.stamp_at(request, "brief", later));
    assert_eq!(obtain(&brief, &trusted, TERMS, later), Err(TimeStampFault::Untrusted));
    let brief = Answering(|request: &[u8]| openssl.stamp(request, "brief"));
    assert!(obtain(&brief, &trusted, TERMS, now()).is_ok());
    // RFC 3161 §2.3: the purpose critical, and alone.
    for certificate in ["lenient", "more"] {
        let source = Answering(move |request: &[u8]| openssl.stamp_at(request, certificate, now()));
        let expected = TimeStampFault::NotAccepted(ProofError::CertificatePurpose);
        assert_eq!(obtain(&source, &trusted, TERMS, now()), Err(expected), "{certificate}");
    }
    // Over something else, and in answer to another request.
    let query = |line: &str| {
        let _turn = openssl.turn.lock().unwrap();
        openssl.write("content", b"something else");
        openssl.run(line);
        openssl.read("query")
    };
    let mismatch = Err(TimeStampFault::NotAccepted(ProofError::Mismatch(Mismatch::TimeStamp)));
    let other = query("ts -query -data content -sha256 -cert -out query");
    let imprint = Answering(|_: &[u8]| openssl.stamp(&other, "tsa"));
    assert_eq!(obtain(&imprint, &trusted, TERMS, now()), mismatch);
    let earlier = TimeStampRequest::new(proof.signers()[0].signature(), [8; 16]).to_der().unwrap();
    let replayed = Answering(|_: &[u8]| openssl.stamp(&earlier, "tsa"));
    assert_eq!(obtain(&replayed, &trusted, TERMS, now()), mismatch, "the nonce of an earlier request");
    // Policies of authorities.
    for (policy, expected) in [("1.2.3.4.1", true), ("1.2.3.4.2", false)] {
        let policies = [policy.to_owned()];
        let terms = TimeStampTerms { policies: &policies, ..TERMS };
        let answer = obtain(&real, &trusted, terms, now());
        assert!(if expected { answer.is_ok() } else { answer == Err(TimeStampFault::Policy) }, "{answer:?}");
    }
    assert_eq!(obtain(&Nobody, &trusted, TERMS, now()), Err(TimeStampFault::Unreachable));
    let refusal = Answering(|_: &[u8]| vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]);
    let expected = TimeStampFault::NotAccepted(ProofError::TimeStampRefused { status: 2 });
    assert_eq!(obtain(&refusal, &trusted, TERMS, now()), Err(expected));
}

#[test]
fn without_its_time_stamp_nothing_is_approved_and_nothing_is_lost_rsn_20_rsn_23() {
    let (store, policy, anchors, lists) = (MemoryStore::new(), policy("where_configured"), anchors(), list(AT, false));
    let proof = proof(&store, &policy);
    let (case, grounds) = (case_id("case_1"), grounds(&anchors, &lists));
    let nobody = TimeStampSource { authority: &Nobody, trusted: &AnchorSet::none() };
    let submitted = Upgrade::new(&store, &policy).with_time_stamps(nobody).submit(&case, &proof, &grounds, AT);
    let kind = || store.load_account(&account_id("a-1")).unwrap().unwrap().facts.kind();
    let is_outage = |decision: Decision, why: &str| {
        let Outcome::Unavailable { dependency, reason, retry_at, .. } = decision.outcome else {
            panic!("{decision:?}")
        };
        assert_eq!((dependency, reason), (Dependency::TimeStampAuthority, Reason::DependencyUnavailable));
        assert_eq!(retry_at, AT.plus_seconds(900));
        assert_eq!(decision.verdict.check(CheckId::Policy).unwrap().detail()["why"], why);
        assert_eq!((kind(), store.failures(&account_id("a-1"))), (Kind::Cash, Ok(0)), "{why}");
        assert_eq!(store.load_case(&case).unwrap().unwrap().facts.state, CaseState::AttributesMatched);
    };
    is_outage(decision(submitted.unwrap()), "time_stamp_unreachable");
    let again = |source: TimeStampSource<'_>| {
        decision(Upgrade::new(&store, &policy).with_time_stamps(source).recheck(&case, &grounds, AT).unwrap())
    };
    let nonsense = Answering(<[u8]>::to_vec);
    is_outage(again(TimeStampSource { authority: &nonsense, trusted: &AnchorSet::none() }), "time_stamp_not_accepted");
    let Some(openssl) = authority() else { return };
    let at_its_time = Answering(|request: &[u8]| openssl.stamp_at(request, "tsa", AT));
    let late = Answering(|request: &[u8]| openssl.stamp_at(request, "tsa", AT.plus_seconds(DAY)));
    let trusted = openssl.trusted("root");
    let untrusted = TimeStampSource { authority: &at_its_time, trusted: &openssl.trusted("other") };
    is_outage(again(untrusted), "time_stamp_untrusted");
    is_outage(again(TimeStampSource { authority: &late, trusted: &trusted }), "time_stamp_clock");
}

/// A store after one submission, and when that was.
struct Approval {
    store: MemoryStore,
    at: UnixTime,
}

fn approve(policy: &Policy, source: Option<TimeStampSource<'_>>, at: UnixTime) -> (Approval, Decision) {
    let store = MemoryStore::new();
    let engine = Upgrade::new(&store, policy);
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(account_id("a-1"), at).unwrap();
    engine.open_case(case_id("case_1"), &account_id("a-1"), declaration, at).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    let proof = prove(&engine.issue_challenge(&case_id("case_1"), &request, &mut rand_core::OsRng, at).unwrap());
    let (anchors, lists) = (anchors(), list(at, false));
    let engine = match source {
        Some(source) => engine.with_time_stamps(source),
        None => engine,
    };
    let answer = engine.submit(&case_id("case_1"), &proof, &grounds(&anchors, &lists), at).unwrap();
    let decision = decision(answer);
    (Approval { store, at }, decision)
}

#[test]
fn the_policy_says_whether_there_has_to_be_a_time_stamp() {
    let nobody = TimeStampSource { authority: &Nobody, trusted: &AnchorSet::none() };
    for (need, source, why) in [
        ("always", None, Some("time_stamp_not_configured")),
        ("always", Some(nobody), Some("time_stamp_unreachable")),
        ("where_configured", None, None),
        ("where_configured", Some(nobody), Some("time_stamp_unreachable")),
        ("optional", None, None),
        ("optional", Some(nobody), None),
    ] {
        let (approval, decision) = approve(&policy(need), source, AT);
        let check = decision.verdict.check(CheckId::Policy).unwrap();
        match why {
            Some(why) => {
                assert!(matches!(decision.outcome, Outcome::Unavailable { .. }), "{need}: {decision:?}");
                assert_eq!(check.detail()["why"], why, "{need}");
            }
            None => {
                assert!(matches!(decision.outcome, Outcome::Upgrade { .. }), "{need}: {decision:?}");
                let record = approval.store.confirmation_record(&case_id("case_1")).unwrap().unwrap();
                assert_eq!(record.attachment.time_stamps.len(), 0);
            }
        }
    }
}

#[test]
fn a_stamped_bundle_is_held_to_its_authority_and_its_time() {
    let Some(openssl) = authority() else { return };
    let trusted = openssl.trusted("root");
    // After the authority's certificates were made, and the holder's.
    let at = now().max(AT);
    let brief = Answering(|request: &[u8]| openssl.stamp_at(request, "brief", at));
    let policy = policy("always");
    let nobody = TimeStampSource { authority: &Nobody, trusted: &trusted };
    let (approval, decided) = approve(&policy, Some(nobody), at);
    assert!(matches!(decided.outcome, Outcome::Unavailable { .. }), "{decided:?}");
    let case = case_id("case_1");
    let (people, lists) = (anchors(), list(approval.at, false));
    let engine = Upgrade::new(&approval.store, &policy)
        .with_time_stamps(TimeStampSource { authority: &brief, trusted: &trusted });
    let answer = engine.recheck(&case, &grounds(&people, &lists), approval.at).unwrap();
    let decided = decision(answer);
    assert!(
        matches!(decided.outcome, Outcome::Upgrade { .. }),
        "no new challenge, no new signature (RSN-25): {decided:?}"
    );
    let file = approval.store.bundle(&case).unwrap().unwrap().into_inner();
    let bundle = Bundle::read(&file).unwrap();
    let verified = |bundle: &Bundle, authorities: &AnchorSet, after: i64| {
        bundle.verify_trusting(&anchors(), authorities, approval.at.plus_seconds(after)).unwrap()
    };
    // As of then and as of now: the authority's own certificate ends after 30 days.
    let found = verified(&bundle, &trusted, 60);
    assert_eq!((found.then.conclusion(), found.differing), (Conclusion::Yes, vec![]));
    let [stamp] = found.time_stamps[..] else { panic!() };
    assert_eq!((stamp.generated_at, stamp.then, stamp.now), (approval.at, Conclusion::Yes, Conclusion::Yes));
    let found = verified(&bundle, &trusted, 40 * DAY);
    assert_eq!(found.then.conclusion(), Conclusion::Yes);
    let expired = Conclusion::No(Reason::CertificateExpired);
    assert_eq!((found.time_stamps[0].then, found.time_stamps[0].now), (Conclusion::Yes, expired));
    // Whose policy wants a time stamp has none from an authority that the reader does not trust; nor does an anchor of people
    // become one.
    for authorities in [AnchorSet::none(), openssl.trusted("other"), anchors()] {
        let check = verified(&bundle, &authorities, 60).then.check(CheckId::Policy).cloned().unwrap();
        assert_eq!(
            (check.status, &check.detail()["why"]),
            (Status::Failed(Reason::IssuerNotTrusted), &"time_stamp_untrusted".into())
        );
    }
    // Its bytes are covered too.
    let mut changed = file.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(Bundle::read(&changed).unwrap_err().part(), "time-stamps/1.tsr");

    // The same bundle with another token in it, or none, every digest made anew.
    let record = approval.store.confirmation_record(&case).unwrap().unwrap();
    let with = |tokens: Vec<Vec<u8>>| {
        let mut record = record.clone();
        record.attachment.time_stamps = tokens;
        Bundle::read(&Bundle::write(&record).unwrap().0).unwrap()
    };
    let signed = SignedStatement::parse(record.attachment.proof.reveal()).unwrap();
    let request = TimeStampRequest::new(signed.signers()[0].signature(), [9; 16]);
    let token = |at: UnixTime, certificate: &str| {
        let answer = openssl.stamp_at(&request.to_der().unwrap(), certificate, at);
        request.accept(&answer).unwrap().der().to_vec()
    };
    for (tokens, id, reason, why) in [
        (vec![], CheckId::Policy, Reason::IssuerNotTrusted, "time_stamp_untrusted"),
        (vec![token(approval.at.plus_seconds(DAY), "tsa")], CheckId::Policy, Reason::MalformedData, "time_stamp_clock"),
        (vec![token(approval.at.plus_seconds(-61), "tsa")], CheckId::Policy, Reason::MalformedData, "time_stamp_clock"),
        (vec![token(approval.at, "stranger")], CheckId::Policy, Reason::IssuerNotTrusted, "time_stamp_untrusted"),
        (vec![token(approval.at, "lenient")], CheckId::Signature, Reason::CertificatePurposeMismatch, ""),
    ] {
        let found = verified(&with(tokens), &trusted, 60);
        let check = found.then.check(id).unwrap();
        assert_eq!(check.status, Status::Failed(reason), "{why}");
        if !why.is_empty() {
            assert_eq!(check.detail()["why"], why);
        }
    }
}
