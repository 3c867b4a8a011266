//! NIST PKITS with revocation on, from the folder named by `HONNIN_VECTORS` (default `../shared/vectors`).
//!
//! What differs is listed with its reason in `tests/vectors-open.tsv`; an unlisted difference fails, and so does a listed
//! test that has come right.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod vectors;

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::validation::{Crl, Materials, Parameters, Profile, verify};
use honnin::verdict::Conclusion;
use serde_json::Value;
use std::path::Path;
use vectors::Outcome;

/// Whether we say yes, or why we do not.
fn judge(folder: &Path, test: &Value) -> Result<(), String> {
    let read = |path: &Value| std::fs::read(folder.join(path.as_str().unwrap())).unwrap();
    let certificate = |path: &Value| Certificate::from_der(&read(path)).map_err(|error| error.to_string());
    let leaf = certificate(&test["target"])?;
    let anchors = AnchorSet::none().with_certificate(certificate(&test["trust_anchor"])?, None);
    // Anything else the test names is material, not a path to be followed.
    let material: Vec<Certificate> =
        test["path"].as_array().unwrap().iter().filter_map(|path| certificate(path).ok()).collect();
    let lists: Vec<Crl> =
        test["crls"].as_array().unwrap().iter().filter_map(|path| Crl::from_der(&read(path)).ok()).collect();

    let settings = &test["settings"];
    let at = settings["validation_time"].as_str().unwrap().parse().unwrap();
    let mut parameters = Parameters::new(at, &anchors).with_profile(Profile::Rfc5280);
    let policies = settings["initial_policy_set"].as_array().unwrap().iter();
    parameters.policies.acceptable = Some(policies.map(|oid| oid.as_str().unwrap().parse().unwrap()).collect());
    let flag = |key: &str| settings[key].as_bool().unwrap();
    parameters.policies.require_explicit = flag("initial_explicit_policy");
    parameters.policies.inhibit_mapping = flag("initial_policy_mapping_inhibit");
    parameters.policies.inhibit_any_policy = flag("initial_inhibit_any_policy");

    let materials = Materials { intermediates: &material, crls: &lists, ..Materials::default() };
    let validation = verify(&leaf, &materials, &parameters);
    match validation.verdict.conclusion() {
        Conclusion::Yes => {
            let expected = test["expected"]["user_constrained_policy_set"].as_array().unwrap();
            let mut expected: Vec<&str> = expected.iter().map(|oid| oid.as_str().unwrap()).collect();
            let path = validation.path.ok_or("a yes without a path")?;
            let mut found: Vec<String> = path.valid_policies().iter().map(ToString::to_string).collect();
            expected.sort_unstable();
            found.sort_unstable();
            if expected == found { Ok(()) } else { Err(format!("policies {found:?} instead of {expected:?}")) }
        }
        _ => Err(format!("{:?}", validation.verdict.checks())),
    }
}

fn suite() -> Outcome {
    let files = match vectors::files("pkits", "pkits-") {
        Ok(files) => files,
        Err(outcome) => return outcome,
    };
    let open = vectors::Open::of("pkits");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in files {
        let folder = file.parent().unwrap();
        let suite: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for test in suite["tests"].as_array().unwrap() {
            seen += 1;
            let id = test["id"].as_str().unwrap();
            let valid = test["expected"]["valid"].as_bool().unwrap();
            let verdict = judge(folder, test);
            if open.contradicts(id, verdict.is_ok() == valid) {
                wrong.push(format!("{id} {}: valid {valid}, we say {verdict:?}", test["title"]));
            }
        }
    }
    Outcome::of(seen, wrong)
}

fn main() -> std::process::ExitCode {
    vectors::main("pkits", suite)
}
