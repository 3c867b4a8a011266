use crate::policy::{
    Allowance, Direction, Fact, Factor, Feature, Gate, HeldEvidence, Holdings, Movement, NameMatch, Needs, PolicyFile,
    Standing, StepUpOffer,
};
use crate::reason::Reason;
use crate::time::UnixTime;

const AT: UnixTime = UnixTime::from_seconds(1_795_316_400); // 2026-11-22T03:00:00Z
const DAY: i64 = 86_400;
const YUAN: u64 = 100;

fn cn() -> PolicyFile {
    PolicyFile::cn_nonbank_2016().unwrap()
}

fn channel(kind: &str, source: &str) -> HeldEvidence {
    HeldEvidence {
        kind: kind.into(),
        source: source.into(),
        checked_at: AT.plus_seconds(-DAY),
        expires_at: None,
        revoked_at: None,
    }
}

fn five() -> Vec<HeldEvidence> {
    vec![
        channel("bank_card", "bank A"),
        channel("bank_card", "bank B"),
        channel("public_security_id", "public security"),
        channel("mobile_number", "carrier"),
        channel("other_channel", "tax office"),
    ]
}

fn tier_at(evidence: &[HeldEvidence], at: UnixTime) -> String {
    let holdings = Holdings { evidence: evidence.to_vec(), ..Holdings::default() };
    cn().book().tier(&holdings, at).unwrap().name.to_string()
}

fn tier(evidence: &[HeldEvidence]) -> String {
    tier_at(evidence, AT)
}

fn payment(amount: u64, paid_before: u64) -> Movement {
    Movement {
        paid_today: paid_before,
        paid_this_year: paid_before,
        paid_in_life: paid_before,
        ..Movement::new(Direction::Payment, amount)
    }
}

fn limits(allowance: &Allowance) -> Vec<&'static str> {
    match allowance {
        Allowance::Within => vec![],
        Allowance::Exceeded { limits, .. } => limits.iter().map(|exceeded| exceeded.limit).collect(),
    }
}

fn offer(allowance: Allowance) -> Option<StepUpOffer> {
    match allowance {
        Allowance::Within => None,
        Allowance::Exceeded { offer, .. } => offer,
    }
}

#[test]
fn channels_are_counted_by_source_t_34_cn_02_cn_03_cn_04_cn_14() {
    for (count, expected) in
        [(0, "unverified"), (1, "class_1"), (2, "class_1"), (3, "class_2"), (4, "class_2"), (5, "class_3")]
    {
        assert_eq!(tier(&five()[..count]), expected, "{count} channels");
    }
    let same_card =
        [channel("bank_card", "bank A"), channel("bank_card", "bank A"), channel("mobile_number", "carrier")];
    assert_eq!(tier(&same_card), "class_1", "the same card twice counts once");
    // CN-17: the organisation is what counts, whatever kinds it vouches by.
    let one_house =
        [channel("mobile_number", "carrier"), channel("sms_code", "carrier"), channel("other_channel", "carrier")];
    assert_eq!(tier(&one_house), "class_1");
    assert_eq!(tier(&[channel("face_to_face", "branch")]), "class_3", "CN-03, CN-04");
    assert_eq!(tier(&[channel("no_such_kind", "x")]), "unverified");
    assert_eq!(tier(&[channel("online_banking", "bank A")]), "unverified", "CN-07");
}

#[test]
fn a_card_bound_long_before_counts_and_so_do_other_channels_cn_08_cn_09() {
    let long_before =
        HeldEvidence { checked_at: "2010-01-01T00:00:00+08:00".parse().unwrap(), ..channel("bank_card", "bank A") };
    assert_eq!(tier(&[long_before]), "class_1", "nobody has to bind again");
    for kind in ["public_security_id", "mobile_number", "sms_code"] {
        assert_eq!(tier(&[channel(kind, "somebody")]), "class_1", "{kind}");
    }
}

#[test]
fn a_channel_lapses_by_revocation_and_by_time_cn_17() {
    let mut channels = five();
    channels[4].revoked_at = Some(AT);
    assert_eq!(tier_at(&channels, AT.plus_seconds(-1)), "class_3");
    assert_eq!(tier_at(&channels, AT), "class_2", "a revoked channel lowers the class");
    let mut channels = five();
    channels[0].expires_at = Some(AT.plus_seconds(10));
    assert_eq!(tier_at(&channels, AT.plus_seconds(9)), "class_3");
    assert_eq!(tier_at(&channels, AT.plus_seconds(10)), "class_2", "the first second it has run out");
    // mobile_number and other_channel count for 730 days from their check, the bank cards for ever.
    let checked = AT.plus_seconds(-DAY);
    assert_eq!(tier_at(&five(), checked.plus_seconds(730 * DAY - 1)), "class_3");
    assert_eq!(tier_at(&five(), checked.plus_seconds(730 * DAY)), "class_2");
    assert_eq!(tier_at(&five(), checked.plus_seconds(1825 * DAY)), "class_1");
    assert_eq!(tier_at(&five(), checked.plus_seconds(-1)), "unverified", "what was not checked yet does not count");
}

#[test]
fn a_card_bound_before_the_rule_counts_and_is_not_bound_again_cn_08() {
    let years_ago = |years: i64| HeldEvidence {
        checked_at: "2016-07-01T00:00:00+08:00".parse::<UnixTime>().unwrap().plus_seconds(-years * 366 * DAY),
        ..channel("bank_card", "bank A")
    };
    let on_the_day = "2016-07-01T00:00:00+08:00".parse().unwrap();
    for years in [1, 5, 10] {
        assert_eq!(tier_at(&[years_ago(years)], on_the_day), "class_1", "bound {years} years before");
        assert_eq!(tier_at(&[years_ago(years)], AT), "class_1", "and ten years later still");
    }
    // Binding the same card again adds nothing to it.
    assert_eq!(tier(&[years_ago(5), channel("bank_card", "bank A"), channel("mobile_number", "carrier")]), "class_1");
}

#[test]
fn every_channel_the_rule_names_counts_as_one_cn_09() {
    for kind in ["bank_card", "public_security_id", "mobile_number", "sms_code", "other_channel"] {
        assert_eq!(tier(&[channel(kind, "somebody")]), "class_1", "{kind} alone");
        let two_more = [channel(kind, "a"), channel("other_channel", "b"), channel("other_channel", "c")];
        assert_eq!(tier(&two_more), "class_2", "{kind} as the third");
    }
    // "And many more" are channels by other names only where the file says so.
    assert_eq!(tier(&[channel("library_card", "library")]), "unverified");
}

#[test]
fn foreign_holders_have_the_same_tiers_gates_and_limits_cn_10() {
    let policy = cn();
    let book = policy.book();
    // A segment is asked about in one place only, what is demanded at use besides the tier (CN-13): nothing else of the file can
    // differ by it. With the two cards a foreign holder stands where any other does.
    let two_cards = Holdings { evidence: five()[..2].to_vec(), ..Holdings::default() };
    for feature in Feature::ALL {
        let demanded = |segment: &str| book.demands(*feature, segment, &two_cards, AT).len();
        assert_eq!((demanded("foreign"), demanded("resident")), (0, 0), "{feature}");
    }
    let without: Vec<_> = Feature::ALL
        .iter()
        .filter(|feature| !book.demands(**feature, "foreign", &Holdings::default(), AT).is_empty())
        .collect();
    assert_eq!(without, [&Feature::Pay, &Feature::Transfer, &Feature::Receive]);
    // The limits are cited for all who spend yuan.
    assert!(book.limits.rules.iter().any(|rule| rule.as_str() == "CN-10"));
    assert_eq!(limits(&book.allowance("class_1", &payment(1_001 * YUAN, 0))), ["day_by_factors", "lifetime"]);
}

#[test]
fn class_1_ends_at_1000_yuan_and_a_step_up_is_offered_t_35_cn_02_cn_06() {
    let policy = cn();
    assert_eq!(policy.book().allowance("class_1", &payment(999 * YUAN, 0)), Allowance::Within);
    assert_eq!(policy.book().allowance("class_1", &payment(YUAN, 999 * YUAN)), Allowance::Within, "1,000 exactly");
    let signed = |movement| Movement { factors: [Factor::Password, Factor::OneTimePassword].into(), ..movement };
    let refused = policy.book().allowance("class_1", &signed(payment(2 * YUAN, 999 * YUAN)));
    let Allowance::Exceeded { limits, offer } = &refused else { panic!("{refused:?}") };
    assert_eq!(
        (limits[0].limit, limits[0].at_most, limits[0].reason),
        ("lifetime", 1_000 * YUAN, Reason::LimitExceeded)
    );
    assert_eq!(limits[0].rules[0].as_str(), "CN-02");
    let offer = offer.as_ref().expect("CN-06: additional channels would help");
    assert_eq!((offer.tier.as_str(), offer.rules[0].as_str()), ("class_2", "CN-06"));
    let Needs::Any(ways) = &offer.needs else { panic!("{offer:?}") };
    assert!(matches!(&ways[1], Needs::CountDistinct { count_distinct: 3, .. }));
    let json = serde_json::to_value(offer).unwrap();
    assert_eq!(json["needs"]["any"][0], serde_json::json!({ "evidence": "face_to_face" }));
    assert_eq!(json["needs"]["any"][1]["count_distinct"], 3);
}

#[test]
fn yearly_limits_of_class_2_and_3_cn_03_cn_04() {
    let policy = cn();
    let agreed = |amount, before| Movement {
        factors: [Factor::Password, Factor::DigitalCertificate].into(),
        agreed_day: Some(u64::MAX),
        ..payment(amount, before)
    };
    for (tier, most) in [("class_2", 100_000 * YUAN), ("class_3", 200_000 * YUAN)] {
        assert_eq!(policy.book().allowance(tier, &agreed(1, most - 1)), Allowance::Within, "{tier}");
        let above = policy.book().allowance(tier, &agreed(2, most - 1));
        assert_eq!(limits(&above), ["year"], "{tier}");
        assert_eq!(offer(above).map(|offer| offer.tier.to_string()), (tier == "class_2").then(|| "class_3".into()));
    }
    let overflow = policy.book().allowance("class_3", &agreed(u64::MAX, u64::MAX));
    assert_eq!(limits(&overflow), ["day_by_factors", "year"], "no sum wraps around");
    assert_eq!(limits(&policy.book().allowance("money", &agreed(1, 0))), ["tier"], "a tier of another policy");
    assert!(!limits(&policy.book().allowance("unverified", &agreed(1, 0))).is_empty(), "CN-11");
}

#[test]
fn a_day_is_bounded_by_the_factors_of_the_payment_cn_05() {
    use Factor::{Biometric, BoundDevice, DigitalCertificate, ElectronicSignature, OneTimePassword, Password};
    let policy = cn();
    let allowance = |factors: &[Factor], agreed_day, amount: u64| {
        let factors = factors.iter().copied().collect();
        policy.book().allowance("class_3", &Movement { factors, agreed_day, ..payment(amount * YUAN, 0) })
    };
    for one in [&[][..], &[Password], &[DigitalCertificate]] {
        assert_eq!(limits(&allowance(one, None, 1_000)), [""; 0], "{one:?}");
        assert_eq!(limits(&allowance(one, Some(u64::MAX), 1_001)), ["day_by_factors"], "{one:?}");
    }
    for two in [[Password, OneTimePassword], [Biometric, BoundDevice]] {
        assert_eq!(limits(&allowance(&two, None, 5_000)), [""; 0], "{two:?}");
        assert_eq!(limits(&allowance(&two, Some(u64::MAX), 5_001)), ["day_by_factors"], "{two:?}");
    }
    for signed in [[Password, DigitalCertificate], [Biometric, ElectronicSignature]] {
        assert_eq!(limits(&allowance(&signed, Some(50_000 * YUAN), 50_000)), [""; 0]);
        assert_eq!(limits(&allowance(&signed, Some(50_000 * YUAN), 50_001)), ["day_by_factors"]);
        assert_eq!(limits(&allowance(&signed, None, 1)), ["day_by_factors"], "nothing was agreed on");
    }
}

#[test]
fn investing_is_for_class_3_cn_04() {
    let policy = cn();
    let at = |tier: &str| Standing::at_tier(tier).with(Fact::BalanceSufficient);
    for tier in ["unverified", "class_1", "class_2"] {
        let gate = policy.book().gate(Feature::Invest, &at(tier));
        assert_eq!(gate.reasons(), [Reason::FeatureRequiresHigherTier], "{tier}");
        assert_eq!(policy.book().offer_for(Feature::Invest, &at(tier)).unwrap().tier.as_str(), "class_3");
    }
    assert!(policy.book().gate(Feature::Invest, &at("class_3")).is_open());
    assert_eq!(policy.book().offer_for(Feature::Invest, &at("class_3")), None);
    // No tier helps where something else is missing.
    assert_eq!(policy.book().offer_for(Feature::Invest, &Standing::at_tier("class_1")), None);
}

#[test]
fn what_unverified_users_lose_comes_back_with_one_channel_cn_11_cn_12() {
    let policy = cn();
    for feature in [Feature::Pay, Feature::Transfer, Feature::Receive, Feature::SendRedPacket] {
        let at = |tier: &str| Standing::at_tier(tier).with(Fact::BalanceSufficient);
        assert_eq!(policy.book().gate(feature, &at("unverified")).reasons(), [Reason::FeatureRequiresHigherTier]);
        assert!(policy.book().gate(feature, &at("class_1")).is_open(), "{feature}");
    }
}

#[test]
fn two_independent_bank_cards_are_asked_of_some_at_use_cn_13_cn_14() {
    let policy = cn();
    let demands = |feature, segment, evidence: &[HeldEvidence]| {
        let holdings = Holdings { evidence: evidence.to_vec(), ..Holdings::default() };
        policy.book().demands(feature, segment, &holdings, AT).len()
    };
    for feature in [Feature::Pay, Feature::Transfer, Feature::Receive] {
        assert_eq!(demands(feature, "foreign", &five()[..1]), 1, "{feature}");
        assert_eq!(demands(feature, "foreign", &five()[..2]), 0, "{feature}");
    }
    let same = [channel("bank_card", "bank A"), channel("bank_card", "bank A")];
    assert_eq!(demands(Feature::Pay, "foreign", &same), 1, "the same card twice is one channel");
    assert_eq!(demands(Feature::Pay, "resident", &[]), 0, "not all users");
    assert_eq!(demands(Feature::Invest, "foreign", &[]), 0);
}

#[test]
fn an_identity_is_given_up_only_when_nothing_is_left_cn_15() {
    let empty = Standing::at_tier("class_1").with(Fact::NoMandates).with(Fact::NoLinkedInstruments);
    assert!(cn().book().gate(Feature::ResetIdentity, &empty).is_open());
    let full = Standing { balance: 1, ..Standing::at_tier("class_1") };
    let Gate::Deny(unmet) = cn().book().gate(Feature::ResetIdentity, &full) else { panic!("open") };
    let words: Vec<_> = unmet.iter().map(|unmet| unmet.any[0].to_string()).collect();
    assert_eq!(words, ["balance_at_most:0", "no_mandates", "no_linked_instruments"]);
    assert!(unmet.iter().all(|unmet| unmet.reason == Reason::AccountNotEmpty));
}

#[test]
fn another_order_of_names_is_told_apart_t_36_cn_16() {
    let policy = cn();
    let rule = policy.book().names.value;
    for (one, other, expected) in [
        ("YAMADA TARO", "TARO YAMADA", NameMatch::OtherOrder),
        ("YAMADA TARO", "YAMADA TARO", NameMatch::Same),
        ("YAMADA  TARO ", "YAMADA TARO", NameMatch::Same),
        ("見本\u{3000}太郎", "見本 太郎", NameMatch::Same),
        ("YAMADA TARO", "YAMADA JIRO", NameMatch::Different),
        ("YAMADA TARO", "Yamada Taro", NameMatch::Different),
        // A multiset, not a set.
        ("ALI ALI BABA", "BABA ALI", NameMatch::Different),
        ("ALI ALI BABA", "ALI BABA BABA", NameMatch::Different),
        ("ALI ALI BABA", "ALI BABA ALI", NameMatch::OtherOrder),
        ("", "TARO", NameMatch::Different),
    ] {
        assert_eq!(rule.compare(one, other), expected, "{one} / {other}");
    }
    assert_eq!(NameMatch::OtherOrder.reason(), Some(Reason::NameOrderMismatch));
    assert_eq!(NameMatch::Different.reason(), Some(Reason::AttributeMismatch));
}

#[test]
fn the_policy_begins_on_1_july_2016_cn_01() {
    for (at, expected) in [("2016-06-30T23:59:59+08:00", false), ("2016-07-01T00:00:00+08:00", true)] {
        assert_eq!(cn().is_effective(at.parse().unwrap()), expected, "{at}");
    }
}
