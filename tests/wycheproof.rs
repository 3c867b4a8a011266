//! C2SP Wycheproof, RSASSA-PKCS1-v1_5 and ECDSA, from the folder named by `HONNIN_VECTORS` (default `../shared/vectors`),
//! against every backend that is built in.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod vectors;

use honnin::crypto::{Backend, DigestAlgorithm, Scheme, SignatureAlgorithm, SignatureError, verify_with};
use serde_json::Value;
use vectors::Outcome;

/// Whether a group is about what this test is about.
fn concerns(group: &Value) -> bool {
    ["RsassaPkcs1Verify", "EcdsaVerify"].contains(&group["type"].as_str().unwrap())
}

/// What a group of tests asks of this door; `None` for what it does not offer (other curves, other digests).
fn algorithm(group: &Value) -> Option<SignatureAlgorithm> {
    let scheme = match (group["type"].as_str()?, group["publicKey"]["curve"].as_str()) {
        ("RsassaPkcs1Verify", _) => Scheme::RsaPkcs1,
        ("EcdsaVerify", Some("secp256r1" | "secp384r1")) => Scheme::Ecdsa,
        _ => return None,
    };
    let digest = match group["sha"].as_str()? {
        "SHA-256" => DigestAlgorithm::Sha256,
        "SHA-384" => DigestAlgorithm::Sha384,
        "SHA-512" => DigestAlgorithm::Sha512,
        _ => return None,
    };
    Some(SignatureAlgorithm { scheme, digest })
}

/// Every signature, by every backend.
fn suite() -> Outcome {
    let files = match vectors::files("wycheproof", "") {
        Ok(files) => files,
        Err(outcome) => return outcome,
    };
    let open = vectors::Open::of("wycheproof");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let suite: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for group in suite["testGroups"].as_array().unwrap().iter().filter(|group| concerns(group)) {
            let Some(algorithm) = algorithm(group) else {
                if open.contradicts(&name, false) {
                    wrong.push(format!("{name}: {} {} is neither offered nor listed", group["type"], group["sha"]));
                }
                continue;
            };
            let key = hex::decode(group["publicKeyDer"].as_str().unwrap()).unwrap();
            for test in group["tests"].as_array().unwrap() {
                seen += 1;
                let id = format!("{name}/{}", test["tcId"]);
                let message = hex::decode(test["msg"].as_str().unwrap()).unwrap();
                let signature = hex::decode(test["sig"].as_str().unwrap()).unwrap();
                // "Acceptable" is a DigestInfo without its NULL: a strict verifier compares encoded messages whole.
                let valid = test["result"] == "valid";
                for backend in Backend::all() {
                    let answer = verify_with(*backend, &key, algorithm, &message, &signature);
                    // An invalid signature is refused as such; a refusal of the whole key would hide what is tested.
                    let expected = if valid { Ok(()) } else { Err(SignatureError::Mismatch) };
                    if open.contradicts(&id, answer == expected) {
                        wrong.push(format!(
                            "{id} {backend:?}: {} we say {answer:?} ({})",
                            test["result"], test["comment"]
                        ));
                    }
                }
            }
        }
    }
    Outcome::of(seen, wrong)
}

fn main() -> std::process::ExitCode {
    vectors::main("wycheproof", suite)
}
