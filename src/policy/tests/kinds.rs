//! The tiers of a policy that upgrades by certificate are the wallet's two kinds, and no file may say otherwise.

use crate::policy::{Policy, PolicyError};

const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");
const MONEY: &str = "needs = { any = [{ all = [{ fact = \"certificate_login\" }, { any = [{ evidence = \
                     \"jpki_signature\" }, { evidence = \"accredited_ca_signature\" }] }] }, { evidence = \"selfie_legacy\" }] }";

fn place(text: &str) -> String {
    match Policy::parse(text) {
        Err(PolicyError::Value { place, .. }) => place,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tiers_that_contradict_the_kinds_are_refused_acc_02_acc_03() {
    assert!(JP_WELLNET.contains(MONEY));
    for needs in [
        // A verified certificate account would stay cash.
        "{ any = [{ all = [{ fact = \"certificate_login\" }, { evidence = \"accredited_ca_signature\" }] }, { evidence = \"selfie_legacy\" }] }",
        // So would a selfie of old.
        "{ all = [{ fact = \"certificate_login\" }, { evidence = \"jpki_signature\" }] }",
        // Signing in would do.
        "{ any = [{ fact = \"certificate_login\" }, { evidence = \"selfie_legacy\" }] }",
        // A historic account verified by certificate would be money without migrating (ACC-08).
        "{ any = [{ evidence = \"jpki_signature\" }, { evidence = \"selfie_legacy\" }] }",
        "{ all = [] }",
    ] {
        let text = JP_WELLNET.replacen(MONEY, &format!("needs = {needs}"), 1);
        assert_eq!(place(&text), "tiers[1].needs", "{needs}");
    }
    // The same said by facts is the same.
    let facts = "needs = { any = [{ all = [{ fact = \"certificate_login\" }, { fact = \"certificate_verification\" }] }, { fact = \"legacy_selfie\" }] }";
    assert!(Policy::parse(&JP_WELLNET.replacen(MONEY, facts, 1)).is_ok());
}

#[test]
fn a_third_tier_or_another_name_is_refused_acc_01() {
    let third =
        "[[tiers]]\nname = \"gold\"\nrules = [\"ACC-01\"]\nneeds = { evidence = \"selfie_legacy\" }\n\n# ACC-17, Q-1";
    let limits = JP_WELLNET.split("[limits.tiers.money]").nth(1).unwrap().split("\n\n").next().unwrap();
    let text = JP_WELLNET.replacen("# ACC-17, Q-1", third, 1).replacen(
        "[limits.tiers.money]",
        &format!("[limits.tiers.gold]{limits}\n\n[limits.tiers.money]"),
        1,
    );
    assert_eq!(place(&text), "tiers");
    assert_eq!(
        place(
            &JP_WELLNET.replace("limits.tiers.cash", "limits.tiers.coin").replace("name = \"cash\"", "name = \"coin\"")
        ),
        "tiers"
    );
}

#[test]
fn nothing_in_a_file_takes_money_back_acc_16() {
    let own = "[evidence_kinds.jpki_signature]\nrules = [\"LAW-05\", \"LAW-08\", \"ACC-16\"]\nlifetime_days = \"unlimited\"\nwhen_revoked = \"stays\"";
    assert!(JP_WELLNET.contains(own));
    for (from, to) in [("stays", "lapses"), ("\"unlimited\"", "36500")] {
        assert_eq!(place(&JP_WELLNET.replacen(own, &own.replacen(from, to, 1), 1)), "tiers[1].needs", "{to}");
    }
    for kind in ["jpki_signature", "selfie_legacy"] {
        let refusal = format!(
            "[refusals.{kind}]\nrules = [\"LAW-03\"]\nfrom = \"2030-01-01T00:00:00Z\"\nreason = \"method_not_accepted\"\n\n[refusals.phone_card]"
        );
        let text = JP_WELLNET.replacen("[refusals.phone_card]", &refusal, 1);
        assert_eq!(place(&text), format!("refusals.{kind}"));
    }
}

#[test]
fn a_demand_of_a_segment_no_account_is_in_is_refused_cn_13_law_12() {
    let on_use = |segment: &str| {
        let row = format!(
            "on_use = [{{ features = [\"pay\"], segments = [\"{segment}\"], needs = {{ evidence = \"selfie_legacy\" }}, rules = [\"CN-13\"] }}]"
        );
        JP_WELLNET.replacen("on_use = []", &row, 1)
    };
    assert_eq!(place(&on_use("foreign")), "step_up.on_use[0].segments");
    assert!(Policy::parse(&on_use("high")).is_ok());
}
