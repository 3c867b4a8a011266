use crate::policy::{Barrier, Fact, Feature, Gate, Policy, PolicyError, Standing};
use crate::reason::Reason;
use std::collections::BTreeSet;

const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");

fn gate(feature: Feature, standing: &Standing) -> Gate {
    Policy::jp_wellnet().unwrap().gate(feature, standing)
}

/// Everything is so, and nothing stands in the way.
fn at_its_best() -> Standing {
    Fact::ALL.iter().fold(Standing::at_tier("money"), |standing, fact| standing.with(*fact))
}

fn without(mut standing: Standing, facts: &[Fact]) -> Standing {
    for fact in facts {
        standing.facts.remove(fact);
    }
    standing
}

fn closes(feature: Feature, missing: &[Fact], reason: Reason, rule: &str) {
    assert!(gate(feature, &at_its_best()).is_open(), "{feature}");
    let closed = gate(feature, &without(at_its_best(), missing));
    assert_eq!(closed.reasons(), [reason], "{feature} without {missing:?}");
    assert!(closed.unmet()[0].rules.iter().any(|number| number.as_str() == rule), "{feature}: {closed:?}");
}

#[test]
fn a_bank_account_needs_certificate_login_or_the_old_selfie_gate_01_t_05_t_06() {
    let feature = Feature::RegisterBankAccount;
    let free = [Fact::BankRegistrationFree, Fact::ReverificationInTime];
    let cash = |facts: &[Fact]| facts.iter().chain(&free).fold(Standing::at_tier("cash"), |it, fact| it.with(*fact));
    assert_eq!(gate(feature, &cash(&[])).reasons(), [Reason::FeatureRequiresCertificateLogin]);
    assert!(gate(feature, &cash(&[Fact::CertificateLogin])).is_open());
    assert!(gate(feature, &cash(&[Fact::LegacySelfie])).is_open());
    let transfer = gate(Feature::SelfTransfer, &cash(&[Fact::CertificateLogin]));
    assert_eq!(transfer.reasons()[0], Reason::FeatureRequiresMoneyAccount);
}

#[test]
fn a_legacy_selfie_account_transfers_with_a_one_time_password_gate_04_t_04() {
    let legacy = Standing::at_tier("money")
        .with(Fact::LegacySelfie)
        .with(Fact::PayoutDestinationSet)
        .with(Fact::BalanceSufficient);
    assert_eq!(gate(Feature::SelfTransfer, &legacy).reasons(), [Reason::OneTimePasswordRequired]);
    assert!(gate(Feature::SelfTransfer, &legacy.with(Fact::OneTimePasswordGiven)).is_open());
}

#[test]
fn each_condition_of_each_feature_closes_it_alone() {
    use Fact as F;
    use Feature::{
        AutomaticPayment, ChargeFromBank, ExactTopUp, Pay, Receipt, Resume, SelfTransfer, SetPayoutDestination, Stop,
        Unlock, VerifyIdentity, Withdraw,
    };
    let login = [F::CertificateLogin, F::LegacySelfie];
    for (feature, missing, reason, rule) in [
        (Feature::RegisterBankAccount, &login[..], Reason::FeatureRequiresCertificateLogin, "GATE-01"),
        (Feature::RegisterBankAccount, &[F::BankRegistrationFree], Reason::BankRegistrationStuck, "BANK-05"),
        (ChargeFromBank, &login, Reason::FeatureRequiresCertificateLogin, "GATE-02"),
        (ChargeFromBank, &[F::BankAccountFinal], Reason::FeatureRequiresBankAccount, "GATE-02"),
        (ChargeFromBank, &[F::WithinServiceHours], Reason::DependencyUnavailable, "GATE-02"),
        (ChargeFromBank, &[F::NoMaintenance], Reason::DependencyUnavailable, "GATE-02"),
        (ChargeFromBank, &[F::ReverificationInTime], Reason::ReverificationOverdue, "REV-03"),
        (ExactTopUp, &[F::BankAccountSelected], Reason::FeatureRequiresBankAccount, "GATE-03"),
        (ExactTopUp, &[F::BankAccountFinal], Reason::FeatureRequiresBankAccount, "GATE-03"),
        (SelfTransfer, &login, Reason::FeatureRequiresCertificateLogin, "GATE-04"),
        (SelfTransfer, &[F::PayoutDestinationSet], Reason::FeatureRequiresBankAccount, "GATE-04"),
        (SelfTransfer, &[F::OneTimePasswordGiven], Reason::OneTimePasswordRequired, "GATE-04"),
        (SetPayoutDestination, &[F::PayoutDestinationFree], Reason::PayoutDestinationLocked, "BANK-08"),
        (Pay, &[F::OneTimePasswordGiven], Reason::OneTimePasswordRequired, "GATE-07"),
        (Pay, &[F::BalanceSufficient], Reason::BalanceInsufficient, "GATE-07"),
        (Pay, &[F::ReverificationInTime, F::PayeeNotListed], Reason::ReverificationOverdue, "GATE-05"),
        (AutomaticPayment, &[F::BalanceSufficient], Reason::BalanceInsufficient, "GATE-08"),
        (Receipt, &[F::PasswordRegistered], Reason::FeatureRequiresPassword, "GATE-09"),
        (Stop, &[F::OneTimePasswordGiven], Reason::OneTimePasswordRequired, "LIFE-01"),
        (Resume, &[F::PasswordRegistered], Reason::FeatureRequiresPassword, "GATE-09"),
        (Withdraw, &[F::NothingPending], Reason::TransactionsPending, "LIFE-11"),
        (Withdraw, &[F::SelfTransfersDone], Reason::TransactionsPending, "LIFE-12"),
        (VerifyIdentity, &[F::CertificateLogin], Reason::FeatureRequiresCertificateLogin, "ACC-08"),
        (Unlock, &[F::OneTimePasswordGiven], Reason::OneTimePasswordRequired, "SEC-05"),
    ] {
        closes(feature, missing, reason, rule);
    }
}

#[test]
fn an_overdue_account_pays_other_payees_only_gate_05_rev_03_t_28() {
    let overdue = without(at_its_best(), &[Fact::ReverificationInTime, Fact::PayeeNotListed]);
    assert_eq!(gate(Feature::ChargeFromBank, &overdue).reasons(), [Reason::ReverificationOverdue]);
    assert_eq!(gate(Feature::Pay, &overdue).reasons(), [Reason::ReverificationOverdue]);
    assert!(gate(Feature::Pay, &overdue.clone().with(Fact::PayeeNotListed)).is_open());
    let done = overdue.with(Fact::ReverificationInTime);
    assert!(gate(Feature::ChargeFromBank, &done).is_open() && gate(Feature::Pay, &done).is_open(), "REV-05");
}

#[test]
fn withdrawing_forfeits_up_to_500_yen_of_money_life_10_t_10_t_11() {
    let with = |tier: &str, balance| Standing { tier: tier.into(), balance, ..at_its_best() };
    assert!(gate(Feature::Withdraw, &with("money", 500)).is_open());
    let above = gate(Feature::Withdraw, &with("money", 501));
    assert_eq!(above.reasons(), [Reason::BalanceAboveWithdrawalLimit]);
    assert!(gate(Feature::Withdraw, &with("cash", 5_000)).is_open());
}

#[test]
fn everything_that_is_missing_is_told_in_order_gate_13() {
    let mut standing = Standing::at_tier("cash");
    standing.barriers = [Barrier::StoppedByOperator, Barrier::LockedByFailures].into();
    let Gate::Deny(unmet) = gate(Feature::SelfTransfer, &standing) else { panic!("open") };
    let reasons: Vec<_> = unmet.iter().map(|unmet| unmet.reason).collect();
    let expected = [
        Reason::AccountLocked,
        Reason::AccountStoppedByOperator,
        Reason::FeatureRequiresMoneyAccount,
        Reason::FeatureRequiresCertificateLogin,
        Reason::FeatureRequiresBankAccount,
        Reason::OneTimePasswordRequired,
        Reason::BalanceInsufficient,
    ];
    assert_eq!(reasons, expected);
    let words: Vec<_> = unmet[3].any.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["certificate_login", "legacy_selfie"], "GATE-11: the missing condition has a name");
    let json = serde_json::to_value(&unmet[2]).unwrap();
    let expected = serde_json::json!({
        "reason": "feature_requires_money_account", "any": ["tier_at_least:money"], "rules": ["GATE-04"],
    });
    assert_eq!(json, expected);
}

#[test]
fn a_hold_closes_all_but_recovery_gate_12() {
    let policy = Policy::jp_wellnet().unwrap();
    let recovery = [Feature::Unlock, Feature::Resume, Feature::RevokeCertificate, Feature::Contact];
    for (barrier, reason) in [
        (Barrier::LockedByFailures, Reason::AccountLocked),
        (Barrier::StoppedByUser, Reason::AccountStoppedByUser),
        (Barrier::StoppedByOperator, Reason::AccountStoppedByOperator),
    ] {
        let held = Standing { barriers: [barrier].into(), ..at_its_best() };
        for feature in policy.book.features.keys() {
            let expected = if recovery.contains(feature) { vec![] } else { vec![reason] };
            assert_eq!(policy.gate(*feature, &held).reasons(), expected, "{feature} {barrier:?}");
        }
    }
    let gone = Standing { barriers: [Barrier::Withdrawn].into(), ..at_its_best() };
    let open: BTreeSet<_> =
        policy.book.features.keys().copied().filter(|feature| policy.gate(*feature, &gone).is_open()).collect();
    assert_eq!(open, [Feature::RevokeCertificate, Feature::Contact].into(), "LIFE-13, LIFE-14");
}

#[test]
fn what_is_not_known_or_not_listed_is_closed() {
    // A tier of another policy opens nothing that asks for a tier, on either side of the bound.
    let stranger = Standing { tier: "class_3".into(), balance: 501, ..at_its_best() };
    assert_eq!(gate(Feature::SelfTransfer, &stranger).reasons(), [Reason::FeatureRequiresMoneyAccount]);
    assert_eq!(gate(Feature::Withdraw, &stranger).reasons(), [Reason::BalanceAboveWithdrawalLimit]);
    assert_eq!(gate(Feature::Invest, &at_its_best()).reasons(), [Reason::FeatureNotOffered]);
}

#[test]
fn a_broken_feature_is_refused_with_its_place() {
    let line = r#"{ any = ["payout_destination_set"], reason = "feature_requires_bank_account", rules = ["GATE-04"] }"#;
    assert_eq!(JP_WELLNET.matches(line).count(), 1);
    let place = "features.self_transfer.requires[2]";
    for (from, to, expected) in [
        (r#"["payout_destination_set"]"#, r#"["payout_set"]"#, format!("{place}.any[0]")),
        (r#"["payout_destination_set"]"#, r#"["tier_at_least:gold"]"#, format!("{place}.any[0]")),
        (r#"["payout_destination_set"]"#, "[]", format!("{place}.any")),
        (r#"["GATE-04"]"#, "[]", format!("{place}.rules")),
    ] {
        let error = Policy::parse(&JP_WELLNET.replacen(line, &line.replacen(from, to, 1), 1)).expect_err(to);
        assert!(matches!(&error, PolicyError::Value { place, .. } if *place == expected), "{to}: {error}");
    }
    for (from, to, word) in [
        (r#"any = ["payout_destination_set"], "#, "", "any"),
        (r#"reason = "feature_requires_bank_account", "#, "", "reason"),
        (r#", rules = ["GATE-04"]"#, "", "rules"),
        ("feature_requires_bank_account", "no_such_reason", "reason"),
        ("reason = ", "why = 1, reason = ", "why"),
    ] {
        let error = Policy::parse(&JP_WELLNET.replacen(line, &line.replacen(from, to, 1), 1)).expect_err(from);
        let at = JP_WELLNET.lines().position(|it| it.contains(line)).unwrap() + 1;
        assert!(error.to_string().contains(word), "{error}");
        assert!(matches!(error, PolicyError::Shape { line, .. } if line == at), "{error}, expected line {at}");
    }
    let renamed = JP_WELLNET.replacen("[features.contact]", "[features.phone]", 1);
    assert!(Policy::parse(&renamed).unwrap_err().to_string().contains("phone"));
    let twice = JP_WELLNET.replacen("name = \"cash\"", "name = \"money\"", 1);
    assert!(Policy::parse(&twice).unwrap_err().to_string().starts_with("tiers[1].name"));
}
