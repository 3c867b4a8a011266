//! C2SP Wycheproof, RSASSA-PKCS1-v1_5 and ECDSA, from the folder named by `HONNIN_VECTORS` (default `../shared/vectors`),
//! against every backend that is built in.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod vectors;

use honnin::crypto::{Backend, DigestAlgorithm, Scheme, SignatureAlgorithm, SignatureError, verify_with};
use serde_json::Value;
use vectors::Outcome;

/// Whether a file is about RSA or ECDSA. Whatever of it is not offered here has to be listed, by name.
fn concerns(name: &str) -> bool {
    name.starts_with("rsa_") || name.starts_with("ecdsa_")
}

/// What a group of tests asks of this door; `None` for what it does not offer (other curves, digests, paddings, encodings).
fn algorithm(group: &Value) -> Option<SignatureAlgorithm> {
    let curve = group["publicKey"]["curve"].as_str().or(group["key"]["curve"].as_str());
    let scheme = match (group["type"].as_str()?, curve) {
        // A signature that a generator must make is one that a verifier must accept.
        ("RsassaPkcs1Verify" | "RsassaPkcs1Generate", _) => Scheme::RsaPkcs1,
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

/// The octets of the first of these members that is there; an empty text has none.
fn octets(object: &Value, names: &[&str]) -> Option<Vec<u8>> {
    let text = names.iter().find_map(|name| object[*name].as_str())?;
    Some(hex::decode(text).unwrap())
}

/// Whether `answer` is right for a test with this result. An invalid signature is refused as such: a refusal of the whole
/// key would hide what is tested.
fn right(result: &Value, generated: bool, answer: Result<(), SignatureError>) -> bool {
    match (result.as_str(), generated) {
        (Some("valid"), _) => answer.is_ok(),
        // Good signatures by keys or digests that are too weak: whoever likes may refuse those.
        (Some("acceptable"), true) => true,
        // "Acceptable" is a DigestInfo without its NULL: a strict verifier compares encoded messages whole.
        (Some("invalid" | "acceptable"), _) => answer == Err(SignatureError::Mismatch),
        (other, _) => panic!("no such result: {other:?}"),
    }
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
        for group in suite["testGroups"].as_array().unwrap().iter().filter(|_| concerns(&name)) {
            let offered = algorithm(group);
            let key = octets(group, &["publicKeyDer", "keyDer"]);
            let generated = group["type"] == "RsassaPkcs1Generate";
            for test in group["tests"].as_array().unwrap() {
                seen += 1;
                let id = format!("{name}/{}", test["tcId"]);
                let (Some(algorithm), Some(key)) = (offered, &key) else {
                    let agrees = generated && test["result"] == "acceptable";
                    if open.contradicts(&id, agrees) {
                        wrong.push(format!("{id}: {} {} is neither offered nor listed", group["type"], group["sha"]));
                    }
                    continue;
                };
                let message = octets(test, &["msg"]).unwrap();
                let signature = octets(test, &["sig"]).unwrap();
                for backend in Backend::all() {
                    let answer = verify_with(*backend, key, algorithm, &message, &signature);
                    if open.contradicts(&id, right(&test["result"], generated, answer)) {
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
