//! `policy explain` over the demo's store: what decided each of its cases, with sources.

use super::process::honnin;
use serde_json::Value;
use std::collections::BTreeMap;

fn rules(json: &Value) -> Vec<&str> {
    json["result"]["rules"].as_array().unwrap().iter().map(|rule| rule["number"].as_str().unwrap()).collect()
}

#[test]
fn every_case_of_the_story_names_the_rules_that_decided() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().to_str().unwrap();
    assert_eq!(honnin(&["demo", "--dir", dir, "--json"]).exit, 0);
    let file = format!("{dir}/accounts.sqlite");
    let database = rusqlite::Connection::open_with_flags(&file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let cases: Vec<String> = database
        .prepare("SELECT id FROM kyc_case")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let store = format!("sqlite:{file}");
    let mut by_state = BTreeMap::new();
    for case in &cases {
        let ended = honnin(&["policy", "explain", case, "--store", &store, "--json"]);
        assert_eq!(ended.exit, 0, "{ended:?}");
        let json = ended.json();
        assert_eq!(json["result"]["case"]["id"], case.as_str());
        by_state.insert(json["result"]["case"]["state"].as_str().unwrap().to_owned(), json);
    }
    let approved = &by_state["approved"];
    for rule in ["ACC-02", "LAW-06", "LAW-11"] {
        assert!(rules(approved).contains(&rule), "{rule}: {approved}");
    }
    let first = &approved["result"]["rules"][0];
    for key in ["confidence", "source", "text"] {
        assert!(first[key].as_str().is_some_and(|text| !text.is_empty()), "{first}");
    }
    assert_eq!(by_state["rejected"]["result"]["reasons"][0], "certificate_revoked");
    assert_eq!(rules(&by_state["rejected"])[0], "LAW-08");
    assert!(rules(&by_state["unavailable"]).contains(&"RSN-20"));

    let told = honnin(&["policy", "explain", &cases[0], "--store", &store, "--lang", "ja"]);
    assert!(told.text().contains("[H") && told.text().contains("。"), "{told:?}");
    let unknown = honnin(&["policy", "explain", "case_0", "--store", &store]);
    assert_eq!(unknown.exit, 30, "{unknown:?}");
    assert!(unknown.err.contains("case_0"), "{unknown:?}");
}
