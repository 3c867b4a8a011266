//! What the tiers and the step-up of a policy file mean for a wallet: the offer is handed on, the demand is made.

use super::scene::*;
use honnin::policy::{HeldEvidence, Needs, Policy, Risk};
use honnin::reason::Reason;
use honnin::wallet::{Answer, Channel, Command, Operation, Refusal};

fn policy(from: &str, to: &str) -> Policy {
    let text = Policy::jp_wellnet_mock().unwrap().text;
    assert!(text.contains(from), "{from}");
    Policy::parse(&text.replacen(from, to, 1)).unwrap()
}

fn pay(scene: &mut Scene, id: &str, yen: u64) -> Answer {
    let code = scene.code(Operation::Payment);
    scene.ask(Command::Pay { id: id.into(), payee: "shop".into(), yen, code }).answer
}

fn only(answer: Answer) -> Refusal {
    let Answer::Refused(refusals) = answer else { panic!("{answer:?}") };
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals[0].clone()
}

#[test]
fn a_limit_of_a_lifetime_refuses_the_second_payment_and_offers_the_step_up_t_35_cn_02_cn_06() {
    let mut scene = Scene::certificate();
    scene.policy = policy("lifetime = \"unlimited\"", "lifetime = 1000");
    scene.charge("c-1", 5_000);
    assert_eq!(pay(&mut scene, "p-1", 999), Answer::Done);
    let refusal = only(pay(&mut scene, "p-2", 2));
    assert_eq!((refusal.reason, refusal.detail.as_slice()), (Reason::LimitExceeded, &["lifetime"][..]));
    let offer = refusal.offer.as_ref().expect("CN-06: what would help");
    assert_eq!(offer.tier.as_str(), "money");
    assert_eq!(offer.needs, scene.policy.book.tiers[1].needs);
    let json = serde_json::to_value(&refusal).unwrap();
    assert_eq!(json["offer"]["tier"], "money");
    // What was offered helps.
    scene.does(verified("case_1", PERSON, scene.at));
    assert_eq!(pay(&mut scene, "p-2", 2), Answer::Done);
    // Above the highest tier there is nothing to offer.
    scene.charge("c-2", 500_000);
    scene.charge("c-3", 400_000);
    assert_eq!(only(pay(&mut scene, "p-3", 500_001)).offer, None);
}

#[test]
fn a_policy_that_offers_nothing_hands_on_nothing_cn_06() {
    let mut scene = Scene::certificate();
    scene.policy = policy("offer_on_limit = true", "offer_on_limit = false");
    scene.charge("c-1", 50_000);
    scene.charge("c-2", 50_000);
    assert_eq!(only(pay(&mut scene, "p-1", 50_001)).offer, None);
}

#[test]
fn a_feature_of_a_higher_tier_names_the_tier_cn_06_gate_04() {
    let mut scene = Scene::certificate();
    scene.charge("c-1", 5_000);
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    // Into money, so that nothing but the tier is missing.
    scene.wallet.facts.balances.money.yen = 5_000;
    let code = scene.code(Operation::SelfTransfer);
    let refusal = only(scene.ask(Command::TransferToSelf { id: "t-1".into(), yen: 100, code }).answer);
    assert_eq!(refusal.reason, Reason::FeatureRequiresMoneyAccount);
    assert_eq!(refusal.offer.map(|offer| offer.tier.to_string()), Some("money".into()));
}

#[test]
fn further_proof_is_demanded_at_use_of_holders_at_high_risk_cn_13_law_12() {
    let row = "on_use = [{ features = [\"pay\"], segments = [\"high\"], needs = { count_distinct = 2, of = \
               [\"jpki_signature\", \"accredited_ca_signature\"] }, rules = [\"LAW-12\"] }]";
    let mut scene = Scene::money();
    scene.policy = policy("on_use = []", row);
    scene.charge("c-1", 5_000);
    assert_eq!(pay(&mut scene, "p-1", 1), Answer::Done, "the usual risk");
    scene.wallet.facts.reverification.risk = Risk::High;
    let refusal = only(pay(&mut scene, "p-2", 1));
    assert_eq!((refusal.reason, refusal.rule.as_str()), (Reason::StepUpRequired, "LAW-12"));
    let offer = refusal.offer.unwrap();
    assert_eq!(offer.tier.as_str(), "money", "no other tier is needed");
    assert!(matches!(offer.needs, Needs::CountDistinct { count_distinct: 2, .. }), "{offer:?}");

    // Another piece, of another organisation, is what was asked for (LAW-12); the account's kind is none of its matter.
    let at = scene.at;
    let piece = |kind: &str| HeldEvidence {
        kind: kind.into(),
        source: "my FinTech".into(),
        checked_at: at,
        expires_at: Some(at.plus_seconds(DAY)),
        revoked_at: None,
    };
    let add = |scene: &mut Scene, channel, piece| scene.ask_by(channel, Command::AddEvidence(piece)).answer;
    let accredited = piece("accredited_ca_signature");
    assert_eq!(only(add(&mut scene, Channel::App, accredited.clone())).reason, Reason::FlowOutOfOrder);
    assert_eq!(only(add(&mut scene, Channel::Operator, piece("no_such_kind"))).reason, Reason::MethodNotAccepted);
    let later = HeldEvidence { checked_at: at.plus_seconds(1), ..accredited.clone() };
    assert_eq!(only(add(&mut scene, Channel::Operator, later)).reason, Reason::InputMalformed);
    assert_eq!(only(pay(&mut scene, "p-2", 1)).reason, Reason::StepUpRequired, "nothing was added yet");
    assert_eq!(add(&mut scene, Channel::Operator, accredited.clone()), Answer::Done);
    assert_eq!(add(&mut scene, Channel::Operator, accredited), Answer::Unchanged);
    assert_eq!(pay(&mut scene, "p-2", 1), Answer::Done);
    // The newest word of a source on a kind is its word, a revocation too: no older copy goes on counting.
    let revoked = HeldEvidence { revoked_at: Some(at), ..piece("accredited_ca_signature") };
    assert_eq!(add(&mut scene, Channel::Operator, revoked.clone()), Answer::Done);
    assert_eq!(scene.wallet.facts.further_evidence, [revoked]);
    assert_eq!(add(&mut scene, Channel::Operator, piece("accredited_ca_signature")), Answer::Done);
    assert_eq!(scene.wallet.facts.further_evidence, [piece("accredited_ca_signature")]);
    let number = HeldEvidence { source: "123456789018".into(), ..piece("accredited_ca_signature") };
    assert_eq!(only(add(&mut scene, Channel::Operator, number)).reason, Reason::MyNumberPresent, "LAW-41");
    let text = scene.wallet.facts.to_document().unwrap();
    assert_eq!(honnin::wallet::Facts::from_document(&text).unwrap(), scene.wallet.facts);
    scene.later(DAY);
    assert_eq!(only(pay(&mut scene, "p-3", 1)).reason, Reason::StepUpRequired, "it has run out");
}
