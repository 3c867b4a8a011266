//! Random walks over three wallets and the store that guards what is unique: whatever happens in whatever order, the invariants
//! of kyc.md hold. Fixed seeds; `HONNIN_TEST_LONG=1` walks longer.

use crate::scene::{DAY, DEVICE, hash, noon, usual_way};
use honnin::kyc::{Account, AccountId, Hold, Identity, Kind, Life, Login};
use honnin::policy::Policy;
use honnin::secret::Personal;
use honnin::time::UnixTime;
use honnin::wallet::{
    Address, Answer, AttributeName, Attributes, BankService, BankState, Bucket, CertificateState, Channel, Claim,
    ClaimChange, ClaimKind, Command, Consent, ConsentAnswer, Contact, Counterpart, Direction, Document, Ending, Facts,
    Found, Happened, Issued, Issuer, KeyedHash, MigrationRequest, Occupancy, Operation, PasswordCheck, Request,
    RevocationCause, Ruling, SignIn, Taken, Template, TypedCode, Verified, Wallet, WalletCertificate, decide,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

const WALLETS: usize = 3;
const OPERATIONS: [Operation; 6] = [
    Operation::Payment,
    Operation::SelfTransfer,
    Operation::Stop,
    Operation::Resume,
    Operation::Unlock,
    Operation::Migration,
];

/// One random step; what the numbers mean depends on `act`.
#[derive(Clone, Debug)]
struct Act {
    wallet: usize,
    act: u8,
    small: u8,
    yen: u64,
    code: u8,
    pause: i64,
    stale: bool,
}

fn act() -> impl Strategy<Value = Act> {
    let pause = prop_oneof![
        60 => Just(1_i64),
        6 => Just(301),
        6 => Just(12 * 3600),
        4 => Just(31 * DAY),
        1 => Just(400 * DAY),
        1 => Just(750 * DAY),
    ];
    (0..WALLETS, 0..36_u8, any::<u8>(), 0..3000_u64, 0..8_u8, pause, prop::bool::weighted(0.2))
        .prop_map(|(wallet, act, small, yen, code, pause, stale)| Act { wallet, act, small, yen, code, pause, stale })
}

/// What a test keeps beside a wallet to hold it against.
struct Kept {
    wallet: Wallet,
    /// Sums of what events said of each bucket.
    ledger: BTreeMap<Bucket, i128>,
    granted: i128,
    gone: i128,
    /// Number of the last code drawn per operation, and every code that was used.
    codes: BTreeMap<u8, u64>,
    used: BTreeSet<u64>,
    migrations: usize,
    payout: Option<(KeyedHash, UnixTime)>,
}

struct World {
    policy: Policy,
    at: UnixTime,
    kept: Vec<Kept>,
    /// The store: who has what, `None` is burnt.
    claims: BTreeMap<Claim, Option<AccountId>>,
    drawn: u64,
}

fn code_hash(number: u64) -> KeyedHash {
    let mut bytes = [0xc0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    KeyedHash::from_bytes(bytes)
}

fn number(index: usize) -> u8 {
    u8::try_from(index).unwrap()
}

fn person(index: usize) -> KeyedHash {
    hash(0xe0 + number(index))
}

impl World {
    fn new() -> Self {
        let at = noon();
        let accounts = [
            Account::created_with_certificate("a-0".parse().unwrap(), at),
            Account::imported_legacy("a-1".parse().unwrap(), Identity::None, at),
            Account::imported_legacy("a-2".parse().unwrap(), Identity::VerifiedSelfieLegacy, at),
        ];
        let mut claims = BTreeMap::new();
        let mut kept = Vec::new();
        for (index, account) in accounts.into_iter().enumerate() {
            let address =
                |kind: u8, text: &str| Address { clear: Personal::new(text.into()), hash: hash(kind + number(index)) };
            let contact = Contact { email: address(0xa0, "test@example.jp"), phone: address(0xb0, "090-0000-0000") };
            for (kind, hash) in [(ClaimKind::Email, contact.email.hash), (ClaimKind::Phone, contact.phone.hash)] {
                claims.insert(Claim { kind, hash }, Some(account.id.clone()));
            }
            let facts = Facts::new(contact, Attributes::typed(Personal::new("ミホン".into()), at), at);
            kept.push(Kept {
                wallet: Wallet { account, facts, consent: Consent::default() },
                ledger: BTreeMap::new(),
                granted: 0,
                gone: 0,
                codes: BTreeMap::new(),
                used: BTreeSet::new(),
                migrations: 0,
                payout: None,
            });
        }
        let mut policy = Policy::jp_wellnet_mock().unwrap();
        policy.wallet.payees.gated = vec!["証券".into()];
        Self { policy, at, kept, claims, drawn: 0 }
    }

    fn occupancy(&self, claim: Claim, stale: bool) -> Occupancy {
        // A stale look: what was read a moment before somebody else was faster.
        match self.claims.get(&claim) {
            _ if stale => Occupancy::Free,
            None => Occupancy::Free,
            Some(None) => Occupancy::Burnt,
            Some(Some(holder)) => Occupancy::Held(holder.clone()),
        }
    }

    /// What is typed: a code that was just drawn, an old one, somebody else's, a wrong one, or none.
    fn typed(&mut self, step: &Act, operation: Operation) -> Option<TypedCode> {
        let index = step.wallet;
        if step.code >= 4 {
            let command = self.draw(index, operation);
            let wallet = &self.kept[index].wallet;
            let ruling = decide(wallet, Request::new(Channel::App, command.clone()), &self.policy, self.at);
            self.kept[index].wallet = ruling.wallet.clone();
            self.account_for(index, &command, &ruling);
        }
        let drawn = self.kept[index].codes.get(&slot(operation)).copied();
        let (issuer, hash) = match (step.code, drawn) {
            (0, _) | (2.., None) => return None,
            (1, _) => (Issuer::Wallet, hash(0xff)),
            (2, Some(drawn)) => (Issuer::CertificateIssuer, code_hash(drawn)),
            (_, Some(drawn)) => (Issuer::Wallet, code_hash(drawn)),
        };
        Some(TypedCode { issuer, hash })
    }

    fn draw(&mut self, index: usize, operation: Operation) -> Command {
        self.drawn += 1;
        self.kept[index].codes.insert(slot(operation), self.drawn);
        Command::IssueOneTimePassword { operation, hash: code_hash(self.drawn) }
    }

    /// Mostly a bank account in the state that is looked for, sometimes any.
    fn bank(&self, step: &Act, wanted: fn(&BankState) -> bool) -> KeyedHash {
        let banks = &self.kept[step.wallet].wallet.facts.banks;
        let fitting = banks.living().filter(|bank| wanted(&bank.state)).nth(usize::from(step.small % 2));
        fitting.filter(|_| step.code > 0).map_or(hash(10 + step.small % 3), |bank| bank.id)
    }

    fn command(&mut self, step: &Act) -> Command {
        let bank = hash(10 + step.small % 3);
        let id = format!("o-{}", u64::from(step.small % 8) + step.yen);
        let payee = if step.small.is_multiple_of(3) { "証券" } else { "電力" }.to_owned();
        let service = BankService { is_open: !step.small.is_multiple_of(8), maintenance: false };
        let index = step.wallet;
        let operation = OPERATIONS[usize::from(step.small) % OPERATIONS.len()];
        let person_of = person(if step.small.is_multiple_of(5) { (index + 1) % WALLETS } else { index });
        let bank_claim = Claim { kind: ClaimKind::BankAccount, hash: bank };
        let person_claim = Claim { kind: ClaimKind::Person, hash: person_of };
        let issued = Issued {
            my_signing: hash(step.small | 1),
            my_auth: hash(step.small & !1),
            until: self.at.plus_seconds(1000 * DAY),
            device: hash(DEVICE + step.small % 2),
        };
        let consent = if step.yen.is_multiple_of(2) {
            ConsentAnswer::Refused
        } else {
            ConsentAnswer::Granted { id: "c".into(), items: BTreeSet::new(), registered: !step.yen.is_multiple_of(3) }
        };
        let taken = Taken { from_latest_info: false, as_of: self.at, hashes: BTreeMap::new(), kana: None };
        let ending = if step.small.is_multiple_of(4) { Ending::Failed } else { Ending::Done };
        match step.act {
            0..=2 => Command::ChargeWithCash { id, yen: step.yen },
            3 => {
                let bank = self.bank(step, |it| matches!(it, BankState::Final { .. }));
                Command::ChargeFromBank { id, bank, yen: step.yen, service, code: None }
            }
            4 => Command::ExactTopUp { id, shortage: step.yen, bank_minimum: 100, service, unattended: true },
            5..=6 => Command::Pay { id, payee, yen: step.yen, code: self.typed(step, Operation::Payment) },
            7 => Command::PayAutomatically { id, payee, yen: step.yen },
            8 => Command::TransferToSelf { id, yen: step.yen, code: self.typed(step, Operation::SelfTransfer) },
            9..=12 => {
                // Mostly one that is open, sometimes any name at all.
                let history = &self.kept[index].wallet.facts.history;
                let open = history.iter().find(|it| it.ending.is_none()).filter(|_| step.code > 0);
                Command::OperationEnded { id: open.map_or(id, |it| it.id.clone()), ending }
            }
            13 => Command::GrantPoints { count: step.yen, expires_at: self.at.plus_seconds(40 * DAY) },
            14..=15 => Command::RegisterBank { bank, occupancy: self.occupancy(bank_claim, step.stale) },
            16 => Command::BeginFinalRegistration { bank: self.bank(step, |it| *it == BankState::Provisional) },
            17 => {
                let bank = self.bank(step, |it| matches!(it, BankState::FinalInProgress { .. }));
                if step.small.is_multiple_of(2) {
                    Command::BankPageClosed { bank }
                } else {
                    Command::BankPageCancelled { bank }
                }
            }
            18..=19 => {
                let bank = self.bank(step, |it| matches!(it, BankState::FinalInProgress { .. }));
                Command::BankCompleted { bank }
            }
            20 => Command::DeleteBank { bank, code: None },
            21 => Command::SelectExactTopUp { bank: (!step.yen.is_multiple_of(4)).then_some(bank) },
            22 => {
                let bank = self.bank(step, |it| matches!(it, BankState::Final { .. }));
                Command::SetPayoutDestination { bank, code: None }
            }
            23 => Command::CertificatesIssued { issued, consent, romanised_name: hash(step.small % 2) },
            24 => {
                let cause = RevocationCause::AffiliationChanged;
                let certificate = WalletCertificate::JpkiSigning;
                let valid = CertificateState::Valid { until: self.at.plus_seconds(1000 * DAY) };
                let found = if step.small.is_multiple_of(2) { valid } else { CertificateState::Revoked { cause } };
                Command::CertificateObserved { certificate, serial: None, found }
            }
            25 => Command::Migrate(Box::new(MigrationRequest {
                key: format!("key-{}", step.small % 2),
                password: if step.small.is_multiple_of(4) { PasswordCheck::Wrong } else { PasswordCheck::Right },
                code: self.typed(step, Operation::Migration),
                issued,
                taken,
                person: Found { hash: person_of, occupancy: self.occupancy(person_claim, step.stale) },
                consent,
            })),
            26..=27 => Command::IdentityVerified(Box::new(Verified {
                case: format!("case_{}", step.small).parse().unwrap(),
                person: Found { hash: person_of, occupancy: self.occupancy(person_claim, step.stale) },
                certificate: hash(0xd0 + step.small % 3),
                until: self.at.plus_seconds(1000 * DAY),
                taken: Taken {
                    hashes: BTreeMap::from([
                        (AttributeName::Birthdate, hash(0xf0 + number(index))),
                        (AttributeName::Name, person_of),
                    ]),
                    ..taken
                },
                purpose_declared: !step.small.is_multiple_of(4),
            })),
            28 => self.draw(index, operation),
            29 => Command::SignIn(SignIn::Certificate { device: hash(DEVICE) }),
            30 => {
                let check = if step.small.is_multiple_of(2) { PasswordCheck::Wrong } else { PasswordCheck::Right };
                Command::SignIn(SignIn::Password(check))
            }
            31 => Command::Unlock { email_confirmed: true, code: self.typed(step, Operation::Unlock) },
            32 => match step.small % 4 {
                0 => Command::Stop { code: self.typed(step, Operation::Stop) },
                1 | 2 => Command::Resume { code: self.typed(step, Operation::Resume) },
                _ => Command::StopByOperator,
            },
            33 => match step.small % 2 {
                0 => Command::Release { call_made: true, photo_matched: true },
                _ => Command::SubmitDocument(Document {
                    expires_at: None,
                    issued_at: self.at,
                    shows_photo: true,
                    shows_particulars: true,
                    shows_my_number: false,
                    supplement_issued_at: None,
                }),
            },
            34 if step.small < 40 => Command::Withdraw { code: None },
            _ => Command::Sweep,
        }
    }

    /// Commits as a store does: all claims or nothing.
    fn commit(&mut self, index: usize, ruling: &Ruling) -> bool {
        let id = self.kept[index].wallet.account.id.clone();
        let mut claims = self.claims.clone();
        for change in &ruling.claims {
            match change {
                ClaimChange::Take(claim) => {
                    if claims.get(claim).is_some_and(|holder| *holder != Some(id.clone())) {
                        return false;
                    }
                    claims.insert(*claim, Some(id.clone()));
                }
                ClaimChange::Release(claim) => {
                    assert_eq!(claims.remove(claim), Some(Some(id.clone())), "released what it did not have");
                }
                ClaimChange::Burn(claim) => {
                    claims.insert(*claim, None);
                }
            }
        }
        self.claims = claims;
        self.kept[index].wallet = ruling.wallet.clone();
        true
    }

    fn walk(&mut self, step: &Act) {
        self.at = self.at.plus_seconds(step.pause);
        let command = self.command(step);
        let before = self.kept[step.wallet].wallet.clone();
        // Now and then from a way it should not come.
        let way = if step.small == 63 { Channel::App } else { usual_way(&command) };
        let ruling = decide(&before, Request::new(way, command.clone()), &self.policy, self.at);
        refusals_change_nothing_else(&before, &ruling);
        holds_deny_all_but_recovery_gate_12(&before, &command, &ruling);
        if !self.commit(step.wallet, &ruling) {
            return;
        }
        self.account_for(step.wallet, &command, &ruling);
        let kept = &self.kept[step.wallet];
        kind_is_what_follows_acc_01(&before, kept, &ruling);
        terminal_stays_out_04(&before, &kept.wallet);
        balances_are_conserved(kept);
        self.banks_have_one_owner_bank_03();
        let document = kept.wallet.facts.to_document().unwrap();
        assert_eq!(Facts::from_document(&document).unwrap(), kept.wallet.facts);
    }

    /// Books what the events said.
    fn account_for(&mut self, index: usize, command: &Command, ruling: &Ruling) {
        let lock = i64::from(self.policy.wallet.bank.payout_lock_days) * DAY;
        let (at, kept) = (self.at, &mut self.kept[index]);
        let mut used = 0;
        for happened in &ruling.happened {
            let mut book = |bucket: &Bucket, yen: i128| *kept.ledger.entry(*bucket).or_default() += yen;
            match happened {
                Happened::Credited { bucket, yen } => book(bucket, i128::from(*yen)),
                Happened::Debited { bucket, yen } => book(bucket, -i128::from(*yen)),
                Happened::BalanceExpired { bucket, yen } | Happened::Forfeited { bucket, yen } => {
                    book(bucket, -i128::from(*yen));
                    kept.gone += i128::from(*yen);
                }
                Happened::OneTimePasswordUsed { operation } => {
                    used += 1;
                    let code = kept.codes[&slot(*operation)];
                    assert!(kept.used.insert(code), "SEC-01: a code was used twice");
                }
                Happened::Migrated { .. } => {
                    kept.migrations += 1;
                    assert_eq!(kept.migrations, 1, "MIG-06: migrated twice");
                }
                _ => {}
            }
        }
        assert!(used <= 1);
        if let (Command::GrantPoints { count, .. }, Answer::Done) = (command, &ruling.answer) {
            kept.granted += i128::from(*count);
        }
        for notice in &ruling.notices {
            if let Template::FailureWarning { run } = notice.template {
                assert_eq!(run, 3, "SEC-04");
            }
        }
        if let Some(payout) = kept.wallet.facts.banks.payout
            && let Some(bank) = payout.bank
        {
            if let Some((old, since)) = kept.payout
                && old != bank
            {
                assert!(at >= since.plus_seconds(lock), "BANK-08: changed within the lock");
            }
            kept.payout = Some((bank, payout.since));
        }
    }

    fn banks_have_one_owner_bank_03(&self) {
        for kept in &self.kept {
            let id = &kept.wallet.account.id;
            let living: BTreeSet<_> = kept.wallet.facts.banks.living().map(|bank| bank.id).collect();
            assert_eq!(living.len(), kept.wallet.facts.banks.living().count(), "one registration of one account");
            let claimed = |kind| {
                let held =
                    self.claims.iter().filter(|(claim, holder)| claim.kind == kind && holder.as_ref() == Some(id));
                held.map(|(claim, _)| claim.hash).collect::<BTreeSet<_>>()
            };
            assert_eq!(living, claimed(ClaimKind::BankAccount), "what is registered is claimed, and nothing else");
            if kept.wallet.account.life == Life::Open {
                let person: BTreeSet<_> = kept.wallet.facts.link.person.into_iter().collect();
                assert_eq!(person, claimed(ClaimKind::Person), "ACC-12");
            } else {
                assert!(claimed(ClaimKind::Email).is_empty() && claimed(ClaimKind::Person).is_empty(), "UNIQ-03");
            }
            let selected = kept.wallet.facts.banks.living().filter(|bank| bank.is_exact_topup).count();
            assert!(selected <= 1, "GATE-03");
        }
    }
}

fn slot(operation: Operation) -> u8 {
    u8::try_from(OPERATIONS.iter().position(|it| *it == operation).unwrap()).unwrap()
}

/// The truth table of ACC-02 and ACC-03, written out once more.
fn kind_is_what_follows_acc_01(before: &Wallet, kept: &Kept, ruling: &Ruling) {
    let account = &kept.wallet.account;
    let is_money = account.identity == Identity::VerifiedSelfieLegacy
        || (account.login == Login::Certificate && account.identity == Identity::VerifiedCertificate);
    assert_eq!(account.kind() == Kind::Money, is_money);
    let told: Vec<_> = ruling
        .happened
        .iter()
        .filter_map(|it| match it {
            Happened::KindChanged { from, to } => Some((*from, *to)),
            _ => None,
        })
        .collect();
    let expected =
        if before.account.kind() == account.kind() { vec![] } else { vec![(before.account.kind(), account.kind())] };
    assert_eq!(told, expected, "ACC-05");
    let is_selfie = |identity| identity == Identity::VerifiedSelfieLegacy;
    assert!(!is_selfie(account.identity) || is_selfie(before.account.identity), "ACC-04: a new selfie verification");
    assert!(!(before.account.kind() == Kind::Money && account.kind() == Kind::Cash), "ACC-16");
    if let Some(session) = &ruling.session {
        assert_eq!(session.kind, account.kind(), "ACC-07");
    }
}

fn terminal_stays_out_04(before: &Wallet, after: &Wallet) {
    for old in before.facts.history.iter() {
        let new = after.facts.history.find(&old.id).unwrap();
        let mut expected = old.clone();
        if after.account.life == Life::Withdrawn {
            expected.counterpart.take_if(|it| matches!(it, Counterpart::Payee(_)));
        }
        assert!(old.ending.is_none() || expected == *new, "OUT-04, LIFE-15: what ended changed");
        assert_eq!((old.yen, old.direction), (new.yen, new.direction));
    }
    for (old, new) in before.facts.banks.accounts.iter().zip(&after.facts.banks.accounts) {
        assert!(!matches!(old.state, BankState::Deleted { .. }) || old == new, "deleted is deleted");
    }
    if before.account.life == Life::Withdrawn {
        assert_eq!(after.account, before.account, "LIFE-13: withdrawn is withdrawn");
        assert_eq!(after.facts.balances, before.facts.balances);
        assert_eq!(after.facts.contact, before.facts.contact);
    }
    assert!(before.facts.migration.is_none() || before.facts.migration == after.facts.migration);
}

fn balances_are_conserved(kept: &Kept) {
    let balances = &kept.wallet.facts.balances;
    let held = [
        (Bucket::Cash, balances.cash.yen),
        (Bucket::Money, balances.money.yen),
        (Bucket::Points, balances.points.total()),
    ];
    for (bucket, yen) in held {
        assert_eq!(kept.ledger.get(&bucket).copied().unwrap_or_default(), i128::from(yen), "{bucket:?}");
    }
    let sum = |counts: fn(&honnin::wallet::HistoryEntry) -> bool| -> i128 {
        kept.wallet.facts.history.iter().filter(|it| counts(it)).map(|it| i128::from(it.yen)).sum()
    };
    let came = sum(|it| {
        matches!(it.direction, Direction::ChargeFromBank | Direction::ChargeWithCash) && it.ending == Some(Ending::Done)
    });
    let went = sum(|it| {
        matches!(it.direction, Direction::Payment | Direction::SelfTransfer) && it.ending != Some(Ending::Failed)
    });
    let total: i128 = held.iter().map(|(_, yen)| i128::from(*yen)).sum();
    assert_eq!(total, came + kept.granted - went - kept.gone, "yen appeared or vanished");
}

fn refusals_change_nothing_else(before: &Wallet, ruling: &Ruling) {
    match &ruling.answer {
        Answer::Refused(refusals) => {
            assert!(!refusals.is_empty() && ruling.claims.is_empty());
            let mut after = ruling.wallet.clone();
            after.facts.failures = before.facts.failures;
            after.facts.one_time_passwords = before.facts.one_time_passwords.clone();
            after.account.holds = before.account.holds.clone();
            assert_eq!(after, *before, "{refusals:?}");
            let added = ruling.wallet.account.holds.difference(&before.account.holds);
            assert!(added.into_iter().all(|hold| *hold == Hold::LockedByFailures), "SEC-03");
            assert!(before.account.holds.is_subset(&ruling.wallet.account.holds), "a refusal lifts nothing");
        }
        Answer::Unchanged => assert_eq!(ruling.wallet, *before),
        Answer::Done => {}
    }
}

fn holds_deny_all_but_recovery_gate_12(before: &Wallet, command: &Command, ruling: &Ruling) {
    let is_feature = matches!(
        command,
        Command::ChargeFromBank { .. }
            | Command::ExactTopUp { .. }
            | Command::ChargeWithCash { .. }
            | Command::Pay { .. }
            | Command::PayAutomatically { .. }
            | Command::TransferToSelf { .. }
            | Command::RegisterBank { .. }
            | Command::BeginFinalRegistration { .. }
            | Command::DeleteBank { .. }
            | Command::SelectExactTopUp { .. }
            | Command::SetPayoutDestination { .. }
            | Command::Migrate(_)
            | Command::IdentityVerified(_)
            | Command::Stop { .. }
            | Command::Withdraw { .. }
    );
    let is_held = !before.account.holds.is_empty() || before.account.life == Life::Withdrawn;
    if is_held && is_feature {
        assert_ne!(ruling.answer, Answer::Done, "GATE-12: {command:?} under {:?}", before.account.holds);
    }
}

fn run(seed: u8, cases: u32, length: usize) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let walks = prop::collection::vec(act(), 1..length);
    let result = runner.run(&walks, |steps| {
        let mut world = World::new();
        for step in &steps {
            world.walk(step);
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn whatever_happens_the_invariants_hold() {
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    let (cases, length) = if long { (800, 400) } else { (60, 150) };
    run(7, cases, length);
}

#[test]
fn the_walks_reach_every_corner() {
    // A walk that is refused everywhere would hold every invariant: count what is done.
    let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]));
    let seen = std::cell::RefCell::new(BTreeMap::<String, usize>::new());
    let walks = prop::collection::vec(act(), 150..250);
    runner
        .run(&walks, |steps| {
            let mut world = World::new();
            for step in &steps {
                world.at = world.at.plus_seconds(step.pause);
                let command = world.command(step);
                let wallet = world.kept[step.wallet].wallet.clone();
                let ruling = decide(&wallet, Request::new(usual_way(&command), command), &world.policy, world.at);
                for happened in &ruling.happened {
                    let name = serde_json::to_value(happened).unwrap()["type"].as_str().unwrap().to_owned();
                    *seen.borrow_mut().entry(name).or_default() += 1;
                }
                world.commit(step.wallet, &ruling);
            }
            Ok(())
        })
        .unwrap();
    let seen = seen.into_inner();
    for wanted in [
        "credited",
        "debited",
        "balance_expired",
        "forfeited",
        "kind_changed",
        "bank_registration_stuck",
        "bank_registration_completed",
        "bank_deleted",
        "payout_destination_set",
        "operation_ended",
        "hold_set",
        "hold_lifted",
        "failed",
        "one_time_password_used",
        "certificates_issued",
        "migrated",
        "identity_verified",
        "certificate_vouched",
        "reverification_done",
        "reverification_due",
        "reverification_overdue",
        "withdrawn",
    ] {
        assert!(seen.contains_key(wanted), "{wanted} never happened: {seen:?}");
    }
}
