//! The JPKI-shaped cases of `../shared/tools/pki.py`: our verdict against the one the reference pages ask for, and a sample of
//! them against `openssl verify -crl_check`. The generator shares no code with us.
//!
//! A case that is not met is listed with its reason in `tests/vectors-open.tsv`; an unlisted difference fails, and so does
//! a listed case that has come right.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod vectors;

use honnin::anchors::AnchorSet;
use honnin::certificate::{BasicAttributes, Certificate};
use honnin::time::UnixTime;
use honnin::validation::{
    Crl, Materials, OcspResponse, Parameters, Profile, RevocationRule, RevocationStatus, Validation, unreadable, verify,
};
use honnin::verdict::{CheckId, Conclusion, Status};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The generator, or `None` where it is not there. Under CI its absence is an error: a skipped judge is no judge.
fn generator() -> Option<PathBuf> {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools/pki.py");
    let works = Command::new("python3").args(["-c", "import cryptography"]).stderr(Stdio::null()).status();
    if tool.exists() && works.is_ok_and(|status| status.success()) {
        return Some(tool);
    }
    assert!(std::env::var_os("CI").is_none(), "pki.py, python3 or its cryptography package is missing");
    eprintln!("SKIPPED jpki_cases: ../shared/tools/pki.py, python3 or its cryptography package is missing");
    None
}

struct Cases {
    folder: tempfile::TempDir,
    cases: Vec<Value>,
}

fn generate(seed: &str, family: &str) -> Option<Cases> {
    let tool = generator()?;
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("python3")
        .arg(tool)
        .arg(folder.path())
        .args(["--seed", seed, "--family", family])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.path().join("manifest.json")).unwrap()).unwrap();
    let cases = manifest["cases"].as_array().unwrap().clone();
    assert!(cases.len() >= 150, "the generator makes about 160 cases");
    Some(Cases { folder, cases })
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|items| items.iter().map(|item| item.as_str().unwrap()).collect()).unwrap_or_default()
}

/// Exit and code as the command line would give them.
struct Outcome {
    exit: u8,
    code: Option<&'static str>,
    validation: Option<Validation>,
}

impl Outcome {
    fn of(validation: Validation) -> Self {
        let (exit, code) = match validation.verdict.conclusion() {
            Conclusion::Yes => (0, None),
            Conclusion::No(reason) | Conclusion::Undetermined(reason) => (reason.exit(), Some(reason.code())),
        };
        Self { exit, code, validation: Some(validation) }
    }
}

fn run(folder: &Path, case: &Value) -> Outcome {
    let read = |path: &str| std::fs::read(folder.join(path)).unwrap();
    let profile: Profile = case["profile"].as_str().unwrap().parse().unwrap();
    let leaf = match Certificate::from_der_or_pem(&read(case["leaf"].as_str().unwrap())) {
        Ok(leaf) => leaf.into_iter().next().unwrap(),
        Err(error) => return Outcome::of(unreadable(&error, Some(profile))),
    };
    let certificates = |key: &str| -> Vec<Certificate> {
        texts(&case[key]).into_iter().map(|path| Certificate::from_der(&read(path)).unwrap()).collect()
    };
    let anchors =
        certificates("anchors").into_iter().fold(AnchorSet::none(), |set, one| set.with_certificate(one, None));
    let intermediates = certificates("intermediates");
    let lists: Result<Vec<Crl>, _> = texts(&case["crls"]).into_iter().map(|path| Crl::from_der(&read(path))).collect();
    let Ok(crls) = lists else { return Outcome { exit: 30, code: Some("malformed_data"), validation: None } };
    let responses: Result<Vec<OcspResponse>, _> =
        texts(&case["ocsp"]).into_iter().map(|path| OcspResponse::from_der(&read(path))).collect();
    let Ok(ocsp) = responses else { return Outcome { exit: 30, code: Some("malformed_data"), validation: None } };
    let materials = Materials { intermediates: &intermediates, crls: &crls, ocsp: &ocsp, ..Materials::default() };
    let rule: RevocationRule = case["revocation"].as_str().unwrap().parse().unwrap();
    let at: UnixTime = case["at"].as_str().unwrap().parse().unwrap();
    let parameters = Parameters::new(at, &anchors).with_profile(profile).with_revocation(rule);
    Outcome::of(verify(&leaf, &materials, &parameters))
}

/// Why an outcome is not the expected one.
fn difference(case: &Value, outcome: &Outcome) -> Option<String> {
    let expect = &case["expect"];
    let exits: Vec<u64> = std::iter::once(expect["exit"].as_u64().unwrap())
        .chain(expect["exit_also"].as_array().into_iter().flatten().map(|exit| exit.as_u64().unwrap()))
        .collect();
    if !exits.contains(&outcome.exit.into()) {
        return Some(format!("exit {} ({:?}), expected one of {exits:?}", outcome.exit, outcome.code));
    }
    let named = expect["code"].as_str().filter(|_| u64::from(outcome.exit) == exits[0]);
    if let Some(code) = named {
        let codes: Vec<&str> = std::iter::once(code).chain(texts(&expect["code_also"])).collect();
        if !codes.contains(&outcome.code.unwrap_or("none")) {
            return Some(format!("code {:?}, expected one of {codes:?}", outcome.code));
        }
    }
    let validation = outcome.validation.as_ref()?;
    // Where the first code of the pages was given, the check they name must carry it.
    if let (Some(check), true) = (expect["check"].as_str(), outcome.code == expect["code"].as_str()) {
        let carries = validation.verdict.checks().iter().any(|one| {
            serde_json::to_value(one.id).unwrap() == check
                && one.status.reason().is_some_and(|reason| Some(reason.code()) == outcome.code)
        });
        if !carries {
            return Some(format!("check {check} does not carry {:?}: {:?}", outcome.code, validation.verdict.checks()));
        }
    }
    for (key, value) in expect["detail"].as_object().into_iter().flatten() {
        let detail = validation.verdict.check(CheckId::Revocation).and_then(|check| check.fact(key));
        if detail.as_ref() != Some(value) {
            return Some(format!("detail {key} is {detail:?}, expected {value}"));
        }
    }
    if outcome.exit == 0 && validation.path.is_none() {
        return Some("yes without a verified path".to_owned());
    }
    None
}

#[test]
fn every_case_gets_its_exit_and_code() {
    let mut runs = vec![("1", "production"), ("2", "test")];
    if std::env::var_os("HONNIN_TEST_LONG").is_some() {
        runs.extend([("1", "test"), ("2", "production"), ("41", "production"), ("41", "test"), ("977", "production")]);
        runs.extend([("977", "test"), ("20261122", "production"), ("20261122", "test")]);
    }
    for (seed, family) in runs {
        let Some(Cases { folder, cases }) = generate(seed, family) else { return };
        let open = vectors::Open::of("jpki-cases");
        let mut wrong = Vec::new();
        for case in &cases {
            let id = case["id"].as_str().unwrap();
            let difference = difference(case, &run(folder.path(), case));
            if open.contradicts(id, difference.is_none()) {
                wrong.push(format!("{id}: {difference:?} ({})", case["why"]));
            }
        }
        assert!(wrong.is_empty(), "seed {seed}, {family}: {} differ\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn attributes_are_what_the_certificate_carries() {
    let Some(Cases { folder, cases }) = generate("3", "production") else { return };
    let mut compared = 0;
    for case in &cases {
        let Some(expected) = case["attributes"].as_object() else { continue };
        let leaf = std::fs::read(folder.path().join(case["leaf"].as_str().unwrap())).unwrap();
        let attributes = BasicAttributes::of(&Certificate::from_der(&leaf).unwrap()).unwrap();
        assert!(attributes.findings.is_empty(), "{}: {:?}", case["id"], attributes.findings);
        let disclosed = serde_json::to_value(attributes.disclose()).unwrap();
        for (key, value) in expected.iter().filter(|(key, _)| *key != "note") {
            assert_eq!(&disclosed[key], value, "{}: {key}", case["id"]);
        }
        compared += 1;
    }
    assert!(compared >= 10, "{compared}");
}

#[test]
fn a_misfit_is_reported_and_its_value_left_out() {
    let Some(Cases { folder, cases }) = generate("4", "production") else { return };
    // Case, key that must be null, other key that must still be there.
    for (id, null, there) in [
        ("person-address-flags-short", "address_substitutes", "address"),
        ("person-name-flags-long", "name_substitutes", "name"),
        ("person-birth-shape", "birthdate", "name"),
        ("person-month-13", "birthdate", "name"),
        ("person-bmpstring", "name", "address"),
        ("person-invalid-utf8", "name", "address"),
        ("person-name-twice", "name", "address"),
    ] {
        let case = cases.iter().find(|case| case["id"] == id).unwrap();
        let outcome = run(folder.path(), case);
        let verdict = outcome.validation.unwrap().verdict;
        let check = verdict.check(CheckId::Attributes).unwrap();
        assert!(matches!(check.status, Status::Failed(_)), "{id}");
        let leaf = std::fs::read(folder.path().join(case["leaf"].as_str().unwrap())).unwrap();
        let disclosed = BasicAttributes::of(&Certificate::from_der(&leaf).unwrap()).unwrap().disclose();
        let disclosed = serde_json::to_value(disclosed).unwrap();
        assert!(disclosed[null].is_null() && disclosed[there].is_string(), "{id}: {disclosed}");
    }
}

#[test]
fn debug_shows_no_personal_data() {
    let Some(Cases { folder, cases }) = generate("7", "production") else { return };
    let case = cases.iter().find(|case| case["id"] == "person-ordinary").unwrap();
    let leaf = std::fs::read(folder.path().join(case["leaf"].as_str().unwrap())).unwrap();
    let leaf = Certificate::from_der(&leaf).unwrap();
    let validation = run(folder.path(), case).validation.unwrap();
    let attributes = validation.path.as_ref().unwrap().attributes();
    let shown = format!("{leaf:?} {:?} {:?} {attributes:?} {validation:?}", leaf.extensions(), leaf.disclose());
    // As text, and as the first bytes of the name and of the birth date in the two ways Rust prints bytes.
    for personal in ["試験", "清瀬市", "Kiyose", "19800217", "232, 169, 166", "e8a9a6", "51, 49, 57, 56"] {
        assert!(!shown.contains(personal), "{personal} in {shown}");
    }
    assert!(!shown.contains(&leaf.serial().expose_hex()), "{shown}");
}

#[test]
fn openssl_agrees_on_a_sample() {
    let Some(Cases { folder, cases }) = generate("5", "production") else { return };
    for id in [
        "good-sign-g1",
        "good-auth-g2",
        "good-both-generations-reversed",
        "good-dp-other-string-type",
        "signature-damaged",
        "content-changed",
        "other-generation-only",
        "unknown-ca",
        "expired",
        "not-yet-valid",
        "policy-absent",
        "unknown-critical-extension",
        "revoked-affiliation-changed",
        "revoked-certificate-hold",
        "crl-stale",
        "crl-other-municipality",
        "crl-of-other-generation",
        "crl-signature-damaged",
    ] {
        let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("{id} is gone"));
        let arguments = texts(&case["openssl"]["args"]);
        assert!(arguments.contains(&"-crl_check"), "{id}");
        let judged = Command::new("openssl")
            .args(&arguments)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("openssl is needed for this test");
        let ours = run(folder.path(), case).exit == 0;
        assert_eq!(judged.status.success(), ours, "{id}: {}", String::from_utf8_lossy(&judged.stderr));
    }
}

#[test]
fn a_damaged_document_is_never_a_panic_and_never_a_yes() {
    let Some(Cases { folder, cases }) = generate("6", "production") else { return };
    let case = cases.iter().find(|case| case["id"] == "good-sign-g2").unwrap();
    let read = |key: &str| {
        let path = case[key].as_str().or(case[key][0].as_str()).unwrap();
        std::fs::read(folder.path().join(path)).unwrap()
    };
    let (leaf, anchor, list) = (read("leaf"), read("anchors"), read("crls"));
    let anchors = AnchorSet::none().with_certificate(Certificate::from_der(&anchor).unwrap(), None);
    let parameters = Parameters::new(case["at"].as_str().unwrap().parse().unwrap(), &anchors);
    let certificate = Certificate::from_der(&leaf).unwrap();
    let good = [Crl::from_der(&list).unwrap()];
    let judge = |certificate: &Certificate, crls: &[Crl]| {
        verify(certificate, &Materials { crls, ..Materials::default() }, &parameters)
    };
    assert_eq!(judge(&certificate, &good).verdict.conclusion(), Conclusion::Yes);

    for end in 0..leaf.len() {
        assert!(Certificate::from_der(&leaf[..end]).is_err(), "cut at {end}");
    }
    for end in 0..list.len() {
        assert!(Crl::from_der(&list[..end]).is_err(), "list cut at {end}");
    }
    for at in 0..leaf.len() {
        let mut damaged = leaf.clone();
        damaged[at] ^= 1 << (at % 8);
        if let Ok(certificate) = Certificate::from_der(&damaged) {
            assert!(judge(&certificate, &good).path.is_none(), "leaf byte {at}");
        }
    }
    for at in 0..list.len() {
        let mut damaged = list.clone();
        damaged[at] ^= 1 << (at % 8);
        if let Ok(damaged) = Crl::from_der(&damaged) {
            let status = judge(&certificate, &[damaged]).revocation;
            assert!(matches!(status, RevocationStatus::Undetermined(_)), "list byte {at}: {status:?}");
        }
    }
}

#[test]
fn undetermined_is_told_with_its_cause() {
    // RSN-26: stale is an outage, and so is everything else that cannot say "good". Exit 3 alone would not show that each
    // document was refused for what is wrong with it.
    let Some(Cases { folder, cases }) = generate("8", "production") else { return };
    for (id, why) in [
        ("crl-none", "no_source"),
        ("crl-other-municipality", "other_scope"),
        ("crl-arl", "other_scope"),
        ("crl-stale", "stale"),
        ("crl-future", "not_yet_current"),
        ("crl-signed-by-other-generation", "other_issuer"),
        ("crl-signed-by-other-generation-claiming-ours", "signature_invalid"),
        ("crl-of-other-generation", "other_issuer"),
        ("crl-of-other-ca", "other_issuer"),
        ("crl-signature-damaged-listed", "signature_invalid"),
        ("crl-sha1", "algorithm_not_allowed"),
        ("crl-critical-unknown-extension", "unknown_critical_extension"),
        ("crl-entry-critical-unknown-extension", "unknown_critical_extension"),
        ("crl-only-ca-certs", "other_scope"),
        ("crl-only-attribute-certs", "other_scope"),
        ("crl-some-reasons", "some_reasons_only"),
        ("crl-delta", "delta"),
        ("crl-indirect-foreign-entry", "indirect"),
        ("crl-no-next-update", "no_next_update"),
        ("crl-version-1", "version"),
        ("anchor-key-usage-without-crl-sign", "issuer_may_not_sign"),
        ("ocsp-unknown", "responder_unknown"),
        ("ocsp-try-later", "responder_error"),
        ("ocsp-stale", "stale"),
        ("ocsp-future", "not_yet_current"),
        ("ocsp-no-next-update-old", "stale"),
        ("ocsp-other-serial", "other_certificate"),
        ("ocsp-other-generation-key", "other_certificate"),
        ("ocsp-signed-by-other-generation", "signer_not_authorised"),
        ("ocsp-forged-revoked", "signature_invalid"),
        ("ocsp-delegate-without-eku", "signer_not_authorised"),
        ("ocsp-delegate-expired", "signer_not_authorised"),
        ("ocsp-delegate-of-other-generation", "signer_not_authorised"),
        ("ocsp-signed-by-ordinary-leaf", "signer_not_authorised"),
    ] {
        let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("{id} is gone"));
        let validation = run(folder.path(), case).validation.unwrap();
        let RevocationStatus::Undetermined(gap) = validation.revocation else { panic!("{id}: {validation:?}") };
        assert_eq!(gap.as_str(), why, "{id}");
        assert_eq!(serde_json::to_value(gap).unwrap(), why, "slug and JSON agree");
    }
}
