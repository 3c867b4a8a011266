//! The linter: a recording held against the card's rules, one walk from its first line to its last.

use super::command::{Command, Form};
use super::pattern::Pattern;
use super::place::{Holds, Place};
use super::reads::Reads;
use super::recording::{Content, Recording};
use super::redaction::{self, Mark};
use super::rule::Rule;
use super::walk::{Operation, Step, Walk};
use std::collections::BTreeMap;

/// A place where a session breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Number of the command in the recording, from 1; 0 for a recording without commands.
    pub exchange: usize,
    /// Line of the file, from 1.
    pub line: usize,
    /// The rule.
    pub rule: Rule,
}

/// Every place where the recording breaks a rule, in its order.
///
/// ```
/// use honnin::trace::{Rule, check, read};
/// let (_, recording) = read(b"00A4040C0AD392F000260100000001\n9000\n002000980431323334\n9000\n")?;
/// let rules: Vec<_> = check(&recording).iter().map(|finding| finding.rule).collect();
/// assert!(rules.contains(&Rule::VerifyWithoutCounterQuery) && rules.contains(&Rule::LeftUnlocked));
/// # Ok::<(), honnin::trace::TraceError>(())
/// ```
pub fn check(recording: &Recording) -> Vec<Finding> {
    let mut judge = Judge::default();
    let mut walk = Walk::new();
    for entry in &recording.entries {
        let step = walk.step(&entry.content);
        judge.line = entry.line;
        let Some(step) = step else {
            if let Content::Event(event) = &entry.content {
                judge.event(event);
            }
            continue;
        };
        judge.exchange += 1;
        judge.masking(&entry.content, &step, recording);
        judge.step(&step, &entry.content);
    }
    judge.end();
    judge.findings.sort();
    judge.findings.dedup();
    judge.findings
}

type Secret = (Place, u16);

/// More secrets than any card has; a file that speaks of more is no session.
const MOST_VERIFIED: usize = 64;

/// What the card told of a counter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tries {
    Left(u8),
    Unlimited,
    /// Nothing: the secret is verified, or the question was refused.
    Untold,
}

impl Tries {
    /// From the answer to a query, or to a secret that was wrong.
    fn told_by(status: u16) -> Self {
        match status {
            0x6983 | 0x6984 => Self::Left(0),
            0x6300 => Self::Unlimited,
            _ if status & 0xFFF0 == 0x63C0 => Self::Left((status & 0x0F) as u8),
            _ => Self::Untold,
        }
    }
}

/// A verified secret, and whether it was needed.
struct Verified {
    secret: Secret,
    at: (usize, usize),
    needed: bool,
}

#[derive(Default)]
struct Judge {
    findings: Vec<Finding>,
    exchange: usize,
    line: usize,
    counters: BTreeMap<Secret, Tries>,
    presented: BTreeMap<Secret, bool>,
    verified: Vec<Verified>,
    reads: Reads,
    /// A read with extended lengths was refused.
    extended_refused: bool,
    selected: Option<Place>,
    plastic: bool,
    last: Option<(Pattern, Option<u16>)>,
    /// The last command was not answered and must not be repeated.
    lost: Option<Pattern>,
    corrected: usize,
    /// The session ended because the card lost its power.
    powerless: bool,
    cut_off: bool,
}

impl Judge {
    fn find(&mut self, rule: Rule) {
        self.findings.push(Finding { exchange: self.exchange, line: self.line, rule });
    }

    fn find_at(&mut self, rule: Rule, (exchange, line): (usize, usize)) {
        self.findings.push(Finding { exchange, line, rule });
    }

    fn masking(&mut self, content: &Content, step: &Step, recording: &Recording) {
        let blanks = |persona| redaction::blank(&mut content.clone(), step, persona);
        let [synthetic, real] = [super::Persona::Synthetic, super::Persona::Unknown].map(blanks);
        if synthetic && holds_bytes(content, step) {
            self.find(Rule::SecretNotMasked);
        } else if real && !synthetic && recording.header.persona != super::Persona::Synthetic {
            self.find(Rule::PersonalDataNotMasked);
        }
    }

    fn event(&mut self, event: &str) {
        match event {
            "removed" => {
                self.powerless = true;
                self.verified.clear();
                self.forget();
            }
            "reset" | "reconnect" | "select_lost" => {
                self.powerless = false;
                self.forget();
            }
            _ => {}
        }
    }

    /// What was read and asked before a break may be read and asked again.
    fn forget(&mut self) {
        self.reads.clear();
        self.counters.clear();
        self.selected = None;
        self.last = None;
    }

    fn step(&mut self, step: &Step, content: &Content) {
        let status = match content {
            Content::Exchange(exchange) => exchange.status(),
            _ => None,
        };
        (self.powerless, self.cut_off) = (false, false);
        if let Some(command) = &step.command {
            self.form(step, command);
        }
        self.repetition(content, step, status);
        match step.operation {
            Operation::SelectApplication => self.selection(step, status),
            Operation::QueryCounter => self.query(step, status),
            Operation::Verify => self.verify(step, status),
            Operation::ChangeSecret => self.change(step),
            Operation::ReadBinary { offset } => self.read(step, content, offset),
            Operation::ReadRecord | Operation::InternalAuthenticate | Operation::SetSessionKey => self.need(step),
            Operation::Sign => self.need(step),
            Operation::IssuerCommand => self.find(Rule::IssuerCommandSent),
            Operation::PhoneMarker if self.plastic => self.find(Rule::PhoneCommandToCard),
            _ => {}
        }
        let touches = matches!(
            step.operation,
            Operation::SelectFile | Operation::ReadBinary { .. } | Operation::ReadRecord | Operation::GetResponse
        );
        if touches && step.file().is_some_and(|file| matches!(file.name, "individual_number" | "number_image")) {
            self.find(Rule::IndividualNumberTouched);
        }
        if let Content::LinkError { tx, error } = content {
            self.cut_off = true;
            self.powerless = matches!(error.as_str(), "removed" | "no_card");
            if self.powerless {
                self.verified.clear();
            }
            self.forget();
            let unrepeatable = matches!(step.operation, Operation::Verify | Operation::ChangeSecret | Operation::Sign);
            self.lost = unrepeatable.then(|| tx.clone());
        } else if !matches!(
            step.operation,
            Operation::SelectApplication | Operation::SelectFile | Operation::QueryCounter
        ) {
            self.lost = None;
        }
    }

    /// What holds for every command.
    fn form(&mut self, step: &Step, command: &Command) {
        if command.class & 0x80 == 0 {
            self.interindustry_class(step.place, command.class);
        }
        let query = step.operation == Operation::QueryCounter;
        if query && command.expected.is_some() {
            self.find(Rule::CounterQueryWithLength);
        }
        if step.operation == Operation::Verify && command.form == Form::Extended {
            self.find(Rule::SecretInExtendedForm);
        }
    }

    /// ISO/IEC 7816-4 §5.4.1: of a class below 80, bits 7, 2 and 1 name a channel, bit 5 says that more follows, bits 4 and 3
    /// that the message is secured, which one application knows, without authentication of the header (card.md §6.6).
    fn interindustry_class(&mut self, place: Place, class: u8) {
        if class & 0x43 != 0 {
            self.find(Rule::OtherChannel);
        }
        if class & 0x10 != 0 {
            self.find(Rule::CommandChained);
        }
        let secured = class & 0x0C;
        let known = secured == 0x08 && matches!(place, Place::InputSupport | Place::Unknown | Place::Other);
        if secured != 0 && class & 0x40 == 0 && !known {
            self.find(Rule::SecuredMessageRefused);
        }
    }

    fn repetition(&mut self, content: &Content, step: &Step, status: Option<u16>) {
        let Some(tx) = content.tx() else { return };
        if let Some(lost) = &self.lost
            && same_command(lost, tx)
        {
            self.find(Rule::SentAgainWithoutAnswer);
        }
        let last = self.last.take();
        let high = |status: Option<u16>| status.map_or(0, |status| status >> 8);
        if let Some((before, before_status)) = &last {
            let both = *before_status == Some(0x9000) && status == Some(0x9000);
            let reads = matches!(step.operation, Operation::ReadBinary { .. } | Operation::ReadRecord);
            let fetches = matches!(step.operation, Operation::GetResponse | Operation::GetChallenge);
            let secret = redaction::sent(step) == Mark::Secret;
            if before == tx && both && !reads && !fetches && !secret {
                self.find(Rule::CommandSentTwice);
            }
            if high(*before_status) == 0x61 && tx.before().get(1) != Some(&0xC0) {
                self.find(Rule::ResponseNotFetched);
            }
            let repeated = high(*before_status) == 0x6C && before.before().get(..4) == tx.before().get(..4);
            self.corrected = if repeated { self.corrected + 1 } else { 0 };
            if self.corrected > 0 && high(status) == 0x6C {
                self.find(Rule::LengthCorrectedAgain);
            }
        }
        self.last = Some((tx.clone(), status));
    }

    fn selection(&mut self, step: &Step, status: Option<u16>) {
        if !step.whole_name {
            self.find(Rule::ShortenedName);
        }
        if status != Some(0x9000) {
            return;
        }
        let other = self.selected != Some(step.place) || step.place == Place::Unknown || step.place == Place::Other;
        if other {
            self.leave();
        }
        self.selected = Some(step.place);
    }

    /// Selecting another application ends what was verified (card.md §1.6); selecting the same one does not.
    fn leave(&mut self) {
        for verified in std::mem::take(&mut self.verified) {
            if !verified.needed {
                self.find_at(Rule::SecretWithoutNeed, verified.at);
            }
        }
        self.presented.clear();
    }

    fn query(&mut self, step: &Step, status: Option<u16>) {
        let (Some(secret), Some(status)) = (secret_of(step), status) else { return };
        let known = self.verified.iter().any(|it| it.secret == secret);
        if status == 0x9000 && !known && self.verified.len() < MOST_VERIFIED {
            // Somebody left it verified: leaving it so is this session's doing.
            self.verified.push(Verified { secret, at: (self.exchange, self.line), needed: true });
        }
        self.counters.insert(secret, Tries::told_by(status));
    }

    fn verify(&mut self, step: &Step, status: Option<u16>) {
        let Some(secret) = secret_of(step) else {
            self.find(Rule::VerifyWithoutCounterQuery);
            return;
        };
        match self.counters.remove(&secret) {
            None => self.find(Rule::VerifyWithoutCounterQuery),
            Some(Tries::Left(0)) => self.find(Rule::BlockedSecretPresented),
            Some(Tries::Left(1)) => self.find(Rule::LastTrySpent),
            Some(Tries::Untold) => self.find(Rule::UnknownTriesSpent),
            Some(Tries::Left(_) | Tries::Unlimited) => {}
        }
        // Nobody knows every reference of the licence or of somebody else's application.
        let uncharted = matches!(step.place, Place::DrivingLicence | Place::Other | Place::Unknown);
        match step.file().map(|file| (file.name, file.holds)) {
            Some(("number_a", _)) => self.find(Rule::IndividualNumberPresented),
            Some(("blocked_reference", _)) => self.find(Rule::BlockedReferencePresented),
            Some((_, Holds::Secret)) => {}
            _ if uncharted => {}
            _ => self.find(Rule::UnknownReferencePresented),
        }
        if self.presented.contains_key(&secret) {
            self.find(Rule::SecretPresentedTwice);
        }
        let Some(status) = status else { return };
        self.presented.insert(secret, status == 0x9000);
        match status {
            0x9000 => {
                self.verified.retain(|it| it.secret != secret);
                self.verified.truncate(MOST_VERIFIED - 1);
                self.verified.push(Verified { secret, at: (self.exchange, self.line), needed: false });
            }
            // A wrong secret: the answer tells the counter.
            _ if Tries::told_by(status) != Tries::Untold => {
                self.counters.insert(secret, Tries::told_by(status));
            }
            _ => {}
        }
    }

    fn change(&mut self, step: &Step) {
        let Some(secret) = secret_of(step) else { return };
        if !self.verified.iter().any(|it| it.secret == secret) {
            self.find(Rule::ChangedWithoutVerifying);
        }
        self.need(step);
    }

    fn read(&mut self, step: &Step, content: &Content, offset: usize) {
        self.need(step);
        self.extended_read(step, content);
        let (Content::Exchange(exchange), Some(command)) = (content, &step.command) else { return };
        let Some(status) = exchange.status() else { return };
        if matches!(status, 0x6B00 | 0x6282) {
            self.find(Rule::ReadPastTheEnd);
        }
        if (step.place, step.id) == (Place::Jpki, Some(0x06)) && offset == 0 {
            self.plastic |= exchange.rx.before().starts_with(b"JPKIAPICCTOKEN2");
        }
        if !matches!(status, 0x9000 | 0x6282) {
            return;
        }
        let length = exchange.data().map(<[u8]>::len).or(command.expected).unwrap_or(0);
        let seen = self.reads.read((step.place, step.id), offset, length, exchange.data());
        if seen.again {
            self.find(Rule::BytesReadTwice);
        }
        if seen.behind_the_object {
            self.find(Rule::ReadPastTheEnd);
        }
    }

    /// A reader or a card that refused the extended form refuses it again (card.md §1.5). What is refused for want of a secret,
    /// or because there is no such file or offset, says nothing of the form.
    fn extended_read(&mut self, step: &Step, content: &Content) {
        if step.command.as_ref().is_none_or(|command| command.form != Form::Extended) {
            return;
        }
        if self.extended_refused {
            self.find(Rule::ExtendedReadAfterRefusal);
        }
        self.extended_refused |= match content {
            Content::Exchange(exchange) => exchange.status() == Some(0x6700),
            Content::LinkError { error, .. } => !matches!(error.as_str(), "removed" | "no_card" | "reset" | "busy"),
            Content::Event(_) => false,
        };
    }

    /// Something was done that a verified secret may have been needed for.
    fn need(&mut self, step: &Step) {
        let plastic = self.plastic;
        for verified in self.verified.iter_mut().filter(|it| it.secret.0 == step.place) {
            verified.needed |= match (step.operation, verified.secret) {
                (Operation::Sign, (Place::Jpki, 0x18)) => step.id == Some(0x17),
                (Operation::Sign, (Place::Jpki, 0x1B)) => step.id == Some(0x1A),
                (Operation::ChangeSecret, secret) => secret_of(step) == Some(secret),
                (Operation::ReadBinary { .. }, (Place::Jpki, 0x1B)) => step.id == Some(0x01),
                // Free on the plastic card; phones ask for the PIN.
                (Operation::ReadBinary { .. }, (Place::Jpki, 0x18)) => step.id == Some(0x0A) && !plastic,
                (Operation::ReadBinary { .. }, (Place::InputSupport, _)) => !matches!(step.id, Some(0x04 | 0x05)),
                _ => !step.file().is_some_and(|file| matches!(file.holds, Holds::Open | Holds::OpenUpTo(_))),
            };
        }
    }

    fn end(&mut self) {
        if self.powerless {
            return;
        }
        if !self.verified.is_empty() {
            self.find(Rule::LeftUnlocked);
            if !self.cut_off {
                self.leave();
            }
        } else if !self.cut_off
            && !matches!(self.selected, None | Some(Place::IssuerSecurityDomain | Place::Unknown | Place::Other))
        {
            self.find(Rule::NotLeftAtTheIsd);
        }
    }
}

/// Whether what would be blanked is there at all: a placeholder of another shape holds no secret.
fn holds_bytes(content: &Content, step: &Step) -> bool {
    let sent = content.tx().is_some_and(|tx| !tx.is_blanked() || tx.before().len() > 5 || !tx.after().is_empty());
    let sends = redaction::sent(step) == Mark::Secret && sent;
    let received = match content {
        Content::Exchange(exchange) => !exchange.rx.is_blanked() || !exchange.rx.before().is_empty(),
        _ => false,
    };
    sends || (redaction::received(step) == Mark::Secret && received)
}

/// The secret a command is about.
fn secret_of(step: &Step) -> Option<Secret> {
    step.id.map(|id| (step.place, id))
}

/// Whether these may be the same command: blanked data count as the same.
fn same_command(a: &Pattern, b: &Pattern) -> bool {
    a == b || (a.before().get(..4) == b.before().get(..4) && (a.is_blanked() || b.is_blanked()))
}

#[cfg(test)]
mod tests;
