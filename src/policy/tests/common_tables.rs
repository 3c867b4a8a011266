use crate::policy::{
    Allowance, Direction, Fact, HeldEvidence, Holdings, Movement, Policy, PolicyError, PolicyFile, ReverificationState,
    Risk,
};
use crate::time::UnixTime;

const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");
const CN: &str = include_str!("../../../fixtures/policies/cn_nonbank_2016.toml");
const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z
const DAY: i64 = 86_400;

#[test]
fn every_missing_line_of_the_second_policy_is_refused_with_its_place_acc_17() {
    let lines = CN.lines().filter(|line| !line.starts_with([' ', '#']) && !line.ends_with('['));
    let mut tried = 0;
    for line in lines.filter(|line| line.contains(" = ") && !line.contains(" = [  ") && !line.contains(" = [ ")) {
        let key = line.split(" = ").next().unwrap();
        let at = CN.lines().position(|it| it == line).unwrap();
        let without: Vec<_> = CN.lines().enumerate().filter(|(number, _)| *number != at).map(|(_, it)| it).collect();
        let error = PolicyFile::parse(&without.join("\n")).expect_err(line).to_string();
        assert!(error.contains(key), "{line}: {error}");
        tried += 1;
    }
    assert!(tried > 80, "{tried}");
}

#[test]
fn impossible_values_of_the_common_tables_are_refused_with_their_place() {
    let needs = "{ count_distinct = 3, of = [\"bank_card\"";
    for (from, to, place) in [
        ("needs = { all = [] }", "needs = { fact = \"certificate_login\" }", "tiers[0].needs"),
        ("needs = { all = [] }", "needs = {}", "tiers[0].needs"),
        ("needs = { all = [] }", "needs = { any = [] }", "tiers[0].needs"),
        ("needs = { all = [] }", "needs = { all = [], evidence = \"bank_card\" }", "tiers[0].needs"),
        (needs, "{ count_distinct = 3, of = [\"bank_cart\"", "tiers[2].needs.any[1].of[0]"),
        (needs, "{ count_distinct = 0, of = [\"bank_card\"", "tiers[2].needs.any[1]"),
        ("{ evidence = \"face_to_face\" }", "{ evidence = \"face\" }", "tiers[1].needs.any[0].evidence"),
        ("lifetime_days = 1825", "lifetime_days = 0", "evidence_kinds.public_security_id.lifetime_days"),
        ("lifetime_days = 1825", "lifetime_days = \"never\"", "evidence_kinds.public_security_id.lifetime_days"),
        ("[evidence_kinds.sms_code]", "[evidence_kinds.\"SMS code\"]", "evidence_kinds.SMS code"),
        ("[refusals.online_banking]", "[refusals.\"Online\"]", "refusals.Online"),
        ("from = \"always\"", "from = \"now\"", "refusals.online_banking.from"),
        ("reason = \"method_not_accepted\"", "reason = \"attribute_mismatch\"", "refusals.online_banking.reason"),
        ("reason = \"account_not_empty\"", "reason = \"no_reader\"", "features.reset_identity.requires[0].reason"),
        ("reason = \"account_not_empty\"", "reason = \"internal\"", "features.reset_identity.requires[0].reason"),
        (
            "reason = \"account_not_empty\"",
            "reason = \"server_unreachable\"",
            "features.reset_identity.requires[0].reason",
        ),
        (
            "reason = \"account_not_empty\"",
            "reason = \"feature_not_offered\"",
            "features.reset_identity.requires[0].reason",
        ),
        ("currency = \"CNY\"", "currency = \"yuan\"", "limits.currency"),
        ("minor_digits = 2", "minor_digits = 9", "limits.minor_digits"),
        ("day = 5_000_00", "day = \"much\"", "limits.day_by_factors[1].day"),
        ("    { at_least = 0,", "    { at_least = 1,", "limits.day_by_factors"),
        ("year = 100_000_00", "year = \"by_agreement\"", "limits.tiers.class_2.year"),
        ("[limits.tiers.class_3]", "[limits.tiers.class_4]", "limits.tiers.class_3"),
        ("low = \"never\"", "low = \"unlimited\"", "reverification.interval_days.low"),
        ("grace_days = 0", "grace_days = 36501", "reverification.grace_days"),
        ("segments = [\"foreign\"]", "segments = []", "step_up.on_use[0]"),
        ("features = [\"pay\", ", "features = [\"withdraw\", ", "step_up.on_use[0].features"),
        ("proof = \"none\"", "proof = \"certificate\"", "evidence"),
    ] {
        assert!(CN.contains(from), "{from}");
        let error = PolicyFile::parse(&CN.replacen(from, to, 1)).expect_err(to);
        assert!(matches!(&error, PolicyError::Value { place: at, .. } if at == place), "{to}: {place}: {error:?}");
    }
    let charge = JP_WELLNET.replacen("single_charge = 50000", "single_charge = 100001", 1);
    let error = PolicyFile::parse(&charge).unwrap_err();
    assert!(
        matches!(&error, PolicyError::Value { place, .. } if place == "limits.tiers.cash.single_charge"),
        "{error}"
    );
    assert!(PolicyFile::parse(&JP_WELLNET.replacen("single_charge = 50000", "single_charge = 100000", 1)).is_ok());
    let deep = format!("{}{{ all = [] }}{}", "{ all = [".repeat(8), "] }".repeat(8));
    let error = PolicyFile::parse(&CN.replacen("{ evidence = \"face_to_face\" }", &deep, 1)).unwrap_err();
    assert!(error.to_string().contains("eight levels"), "{error}");
    for (from, to) in [("lifetime = 1_000_00", "lifetime = -1"), ("lifetime = 1_000_00", "lifetime = 1.5")] {
        assert!(matches!(PolicyFile::parse(&CN.replacen(from, to, 1)), Err(PolicyError::Shape { .. })), "{to}");
    }
}

#[test]
fn a_policy_with_or_without_certificate_is_all_of_it_or_nothing() {
    let error = PolicyFile::parse(&JP_WELLNET.replacen("proof = \"certificate\"", "proof = \"none\"", 1)).unwrap_err();
    assert!(error.to_string().starts_with("evidence: no table"), "{error}");
    assert!(Policy::parse(CN).unwrap_err().to_string().starts_with("proof:"), "nobody is upgraded by it");
    assert!(PolicyFile::parse(CN).unwrap().certificate().is_none());
    assert!(PolicyFile::parse(JP_WELLNET).unwrap().certificate().is_some());
}

#[test]
fn the_wallets_tiers_are_its_kinds_acc_01_acc_02_acc_03_t_01_t_02() {
    let book = Policy::jp_wellnet().unwrap().book;
    let held = |kind: &str| HeldEvidence {
        kind: kind.into(),
        source: "J-LIS".into(),
        checked_at: AT,
        expires_at: None,
        revoked_at: Some(AT),
    };
    let tier = |certificate: bool, kinds: &[&str], at| {
        let facts = certificate.then_some(Fact::CertificateLogin).into_iter().collect();
        let holdings = Holdings { facts, evidence: kinds.iter().map(|kind| held(kind)).collect() };
        book.tier(&holdings, at).unwrap().name.to_string()
    };
    for (certificate, kinds, expected) in [
        (true, &[][..], "cash"),
        (true, &["jpki_signature"], "money"),
        (true, &["accredited_ca_signature"], "money"),
        (true, &["selfie_legacy"], "money"),
        (false, &[], "cash"),
        (false, &["selfie_legacy"], "money"),
        (false, &["jpki_signature"], "cash"),
        (true, &["face_to_face"], "cash"),
    ] {
        assert_eq!(tier(certificate, kinds, AT), expected, "{certificate} {kinds:?}");
    }
    // ACC-16: neither time nor revocation takes money back; re-verification restricts instead.
    assert_eq!(tier(true, &["jpki_signature"], AT.plus_seconds(40 * 366 * DAY)), "money");
}

#[test]
fn the_wallets_limits_bound_balance_and_single_amounts_acc_17() {
    let book = Policy::jp_wellnet().unwrap().book;
    let exceeded = |tier: &str, movement: &Movement| match book.allowance(tier, movement) {
        Allowance::Within => (vec![], None),
        Allowance::Exceeded { limits, offer } => {
            (limits.iter().map(|it| it.limit).collect(), offer.map(|offer| offer.tier.to_string()))
        }
    };
    let charge = |amount, balance| Movement { balance, ..Movement::new(Direction::Charge, amount) };
    let money = Some("money".to_owned());
    assert_eq!(exceeded("cash", &charge(50_000, 50_000)), (vec![], None));
    assert_eq!(exceeded("cash", &charge(50_000, 50_001)), (vec!["balance"], money.clone()));
    assert_eq!(exceeded("cash", &charge(50_001, 0)), (vec!["single_charge"], money.clone()));
    assert_eq!(exceeded("cash", &charge(100_001, 0)), (vec!["balance", "single_charge"], money.clone()));
    assert_eq!(exceeded("cash", &Movement::new(Direction::Payment, 50_001)), (vec!["single_payment"], money));
    assert_eq!(exceeded("money", &charge(500_001, 500_000)), (vec!["balance", "single_charge"], None));
    assert_eq!(exceeded("cash", &charge(1, u64::MAX)), (vec!["balance"], None), "no sum wraps around");
}

#[test]
fn reverification_falls_due_by_time_and_by_revocation_rev_01_rev_03_rev_06() {
    use ReverificationState::{Due, NotDue, Overdue};
    let rules = Policy::jp_wellnet().unwrap().book.reverification;
    let state = |days: i64| rules.state(Risk::High, AT, None, AT.plus_seconds(days * DAY));
    let (since, deadline) = (AT.plus_seconds(365 * DAY), AT.plus_seconds(455 * DAY));
    assert_eq!(state(364), NotDue);
    assert_eq!(state(365), Due { since, deadline });
    assert_eq!(state(454), Due { since, deadline });
    assert_eq!(state(455), Overdue { since: deadline });
    assert_eq!(rules.state(Risk::Normal, AT, None, AT.plus_seconds(1094 * DAY)), NotDue, "by risk class");
    let revoked = AT.plus_seconds(10 * DAY);
    let early = rules.state(Risk::Normal, AT, Some(revoked), revoked);
    assert_eq!(early, Due { since: revoked, deadline: revoked.plus_seconds(90 * DAY) }, "CERT-14");
    assert_eq!(rules.state(Risk::Normal, AT, Some(revoked), revoked.plus_seconds(-1)), NotDue);
    // A revocation that the last verification has answered is no cause (REV-05).
    assert_eq!(rules.state(Risk::Normal, AT, Some(AT.plus_seconds(-DAY)), AT.plus_seconds(DAY)), NotDue);
    let never = PolicyFile::cn_nonbank_2016().unwrap().book().reverification.clone();
    assert_eq!(never.state(Risk::High, AT, Some(revoked), AT.plus_seconds(100 * 366 * DAY)), NotDue);
}

#[test]
fn cards_without_secrets_and_phones_are_refused_card_05_card_06_t_17() {
    let book = Policy::jp_wellnet().unwrap().book;
    let rule = |name| book.refusal(name, AT).map(|refusal| (refusal.reason.code(), refusal.rules[0].to_string()));
    assert_eq!(rule("face_authentication_card"), Some(("card_type_not_accepted", "CARD-05".into())));
    assert_eq!(rule("phone_card"), Some(("card_type_not_accepted", "CARD-06".into())));
    assert_eq!(rule("individual_number_card"), None);
    let cn = PolicyFile::cn_nonbank_2016().unwrap();
    let refusal = cn.book().refusal("online_banking", AT).unwrap();
    assert_eq!(refusal.reason.code(), "method_not_accepted", "CN-07: no channel of its own");
    let dated = JP_WELLNET.replacen("from = \"always\"", "from = \"2027-01-01T00:00:00+09:00\"", 1);
    let book = Policy::parse(&dated).unwrap().book;
    assert_eq!(book.refusal("face_authentication_card", "2026-12-31T23:59:59+09:00".parse().unwrap()), None);
    assert!(book.refusal("face_authentication_card", "2027-01-01T00:00:00+09:00".parse().unwrap()).is_some());
}

#[test]
fn silence_about_a_form_of_a_card_is_refused_card_05_card_06() {
    let place = |text: &str| match Policy::parse(text) {
        Err(PolicyError::Value { place, .. }) => place,
        other => panic!("{other:?}"),
    };
    for name in ["face_authentication_card", "phone_card"] {
        let table = format!("[refusals.{name}]");
        assert!(JP_WELLNET.contains(&table));
        // A misspelt row refuses nobody, so it is not read as one.
        assert_eq!(place(&JP_WELLNET.replacen(&table, "[refusals.phonecard]", 1)), format!("refusals.{name}"));
    }
    let extra = "[refusals.phonecard]\nrules = [\"CARD-06\"]\nfrom = \"always\"\nreason = \"card_type_not_accepted\"\n\n[refusals.phone_card]";
    assert_eq!(place(&JP_WELLNET.replacen("[refusals.phone_card]", extra, 1)), "refusals.phonecard");
    // A row may be about an evidence kind or a legal method too.
    let method = extra.replacen("phonecard", "doc_image_face", 1).replacen("card_type_not", "method_not", 1);
    assert!(Policy::parse(&JP_WELLNET.replacen("[refusals.phone_card]", &method, 1)).is_ok());
    // Accepting is said aloud.
    let accepting = JP_WELLNET.replace("from = \"always\"", "from = \"never\"");
    let book = Policy::parse(&accepting).unwrap().book;
    assert_eq!((book.refusal("phone_card", AT), book.refusal("face_authentication_card", AT)), (None, None));
}

#[test]
fn a_file_that_locks_a_holder_in_is_refused_gate_10_gate_12() {
    for feature in ["stop", "withdraw", "unlock", "resume", "revoke_certificate", "contact"] {
        let table = format!("[features.{feature}]");
        let start = JP_WELLNET.find(&table).unwrap();
        let end = JP_WELLNET[start + 1..].find("\n[").unwrap() + start + 1;
        let without = format!("{}{}", &JP_WELLNET[..start], &JP_WELLNET[end..]);
        match Policy::parse(&without) {
            Err(PolicyError::Value { place, .. }) => assert_eq!(place, format!("features.{feature}")),
            other => panic!("{feature}: {other:?}"),
        }
    }
    // Whether anybody is paid is the operator's business.
    assert!(Policy::parse(&JP_WELLNET.replacen("[features.receipt]", "[features.transfer]", 1)).is_ok());
}
