//! An evidence bundle after a real upgrade: verified on a machine that has nothing else, and every changed byte found and named
//! (docs/evidence-bundle.md, LAW-22).

use crate::holder::{DAY, anchors, grounds, issued, list, prove};
use crate::stores::{AT, account_id, case_id, record};
use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::evidence::Grounds;
use honnin::kyc::{Answer, Declaration, Outcome, Request, Upgrade};
use honnin::policy::Policy;
use honnin::reason::Reason;
use honnin::record::{Archive, Archivist, Bundle, BundleError, KeptEvidence};
use honnin::store::MemoryStore;
use honnin::validation::{IndexedCrl, Materials, RevocationIndex, RevocationSource, Threads};
use honnin::verdict::{CheckId, Conclusion, Status};
use std::sync::OnceLock;

/// The bundle of one approval, as an auditor gets it.
fn bundle() -> &'static [u8] {
    &approval().0
}

/// The bundle, and the audit log that was exported with it.
fn approval() -> &'static (Vec<u8>, Vec<u8>) {
    static APPROVAL: OnceLock<(Vec<u8>, Vec<u8>)> = OnceLock::new();
    APPROVAL.get_or_init(|| approve(&grounds(&anchors(), &list(AT, false))))
}

fn approve(grounds: &Grounds<'_>) -> (Vec<u8>, Vec<u8>) {
    let (store, policy) = (MemoryStore::new(), Policy::jp_wellnet_mock().unwrap());
    let engine = Upgrade::new(&store, &policy);
    let declaration = Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) };
    engine.create_account(account_id("a-1"), AT).unwrap();
    engine.open_case(case_id("case_1"), &account_id("a-1"), declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    let challenge = engine.issue_challenge(&case_id("case_1"), &request, &mut rand_core::OsRng, AT).unwrap();
    let answer = engine.submit(&case_id("case_1"), &prove(&challenge), grounds, AT.plus_seconds(5));
    assert!(matches!(answer, Ok(Answer::Decided(decision)) if matches!(decision.outcome, Outcome::Upgrade { .. })));
    let mut log = Vec::new();
    Archivist::new(&store).export_audit(&mut log, AT).unwrap();
    (store.bundle(&case_id("case_1")).unwrap().unwrap().into_inner(), log)
}

/// Name, first byte and end of each part, out of the manifest, read here without the code under test.
fn parts(file: &[u8]) -> Vec<(String, usize, usize)> {
    let mut lines = file.splitn(3, |byte| *byte == b'\n');
    let header = lines.next().unwrap().len() + 1;
    let manifest = lines.next().unwrap();
    let mut at = header + manifest.len() + 1;
    let mut found = vec![("header".into(), 0, header), ("manifest".into(), header, at)];
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    for part in manifest["parts"].as_array().unwrap() {
        let end = at + usize::try_from(part["length"].as_u64().unwrap()).unwrap();
        found.push((part["name"].as_str().unwrap().to_owned(), at, end));
        at = end;
    }
    assert_eq!(at, file.len(), "nothing behind the last part");
    found
}

/// The same contents with digests that fit, as somebody would make them who wants to hide a change.
fn sealed_again(file: &[u8], name: &str, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut bodies = Vec::new();
    let mut entries = Vec::new();
    for (part, from, to) in parts(file).into_iter().skip(2) {
        let mut bytes = file[from..to].to_vec();
        if part == name {
            change(&mut bytes);
        }
        let media = if part.ends_with("json") {
            "application/json"
        } else if part.ends_with("toml") {
            "application/toml"
        } else if part.ends_with("txt") {
            "text/vnd.honnin.statement"
        } else if part.ends_with("p7m") {
            "application/cms"
        } else if part.ends_with("cer") {
            "application/pkix-cert"
        } else {
            "application/pkix-crl"
        };
        let digest = hex::encode(honnin::crypto::sha256(&bytes));
        entries.push(format!(
            r#"{{"name":"{part}","media_type":"{media}","length":{},"sha256":"{digest}"}}"#,
            bytes.len()
        ));
        bodies.extend(bytes);
    }
    let manifest = format!("{{\"parts\":[{}]}}\n", entries.join(","));
    let rest = [manifest.as_bytes(), &bodies].concat();
    let digest = |bytes: &[u8]| hex::encode(honnin::crypto::sha256(bytes));
    let header =
        format!("honnin-evidence/2 内部限り(公的個人認証法第52条) {} {}\n", digest(manifest.as_bytes()), digest(&rest));
    [header.as_bytes(), &rest].concat()
}

#[test]
fn a_bundle_proves_its_approval_with_nothing_else_law_22() {
    let found = Bundle::read(bundle()).unwrap();
    let names: Vec<String> = parts(bundle()).into_iter().map(|(name, ..)| name).collect();
    let expected = [
        "header",
        "manifest",
        "case.json",
        "checks.json",
        "policy.toml",
        "statement.txt",
        "proof.p7m",
        "certificates/1.cer",
        "revocation/1.crl",
    ];
    assert_eq!(names, expected);
    let verification = found.verify(&anchors(), AT.plus_seconds(30)).unwrap();
    assert_eq!(verification.then.conclusion(), Conclusion::Yes, "{:?}", verification.then);
    assert_eq!(verification.then_at, AT.plus_seconds(5));
    assert_eq!(verification.now.conclusion(), Conclusion::Yes);
    assert_eq!(verification.differing, []);
    assert_eq!(verification.revocation_part.as_deref(), Some("revocation/1.crl"));
    assert_eq!(found.case().method, "jpki_signature");
    assert!(std::str::from_utf8(&bundle()[..60]).unwrap().contains("内部限り"), "JPKI Act 52");
}

/// A server asks an index, not lists one by one; what answered is kept all the same.
#[test]
fn an_index_that_answered_leaves_its_list_as_evidence_law_22() {
    let authority = Certificate::from_der(issued().digital_signature_ca.certificate()).unwrap();
    let mut index = RevocationIndex::new();
    let yesterday = list(AT.plus_seconds(-DAY), false);
    let today = list(AT, false);
    for list in yesterday.iter().chain(&today) {
        index.add(IndexedCrl::new(list.clone(), &authority, Threads::One).unwrap());
    }
    let sources: [&dyn RevocationSource; 1] = [&index];
    let materials = Materials { sources: &sources, ..Materials::default() };
    let (file, _) = approve(&Grounds { materials, anchors: &anchors(), taints: &[] });
    assert_eq!(part(&file, "revocation/1.crl"), today[0].der(), "the list of the day, and no other");
    assert_eq!(parts(&file).iter().filter(|(name, ..)| name.starts_with("revocation/")).count(), 1);
    let verification = Bundle::read(&file).unwrap().verify(&anchors(), AT.plus_seconds(30)).unwrap();
    assert_eq!(verification.then.conclusion(), Conclusion::Yes, "{:?}", verification.then);
    assert_eq!(verification.differing, []);
}

#[test]
fn then_stays_then_and_now_is_told_beside_it() {
    let found = Bundle::read(bundle()).unwrap();
    let later = found.verify(&anchors(), AT.plus_seconds(3 * DAY)).unwrap();
    assert_eq!(later.then.conclusion(), Conclusion::Yes);
    assert_eq!(later.now.conclusion(), Conclusion::Undetermined(Reason::ValidityUnavailable), "the list is of then");
    let years = found.verify(&anchors(), AT.plus_seconds(8 * 366 * DAY)).unwrap();
    assert_eq!(years.then.conclusion(), Conclusion::Yes);
    assert_eq!(years.now.conclusion(), Conclusion::No(Reason::CertificateExpired));
}

#[test]
fn a_bundle_does_not_bring_its_own_anchor() {
    let verification = Bundle::read(bundle()).unwrap().verify(&AnchorSet::jpki(), AT).unwrap();
    let check = verification.then.check(CheckId::Path).unwrap();
    assert_eq!(check.status, Status::Failed(Reason::IssuerNotTrusted));
    assert!(verification.differing.contains(&CheckId::Path), "it was recorded otherwise");
}

#[test]
fn every_changed_byte_is_found_and_its_part_named() {
    let file = bundle();
    let parts = parts(file);
    let every = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let mut tried = 0;
    for (name, from, to) in &parts {
        // A sample that always has the first and the last byte of each part.
        let step = if every { 1 } else { ((to - from) / 40).max(1) };
        for at in (*from..*to).step_by(step).chain([to - 1]) {
            let mut changed = file.to_vec();
            changed[at] ^= 1 << (at % 8);
            let error = Bundle::read(&changed).expect_err("byte {at}");
            let expected = match at {
                // '2' becomes '3', and who can tell that from a bundle of version 3?
                16 => BundleError::OtherVersion { found: 3, known: 2 },
                _ => BundleError::Changed { part: name.clone() },
            };
            assert_eq!(error, expected, "byte {at}");
            tried += 1;
        }
    }
    assert!(tried > 300, "{tried}");
    // Cut anywhere, or with something behind it.
    for (name, from, to) in &parts[2..] {
        for at in [*from, (from + to) / 2, to - 1] {
            let part = Bundle::read(&file[..at]).unwrap_err().part().to_owned();
            assert_eq!(part, *name, "cut at {at}");
        }
    }
    let longer = [file, b"\n"].concat();
    assert_eq!(Bundle::read(&longer).unwrap_err(), BundleError::Changed { part: "end".into() });
}

/// docs/statement.md: the algorithm identifier of a signer is not signed. The CMS alone does not notice; the bundle does.
#[test]
fn the_unsigned_algorithm_identifier_is_covered_by_the_digests() {
    let file = bundle();
    let (_, from, to) = parts(file).into_iter().find(|(name, ..)| name == "proof.p7m").unwrap();
    let proof = &file[from..to];
    // sha256WithRSAEncryption 1.2.840.113549.1.1.11 and rsaEncryption 1.2.840.113549.1.1.1, the last one in the CMS.
    let long = hex::decode("2a864886f70d01010b").unwrap();
    let at = proof.windows(long.len()).rposition(|window| window == long).unwrap();
    let mut renamed = proof.to_vec();
    renamed[at + long.len() - 1] = 0x01;
    let signed = honnin::proof::SignedStatement::parse(&renamed).unwrap();
    assert!(signed.verify(None).is_ok(), "the CMS still verifies: rsaEncryption means the same here");
    let mut changed = file.to_vec();
    changed[from + at + long.len() - 1] = 0x01;
    assert_eq!(Bundle::read(&changed).unwrap_err(), BundleError::Changed { part: "proof.p7m".into() });
}

/// The signing certificate of somebody else.
fn another_certificate() -> Vec<u8> {
    let issued = honnin::authority::create(honnin::authority::Persona::Adult, AT, &mut rand_core::OsRng).unwrap();
    issued.digital_signature_certificate.unwrap().der.clone()
}

/// Digests that were made anew hide nothing that somebody signed, nor what follows from it.
#[test]
fn a_bundle_that_was_sealed_again_does_not_verify() {
    let replace = |from: &'static str, to: &'static str| {
        move |bytes: &mut Vec<u8>| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains(from), "{from} in {text}");
            *bytes = text.replacen(from, to, 1).into_bytes();
        }
    };
    let verified = |file: &[u8]| Bundle::read(file).and_then(|bundle| bundle.verify(&anchors(), AT.plus_seconds(30)));
    assert_eq!(sealed_again(bundle(), "", |_| {}), bundle(), "the test's own writer agrees with the specification");

    let statement = sealed_again(bundle(), "statement.txt", replace("申し込み", "申しこみ"));
    let found = verified(&statement).unwrap();
    assert_eq!(found.then.check(CheckId::Signature).unwrap().status, Status::Failed(Reason::SignatureInvalid));

    let case = sealed_again(bundle(), "case.json", replace("\"account\":\"a-1\"", "\"account\":\"a-2\""));
    let found = verified(&case).unwrap();
    assert_eq!(found.then.check(CheckId::Challenge).unwrap().status, Status::Failed(Reason::ChallengeUnknown));

    let late = sealed_again(bundle(), "case.json", replace("\"confirmed_at\":\"2026", "\"confirmed_at\":\"2036"));
    let found = verified(&late).unwrap();
    assert_eq!(found.then.conclusion(), Conclusion::No(Reason::CertificateExpired));

    let method = sealed_again(bundle(), "case.json", replace("\"jpki_signature\"", "\"doc_image_face\""));
    let found = verified(&method).unwrap();
    assert_eq!(found.then.check(CheckId::Policy).unwrap().status, Status::Failed(Reason::MalformedData));

    // What nobody signed is compared with what the checks come to.
    let digest = hex::encode(honnin::crypto::sha256(b"another anchor"));
    let anchor = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let at = text.find("\"anchor\":{\"sha256\":\"").unwrap() + 20;
        *bytes = [&text[..at], &digest, &text[at + 64..]].concat().into_bytes();
    };
    let taints = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let (before, list) = text.split_once("\"taints\":[").unwrap();
        assert_ne!(list, "]}", "synthetic people leave a taint");
        *bytes = format!("{before}\"taints\":[]}}").into_bytes();
    };
    let generation = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replacen("\"generation\":\"", "\"generation\":\"9", 1).into_bytes();
    };
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Vec<u8>));
    let changes: [Change<'_>; 3] = [("anchor", &anchor), ("anchor", &generation), ("taints", &taints)];
    for (why, change) in changes {
        let changed = sealed_again(bundle(), "case.json", change);
        assert_ne!(changed, bundle());
        let check = verified(&changed).unwrap().then.check(CheckId::Policy).cloned().unwrap();
        assert_eq!((check.status, &check.detail()["why"]), (Status::Failed(Reason::MalformedData), &why.into()));
    }
    let future = Bundle::read(bundle()).unwrap().verify(&anchors(), AT.plus_seconds(4)).unwrap();
    let check = future.then.check(CheckId::Policy).unwrap();
    assert_eq!((check.status, &check.detail()["why"]), (Status::Failed(Reason::MalformedData), &"confirmed_at".into()));

    let checks = replace("\"id\":\"signature\",\"status\":\"passed\"", "\"id\":\"signature\",\"status\":\"not_run\"");
    let found = verified(&sealed_again(bundle(), "checks.json", checks)).unwrap();
    assert_eq!(found.differing, [CheckId::Signature]);

    // A byte of what the authority signed.
    let last = |bytes: &mut Vec<u8>| *bytes.last_mut().unwrap() ^= 1;
    let found = verified(&sealed_again(bundle(), "revocation/1.crl", last)).unwrap();
    assert_ne!(found.then.check(CheckId::Revocation).unwrap().status, Status::Passed);
    // Another certificate than the signer's, itself in order: "as of now" would be about somebody else.
    let other = |bytes: &mut Vec<u8>| *bytes = another_certificate();
    for change in [&last as &dyn Fn(&mut Vec<u8>), &other] {
        let found = verified(&sealed_again(bundle(), "certificates/1.cer", change)).unwrap();
        let check = found.then.check(CheckId::Signature).unwrap();
        assert_eq!(check.status, Status::Failed(Reason::MalformedData));
        assert_eq!(check.detail()["part"], "certificates/1.cer");
        assert_eq!(found.now.conclusion(), Conclusion::Yes, "still of whoever signed");
    }
    // White space that JSON would allow is no other way to write it.
    let spaced = sealed_again(bundle(), "case.json", replace("{\"case\":", "{ \"case\":"));
    let expected = BundleError::Malformed { part: "case.json".into(), what: "canonical form" };
    assert_eq!(verified(&spaced).unwrap_err(), expected);
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(honnin::crypto::sha256(bytes))
}

fn part<'a>(file: &'a [u8], name: &str) -> &'a [u8] {
    let (_, from, to) = parts(file).into_iter().find(|(part, ..)| part == name).unwrap();
    &file[from..to]
}

/// The policy's text is bound to the approval: in the bundle, in the record's document and in the log (LAW-22, LAW-23).
#[test]
fn an_edited_policy_of_the_same_revision_is_found_and_named() {
    let text = part(bundle(), "policy.toml");
    let named = BundleError::Changed { part: "policy.toml".into() };
    // It decides alike: a remark, a name for people. Every digest of the frame is made anew.
    let edited = |bytes: &mut Vec<u8>| bytes.extend_from_slice("# 改訂なし\n".as_bytes());
    let changed = sealed_again(bundle(), "policy.toml", edited);
    assert_eq!(Bundle::read(&changed).unwrap_err(), named);
    let every = std::env::var_os("HONNIN_TEST_LONG").is_some();
    for at in (0..text.len()).step_by(if every { 1 } else { 97 }) {
        let changed = sealed_again(bundle(), "policy.toml", |bytes| bytes[at] ^= 1);
        let error = Bundle::read(&changed).unwrap_err();
        // What is no UTF-8 any more is named too.
        assert_eq!(error.part(), "policy.toml", "byte {at}");
    }
    // The digest in `case.json` made anew as well: the bundle agrees with itself, and the log does not agree with it.
    let edited = format!("{}# 改訂なし\n", std::str::from_utf8(text).unwrap());
    let (before, after) = (sha256(text), sha256(edited.as_bytes()));
    let forged = Bundle::read(&with_policy(&edited)).unwrap();
    let log = &approval().1;
    let kept: Vec<KeptEvidence> =
        log.split_inclusive(|byte| *byte == b'\n').filter_map(KeptEvidence::of_line).collect();
    let [kept] = &kept[..] else { panic!("one approval: {kept:?}") };
    assert_eq!((kept.case.as_str(), &kept.bundle), ("case_1", &hex::encode(Bundle::read(bundle()).unwrap().digest())));
    assert_eq!(kept.policy.as_ref(), Some(&before));
    assert_ne!((kept.policy.clone(), &kept.bundle), (Some(before), &hex::encode(forged.digest())));
    assert_eq!(forged.case().policy_sha256, Some(after));
    // The record's own document does not take it for its bundle either.
    let kept = honnin::record::read_document(&document_of(bundle()), &forged);
    assert_eq!(kept.unwrap_err(), named);
}

/// The document of the record that a bundle came from.
fn document_of(bundle: &[u8]) -> Vec<u8> {
    let bundle = Bundle::read(bundle).unwrap();
    let record = honnin::kyc::ConfirmationRecord {
        case: bundle.case().case.clone(),
        checks: bundle.checks_text().to_owned(),
        attachment: bundle.attachment().clone(),
        ..record()
    };
    honnin::record::write_document(&record).unwrap()
}

/// The same bundle with another policy inside, every digest made anew.
fn with_policy(text: &str) -> Vec<u8> {
    let (before, after) = (sha256(part(bundle(), "policy.toml")), sha256(text.as_bytes()));
    let changed = sealed_again(bundle(), "policy.toml", |bytes| *bytes = text.as_bytes().to_vec());
    sealed_again(&changed, "case.json", |bytes| {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace(&before, &after).into_bytes();
    })
}

/// A bundle of another program's time is told to be that, and nothing of it is accused of having been changed.
#[test]
fn a_bundle_of_another_version_is_told_to_be_one() {
    let at = "honnin-evidence/".len();
    let (before, after) = bundle().split_at(at);
    assert_eq!(after[0], b'2');
    let numbered = |number: &str| [before, number.as_bytes(), &after[1..]].concat();
    for found in [1, 3, 20] {
        let expected = BundleError::OtherVersion { found, known: 2 };
        assert_eq!(Bundle::read(&numbered(&found.to_string())).unwrap_err(), expected);
    }
    for none in ["", "0", "02", "2a", "-1", "99999999999"] {
        let expected = BundleError::Changed { part: "header".into() };
        assert_eq!(Bundle::read(&numbered(none)).unwrap_err(), expected, "{none}");
    }
    // Without the digest a policy could be exchanged; with the digest of nothing it could be left out.
    let digest = sha256(part(bundle(), "policy.toml"));
    let unbound = sealed_again(bundle(), "case.json", |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace(&format!("\"policy_sha256\":\"{digest}\","), "").into_bytes();
    });
    let expected = BundleError::Malformed { part: "case.json".into(), what: "the digest of the policy" };
    assert_eq!(Bundle::read(&unbound).unwrap_err(), expected);
    assert_eq!(Bundle::read(&with_policy("")).unwrap_err(), BundleError::Changed { part: "policy.toml".into() });
    // A policy that today's program does not read: the file is whole, and its checks cannot be made again here.
    let policy = std::str::from_utf8(part(bundle(), "policy.toml")).unwrap();
    assert!(policy.contains("\n[time_stamp]\n"), "{policy}");
    let other = Bundle::read(&with_policy(&policy.replace("\n[time_stamp]\n", "\n[stamp]\n"))).unwrap();
    assert_eq!(other.verify(&anchors(), AT.plus_seconds(30)).unwrap_err(), BundleError::OtherPolicy);
    let remarked = Bundle::read(&with_policy(&format!("{policy}# 改訂なし\n"))).unwrap();
    assert!(remarked.verify(&anchors(), AT.plus_seconds(30)).is_ok(), "the digests made anew are right");
}

/// Every digest made anew after each flipped bit: what the checks themselves still find, and the few places that only the digest
/// in the log guards (docs/evidence-bundle.md, "Not found by comparing").
#[test]
fn what_a_bundle_finds_by_itself_when_it_was_sealed_again() {
    let every = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let mut silent: Vec<(String, usize)> = Vec::new();
    let mut tried = 0;
    for (name, from, to) in parts(bundle()).into_iter().skip(2).filter(|(name, ..)| name != "policy.toml") {
        let length = to - from;
        let step = if every { 1 } else { (length / 60).max(1) };
        for at in (0..length).step_by(step).chain([length - 1]) {
            let changed = sealed_again(bundle(), &name, |bytes| bytes[at] ^= 1 << (at % 8));
            tried += 1;
            let Ok(read) = Bundle::read(&changed) else { continue };
            let Ok(found) = read.verify(&anchors(), AT.plus_seconds(30)) else { continue };
            if found.then.conclusion() == Conclusion::Yes && found.differing.is_empty() {
                silent.push((name.clone(), at));
            }
        }
    }
    assert!(tried > 300, "{tried}");
    // Nobody signed when the account was created, and nothing follows from it.
    let case = String::from_utf8(part(bundle(), "case.json").to_vec()).unwrap();
    let created = case.find("\"created_at\":\"").unwrap() + 14;
    for (name, at) in silent {
        assert!(name == "case.json" && (created..created + 20).contains(&at), "byte {at} of {name} was not found");
    }
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let (one, digest) = Bundle::write(&record()).unwrap();
    let (other, _) = Bundle::write(&record()).unwrap();
    assert_eq!(one, other);
    let read = Bundle::read(&one).unwrap();
    assert_eq!((read.attachment(), read.digest()), (&record().attachment, digest));
    assert_ne!(digest, Bundle::read(bundle()).unwrap().digest());
    // Personal data go into the parts that need them, and a bundle says nothing of them in `Debug`.
    let text = format!("{read:?}");
    assert!(!text.contains(&issued().facts.attributes.name) && !text.contains("見本"), "{text}");
}
