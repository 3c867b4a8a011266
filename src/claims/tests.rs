use super::*;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde_json::{Value, json};

const SERIAL: &str = "0c0ffee5";

fn at() -> UnixTime {
    "2026-11-22T12:00:05+09:00".parse().unwrap()
}

fn identity() -> Identity {
    Identity {
        case: "case_1".into(),
        policy: "jp_wellnet/2026-11-2".into(),
        method: "jpki_signature".into(),
        confirmed_at: at(),
        name: Personal::new("見本 太郎".into()),
        name_kana: None,
        birthdate: Personal::new("1990-01-31".into()),
        address: Personal::new("東京都千代田区見本町1-1".into()),
        gender: None,
        issuer: "CN=TEST".into(),
        serial: Personal::new(SERIAL.into()),
        signed_at: Some(at().plus_seconds(-7)),
        status_checked_at: at().plus_seconds(-2),
    }
}

fn provider() -> Provider {
    Provider { trust_framework: "jp_aml".into(), assurance_level: None, validity_source: "TEST source".into() }
}

fn view(audience: Audience) -> VerifiedClaims {
    verified_claims(&identity(), &provider(), audience)
}

fn as_json(view: &VerifiedClaims) -> Value {
    serde_json::to_value(view).unwrap()
}

fn asked(verification: Value, claims: Value) -> RequestedClaims {
    let request = json!({ "userinfo": { "verified_claims": { "verification": verification, "claims": claims } } });
    let request = read_request(&request).unwrap();
    request.userinfo.unwrap().iter().next().unwrap().clone()
}

fn answered(verification: Value, claims: Value, audience: Audience) -> Option<Value> {
    answer(&asked(verification, claims), &view(audience), at().plus_seconds(60)).map(|view| as_json(&view))
}

#[test]
fn an_auditor_sees_the_serial_and_a_relying_party_no_evidence_api_13_t_33() {
    let auditor = as_json(&view(Audience::Auditor));
    let evidence = &auditor["verification"]["evidence"];
    assert_eq!(evidence[0]["type"], "electronic_signature");
    assert_eq!(evidence[0]["serial_number"], SERIAL);
    assert_eq!(evidence[0]["signature_type"], "jp_jpki_signing", "API-14");
    assert_eq!(evidence[1]["record"]["type"], "x_jp_certificate_status", "API-15");
    let reference = &auditor["verification"]["assurance_process"]["assurance_details"][0]["evidence_ref"][0];
    assert_eq!(reference["check_id"], evidence[1]["check_details"][0]["check_id"], "API-15");

    let party = as_json(&view(Audience::RelyingParty));
    assert_eq!(party["verification"].get("evidence"), None);
    assert!(!party.to_string().contains(SERIAL) && !party.to_string().contains("CN=TEST"));
    assert_eq!(party["verification"]["verification_process"], "case_1");
    let process = json!({ "policy": "jp_wellnet/2026-11-2", "procedure": "jpki_signature" });
    assert_eq!(party["verification"]["assurance_process"], process, "API-14");
    assert_eq!(party["claims"], auditor["claims"]);
}

#[test]
fn the_method_says_what_kind_of_signature_it_was_and_others_have_none_api_14_law_05() {
    for (method, expected) in [
        ("jpki_signature", Some("jp_jpki_signing")),
        ("accredited_ca_signature", Some("jp_accredited_ca")),
        // No word is ours for it, and no other's is borrowed.
        ("specified_ca_signature", None),
        ("doc_chip_face", None),
        ("no_such_method", None),
    ] {
        let identity = Identity { method: method.into(), ..identity() };
        let view = as_json(&verified_claims(&identity, &provider(), Audience::Auditor));
        let verification = &view["verification"];
        assert_eq!(verification["evidence"][0]["signature_type"].as_str(), expected, "{method}");
        assert_eq!(
            verification.get("evidence").is_some(),
            expected.is_some(),
            "{method}: the schema wants one at least"
        );
        let details = verification["assurance_process"].get("assurance_details");
        assert_eq!(details.is_some(), expected.is_some(), "{method}: no reference to what is not shown");
        assert_eq!(verification["assurance_process"]["procedure"], method);
    }
}

#[test]
fn check_methods_are_words_of_the_identifiers_page_api_11() {
    let ours = verified_claims(&identity(), &provider(), Audience::Auditor).verification.evidence.unwrap();
    let made: Vec<_> = ours.iter().filter_map(Evidence::check_details).flatten().collect();
    assert!(!made.is_empty() && made.iter().all(|check| check.has_known_method()), "what we write is of the page");
    let read = |word: &str| {
        let check = json!({ "check_method": word, "organization": "TEST" });
        let read: CheckDetails = serde_json::from_value(check.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), check, "{word} is carried as it is");
        read.has_known_method()
    };
    assert!(["vcrypt", "data", "pvr", "kbv", "onsite"].into_iter().all(read));
    assert!(!read("x_own_word") && !read("VCRYPT"));
}

#[test]
fn times_have_seconds_and_offset_and_are_read_without_api_10() {
    let view = as_json(&view(Audience::Auditor));
    assert_eq!(view["verification"]["time"], "2026-11-22T12:00:05+09:00");
    for (text, seconds) in [
        ("2026-11-22T12:00:05+09:00", 1_795_316_405),
        ("2026-11-22T03:00:05.75Z", 1_795_316_405),
        ("2026-11-22T03:00Z", 1_795_316_400),
        ("2026-11-22T12:00+09:00", 1_795_316_400),
    ] {
        let read = ClaimInstant::try_from(text.to_owned()).unwrap();
        assert_eq!(read.instant().map(UnixTime::seconds), Some(seconds), "{text}");
        assert_eq!(String::from(read), text, "what was read is passed on as it is");
    }
    for bad in ["", "2026-11-22", "2026-11-22T12:00", "2026-11-22 12:00Z", "2026-13-22T12:00Z", "2026-11-22T12:00:05"] {
        assert!(ClaimInstant::try_from(bad.to_owned()).is_err(), "{bad}");
    }
    for (text, fits) in [("2024-02-29", true), ("2026-02-29", false), ("2026-1-1", false), ("20260101", false)] {
        assert_eq!(ClaimDate::try_from(text.to_owned()).is_ok(), fits, "{text}");
    }
}

#[test]
fn names_and_addresses_are_one_text_each_api_12_attr_07() {
    let plain = as_json(&view(Audience::RelyingParty));
    assert_eq!(plain["claims"]["name"], "見本 太郎");
    let address = json!({ "formatted": "東京都千代田区見本町1-1", "country_code": "JPN" });
    assert_eq!(plain["claims"]["address"], address);
    for absent in ["given_name", "family_name", "gender", "name#ja-Kana-JP"] {
        assert_eq!(plain["claims"].get(absent), None, "{absent}");
    }
    let kana = Identity {
        name_kana: Some(Personal::new("ミホン タロウ".into())),
        gender: Some(Personal::new("female".into())),
        ..identity()
    };
    let view = as_json(&verified_claims(&kana, &provider(), Audience::RelyingParty));
    assert_eq!(view["claims"]["name#ja-Kana-JP"], "ミホン タロウ");
    assert_eq!(view["claims"]["name#ja-Hani-JP"], "見本 太郎");
    assert_eq!(view["claims"]["gender"], "female");
    let other = Identity { gender: Some(Personal::new("9".into())), ..identity() };
    let view = as_json(&verified_claims(&other, &provider(), Audience::RelyingParty));
    assert_eq!(view["claims"].get("gender"), None, "other codes are left out");
}

#[test]
fn only_what_was_asked_for_is_answered_api_16() {
    let answer = answered(
        json!({ "trust_framework": null }),
        json!({ "birthdate": null, "given_name": { "essential": true } }),
        Audience::RelyingParty,
    );
    let expected = json!({ "verification": { "trust_framework": "jp_aml" }, "claims": { "birthdate": "1990-01-31" } });
    assert_eq!(answer, Some(expected), "an essential claim that is not there is just not there");
    let nothing = answered(json!({ "trust_framework": null }), Value::Null, Audience::RelyingParty).unwrap();
    assert_eq!(nothing["claims"], json!({}));
    let wrong = answered(
        json!({ "trust_framework": null }),
        json!({ "birthdate": { "value": "2000-01-01" }, "name": { "values": ["x", "見本 太郎"] } }),
        Audience::RelyingParty,
    );
    assert_eq!(wrong.unwrap()["claims"], json!({ "name": "見本 太郎" }), "such a claim is left out by itself");
}

#[test]
fn an_unmet_condition_on_the_verification_leaves_all_of_it_out_api_16() {
    let claims = || json!({ "name": null });
    for (verification, is_answered) in [
        (json!({ "trust_framework": { "value": "jp_aml" } }), true),
        (json!({ "trust_framework": { "values": ["de_aml", "jp_aml"] } }), true),
        (json!({ "trust_framework": { "value": "de_aml" } }), false),
        (json!({ "trust_framework": null, "assurance_level": null }), true),
        (json!({ "trust_framework": null, "assurance_level": { "value": "ial2" } }), false),
        (json!({ "trust_framework": null, "time": { "max_age": 60 } }), true),
        (json!({ "trust_framework": null, "time": { "max_age": 59 } }), false),
        (json!({ "trust_framework": null, "assurance_process": { "procedure": { "value": "jpki_signature" } } }), true),
        (json!({ "trust_framework": null, "assurance_process": { "procedure": { "value": "phone_card" } } }), false),
        // A relying party sees no evidence, so it cannot be told that there is some of this type.
        (json!({ "trust_framework": null, "evidence": [{ "type": { "value": "electronic_signature" } }] }), false),
        (json!({ "trust_framework": null, "evidence": [{ "type": {} }] }), true),
    ] {
        let answer = answered(verification.clone(), claims(), Audience::RelyingParty);
        assert_eq!(answer.is_some(), is_answered, "{verification}: {answer:?}");
    }
}

#[test]
fn entries_about_evidence_are_alternatives_api_16() {
    let evidence = json!([
        { "type": { "value": "document" } },
        { "type": { "value": "electronic_record" }, "check_details": [{ "check_method": { "value": "data" } }] },
    ]);
    let request = json!({ "trust_framework": null, "evidence": evidence });
    let answer = answered(request, json!({ "name": null }), Audience::Auditor).unwrap();
    let expected = json!([{ "type": "electronic_record", "check_details": [{ "check_method": "data" }] }]);
    assert_eq!(answer["verification"]["evidence"], expected, "cut down to what was asked");
    let signature = json!([{ "type": { "value": "electronic_signature" }, "issuer": null }]);
    let request = json!({ "trust_framework": null, "evidence": signature });
    // Without its serial number a signature is no evidence, and the answer would not be valid (API-05).
    assert_eq!(answered(request, json!({ "name": null }), Audience::Auditor), None);
    let old = json!([{ "type": { "value": "electronic_record" }, "record": { "created_at": { "max_age": 1 } } }]);
    let request = json!({ "trust_framework": null, "evidence": old });
    assert_eq!(answered(request, json!({ "name": null }), Audience::Auditor), None);
}

#[test]
fn a_broken_answer_names_its_place_and_no_value() {
    let good = json!({ "verified_claims": as_json(&view(Audience::Auditor)) });
    assert_eq!(read_response(&good).unwrap().unwrap().iter().count(), 1);
    for (pointer, value, place) in [
        ("/verified_claims/verification/trust_framework", json!(5), "/verified_claims"),
        ("/verified_claims/verification/evidence", json!([]), "/verified_claims/verification/evidence"),
        (
            "/verified_claims/verification/evidence/1/check_details",
            json!([]),
            "/verified_claims/verification/evidence/1/check_details",
        ),
        ("/verified_claims/claims/birthdate", json!("31 January 1990"), "/verified_claims/claims/birthdate"),
        ("/verified_claims/claims/name", json!(["SECRET"]), "/verified_claims/claims/name"),
        ("/verified_claims/verification/time", json!("SECRET"), "/verified_claims"),
        ("/verified_claims/verification/evidence/0/type", json!("SECRET"), "/verified_claims"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        let error = read_response(&bad).unwrap_err();
        assert_eq!(error.place, place, "{pointer}: {error}");
        assert!(!error.to_string().contains("1990") && !error.to_string().contains("SECRET"), "{error}");
    }
    let mut derived = good.clone();
    derived["verified_claims"]["verification"]["evidence"][0]["derived_claims"] = json!({ "nationalities": ["JP"] });
    assert!(read_response(&derived).unwrap_err().to_string().contains("API-08"));
    let mut more = good;
    more["verified_claims"]["more"] = json!(1);
    assert!(read_response(&more).unwrap_err().to_string().contains("more"), "API-01");
}

#[test]
fn several_are_an_array_and_one_is_an_object_api_01() {
    let one = as_json(&view(Audience::RelyingParty));
    for (claims, count) in [(one.clone(), 1), (json!([one]), 1), (json!([one, one]), 2), (json!([]), 0)] {
        let read = read_response(&json!({ "verified_claims": claims })).unwrap().unwrap();
        assert_eq!(read.iter().count(), count);
        assert_eq!(serde_json::to_value(&read).unwrap(), claims, "brackets are kept");
    }
    assert_eq!(read_response(&json!({ "sub": "x" })).unwrap(), None);
    assert_eq!(OneOrMany::<u8>::of(vec![]), None);
    assert!(matches!(OneOrMany::of(vec![1]), Some(OneOrMany::One(_))));
    assert!(matches!(OneOrMany::of(vec![1, 2]), Some(OneOrMany::Many(many)) if many == [1, 2]));
}

#[test]
fn the_metadata_promise_what_the_views_hold_api_17() {
    let metadata = serde_json::to_value(ProviderMetadata::of(&provider(), false)).unwrap();
    assert_eq!(metadata["trust_frameworks_supported"], json!(["jp_aml"]));
    let auditor = as_json(&view(Audience::Auditor));
    let promised = |list: &str, word: &Value| metadata[list].as_array().unwrap().contains(word);
    for name in auditor["claims"].as_object().unwrap().keys() {
        assert!(promised("claims_in_verified_claims_supported", &json!(name)), "{name}");
    }
    for evidence in auditor["verification"]["evidence"].as_array().unwrap() {
        assert!(promised("evidence_supported", &evidence["type"]));
    }
    assert!(promised("electronic_records_supported", &auditor["verification"]["evidence"][1]["record"]["type"]));
    assert_eq!(metadata.get("documents_supported"), None, "none, and evidence has no document");
    assert_eq!(metadata.get("verified_claims_supported"), None);
    let old = serde_json::to_value(ProviderMetadata::of(&provider(), true)).unwrap();
    assert_eq!(old["verified_claims_supported"], true);
}

#[test]
fn nothing_of_a_person_is_in_debug() {
    let read = read_response(&json!({ "verified_claims": as_json(&view(Audience::Auditor)) })).unwrap().unwrap();
    let request = asked(json!({ "trust_framework": null }), json!({ "name": { "value": "見本 太郎" } }));
    let text =
        format!("{:?} {read:?} {:?} {request:?}", identity(), view(Audience::Auditor).verification.evidence.unwrap());
    for secret in ["見本", "1990", "千代田", SERIAL] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
