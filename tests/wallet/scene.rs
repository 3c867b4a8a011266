//! One wallet under the compiled-in policy, and a clock that the test sets.

use honnin::kyc::{Account, Hold, Identity};
use honnin::policy::{Policy, rules_behind};
use honnin::reason::Reason;
use honnin::secret::Personal;
use honnin::time::UnixTime;
use honnin::wallet::{
    Address, Answer, AttributeName, Attributes, BankService, Channel, Command, Consent, ConsentAnswer, Contact, Ending,
    Facts, Found, Happened, Issued, Issuer, KeyedHash, Occupancy, Operation, PhoneProof, Refusal, Request, Ruling,
    Taken, TypedCode, Verified, Wallet, decide,
};
use std::collections::BTreeMap;

pub(crate) const DAY: i64 = 86_400;
pub(crate) const OPEN: BankService = BankService { is_open: true, maintenance: false };

pub(crate) fn at(text: &str) -> UnixTime {
    text.parse().unwrap()
}

pub(crate) fn noon() -> UnixTime {
    at("2026-11-22T12:00:00+09:00")
}

pub(crate) fn hash(number: u8) -> KeyedHash {
    KeyedHash::from_bytes([number; 32])
}

pub(crate) fn address(text: &str, number: u8) -> Address {
    Address { clear: Personal::new(text.into()), hash: hash(number) }
}

pub(crate) fn contact() -> Contact {
    Contact { email: address("taro@example.jp", 1), phone: address("090-0000-1234", 2) }
}

/// The keyed hashes used throughout: 1 mail, 2 phone, 3 device, 9 person, 10… bank accounts, 50 the right code, 80…
/// attributes, 90 the card's signing certificate.
pub(crate) const DEVICE: u8 = 3;
pub(crate) const PERSON: u8 = 9;
pub(crate) const BANK: u8 = 10;
pub(crate) const CARD: u8 = 90;
pub(crate) const RIGHT: u8 = 50;

pub(crate) fn issued(number: u8, until: UnixTime) -> Issued {
    Issued { my_signing: hash(100 + number), my_auth: hash(120 + number), until, device: hash(DEVICE) }
}

#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) policy: Policy,
    pub(crate) wallet: Wallet,
    pub(crate) at: UnixTime,
}

impl Scene {
    fn of(account: Account) -> Self {
        let attributes = Attributes::typed(Personal::new("ミホン タロウ".into()), noon());
        let facts = Facts::new(contact(), attributes, noon());
        let wallet = Wallet { account, facts, consent: Consent::default() };
        Self { policy: Policy::jp_wellnet_mock().unwrap(), wallet, at: noon() }
    }

    /// Created with a certificate, nothing verified: cash.
    pub(crate) fn certificate() -> Self {
        Self::of(Account::created_with_certificate("a-1".parse().unwrap(), noon()))
    }

    /// Historic, with mail address and password.
    pub(crate) fn legacy(identity: Identity) -> Self {
        Self::of(Account::imported_legacy("a-1".parse().unwrap(), identity, noon()))
    }

    /// Certificate login, verified: money.
    pub(crate) fn money() -> Self {
        let mut scene = Self::certificate();
        scene.does(verified("case_1", PERSON, scene.at));
        scene
    }

    pub(crate) fn later(&mut self, seconds: i64) -> &mut Self {
        self.at = self.at.plus_seconds(seconds);
        self
    }

    pub(crate) fn ask_by(&mut self, channel: Channel, command: Command) -> Ruling {
        let before = self.wallet.clone();
        let ruling = decide(&self.wallet, Request::new(channel, command.clone()), &self.policy, self.at);
        let again = decide(&before, Request::new(channel, command), &self.policy, self.at);
        assert_eq!(ruling, again, "pure");
        if let Answer::Refused(refusals) = &ruling.answer {
            let known = |refusal: &Refusal| rules_behind(refusal.reason).contains(&refusal.rule);
            assert!(refusals.iter().all(known), "RSN-28, a rule that explain does not name: {refusals:?}");
        }
        self.wallet = ruling.wallet.clone();
        ruling
    }

    pub(crate) fn ask(&mut self, command: Command) -> Ruling {
        self.ask_by(usual_way(&command), command)
    }

    /// It is done, or was before.
    pub(crate) fn does(&mut self, command: Command) -> Ruling {
        let ruling = self.ask(command.clone());
        assert!(!matches!(ruling.answer, Answer::Refused(_)), "{command:?}: {:?}", ruling.answer);
        ruling
    }

    /// It is refused; the reasons, in order.
    pub(crate) fn refuses(&mut self, command: Command) -> Vec<Reason> {
        let before = self.wallet.clone();
        let ruling = self.ask(command.clone());
        let reasons = ruling.answer.reasons();
        assert!(!reasons.is_empty(), "{command:?} was not refused");
        assert!(ruling.claims.is_empty() && ruling.session.is_none());
        assert_eq!(self.wallet.facts.balances, before.facts.balances, "a refusal moves nothing");
        assert_eq!(self.wallet.facts.banks, before.facts.banks);
        reasons
    }

    /// The first refusal of a command.
    pub(crate) fn refusal(&mut self, command: Command) -> honnin::wallet::Refusal {
        match self.ask(command.clone()).answer {
            Answer::Refused(refusals) => refusals[0].clone(),
            other => panic!("{command:?}: {other:?}"),
        }
    }

    /// Draws a code for `operation` and types it rightly.
    pub(crate) fn code(&mut self, operation: Operation) -> Option<TypedCode> {
        self.does(Command::IssueOneTimePassword { operation, hash: hash(RIGHT) });
        typed(RIGHT)
    }

    /// Cash comes in, and is there.
    pub(crate) fn charge(&mut self, id: &str, yen: u64) {
        self.does(Command::ChargeWithCash { id: id.into(), yen });
        self.does(Command::OperationEnded { id: id.into(), ending: Ending::Done });
    }

    /// A bank account, finally registered.
    pub(crate) fn bank(&mut self, number: u8) -> KeyedHash {
        let bank = hash(number);
        self.does(Command::RegisterBank { bank, occupancy: Occupancy::Free });
        self.does(Command::BeginFinalRegistration { bank });
        self.does(Command::BankCompleted { bank });
        bank
    }

    /// Certificates, issued now, without consent.
    pub(crate) fn issue(&mut self, number: u8, consent: ConsentAnswer) -> Ruling {
        let until = self.at.plus_seconds(4 * 365 * DAY);
        self.does(Command::CertificatesIssued { issued: issued(number, until), consent, romanised_name: hash(70) })
    }

    pub(crate) fn hold(&mut self, hold: Hold) -> &mut Self {
        self.wallet.account.holds.insert(hold);
        self
    }
}

/// Where such a request comes from in ordinary life.
pub(crate) const fn usual_way(command: &Command) -> Channel {
    match command {
        Command::Stop { .. } | Command::Resume { .. } => Channel::Web,
        Command::SupportEdit { .. }
        | Command::StopByOperator
        | Command::Release { .. }
        | Command::RestrictChannel { .. }
        | Command::SetRisk(_)
        | Command::AddEvidence(_)
        | Command::ChangePhone { proof: PhoneProof::Support { .. }, .. } => Channel::Operator,
        Command::OperationEnded { .. }
        | Command::GrantPoints { .. }
        | Command::BankCompleted { .. }
        | Command::BankRefused { .. }
        | Command::CertificateObserved { .. }
        | Command::IdentityVerified(_)
        | Command::TakeAttributes(_)
        | Command::ValidityNoted { .. }
        | Command::NetworkSignal
        | Command::RegistrationAttempted
        | Command::Sweep => Channel::System,
        _ => Channel::App,
    }
}

/// Case `case` found person `person`, whose certificate was issued a day before `at`.
pub(crate) fn verified(case: &str, person: u8, at: UnixTime) -> Command {
    let hashes = BTreeMap::from([
        (AttributeName::Name, hash(80)),
        (AttributeName::Birthdate, hash(81)),
        (AttributeName::Address, hash(82)),
    ]);
    Command::IdentityVerified(Box::new(Verified {
        case: case.parse().unwrap(),
        person: Found { hash: hash(person), occupancy: Occupancy::Free },
        certificate: hash(CARD),
        until: at.plus_seconds(1000 * DAY),
        taken: Taken { from_latest_info: false, as_of: at.plus_seconds(-DAY), hashes, kana: None },
        purpose_declared: true,
    }))
}

/// The same with something changed.
pub(crate) fn verified_but(case: &str, at: UnixTime, change: impl FnOnce(&mut Verified)) -> Command {
    let Command::IdentityVerified(mut found) = verified(case, PERSON, at) else { panic!("not a verification") };
    change(&mut found);
    Command::IdentityVerified(found)
}

pub(crate) fn typed(number: u8) -> Option<TypedCode> {
    Some(TypedCode { issuer: Issuer::Wallet, hash: hash(number) })
}

pub(crate) fn kind_changes(ruling: &Ruling) -> usize {
    ruling.happened.iter().filter(|it| matches!(it, Happened::KindChanged { .. })).count()
}
