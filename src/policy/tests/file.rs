use crate::policy::{Policy, PolicyError, VerifierStatus};

const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");
const MOCK: &str = include_str!("../../../fixtures/policies/jp_wellnet_mock.toml");

const LAW: &str = "law_revision_id = \"420M60000F5A001_20260806_508M60000F5A006\"";

fn changed(from: &str, to: &str) -> Result<Policy, PolicyError> {
    assert!(JP_WELLNET.contains(from), "{from}");
    Policy::parse(&JP_WELLNET.replacen(from, to, 1))
}

#[test]
fn the_two_files_differ_in_mock_and_verifier_only() {
    let real = Policy::jp_wellnet().unwrap();
    let mock = Policy::jp_wellnet_mock().unwrap();
    assert!(!real.mock && mock.mock);
    assert_eq!(real.verifier.value.status, VerifierStatus::Undeclared);
    let differing: Vec<_> =
        JP_WELLNET.lines().zip(MOCK.lines()).skip(1).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
    assert_eq!(differing, ["id = \"jp_wellnet\"", "mock = false", "status = \"undeclared\"", "name = \"\""]);
    assert_eq!(JP_WELLNET.lines().count(), MOCK.lines().count());
}

#[test]
fn every_missing_line_is_refused_with_its_place_acc_17() {
    // A requirement is one line, and one fewer is another policy; its keys are tried in `gates`.
    let lines = JP_WELLNET.lines().filter(|line| !line.starts_with([' ', '#']) && !line.ends_with('['));
    for line in lines.filter(|line| line.contains(" = ") && !line.starts_with("requires = [  ")) {
        let key = line.split(" = ").next().unwrap();
        let error = Policy::parse(&JP_WELLNET.replacen(line, "", 1)).expect_err(line).to_string();
        assert!(error.contains(key), "{line}: {error}");
    }
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let error = changed("mock = false", "mock = false\nmokc = true").unwrap_err().to_string();
    assert!(error.contains("mokc") && error.contains("line 11"), "{error}");
    let error = changed("balance = 100000", "balance = 100000\nbalanse = 1").unwrap_err().to_string();
    assert!(error.contains("balanse"), "{error}");
}

#[test]
fn impossible_values_are_refused_with_their_place() {
    for (from, to, place) in [
        ("format = 2", "format = 1", "format"),
        ("id = \"jp_wellnet\"", "id = \"\"", "id"),
        (LAW, "law_revision_id = \"\"", "law_revision_id"),
        // LAW-02: the law is no revision of it.
        (LAW, "law_revision_id = \"420M60000F5A001\"", "law_revision_id"),
        (LAW, "law_revision_id = \"420M60000F5A001_20261341_508M60000F5A006\"", "law_revision_id"),
        (LAW, "law_revision_id = \"420M60000F5A001_20260806_\"", "law_revision_id"),
        (LAW, "law_revision_id = \"420M60000F5A001_20260806_508M60000F5A006_1\"", "law_revision_id"),
        (LAW, "law_revision_id = \"420M60000F5A001_20260806_000000000000000\"", "law_revision_id"),
        (LAW, "law_revision_id = \"420M60000F5A001_20251231_508M60000F5A006\"", "law_revision_id"),
        // A policy in force before its revision of the law would record one that did not exist yet.
        (
            "effective_from = \"2026-08-06T00:00:00+09:00\"",
            "effective_from = \"2026-08-05T23:59:59+09:00\"",
            "effective_from",
        ),
        ("effective_to = \"open\"", "effective_to = \"2020-01-01T00:00:00Z\"", "effective_to"),
        ("effective_to = \"open\"", "effective_to = \"never\"", "effective_to"),
        ("rules = [\"LAW-11\"]", "rules = [\"LAW 11\"]", "declaration.rules"),
        ("rules = [\"LAW-11\"]", "rules = []", "declaration.rules"),
        ("status = \"undeclared\"", "status = \"certified\"", "verifier.name"),
        ("lifetime_seconds = 600", "lifetime_seconds = 0", "challenge.lifetime_seconds"),
        ("lifetime_seconds = 600", "lifetime_seconds = 90000", "challenge.lifetime_seconds"),
        ("lifetime_seconds = 86400", "lifetime_seconds = -1", "case.lifetime_seconds"),
        ("retry_after_seconds = 900", "retry_after_seconds = 0", "revocation.retry_after_seconds"),
        ("skew_seconds = 60", "skew_seconds = -1", "time_stamp.skew_seconds"),
        ("skew_seconds = 60", "skew_seconds = 3601", "time_stamp.skew_seconds"),
        ("accepted_policies = []", "accepted_policies = [\"1.02\"]", "time_stamp.accepted_policies"),
        ("accepted_policies = []", "accepted_policies = [\"any\"]", "time_stamp.accepted_policies"),
        ("accepted_policies = []", "accepted_policies = [\"9.99\"]", "time_stamp.accepted_policies"),
        ("accepted_policies = []", "accepted_policies = [\"1.40.1\"]", "time_stamp.accepted_policies"),
        ("accepted_policies = []", "accepted_policies = [\"1\"]", "time_stamp.accepted_policies"),
        ("accepted_policies = []", "accepted_policies = [\"1.2.\"]", "time_stamp.accepted_policies"),
        ("audience = \"https://wallet.example/kyc\"", "audience = \"a\\nb\"", "challenge.audience"),
        (
            "accepted_certificates = [\"digital_signature\"]",
            "accepted_certificates = []",
            "evidence.accepted_certificates",
        ),
        ("required = [\"purpose\", \"occupation\"]", "required = []", "declaration.required"),
        ("required = [\"purpose\", \"occupation\"]", "required = [\"purpose\"]", "declaration.required"),
        ("required = [\"purpose\", \"occupation\"]", "required = [\"occupation\"]", "declaration.required"),
        ("method = \"jpki_signature\"", "method = \"doc_image_face\"", "evidence.method"),
        ("method = \"jpki_signature\"", "method = \"accredited_ca_signature\"", "evidence.method"),
        ("required = [\"name\", \"birthdate\", \"address\"]", "required = [\"name\"]", "attributes.required"),
    ] {
        let error = changed(from, to).expect_err(to);
        assert!(
            matches!(&error, PolicyError::Value { place: at, .. } if *at == place),
            "{to}: expected {place}, got {error:?}"
        );
    }
}

#[test]
fn revocation_cannot_be_switched_off_rsn_21() {
    for value in ["accept", "skip", "valid"] {
        let error = changed("undetermined = \"unavailable\"", &format!("undetermined = \"{value}\"")).unwrap_err();
        assert!(error.to_string().contains(value), "{error}");
    }
}

#[test]
fn dates_bound_a_policy_cn_01() {
    let policy = changed("effective_to = \"open\"", "effective_to = \"2027-04-01T00:00:00+09:00\"").unwrap();
    for (at, effective) in [
        ("2026-08-05T23:59:59+09:00", false),
        ("2026-08-06T00:00:00+09:00", true),
        ("2027-03-31T23:59:59+09:00", true),
        ("2027-04-01T00:00:00+09:00", false),
    ] {
        assert_eq!(policy.is_effective(at.parse().unwrap()), effective, "{at}");
    }
}
