//! An upgrade with a time-stamp authority: `openssl ts` over files answers, or nobody does (RFC 3161, RSN-20, RSN-23).

use crate::holder::{anchors, grounds, list, prove};
use crate::stores::{AT, account_id, case_id};
use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::evidence::TimeStampStanding;
use honnin::kyc::{Answer, CaseState, Declaration, Dependency, Kind, Outcome, Request, Store, Upgrade};
use honnin::policy::Policy;
use honnin::proof::{TimeStampAuthority, TimeStampUnavailable};
use honnin::reason::Reason;
use honnin::record::{Archive, Bundle};
use honnin::store::MemoryStore;
use honnin::verdict::Conclusion;
use std::path::Path;
use std::process::Command;

struct Nobody;

impl TimeStampAuthority for Nobody {
    fn answer(&self, _: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        Err(TimeStampUnavailable)
    }
}

struct Nonsense;

impl TimeStampAuthority for Nonsense {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        Ok(request.to_vec())
    }
}

struct OpenSsl(tempfile::TempDir);

fn openssl(folder: &Path, line: &str) {
    let output = Command::new("openssl").args(line.split_whitespace()).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

impl OpenSsl {
    fn new() -> Self {
        let it = Self(tempfile::tempdir().unwrap());
        let configuration = "[tsa]\ndefault_tsa = one\n[one]\nserial = ./serial\nsigner_digest = sha256\n\
            default_policy = 1.2.3.4.1\ndigests = sha256\ness_cert_id_alg = sha256\n\
            [stamping]\nextendedKeyUsage = critical, timeStamping\n";
        std::fs::write(it.0.path().join("configuration"), configuration).unwrap();
        std::fs::write(it.0.path().join("serial"), "01\n").unwrap();
        for line in [
            "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 9999 -subj /CN=TEST-TSA-root \
             -addext keyUsage=critical,keyCertSign",
            "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TEST-TSA",
            "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -days 9999 -out tsa.pem -extfile configuration \
             -extensions stamping",
            "x509 -in root.pem -outform DER -out root.der",
        ] {
            openssl(it.0.path(), line);
        }
        it
    }

    fn root(&self) -> Certificate {
        Certificate::from_der(&std::fs::read(self.0.path().join("root.der")).unwrap()).unwrap()
    }
}

impl TimeStampAuthority for OpenSsl {
    fn answer(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampUnavailable> {
        std::fs::write(self.0.path().join("request"), request).unwrap();
        openssl(
            self.0.path(),
            "ts -reply -config configuration -section one -queryfile request -signer tsa.pem -inkey tsa.key -out answer",
        );
        Ok(std::fs::read(self.0.path().join("answer")).unwrap())
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

fn outcome(answer: Answer) -> Outcome {
    match answer {
        Answer::Decided(decision) => decision.outcome,
        Answer::AlreadyApproved => panic!("approved before"),
    }
}

#[test]
fn without_its_time_stamp_nothing_is_approved_and_nothing_is_lost_rsn_20_rsn_23() {
    let (store, policy, anchors, lists) =
        (MemoryStore::new(), Policy::jp_wellnet_mock().unwrap(), anchors(), list(AT, false));
    let proof = proof(&store, &policy);
    let (case, grounds) = (case_id("case_1"), grounds(&anchors, &lists));
    let submitted = Upgrade::new(&store, &policy).with_time_stamps(&Nobody).submit(&case, &proof, &grounds, AT);
    let Outcome::Unavailable { dependency, reason, retry_at, .. } = outcome(submitted.unwrap()) else { panic!() };
    assert_eq!((dependency, reason), (Dependency::TimeStampAuthority, Reason::DependencyUnavailable));
    assert_eq!(retry_at, AT.plus_seconds(900));
    let kind = || store.load_account(&account_id("a-1")).unwrap().unwrap().facts.kind();
    assert_eq!((kind(), store.failures(&account_id("a-1"))), (Kind::Cash, Ok(0)));
    assert_eq!(store.load_case(&case).unwrap().unwrap().facts.state, CaseState::AttributesMatched);
    let again = |authority: &dyn TimeStampAuthority| {
        outcome(Upgrade::new(&store, &policy).with_time_stamps(authority).recheck(&case, &grounds, AT).unwrap())
    };
    assert!(matches!(again(&Nonsense), Outcome::Unavailable { .. }), "an answer that is none is no time stamp");
    if Command::new("openssl").arg("version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "openssl is missing and CI must not skip");
        eprintln!("SKIPPED kyc::time_stamps: there is no openssl on this machine (Debian: apt-get install openssl)");
        return;
    }
    let authority = OpenSsl::new();
    assert!(matches!(again(&authority), Outcome::Upgrade { .. }), "no new challenge, no new signature (RSN-25)");
    assert_eq!(kind(), Kind::Money);

    let file = store.bundle(&case).unwrap().unwrap().into_inner();
    let bundle = Bundle::read(&file).unwrap();
    assert_eq!(bundle.attachment().time_stamps.len(), 1);
    let verified = |anchors: &AnchorSet| bundle.verify(anchors, AT).unwrap();
    let [TimeStampStanding::UnknownAuthority(at)] = verified(&anchors).time_stamps[..] else { panic!() };
    let both = anchors.clone().with_certificate(authority.root(), None);
    let found = verified(&both);
    assert_eq!(found.then.conclusion(), Conclusion::Yes);
    assert_eq!(found.time_stamps, [TimeStampStanding::Trusted(at)]);
    // Its bytes are covered too.
    let mut changed = file.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(Bundle::read(&changed).unwrap_err().part(), "time-stamps/1.tsr");
}
