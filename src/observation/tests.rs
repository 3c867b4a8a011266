//! Every persona of the simulator, observed: what it confirms, and that nothing was spent.
#![cfg(feature = "simulator")]

use super::{Fact, FreeOnly, Observation, Outcome, observe};
use crate::apdu::{CommandApdu, ResponseApdu};
use crate::authority::{Persona, create};
use crate::card::{Access, CardError, Channel, ChannelError, Session};
use crate::simulator::{CardFile, SimulatedCard};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

/// A card that can be looked at afterwards.
struct Reader(Rc<RefCell<SimulatedCard>>);

impl Channel for Reader {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let answer = self.0.borrow_mut().transmit(command.wire().expose()).map_err(|_| ChannelError::Removed)?;
        ResponseApdu::from_bytes(&answer).map_err(|_| ChannelError::NoStatusWord)
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }
}

fn file(persona: Persona) -> CardFile {
    static ADULT: OnceLock<CardFile> = OnceLock::new();
    match persona {
        Persona::Adult => ADULT.get_or_init(|| made(persona)).clone(),
        _ => made(persona),
    }
}

fn made(persona: Persona) -> CardFile {
    create(persona, "2026-11-22T03:00:00Z".parse().unwrap(), &mut rand_core::OsRng).unwrap().card
}

fn observed(file: CardFile) -> (Result<Vec<Observation>, CardError>, Rc<RefCell<SimulatedCard>>) {
    let atr = file.atr.clone();
    let card = Rc::new(RefCell::new(SimulatedCard::from_file(file).unwrap()));
    let mut session = Session::new(FreeOnly::new(Reader(card.clone())));
    let observations = session.run(async |dialogue| observe(dialogue, Some(&atr)).await);
    drop(session);
    (observations, card)
}

fn tries(card: &SimulatedCard) -> Vec<u8> {
    card.file().applications.iter().flat_map(|it| it.pins.iter().map(|pin| pin.tries)).collect()
}

fn outcome(observations: &[Observation], fact: Fact) -> Outcome {
    observations.iter().find(|it| it.fact == fact).unwrap_or_else(|| panic!("{fact:?}")).outcome
}

#[test]
fn an_adult_confirms_what_the_simulator_is_built_from() {
    let file = file(Persona::Adult);
    let before = tries(&SimulatedCard::from_file(file.clone()).unwrap());
    let (observations, card) = observed(file);
    let observations = observations.unwrap();
    assert_eq!(tries(&card.borrow()), before, "nothing is spent");
    let answers: Vec<_> = observations.iter().map(|it| it.fact).collect();
    let expected: Vec<_> = Fact::ALL.iter().copied().filter(|fact| *fact != Fact::NoResponsesInParts).collect();
    assert_eq!(answers, expected, "every fact once, in its order");
    let not = observations.iter().filter(|it| it.outcome != Outcome::Confirmed).map(|it| (it.fact, it.outcome));
    // The simulator makes neither FCI nor recognition data up (nobody recorded them), and extended lengths are not asked for.
    // What is unknown contradicts nothing. An application is asked for the ATR only where the domain has none.
    let expected = [
        (Fact::SelectWithFci, Outcome::NotSeen),
        (Fact::ExtendedRead, Outcome::NotTried),
        (Fact::CardRecognitionData, Outcome::Absent),
        (Fact::ContactAtrInApplication, Outcome::NotTried),
    ];
    assert_eq!(not.collect::<Vec<_>>(), expected, "{observations:?}");
}

/// A card that answers one command as somebody says.
struct Answering {
    inner: Reader,
    to: Vec<u8>,
    with: Vec<Vec<u8>>,
}

impl Channel for Answering {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        if command.wire().expose().starts_with(&self.to) && !self.with.is_empty() {
            return ResponseApdu::from_bytes(&self.with.remove(0)).map_err(|_| ChannelError::NoStatusWord);
        }
        self.inner.transmit(command)
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }
}

/// What an adult's card says about `fact` when it answers commands that begin with `to` so, one after the other.
fn answered(fact: Fact, to: &str, with: &[&str]) -> (Outcome, Option<String>) {
    let with = with.iter().map(|answer| hex::decode(answer).unwrap()).collect();
    let card = Rc::new(RefCell::new(SimulatedCard::from_file(file(Persona::Adult)).unwrap()));
    let channel = Answering { inner: Reader(card), to: hex::decode(to).unwrap(), with };
    let mut session = Session::new(FreeOnly::new(channel));
    let observations = session.run(async |dialogue| observe(dialogue, None).await).unwrap();
    let found = observations.into_iter().find(|it| it.fact == fact).unwrap();
    (found.outcome, found.saw)
}

#[test]
fn a_refusal_is_absence_or_a_contradiction_by_its_status_word() {
    // card.md §2.2: what is absent is 6A88; card.md §1.2: some cards have the ATR in an application only.
    for (fact, to, with, outcome) in [
        (Fact::CardRecognitionData, "00CA0066", &["6A88"][..], Outcome::Absent),
        (Fact::CardRecognitionData, "00CA0066", &["6700"], Outcome::NotSeen),
        (Fact::CardRecognitionData, "00CA0066", &["6982"], Outcome::Contradicted),
        (Fact::CardRecognitionData, "00CA0066", &["9000"], Outcome::Contradicted),
        (Fact::CardRecognitionData, "00CA0066", &["734A9000"], Outcome::Confirmed),
        (Fact::ContactAtr, "00CA5F51", &["6A88", "6A88"], Outcome::Absent),
        (Fact::ContactAtr, "00CA5F51", &["6A88", "E000FF8131FE45149000"], Outcome::Absent),
        (Fact::ContactAtr, "00CA5F51", &["E000FF8131FE45149000"], Outcome::Confirmed),
        (Fact::ContactAtrInApplication, "00CA5F51", &["6A88", "E000FF8131FE45149000"], Outcome::Confirmed),
        (Fact::ContactAtrInApplication, "00CA5F51", &["6A88", "6A88"], Outcome::Absent),
        (Fact::ContactAtrInApplication, "00CA5F51", &["6A88", "6982"], Outcome::Contradicted),
        (Fact::ContactAtrInApplication, "00CA5F51", &["E000FF8131FE45149000"], Outcome::NotTried),
        (Fact::ContactAtrInApplication, "00CA5F51", &["6D00"], Outcome::NotTried),
        (Fact::ContactAtrInApplication, "00A4040C07A0000001510000", &["6A82"], Outcome::NotTried),
        (Fact::ContactAtr, "00CA5F51", &["6D00"], Outcome::Contradicted),
        (Fact::CardRecognitionData, "00A4040C07A0000001510000", &["6A82"], Outcome::NotTried),
        (Fact::IssuerSecurityDomain, "00A4040C07A0000001510000", &["6A82"], Outcome::Contradicted),
        (Fact::SelectWithFci, "00A404000A", &["6A86"], Outcome::Contradicted),
        (Fact::SelectWithFci, "00A404000A", &["9000"], Outcome::NotSeen),
        (Fact::SelectWithFci, "00A404000A", &["6F009000"], Outcome::Confirmed),
        (Fact::TokenLabel, "00B0860000", &["6A82"], Outcome::Contradicted),
        (Fact::SurfaceLocked, "00A4040C0AD3921000310001010402", &["6A82"], Outcome::NotTried),
        (Fact::AttributesLocked, "00A4040C0AD3921000310001010408", &["6A82"], Outcome::NotTried),
        (Fact::FourOtherApplications, "00A4040C0AD3921000310001010408", &["6A82"], Outcome::Contradicted),
        (Fact::AtrOnRecord, "FF", &[], Outcome::NotTried),
    ] {
        let (found, saw) = answered(fact, to, with);
        assert_eq!(found, outcome, "{fact:?} answered {with:?}: {saw:?}");
        assert_eq!(saw.is_none(), outcome == Outcome::NotTried, "what was seen is told: {fact:?} {saw:?}");
    }
}

/// card.md §1.2: a card that answers in its applications only. The domain's fact is not confirmed by what stood elsewhere.
#[test]
fn where_the_contact_atr_was_found_is_told() {
    let mut file = file(Persona::Adult);
    file.switches.contact_atr_in_applications_only = true;
    let observations = observed(file).0.unwrap();
    let of = |fact| observations.iter().find(|it| it.fact == fact).map(|it| (it.outcome, it.saw.as_deref())).unwrap();
    assert_eq!(of(Fact::ContactAtr), (Outcome::Absent, Some("6A88, 0 bytes")));
    assert_eq!(of(Fact::ContactAtrInApplication), (Outcome::Confirmed, Some("9000, 8 bytes")));
}

#[test]
fn every_persona_is_observed_without_a_secret_and_loses_nothing() {
    for persona in [Persona::Child, Persona::Android, Persona::ResidentCard] {
        let file = file(persona);
        let before = tries(&SimulatedCard::from_file(file.clone()).unwrap());
        let (observations, card) = observed(file);
        let observations = observations.unwrap();
        let card = card.borrow();
        assert_eq!(tries(&card), before, "{persona:?}");
        for (command, _) in card.log() {
            assert!(command[1] != 0x20 || command.len() == 4, "{persona:?}: {command:02X?}");
            assert!([0xA4, 0xB0, 0x20, 0x84, 0xCA].contains(&command[1]), "{persona:?}: {command:02X?}");
        }
        match persona {
            Persona::Child => assert_eq!(outcome(&observations, Fact::Availability), Outcome::Absent),
            Persona::Android => {
                assert_eq!(outcome(&observations, Fact::AuthenticationCertificateFree), Outcome::Contradicted);
                assert_eq!(outcome(&observations, Fact::AttributesLocked), Outcome::NotTried);
            }
            Persona::ResidentCard => assert_eq!(outcome(&observations, Fact::TokenLabel), Outcome::NotSeen),
            _ => {}
        }
    }
}

#[test]
fn the_individual_number_is_not_named_in_its_application() {
    let (_, card) = observed(file(Persona::Adult));
    let card = card.borrow();
    let mut in_text = false;
    for (command, answer) in card.log() {
        let hex = hex::encode_upper(command);
        if hex.starts_with("00A404") && answer.ends_with(&[0x90, 0x00]) {
            in_text = hex.contains("D3921000310001010408");
        }
        let first_file = hex.starts_with("00B081") || hex.starts_with("00A4020C020001");
        assert!(!(in_text && first_file), "{hex}");
    }
}

#[test]
fn answers_in_parts_are_told_by_the_status_words_of_the_session() {
    assert_eq!(Observation::of_statuses([0x9000, 0x63C3]).outcome, Outcome::Confirmed);
    assert_eq!(Observation::of_statuses([0x9000, 0x6110]).outcome, Outcome::Contradicted);
    assert_eq!(Observation::of_statuses([0x6C10]).outcome, Outcome::Contradicted);
}

#[test]
fn another_card_is_not_observed() {
    let mut file = file(Persona::Adult);
    file.applications.clear();
    assert_eq!(observed(file).0.unwrap_err(), CardError::NotSupported);
}
