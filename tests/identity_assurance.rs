//! OpenID Identity Assurance 1.0: the published schemas, examples and negative cases from `ida/` of the folder named by
//! `HONNIN_VECTORS` (default `../shared/vectors`), against our own types and views (T-40; API-01, API-02, API-03,
//! API-04, API-05, API-06, API-07, API-08, API-09, API-10, API-11, API-13, API-16).
//!
//! Every example has to be judged as its folder says, by the schema with format checking on and by our own reading; both have
//! to agree on thousands of damaged copies too, since neither shares code with the other. The specification allows instants
//! without seconds where JSON Schema does not (API-10): for the examples the check of `date-time` allows both, for our own
//! output it is JSON Schema's. What differs is listed with its reason in `tests/vectors-open.tsv`.

// The helpers of this target are test code too; clippy only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod vectors;

use honnin::claims::{
    Audience, CHECK_METHODS, Identity, OneOrMany, Provider, RequestedClaims, VerifiedClaims, answer, read_request,
    read_response, verified_claims,
};
use honnin::secret::Personal;
use honnin::time::UnixTime;
use jsonschema::{Registry, Validator};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use vectors::Outcome;

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A schema with all formats checked. `short_times` adds the specification's form without seconds.
fn schema(schemas: &[Value], name: &str, short_times: bool) -> Validator {
    let id = |schema: &Value| schema["$id"].as_str().unwrap().to_owned();
    let registry = schemas.iter().fold(Registry::new(), |registry, one| registry.add(id(one), one.clone()).unwrap());
    let registry = registry.prepare().unwrap();
    let main = schemas.iter().find(|one| id(one).ends_with(&format!("/{name}"))).expect(name);
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    let options = if short_times { options.with_format("date-time", is_instant) } else { options };
    options.build(main).unwrap()
}

/// `YYYY-MM-DDThh:mm[:ss[.fraction]](Z|±hh:mm)`, digit by digit.
fn is_instant(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("9999-99-99T99:99") else { return false };
    let rest = rest.strip_prefix(":99").unwrap_or(rest);
    let rest = rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches('9'));
    let number = |from: usize| text[from..from + 2].parse::<u32>().unwrap();
    let in_range = (1..=12).contains(&number(5)) && (1..=31).contains(&number(8)) && number(11) < 24 && number(14) < 60;
    in_range && matches!(rest, "Z" | "+99:99" | "-99:99")
}

/// Our own judgement of an answer: read, checked, and written again without loss.
fn our_reading(document: &Value) -> Result<(), String> {
    let Some(read) = read_response(document).map_err(|error| error.to_string())? else { return Ok(()) };
    let written = serde_json::to_value(&read).unwrap();
    assert_eq!(written, document["verified_claims"], "what was read is not what is written");
    Ok(())
}

struct Judges {
    response: Validator,
    request: Validator,
    /// JSON Schema's own idea of every format.
    strict: Validator,
}

impl Judges {
    fn is_request(document: &Value) -> bool {
        document.get("userinfo").is_some() || document.get("id_token").is_some()
    }

    /// What the schema says and what we say.
    fn both(&self, document: &Value) -> (Result<(), String>, Result<(), String>) {
        let (schema, ours) = if Self::is_request(document) {
            (&self.request, read_request(document).map(drop).map_err(|error| error.to_string()))
        } else {
            (&self.response, our_reading(document))
        };
        (schema.validate(document).map_err(|error| error.to_string()), ours)
    }
}

/// Copies of a document with one node gone or replaced.
fn damaged(document: &Value) -> Vec<(String, Value)> {
    let mut pointers = Vec::new();
    collect(document, String::new(), &mut pointers);
    let replacements =
        [json!(null), json!(true), json!(0), json!(1.5), json!(""), json!("x"), json!([]), json!([null]), json!({})];
    let mut copies = Vec::new();
    for pointer in &pointers {
        for replacement in &replacements {
            let mut copy = document.clone();
            *copy.pointer_mut(pointer).unwrap() = replacement.clone();
            copies.push((format!("{pointer} = {replacement}"), copy));
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut copy = document.clone();
        match copy.pointer_mut(parent).unwrap() {
            Value::Object(object) => drop(object.remove(&name.replace("~1", "/").replace("~0", "~"))),
            Value::Array(array) => drop(array.remove(name.parse().unwrap())),
            _ => unreachable!("only containers have children"),
        }
        copies.push((format!("{pointer} gone"), copy));
    }
    copies
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    let mut child = |name: &str, value: &Value| {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        pointers.push(pointer.clone());
        collect(value, pointer, pointers);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| child(name, value)),
        Value::Array(array) => array.iter().enumerate().for_each(|(at, value)| child(&at.to_string(), value)),
        _ => {}
    }
}

/// The words for check methods, wherever they stand in a document.
fn check_methods(document: &Value) -> Box<dyn Iterator<Item = &str> + '_> {
    match document {
        Value::Object(object) => Box::new(
            object
                .get("check_method")
                .and_then(Value::as_str)
                .into_iter()
                .chain(object.values().flat_map(check_methods)),
        ),
        Value::Array(array) => Box::new(array.iter().flat_map(check_methods)),
        _ => Box::new(std::iter::empty()),
    }
}

fn identity() -> Identity {
    let at: UnixTime = "2026-11-22T12:00:05+09:00".parse().unwrap();
    Identity {
        case: "case_1".into(),
        policy: "jp_wellnet/2026-11-2".into(),
        method: "jpki_signature".into(),
        confirmed_at: at,
        name: Personal::new("見本 太郎".into()),
        name_kana: Some(Personal::new("ミホン タロウ".into())),
        birthdate: Personal::new("1990-01-31".into()),
        address: Personal::new("東京都千代田区見本町1-1".into()),
        gender: Some(Personal::new("male".into())),
        issuer: "CN=TEST".into(),
        serial: Personal::new("0c0ffee5".into()),
        signed_at: Some(at.plus_seconds(-7)),
        status_checked_at: at.plus_seconds(-2),
    }
}

fn provider() -> Provider {
    Provider {
        trust_framework: "jp_aml".into(),
        assurance_level: Some("ial2".into()),
        validity_source: "TEST validity source".into(),
    }
}

/// Our own views, whole and as answers to every request there is, against the schema as it stands.
fn our_output(judges: &Judges, requests: &[Value], wrong: &mut Vec<String>) -> usize {
    let mut seen = 0;
    let mut judge = |what: String, claims: &OneOrMany<VerifiedClaims>| {
        seen += 1;
        let document = json!({ "verified_claims": claims });
        if let Err(error) = judges.strict.validate(&document) {
            wrong.push(format!("our output, {what}: the schema says {error}"));
        }
        if let Err(error) = our_reading(&document) {
            wrong.push(format!("our output, {what}: we say {error}"));
        }
        document.to_string()
    };
    let bare = Identity { name_kana: None, gender: None, signed_at: None, ..identity() };
    let accredited = Identity { method: "accredited_ca_signature".into(), ..identity() };
    let silent = Provider { assurance_level: None, ..provider() };
    for identity in [identity(), bare, accredited] {
        for provider in [provider(), silent.clone()] {
            for audience in [Audience::Auditor, Audience::RelyingParty] {
                let view = verified_claims(&identity, &provider, audience);
                let text = judge(format!("{audience:?}"), &OneOrMany::One(Box::new(view.clone())));
                assert_eq!(text.contains("0c0ffee5"), audience == Audience::Auditor, "API-13, T-33: {text}");
                let parsed: Vec<_> = requests.iter().map(|request| read_request(request).unwrap()).collect();
                let entries = parsed.iter().flat_map(|request| [&request.userinfo, &request.id_token]).flatten();
                let entries: Vec<&RequestedClaims> = entries.flat_map(OneOrMany::iter).collect();
                let at = identity.confirmed_at.plus_seconds(60);
                for (number, entry) in entries.into_iter().enumerate() {
                    let Some(answered) = answer(entry, &view, at) else { continue };
                    let text = judge(format!("{audience:?}, request {number}"), &OneOrMany::One(Box::new(answered)));
                    assert!(audience == Audience::Auditor || !text.contains("0c0ffee5"), "API-13: {text}");
                }
            }
        }
    }
    seen
}

fn suite() -> Outcome {
    let part = |name: &str| vectors::files(&format!("ida/{name}"), "");
    let parts: Result<Vec<Vec<PathBuf>>, Outcome> =
        ["schema", "response", "request", "fail"].map(part).into_iter().collect();
    let parts = match parts {
        Ok(parts) => parts,
        Err(outcome) => return outcome,
    };
    let schemas: Vec<Value> = parts[0].iter().map(|path| json_of(path)).collect();
    let judges = Judges {
        response: schema(&schemas, "verified_claims.json", true),
        request: schema(&schemas, "verified_claims_request.json", true),
        strict: schema(&schemas, "verified_claims.json", false),
    };
    let open = vectors::Open::of("ida");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (folder, files) in ["response", "request", "fail"].iter().zip(&parts[1..]) {
        for file in files {
            seen += 1;
            let document = json_of(file);
            let id = format!("{folder}/{}", file.file_stem().unwrap().to_string_lossy());
            let (schema, ours) = judges.both(&document);
            let expected = *folder != "fail";
            if open.contradicts(&id, schema.is_ok() == expected && ours.is_ok() == expected) {
                wrong.push(format!("{id}: should {folder}; the schema says {schema:?}, we say {ours:?}"));
            }
            let unknown: Vec<_> = check_methods(&document).filter(|word| !CHECK_METHODS.contains(word)).collect();
            if !unknown.is_empty() {
                wrong.push(format!("{id}: API-11 knows no {unknown:?}"));
            }
            for (what, copy) in damaged(&document) {
                seen += 1;
                let (schema, ours) = judges.both(&copy);
                // One rule of the specification the schema cannot tell; and it forgets to say that a source is an object
                // (OpenID Connect 5.6.2).
                let is_stricter = |error: &String| error.contains("API-08") || error.starts_with("/_claim_sources/");
                if schema.is_ok() != ours.is_ok() && !ours.as_ref().is_err_and(is_stricter) {
                    wrong.push(format!("{id}, {what}: the schema says {schema:?}, we say {ours:?}"));
                }
            }
        }
    }
    let requests: Vec<Value> = parts[2].iter().map(|path| json_of(path)).collect();
    seen += our_output(&judges, &requests, &mut wrong);
    Outcome::of(seen, wrong)
}

fn main() -> std::process::ExitCode {
    vectors::main("identity_assurance", suite)
}
