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

/// Our word: yes with these policies, or why not.
fn judge(folder: &Path, test: &Value) -> Result<Vec<String>, String> {
    let read = |path: &Value| std::fs::read(folder.join(path.as_str().unwrap())).unwrap();
    let certificate = |path: &Value| Certificate::from_der(&read(path)).map_err(|error| error.to_string());
    let named = |key: &str| test[key].as_array().map(Vec::as_slice).unwrap_or_default();
    let path = named("path");
    let end = |key: &str, of_path: Option<&Value>| test.get(key).or(of_path).cloned().unwrap();
    let leaf = certificate(&end("target", path.last()))?;
    let anchors = AnchorSet::none().with_certificate(certificate(&end("trust_anchor", path.first()))?, None);
    // Anything else the test names is material, not a path to be followed.
    let material: Vec<Certificate> = path.iter().filter_map(|path| certificate(path).ok()).collect();
    let lists: Vec<Crl> = named("crls").iter().filter_map(|path| Crl::from_der(&read(path)).ok()).collect();

    let settings = &test["settings"];
    let at = settings["validation_time"].as_str().unwrap().parse().unwrap();
    let mut parameters = Parameters::new(at, &anchors).with_profile(Profile::Rfc5280);
    let policies = settings["initial_policy_set"].as_array();
    parameters.policies.acceptable =
        policies.map(|policies| policies.iter().map(|oid| oid.as_str().unwrap().parse().unwrap()).collect());
    let flag = |key: &str| settings[key].as_bool().unwrap_or(false);
    parameters.policies.require_explicit = flag("initial_explicit_policy");
    parameters.policies.inhibit_mapping = flag("initial_policy_mapping_inhibit");
    parameters.policies.inhibit_any_policy = flag("initial_inhibit_any_policy");

    let materials = Materials { intermediates: &material, crls: &lists, ..Materials::default() };
    let validation = verify(&leaf, &materials, &parameters);
    match validation.verdict.conclusion() {
        Conclusion::Yes => {
            let path = validation.path.ok_or("a yes without a path")?;
            let mut found: Vec<String> = path.valid_policies().iter().map(ToString::to_string).collect();
            found.sort_unstable();
            Ok(found)
        }
        _ => Err(format!("{:?}", validation.verdict.checks())),
    }
}

/// Whether our word is what the suite expects: the policies count where it expects a yes and names some.
fn agrees(expected: &Value, word: &Result<Vec<String>, String>) -> bool {
    let valid = expected["valid"].as_bool().unwrap();
    let policies = expected["user_constrained_policy_set"].as_array().map(|policies| {
        let mut policies: Vec<&str> = policies.iter().map(|oid| oid.as_str().unwrap()).collect();
        policies.sort_unstable();
        policies
    });
    match word {
        Ok(found) => valid && policies.is_none_or(|policies| policies == *found),
        Err(_) => !valid,
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
            let word = judge(folder, test);
            if open.contradicts(id, agrees(&test["expected"], &word)) {
                wrong.push(format!("{id} {}: expected {}, we say {word:?}", test["title"], test["expected"]));
            }
        }
    }
    Outcome::of(seen, wrong)
}

fn main() -> std::process::ExitCode {
    vectors::main("pkits", suite)
}
