//! C2SP x509-limbo, from the folder named by `HONNIN_VECTORS` (default `../shared/vectors`), under the plain RFC 5280 profile.
//!
//! Names of peers are not asked for: this validator has no name matching. Cases without a time mean "now"; they are judged in
//! the middle of the leaf's validity, so that they give the same answer on every day. What differs is listed with its
//! reason in `tests/vectors-open.tsv`.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod vectors;

use honnin::anchors::AnchorSet;
use honnin::certificate::Certificate;
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials, Parameters, Profile, RevocationRule, verify};
use honnin::verdict::Conclusion;
use serde_json::Value;
use vectors::Outcome;

/// The certificates of a list of PEM texts. One that cannot be read is no material; a test may bring such on purpose.
fn certificates(texts: &Value) -> Vec<Certificate> {
    let texts = texts.as_array().into_iter().flatten();
    texts.filter_map(|text| Certificate::from_der_or_pem(text.as_str().unwrap().as_bytes()).ok()).flatten().collect()
}

/// Whether we say yes, or why we do not.
fn judge(case: &Value) -> Result<(), String> {
    let leaf = Certificate::from_der_or_pem(case["peer_certificate"].as_str().unwrap().as_bytes());
    let leaf = leaf.map_err(|error| error.to_string())?.remove(0);
    let anchors = certificates(&case["trusted_certs"])
        .into_iter()
        .fold(AnchorSet::none(), |set, one| set.with_certificate(one, None));
    let intermediates = certificates(&case["untrusted_intermediates"]);
    let texts = || case["crls"].as_array().into_iter().flatten();
    let crls: Vec<Crl> =
        texts().filter_map(|text| Crl::from_der_or_pem(text.as_str().unwrap().as_bytes()).ok()).flatten().collect();
    let validity = leaf.validity();
    let middle = validity.not_before.seconds().midpoint(validity.not_after.seconds());
    let at = case["validation_time"].as_str().map_or(UnixTime::from_seconds(middle), |time| time.parse().unwrap());
    // A case with lists asks about revocation, also where none of them can be read.
    let rule = if texts().next().is_none() { RevocationRule::Skip } else { RevocationRule::Require };
    let mut parameters = Parameters::new(at, &anchors).with_profile(Profile::Rfc5280).with_revocation(rule);
    parameters.maximum_intermediates = case["max_chain_depth"].as_u64().map(|depth| usize::try_from(depth).unwrap());
    let materials = Materials { intermediates: &intermediates, crls: &crls, ..Materials::default() };
    let validation = verify(&leaf, &materials, &parameters);
    match validation.verdict.conclusion() {
        Conclusion::Yes => Ok(()),
        _ => Err(format!("{:?}", validation.verdict.checks())),
    }
}

fn suite() -> Outcome {
    let files = match vectors::files("", "limbo-") {
        Ok(files) => files,
        Err(outcome) => return outcome,
    };
    let open = vectors::Open::of("limbo");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let suite: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for case in suite["testcases"].as_array().unwrap() {
            seen += 1;
            let id = case["id"].as_str().unwrap();
            let expected = case["expected_result"] == "SUCCESS";
            let verdict = judge(case);
            if open.contradicts(id, verdict.is_ok() == expected) {
                let (expected, why) = (&case["expected_result"], &case["description"]);
                wrong.push(format!("{id}: {expected}, we say {verdict:?}\n    {why}"));
            }
        }
    }
    Outcome::of(seen, wrong)
}

fn main() -> std::process::ExitCode {
    vectors::main("limbo", suite)
}
