//! One suite for every store of wallets: what `honnin::wallet::WalletStore` promises.

use crate::stores::{AT, account_id};
use honnin::customer::{CustomerStore, Customers};
use honnin::kyc::{Account, EventKind, StoreError, Version};
use honnin::policy::Policy;
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::wallet::{
    Address, Answer, Attributes, Channel, Claim, ClaimChange, ClaimKind, Command, Consent, Contact, Delivery, Ending,
    Facts, KeptWallet, KeyedHash, Medium, Occupancy, Operation, Request, Template, TypedCode, Wallet, WalletVersions,
    WalletWrite, decide,
};

/// A store that is both.
pub(crate) trait Whole: CustomerStore {}
impl<T: CustomerStore> Whole for T {}

fn hash(number: u8) -> KeyedHash {
    KeyedHash::from_bytes([number; 32])
}

fn claim(kind: ClaimKind, number: u8) -> Claim {
    Claim { kind, hash: hash(number) }
}

const NEW: WalletVersions = WalletVersions { account: Version::NEW, facts: Version::NEW, consent: Version::NEW };

/// A new wallet `a-N` with a mail address of its own.
pub(crate) fn new_wallet(number: u8) -> WalletWrite {
    let account = Account::created_with_certificate(account_id(&format!("a-{number}")), AT);
    let address = |text: &str, hash_of| Address { clear: Personal::new(text.to_owned()), hash: hash(hash_of) };
    let contact = Contact {
        email: address(&format!("taro{number}@example.jp"), number),
        phone: address(&format!("090-0000-{number:04}"), 100 + number),
    };
    let facts = Facts::new(contact, Attributes::typed(Personal::new("ミホン タロウ".to_owned()), AT), AT);
    let wallet = Wallet { account, facts, consent: Consent::default() };
    WalletWrite {
        kept: KeptWallet { wallet, versions: NEW },
        claims: vec![ClaimChange::Take(claim(ClaimKind::Email, number))],
        events: Vec::new(),
        notices: Vec::new(),
    }
}

fn ask(store: &dyn Whole, number: u8, channel: Channel, command: Command) -> Answer {
    let policy = Policy::jp_wellnet_mock().unwrap();
    let id = account_id(&format!("a-{number}"));
    let ruling = Customers::new(store, &policy).ask(&id, &Request::new(channel, command), AT).unwrap();
    ruling.expect("the wallet is there").answer
}

fn a_wallet_comes_back_as_it_was(store: &dyn Whole) {
    assert_eq!(store.load_wallet(&account_id("a-1")), Ok(None));
    let write = new_wallet(1);
    store.commit_wallet(&write).unwrap();
    let kept = store.load_wallet(&account_id("a-1")).unwrap().unwrap();
    assert_eq!(kept.wallet, write.kept.wallet);
    assert_eq!(kept.versions.facts, Version::NEW.next());
    // The account is the same the upgrade knows (kyc.md §1).
    assert_eq!(store.load_account(&account_id("a-1")).unwrap().unwrap().facts, write.kept.wallet.account);
    assert_eq!(store.commit_wallet(&write), Err(StoreError::Conflict), "there is one already");
}

fn a_ruling_is_written_whole_and_against_what_was_read(store: &dyn Whole) {
    store.commit_wallet(&new_wallet(1)).unwrap();
    let policy = Policy::jp_wellnet_mock().unwrap();
    let stale = store.load_wallet(&account_id("a-1")).unwrap().unwrap();
    let charge = Command::ChargeWithCash { id: "c-1".into(), yen: 700 };
    assert_eq!(ask(store, 1, Channel::App, charge.clone()), Answer::Done);
    let ended = Command::OperationEnded { id: "c-1".into(), ending: Ending::Done };
    assert_eq!(ask(store, 1, Channel::System, ended), Answer::Done);
    let kept = store.load_wallet(&account_id("a-1")).unwrap().unwrap();
    assert_eq!(kept.wallet.facts.balances.cash.yen, 700);
    // Decided on what is no longer so: nothing of it is written.
    let ruling = decide(&stale.wallet, Request::new(Channel::App, charge), &policy, AT);
    assert_eq!(store.commit_wallet(&WalletWrite::of(&ruling, stale.versions, None, AT)), Err(StoreError::Conflict));
    assert_eq!(store.load_wallet(&account_id("a-1")).unwrap().unwrap(), kept);
    let happened = |event: &honnin::kyc::Event| matches!(event.kind, EventKind::WalletHappened { .. });
    let events = store.events(&account_id("a-1")).unwrap();
    assert!(events.iter().filter(|event| happened(event)).count() >= 2, "{events:?}");
}

fn of_many_requests_at_once_none_is_lost(store: &dyn Whole) {
    store.commit_wallet(&new_wallet(1)).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for number in 0..4 {
                    let id = format!("c-{thread}-{number}");
                    let charge = Command::ChargeWithCash { id: id.clone(), yen: 10 };
                    // A conflict that does not end is told to the caller, who asks again.
                    let done = |command: Command| {
                        let policy = Policy::jp_wellnet_mock().unwrap();
                        loop {
                            let request = Request::new(Channel::System, command.clone());
                            match Customers::new(store, &policy).ask(&account_id("a-1"), &request, AT) {
                                Err(StoreError::Conflict) => {}
                                other => break other.unwrap().unwrap().answer,
                            }
                        }
                    };
                    assert_eq!(done(charge), Answer::Done);
                    assert_eq!(done(Command::OperationEnded { id, ending: Ending::Done }), Answer::Done);
                }
            });
        }
    });
    let kept = store.load_wallet(&account_id("a-1")).unwrap().unwrap();
    assert_eq!(kept.wallet.facts.balances.cash.yen, 8 * 4 * 10, "every charge once");
}

fn a_unique_thing_belongs_to_one_uniq_01_bank_03(store: &dyn Whole) {
    store.commit_wallet(&new_wallet(1)).unwrap();
    let (email, bank) = (claim(ClaimKind::Email, 1), claim(ClaimKind::BankAccount, 1));
    assert_eq!(store.occupancy(&email).unwrap(), Occupancy::Held(account_id("a-1")));
    // The same hash of another kind is another thing.
    assert_eq!(store.occupancy(&bank).unwrap(), Occupancy::Free);
    let mut rival = new_wallet(2);
    rival.claims = vec![ClaimChange::Take(bank), ClaimChange::Take(email)];
    assert_eq!(store.commit_wallet(&rival), Err(StoreError::Conflict));
    assert_eq!(store.load_wallet(&account_id("a-2")), Ok(None), "nothing of it was written");
    assert_eq!(store.occupancy(&bank).unwrap(), Occupancy::Free, "not even the claim that was free");
    rival.claims = vec![ClaimChange::Release(email), ClaimChange::Take(bank)];
    store.commit_wallet(&rival).unwrap();
    assert_eq!(store.occupancy(&email).unwrap(), Occupancy::Held(account_id("a-1")), "not his to release");
    assert_eq!(store.occupancy(&bank).unwrap(), Occupancy::Held(account_id("a-2")));
}

fn a_withdrawn_account_s_address_is_burnt_uniq_03(store: &dyn Whole) {
    store.commit_wallet(&new_wallet(1)).unwrap();
    assert_eq!(ask(store, 1, Channel::App, Command::Withdraw { code: None }), Answer::Done);
    assert_eq!(store.occupancy(&claim(ClaimKind::Email, 1)).unwrap(), Occupancy::Burnt);
    let mut again = new_wallet(2);
    again.claims = vec![ClaimChange::Take(claim(ClaimKind::Email, 1))];
    assert_eq!(store.commit_wallet(&again), Err(StoreError::Conflict));
}

fn a_refusal_that_counts_is_written_sec_03(store: &dyn Whole) {
    let mut write = new_wallet(1);
    // GATE-09: the web edition wants one.
    write.kept.wallet.facts.password_registered = true;
    store.commit_wallet(&write).unwrap();
    let code = Command::IssueOneTimePassword { operation: Operation::Stop, hash: hash(50) };
    assert_eq!(ask(store, 1, Channel::Web, code), Answer::Done);
    let typed = TypedCode { issuer: honnin::wallet::Issuer::Wallet, hash: hash(51) };
    let refused = ask(store, 1, Channel::Web, Command::Stop { code: Some(typed) });
    assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
    assert_eq!(refused.reasons(), [Reason::OtpIncorrect]);
    let before = new_wallet(1).kept.wallet.facts.failures;
    assert_ne!(store.load_wallet(&account_id("a-1")).unwrap().unwrap().wallet.facts.failures, before);
}

fn notices_wait_in_the_outbox_until_they_are_sent(store: &dyn Whole) {
    store.commit_wallet(&new_wallet(1)).unwrap();
    assert_eq!(ask(store, 1, Channel::Operator, Command::StopByOperator), Answer::Done);
    let due = store.due_notices(AT, 10).unwrap();
    let [queued] = due.as_slice() else { panic!("{due:?}") };
    assert_eq!((queued.notice.medium, &queued.notice.template), (Medium::Mail, &Template::StoppedByOperator));
    assert_eq!(queued.notice.address.reveal(), "taro1@example.jp");
    // RSN-22: not tried again before its time.
    let later = Delivery::Queued { tries: 1, not_before: AT.plus_seconds(60) };
    store.settle_notice(queued.number, &later).unwrap();
    assert_eq!(store.due_notices(AT.plus_seconds(59), 10).unwrap(), []);
    let due = store.due_notices(AT.plus_seconds(60), 10).unwrap();
    assert_eq!((due.len(), &due[0].delivery), (1, &later));
    store.settle_notice(queued.number, &Delivery::Sent { at: AT }).unwrap();
    assert_eq!(store.due_notices(AT.plus_seconds(9999), 10).unwrap(), []);
    let again = store.settle_notice(queued.number, &Delivery::Sent { at: AT });
    assert_eq!(again, Err(StoreError::Dangling { what: "notice" }), "sent once");
}

fn a_sweep_sees_every_wallet_once(store: &dyn Whole) {
    for number in [3, 1, 2, 5, 4] {
        store.commit_wallet(&new_wallet(number)).unwrap();
    }
    let mut seen = Vec::new();
    loop {
        let page = store.wallets_after(seen.last(), 2).unwrap();
        assert!(page.len() <= 2);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, ["a-1", "a-2", "a-3", "a-4", "a-5"].map(account_id));
}

suite!(
    a_refusal_that_counts_is_written_sec_03,
    a_ruling_is_written_whole_and_against_what_was_read,
    a_sweep_sees_every_wallet_once,
    a_unique_thing_belongs_to_one_uniq_01_bank_03,
    a_wallet_comes_back_as_it_was,
    a_withdrawn_account_s_address_is_burnt_uniq_03,
    notices_wait_in_the_outbox_until_they_are_sent,
    of_many_requests_at_once_none_is_lost,
);
