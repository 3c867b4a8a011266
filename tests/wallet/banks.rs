//! Bank accounts: BANK-01 to BANK-09, CH-09, ATTR-04.

use crate::scene::{BANK, DAY, OPEN, Scene, at, hash, noon};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    Advice, AttributeName, Attributes, BankState, BankStyle, ClaimChange, ClaimKind, Command, Ending, Happened, Medium,
    Occupancy, Operation, RefusalByBank, Template, account_number, may_recover_from,
};

#[test]
fn a_payout_destination_stays_for_thirty_days_bank_08_t_09() {
    let mut scene = Scene::money();
    let (one, other) = (scene.bank(BANK), scene.bank(BANK + 1));
    scene.does(Command::SetPayoutDestination { bank: one, code: None });
    let until = noon().plus_seconds(30 * DAY);
    scene.at = noon().plus_seconds(29 * DAY);
    let refusal = scene.refusal(Command::SetPayoutDestination { bank: other, code: None });
    assert_eq!((refusal.reason, refusal.until), (Reason::PayoutDestinationLocked, Some(until)));
    scene.at = noon().plus_seconds(30 * DAY - 1);
    assert_eq!(
        scene.refuses(Command::SetPayoutDestination { bank: other, code: None }),
        [Reason::PayoutDestinationLocked]
    );
    scene.at = noon().plus_seconds(30 * DAY);
    scene.does(Command::SetPayoutDestination { bank: other, code: None });
    assert_eq!(scene.wallet.facts.banks.payout.unwrap().bank, Some(other));
}

#[test]
fn deleting_and_adding_again_does_not_get_around_the_lock_bank_08_q_10() {
    let mut scene = Scene::money();
    let (one, other) = (scene.bank(BANK), scene.bank(BANK + 1));
    scene.does(Command::SetPayoutDestination { bank: one, code: None });
    scene.later(DAY);
    scene.does(Command::DeleteBank { bank: one, code: None });
    assert_eq!(
        scene.refuses(Command::SetPayoutDestination { bank: other, code: None }),
        [Reason::PayoutDestinationLocked]
    );
    scene.bank(BANK);
    assert_eq!(
        scene.refuses(Command::SetPayoutDestination { bank: one, code: None }),
        [Reason::PayoutDestinationLocked]
    );
    scene.policy.wallet.bank.deleting_ends_payout_lock = true;
    scene.does(Command::SetPayoutDestination { bank: other, code: None });
}

#[test]
fn setting_the_same_destination_again_starts_no_new_lock_bank_08() {
    let mut scene = Scene::money();
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    let since = scene.wallet.facts.banks.payout.unwrap().since;
    scene.later(10 * DAY);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    assert_eq!(scene.wallet.facts.banks.payout.unwrap().since, since);
}

#[test]
fn a_closed_bank_page_is_free_again_the_next_morning_bank_05_t_38() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    scene.does(Command::BeginFinalRegistration { bank });
    scene.at = at("2026-11-22T23:50:00+09:00");
    let until = at("2026-11-23T10:00:00+09:00");
    let closed = scene.does(Command::BankPageClosed { bank });
    assert!(closed.happened.contains(&Happened::BankRegistrationStuck { until }));
    assert_eq!(may_recover_from(&scene.policy.wallet.bank, scene.at), at("2026-11-23T09:00:00+09:00"));
    for stuck in ["2026-11-22T23:50:00+09:00", "2026-11-23T08:30:00+09:00", "2026-11-23T09:59:59+09:00"] {
        scene.at = at(stuck);
        let refusal = scene.refusal(Command::BeginFinalRegistration { bank });
        assert_eq!((refusal.reason, refusal.until), (Reason::BankRegistrationStuck, Some(until)), "{stuck}");
    }
    for free in ["2026-11-23T10:00:00+09:00", "2026-11-23T10:05:00+09:00"] {
        let mut scene = scene.clone();
        scene.at = at(free);
        scene.does(Command::BeginFinalRegistration { bank });
    }
}

#[test]
fn a_registration_at_the_bank_takes_days_and_then_is_for_support_out_03_bank_06() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    let advice = |scene: &Scene| scene.wallet.facts.banks.advice(bank, &scene.policy.wallet.pending, scene.at);
    assert_eq!(advice(&scene), Advice::ContactSupport, "never heard of");
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    assert_eq!(advice(&scene), Advice::BeginAgain);
    scene.does(Command::BeginFinalRegistration { bank });
    scene.policy.wallet.pending.bank_registration_normal_seconds = 3 * DAY;
    let normal_until = scene.at.plus_seconds(3 * DAY);
    assert_eq!(advice(&scene), Advice::Wait { normal_until });
    scene.at = normal_until;
    assert_eq!(advice(&scene), Advice::Wait { normal_until });
    scene.later(1);
    assert_eq!(advice(&scene), Advice::ContactSupport, "longer than it normally takes");
    let mut stuck = scene.clone();
    stuck.does(Command::BankPageClosed { bank });
    let normal_until = at("2026-11-26T10:00:00+09:00");
    assert_eq!(advice(&stuck), Advice::Wait { normal_until }, "it frees itself (BANK-05)");
    stuck.at = normal_until;
    assert_eq!(advice(&stuck), Advice::BeginAgain);
    scene.does(Command::BankCompleted { bank });
    assert_eq!(advice(&scene), Advice::Done);
    scene.does(Command::DeleteBank { bank, code: None });
    assert_eq!(advice(&scene), Advice::ContactSupport);
}

#[test]
fn the_banks_own_way_out_leaves_nothing_stuck_bank_05() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    scene.does(Command::BeginFinalRegistration { bank });
    scene.does(Command::BankPageCancelled { bank });
    scene.does(Command::BeginFinalRegistration { bank });
}

#[test]
fn the_holders_name_is_sent_and_a_mismatch_is_the_banks_word_bank_01_attr_04() {
    let mut scene = Scene::money();
    let bank = hash(BANK);
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    assert_eq!(scene.wallet.facts.bank_request(bank), None, "nobody is at the bank");
    scene.does(Command::BeginFinalRegistration { bank });
    let (kind, failures) = (scene.wallet.account.kind(), scene.wallet.facts.failures);
    let sent = |scene: &Scene| scene.wallet.facts.bank_request(bank).unwrap();
    assert_eq!((sent(&scene).bank, sent(&scene).holder_name.reveal().as_str()), (bank, "ミホン タロウ"));
    assert!(!format!("{:?}", sent(&scene)).contains("ミホン"));
    // No command of a bank account takes a name; another one comes of the account's own alone.
    let mut edited = scene.clone();
    edited.does(Command::SupportEdit {
        attribute: AttributeName::Kana,
        value: Personal::new("ﾐﾎﾝ ｼﾞﾛｰ".into()),
        ticket: "t-1".into(),
        edited_by: "one".into(),
        approved_by: "two".into(),
    });
    assert_eq!(sent(&edited).holder_name.reveal(), "ミホン ジロー", "in one form (ATTR-04)");
    scene.does(Command::BankRefused { bank, cause: RefusalByBank::HolderName });
    assert_eq!(RefusalByBank::HolderName.reason(), Some(Reason::BankHolderNameMismatch));
    assert_eq!((scene.wallet.account.kind(), scene.wallet.facts.failures), (kind, failures), "no failed verification");
    assert_eq!(Reason::BankHolderNameMismatch.who_acts().collect::<Vec<_>>(), ["support"]);
    scene.does(Command::BeginFinalRegistration { bank });
    scene.does(Command::BankCompleted { bank });
    assert_eq!(scene.wallet.facts.bank_request(bank), None, "done");
}

#[test]
fn an_account_without_a_name_is_sent_to_no_bank_bank_01() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    scene.wallet.facts.attributes = Attributes::typed(Personal::new(String::new()), noon());
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    assert_eq!(scene.refuses(Command::BeginFinalRegistration { bank }), [Reason::RegistrationRequired]);
}

#[test]
fn account_numbers_are_seven_ascii_digits_bank_02() {
    for (typed, style, expected) in [
        ("1234567", BankStyle::Ordinary, Some("1234567")),
        ("12", BankStyle::Ordinary, Some("0000012")),
        ("12345678", BankStyle::Ordinary, None),
        ("123 4567", BankStyle::Ordinary, None),
        ("123-4567", BankStyle::Ordinary, None),
        ("１２３４５６７", BankStyle::Ordinary, None),
        ("", BankStyle::Ordinary, None),
        ("10120", BankStyle::JapanPost, Some("10120")),
        ("12345671", BankStyle::JapanPost, Some("12345671")),
    ] {
        assert_eq!(account_number(typed, style).as_deref(), expected, "{typed}");
    }
}

#[test]
fn a_bank_account_belongs_to_one_wallet_bank_03() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    let occupied = Occupancy::Held("a-2".parse().unwrap());
    assert_eq!(scene.refuses(Command::RegisterBank { bank, occupancy: occupied }), [Reason::BankAccountInUse]);
    let taken = scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    assert!(matches!(taken.claims[..], [ClaimChange::Take(claim)] if claim.kind == ClaimKind::BankAccount));
    let own = Occupancy::Held(scene.wallet.account.id.clone());
    assert_eq!(scene.refuses(Command::RegisterBank { bank, occupancy: own }), [Reason::BankAccountInUse], "twice");
}

#[test]
fn two_registrations_are_free_and_a_deleted_one_costs_bank_04_ch_09_q_2() {
    let fee = |scene: &mut Scene, number| {
        let bank = hash(number);
        scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
        scene.does(Command::BeginFinalRegistration { bank });
        let happened = scene.does(Command::BankCompleted { bank }).happened;
        happened.iter().find_map(|it| match it {
            Happened::BankRegistrationCompleted { fee } => Some(*fee),
            _ => None,
        })
    };
    let mut scene = Scene::certificate();
    assert_eq!(fee(&mut scene, BANK), Some(false));
    let mut again = scene.clone();
    assert_eq!(fee(&mut scene, BANK + 1), Some(false));
    assert_eq!(fee(&mut scene, BANK + 2), Some(true), "the third");
    let released = again.does(Command::DeleteBank { bank: hash(BANK), code: None });
    assert!(matches!(released.claims[..], [ClaimChange::Release(_)]));
    assert_eq!(fee(&mut again, BANK), Some(true), "registered again after it was deleted");
    let mut without = Scene::certificate();
    without.policy.wallet.bank.later_registrations_cost_a_fee = false;
    for number in BANK..BANK + 3 {
        assert_eq!(fee(&mut without, number), Some(false));
    }
}

#[test]
fn the_bank_completes_when_it_pleases_and_nothing_is_charged_before_bank_06_bank_07() {
    let mut scene = Scene::certificate();
    let bank = hash(BANK);
    scene.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
    assert_eq!(scene.refuses(Command::BankCompleted { bank }), [Reason::FlowOutOfOrder], "nobody was at the bank");
    scene.does(Command::BeginFinalRegistration { bank });
    scene.later(3 * DAY);
    let charge = Command::ChargeFromBank { id: "c-1".into(), bank, yen: 1, service: OPEN, code: None };
    assert_eq!(scene.refuses(charge.clone()), [Reason::FeatureRequiresBankAccount]);
    scene.does(Command::BankRefused { bank, cause: RefusalByBank::PhoneCheck });
    assert_eq!(RefusalByBank::PhoneCheck.reason(), None, "the bank's reason, not ours");
    scene.does(Command::BeginFinalRegistration { bank });
    let completed = scene.does(Command::BankCompleted { bank });
    let [told] = &completed.notices[..] else { panic!("{:?}", completed.notices) };
    assert_eq!((told.medium, &told.template), (Medium::Mail, &Template::BankRegistrationCompleted));
    assert_eq!(told.address.reveal(), "taro@example.jp");
    scene.does(charge);
    assert!(matches!(scene.wallet.facts.banks.find(bank).unwrap().state, BankState::Final { .. }));
}

#[test]
fn a_self_transfer_is_processing_then_done_or_failed_bank_09() {
    let mut scene = Scene::money();
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    scene.charge("c-1", 1000);
    for (id, ending, left) in [("t-1", Ending::Failed, 1000), ("t-2", Ending::Done, 400)] {
        let code = scene.code(Operation::SelfTransfer);
        scene.does(Command::TransferToSelf { id: id.into(), yen: 600, code });
        assert_eq!(scene.wallet.facts.history.find(id).unwrap().ending, None, "処理中");
        let advice = scene.wallet.facts.history.advice(id, &scene.policy.wallet.pending, scene.at);
        assert!(matches!(advice, Advice::Wait { .. }));
        scene.does(Command::OperationEnded { id: id.into(), ending });
        assert_eq!(scene.wallet.facts.balances.money.yen, left, "what failed comes back");
    }
}

#[test]
fn a_self_transfer_costs_the_policys_fee_which_comes_back_when_it_fails_bank_09_q_2() {
    let mut scene = Scene::money();
    scene.policy.wallet.bank.self_transfer_fee_yen = 110;
    let bank = scene.bank(BANK);
    scene.does(Command::SetPayoutDestination { bank, code: None });
    scene.charge("c-1", 1000);
    let code = scene.code(Operation::SelfTransfer);
    let transfer = |id: &str, yen, code| Command::TransferToSelf { id: id.into(), yen, code };
    assert_eq!(scene.refuses(transfer("t-1", 891, code)), [Reason::BalanceInsufficient], "the fee has to be there too");
    scene.does(transfer("t-1", 890, code));
    let entry = scene.wallet.facts.history.find("t-1").unwrap();
    assert_eq!((entry.yen, entry.fee_yen, scene.wallet.facts.balances.money.yen), (890, 110, 0));
    let document = scene.wallet.facts.to_document().unwrap();
    assert_eq!(honnin::wallet::Facts::from_document(&document).unwrap(), scene.wallet.facts);
    scene.does(Command::OperationEnded { id: "t-1".into(), ending: Ending::Failed });
    assert_eq!(scene.wallet.facts.balances.money.yen, 1000);
}
