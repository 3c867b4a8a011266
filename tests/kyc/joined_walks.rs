//! Random walks over the joined system: accounts, cases with real proofs, the wallet's commands and the store, by two people
//! with several accounts. Whatever happens in whatever order, the invariants of kyc.md hold. Fixed seeds; `HONNIN_TEST_LONG=1` walks
//! longer.

use crate::customers::{BackEnd, declared};
use crate::holder::{DAY, anchors_of, grounds, issued, list_of, other, prove_as};
use crate::stores::{AT, account_id};
use honnin::anchors::AnchorSet;
use honnin::authority::Issued;
use honnin::kyc::{
    AccountId, Answer as Answered, CaseId, EventKind, Identity, Kind, Life, Login, Outcome, Request as Asked,
    Store as _,
};
use honnin::proof::Challenge;
use honnin::reason::Reason;
use honnin::record::Archive as _;
use honnin::store::MemoryStore;
use honnin::time::UnixTime;
use honnin::validation::Crl;
use honnin::wallet::{
    Answer, Bucket, Channel, Claim, ClaimKind, Command, Direction, Ending, HistoryEntry, Occupancy, Wallet,
    WalletStore as _,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand_core::OsRng;
use std::collections::{BTreeMap, BTreeSet};

const ACCOUNTS: u8 = 4;

/// One random step; what the numbers mean depends on `act`.
#[derive(Clone, Debug)]
struct Act {
    account: u8,
    act: u8,
    small: u8,
    yen: u64,
    pause: i64,
}

fn act() -> impl Strategy<Value = Act> {
    let pause = prop_oneof![40 => Just(1_i64), 3 => Just(3600), 1 => Just(40 * DAY), 1 => Just(200 * DAY)];
    (1..=ACCOUNTS, 0..20_u8, any::<u8>(), 0..3000_u64, pause).prop_map(|(account, act, small, yen, pause)| Act {
        account,
        act,
        small,
        yen,
        pause,
    })
}

/// A proof that was made, for the challenge it answers.
struct Made {
    case: CaseId,
    proof: Vec<u8>,
    spent: bool,
}

struct World<'a> {
    scene: BackEnd<'a>,
    store: &'a MemoryStore,
    at: UnixTime,
    cases: Vec<CaseId>,
    challenges: Vec<Challenge>,
    anchors: AnchorSet,
    lists: (UnixTime, Vec<Crl>),
    proofs: Vec<Made>,
    /// Charges that were begun, by account.
    charges: u64,
    seen: BTreeMap<String, usize>,
}

fn name(number: u8) -> AccountId {
    account_id(&format!("a-{number}"))
}

fn lists(at: UnixTime) -> (UnixTime, Vec<Crl>) {
    (at, [list_of(issued(), at, false), list_of(other(), at, false)].concat())
}

fn person(small: u8) -> &'static Issued {
    if small.is_multiple_of(3) { other() } else { issued() }
}

impl<'a> World<'a> {
    fn new(store: &'a MemoryStore) -> Self {
        let scene = BackEnd::new(store);
        (1..=ACCOUNTS).for_each(|number| scene.register(number));
        let (cases, challenges, proofs) = (Vec::new(), Vec::new(), Vec::new());
        let (anchors, lists) = (anchors_of(&[issued(), other()]), lists(AT));
        Self { scene, store, at: AT, cases, challenges, anchors, lists, proofs, charges: 0, seen: BTreeMap::new() }
    }

    fn saw(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    fn wallet(&self, number: u8) -> Wallet {
        self.store.load_wallet(&name(number)).unwrap().unwrap().wallet
    }

    fn ask(&mut self, number: u8, command: Command) {
        let is_leaving = command == Command::Withdraw { code: None };
        let answer = self.scene.ask(number, Channel::Operator, command, self.at);
        match answer {
            Answer::Done if is_leaving => self.saw("left"),
            Answer::Done => self.saw("done"),
            Answer::Unchanged => self.saw("unchanged"),
            Answer::Refused(_) => self.saw("refused"),
        }
    }

    /// Today's lists.
    fn refresh(&mut self) {
        if self.at >= self.lists.0.plus_seconds(DAY) {
            self.lists = lists(self.at);
        }
    }

    fn open_case(&mut self, number: u8) {
        let case: CaseId = format!("case_{}", self.cases.len()).parse().unwrap();
        let customers = self.scene.customers();
        if customers.upgrade().open_case(case.clone(), &name(number), declared(), self.at).is_ok() {
            self.cases.push(case);
        }
    }

    fn challenge(&mut self, small: u8) {
        let Some(case) = self.cases.iter().rev().nth(usize::from(small % 3)).cloned() else { return };
        let request = Asked { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
        let customers = self.scene.customers();
        let challenge = customers.upgrade().issue_challenge(&case, &request, &mut OsRng, self.at);
        self.challenges.extend(challenge);
    }

    fn prove(&mut self, small: u8) {
        let Some(challenge) = self.challenges.pop() else { return };
        let proof = prove_as(person(small), &challenge);
        self.proofs.push(Made { case: challenge.case().parse().unwrap(), proof, spent: false });
    }

    /// Any proof, spent or not, in any state of its case; sometimes while nobody knows what was revoked.
    fn submit(&mut self, small: u8) {
        let count = self.proofs.len();
        let Some(index) = count.checked_sub(1 + usize::from(small % 4).min(count.saturating_sub(1))) else { return };
        self.refresh();
        let (anchors, lists) = (&self.anchors, &self.lists.1);
        let known = if small.is_multiple_of(7) { &[][..] } else { lists };
        let customers = self.scene.customers();
        let made = &self.proofs[index];
        let answer = customers.upgrade().submit(&made.case, &made.proof, &grounds(anchors, known), self.at);
        let Ok(Answered::Decided(decision)) = answer else { return };
        let spent = self.proofs[index].spent;
        match decision.outcome {
            Outcome::Upgrade { .. } => {
                assert!(!spent, "RSN-24: a challenge was spent twice");
                self.saw("approved");
            }
            Outcome::Refuse { reasons, .. } => {
                let again = [Reason::ChallengeAlreadyUsed, Reason::ChallengeExpired];
                assert!(!spent || again.contains(&reasons[0]), "RSN-24: {reasons:?}");
                self.saw(reasons[0].code());
            }
            Outcome::Unavailable { .. } => self.saw("unavailable"),
            Outcome::Review { .. } => {}
        }
        self.proofs[index].spent = true;
    }

    fn recheck(&mut self, small: u8) {
        let Some(case) = self.cases.iter().rev().nth(usize::from(small % 3)).cloned() else { return };
        self.refresh();
        let customers = self.scene.customers();
        let answer = customers.upgrade().recheck(&case, &grounds(&self.anchors, &self.lists.1), self.at);
        if matches!(answer, Ok(Answered::Decided(decision)) if matches!(decision.outcome, Outcome::Upgrade { .. })) {
            self.saw("approved");
        }
    }

    fn walk(&mut self, step: &Act) {
        self.at = self.at.plus_seconds(step.pause);
        let before: Vec<_> = (1..=ACCOUNTS).map(|number| self.wallet(number)).collect();
        let states: Vec<_> = self.cases.iter().map(|case| self.state_of(case)).collect();
        match step.act {
            0..=2 => self.open_case(step.account),
            3..=5 => {
                self.challenge(step.small);
                // Mostly answered at once, sometimes late or never.
                if !step.small.is_multiple_of(4) {
                    self.prove(step.small);
                }
            }
            6 => self.prove(step.small),
            7..=12 => self.submit(step.small),
            13 => self.recheck(step.small),
            14..=15 => {
                self.charges += 1;
                let id = format!("c-{}", self.charges);
                self.ask(step.account, Command::ChargeWithCash { id: id.clone(), yen: step.yen });
                let ending = if step.small.is_multiple_of(4) { Ending::Failed } else { Ending::Done };
                if !step.small.is_multiple_of(5) {
                    self.ask(step.account, Command::OperationEnded { id, ending });
                }
            }
            16 => {
                let open = self.wallet(step.account).facts.history.iter().find(|it| it.ending.is_none()).cloned();
                if let Some(HistoryEntry { id, .. }) = open {
                    self.ask(step.account, Command::OperationEnded { id, ending: Ending::Done });
                }
            }
            17 => self.ask(step.account, Command::StopByOperator),
            18 => self.ask(step.account, Command::Release { call_made: true, photo_matched: true }),
            _ if step.small < 40 => self.ask(step.account, Command::Withdraw { code: None }),
            _ => self.ask(step.account, Command::Sweep),
        }
        for (number, before) in (1..).zip(&before) {
            self.holds_of_one(number, before);
        }
        for (case, before) in self.cases.iter().zip(states) {
            let after = self.state_of(case);
            assert!(!before.is_terminal() || before == after, "a case that ended changed");
        }
        self.one_person_has_one_open_account_acc_12();
    }

    fn state_of(&self, case: &CaseId) -> honnin::kyc::CaseState {
        self.store.load_case(case).unwrap().unwrap().facts.state
    }

    fn holds_of_one(&self, number: u8, before: &Wallet) {
        let after = self.wallet(number);
        let account = &after.account;
        // The kind against its facts, written out once more (ACC-02, ACC-03), and told as often as it changed (ACC-05).
        let is_money = account.login == Login::Certificate && account.identity == Identity::VerifiedCertificate;
        assert_eq!(account.kind() == Kind::Money, is_money);
        let events = self.store.events(&name(number)).unwrap();
        let changes = events.iter().filter(|event| matches!(event.kind, EventKind::AccountKindChanged { .. })).count();
        assert_eq!(changes, usize::from(account.kind() == Kind::Money), "ACC-05, ACC-15, ACC-16");
        // Verified is recorded, and known in the wallet: neither without the other.
        let records = self.store.records_of(&name(number)).unwrap();
        assert_eq!(records.is_empty(), !is_money, "LAW-20");
        let facts = &after.facts;
        let is_open = account.life == Life::Open;
        assert_eq!(facts.link.person.is_some(), is_money && is_open, "ACC-12");
        if is_money {
            assert_eq!(account.verified_at, Some(facts.reverification.confirmed_at), "REV-01");
        }
        for case in records {
            let kept = self.store.kept_record(&case).unwrap().unwrap();
            assert_eq!(kept.relation_ended_at, facts.life.withdrawn_at, "LAW-25");
        }
        if is_open {
            let in_progress = !self.store.open_cases(&name(number)).unwrap().is_empty();
            assert!(is_money || (account.identity == Identity::InProgress) == in_progress);
        } else {
            assert_eq!(self.store.open_cases(&name(number)), Ok(vec![]), "nothing stays under way");
            assert!(facts.contact.is_none() && facts.attributes.held.is_empty(), "LIFE-15");
        }
        if before.account.life == Life::Withdrawn {
            assert_eq!((&after.account, &after.facts), (&before.account, &before.facts), "OUT-04, LIFE-13");
        }
        balances_are_conserved(&after, &events);
    }

    /// Claims are what the accounts say, and no person has two open accounts.
    fn one_person_has_one_open_account_acc_12(&self) {
        let mut persons = BTreeSet::new();
        for number in 1..=ACCOUNTS {
            let wallet = self.wallet(number);
            let occupancy = |kind, hash| self.store.occupancy(&Claim { kind, hash }).unwrap();
            let holder = Occupancy::Held(name(number));
            if let Some(contact) = &wallet.facts.contact {
                assert_eq!(occupancy(ClaimKind::Email, contact.email.hash), holder, "UNIQ-01");
                assert_eq!(occupancy(ClaimKind::Phone, contact.phone.hash), holder, "UNIQ-02");
            }
            if let Some(person) = wallet.facts.link.person {
                assert_eq!(occupancy(ClaimKind::Person, person), holder);
                assert!(persons.insert(person), "ACC-12: two open accounts of one person");
            }
        }
    }
}

/// What is there is what came, less what went and what was given up.
fn balances_are_conserved(wallet: &Wallet, events: &[honnin::kyc::Event]) {
    let balances = &wallet.facts.balances;
    let mut gone = 0_u64;
    for event in events {
        let EventKind::WalletHappened { what } = &event.kind else { continue };
        if what["type"] == "balance_expired" || what["type"] == "forfeited" {
            assert_ne!(what["bucket"], serde_json::to_value(Bucket::Points).unwrap());
            gone += what["yen"].as_u64().unwrap();
        }
    }
    let came = wallet
        .facts
        .history
        .iter()
        .filter(|it| matches!(it.direction, Direction::ChargeWithCash) && it.ending == Some(Ending::Done));
    let came: u64 = came.map(|it| it.yen).sum();
    assert_eq!(balances.cash.yen + balances.money.yen + gone, came, "yen appeared or vanished");
}

fn walks(seed: u8, cases: u32, length: std::ops::Range<usize>) -> BTreeMap<String, usize> {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let seen = std::cell::RefCell::new(BTreeMap::new());
    let result = runner.run(&prop::collection::vec(act(), length), |steps| {
        let store = MemoryStore::new();
        let mut world = World::new(&store);
        steps.iter().for_each(|step| world.walk(step));
        for (what, times) in world.seen {
            *seen.borrow_mut().entry(what).or_default() += times;
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    seen.into_inner()
}

#[test]
fn whatever_happens_upgrade_and_wallet_agree_acc_12_rsn_24_out_04() {
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let (cases, length) = if long { (200, 50..200) } else { (8, 40..120) };
    let seen = walks(11, cases, length);
    // A walk that is refused everywhere would hold every invariant.
    for wanted in ["approved", "duplicate_account", "challenge_already_used", "unavailable", "done", "refused", "left"]
    {
        assert!(seen.contains_key(wanted), "{wanted} never happened: {seen:?}");
    }
}
