//! The procedure: every fact in one sitting, by SELECT, READ BINARY, empty VERIFY, GET CHALLENGE and GET DATA.

use super::fact::{Fact, Observation, Outcome};
use crate::apdu::{CommandApdu, ResponseApdu, StatusWord, tlv};
use crate::card::{Application, CardError, CardKind, Dialogue, jpki};

/// A name that no card has: `F` is for names that nobody registered.
const UNKNOWN_NAME: &[u8] = b"\xF0honnin\x00\x00\x01";

/// The ATRs on record (card.md §1.2).
const ATRS: [&str; 9] = [
    "3be000ff8131fe4514",
    "3bda13ff8131fb468012392f31c173c601c03b",
    "3bc5ff8131fb458073c6010000",
    "3bf59100ff918171fe400042000100d1d6",
    "3bf59100ff918171fe4000420001b3a115",
    "3b888001000005e0b381a1007f",
    "3b888001000041e0b381a1003b",
    "3b888001004b51ff0081d100bc",
    "3b888001004b51ffb381d1000f",
];

/// Asks this card for every fact. Nothing is spent; `statuses` of the session tell the last one, see
/// [`Observation::of_statuses`].
///
/// # Errors
/// [`CardError::NotSupported`] for a card without the JPKI application; [`CardError::Channel`] through the driver.
pub async fn observe(card: &Dialogue, atr: Option<&[u8]>) -> Result<Vec<Observation>, CardError> {
    let mut seen = Notes(Vec::new());
    match atr {
        Some(atr) => seen.note(Fact::AtrOnRecord, ATRS.contains(&hex::encode(atr).as_str()), None),
        None => seen.not_tried([Fact::AtrOnRecord]),
    }
    jpki::select(card).await?;
    seen.note(Fact::SelectWithoutFci, true, Some("9000".to_owned()));
    token(card, &mut seen).await;
    certificates(card, &mut seen).await;
    counters(card, &mut seen).await;
    selections(card, &mut seen).await;
    card_data(card, &mut seen).await;
    security_domain(card, &mut seen).await;
    seen.not_tried([Fact::ExtendedRead]);
    seen.0.sort_by_key(|observation| observation.fact);
    Ok(seen.0)
}

impl Observation {
    /// Whether any answer came in parts, from the status words of the whole session.
    pub fn of_statuses(statuses: impl IntoIterator<Item = u16>) -> Self {
        let parts = statuses.into_iter().filter(|status| matches!(status >> 8, 0x61 | 0x6C)).count();
        let outcome = if parts == 0 { Outcome::Confirmed } else { Outcome::Contradicted };
        Self { fact: Fact::NoResponsesInParts, outcome, saw: (parts > 0).then(|| format!("{parts} answers")) }
    }
}

struct Notes(Vec<Observation>);

impl Notes {
    fn note(&mut self, fact: Fact, holds: bool, saw: Option<String>) {
        let outcome = if holds { Outcome::Confirmed } else { Outcome::Contradicted };
        self.0.push(Observation { fact, outcome, saw });
    }

    /// What neither holds nor fails, because of this answer.
    fn undecided(&mut self, fact: Fact, outcome: Outcome, saw: Option<String>) {
        self.0.push(Observation { fact, outcome, saw });
    }

    fn not_tried(&mut self, facts: impl IntoIterator<Item = Fact>) {
        let not_tried = |fact| Observation { fact, outcome: Outcome::NotTried, saw: None };
        self.0.extend(facts.into_iter().map(not_tried));
    }

    /// A fact that holds when the status word is this one.
    fn status(&mut self, fact: Fact, answer: &ResponseApdu, wanted: StatusWord) {
        self.note(fact, answer.status() == wanted, Some(answer.status().to_string()));
    }
}

/// Status word and length: what may be told of any answer.
fn shape(answer: &ResponseApdu) -> Option<String> {
    Some(format!("{}, {} bytes", answer.status(), answer.data().len()))
}

fn select(application: Application) -> CommandApdu {
    CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(application.aid())
}

fn read(short_identifier: u8, length: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xB0, 0x80 | short_identifier, 0x00).expecting(length)
}

/// READ BINARY of the current file at an offset.
fn read_at(offset: u16, length: u8) -> CommandApdu {
    let [high, low] = offset.to_be_bytes();
    CommandApdu::new(0x00, 0xB0, high, low).expecting(length)
}

fn query(short_identifier: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0x20, 0x00, 0x80 | short_identifier)
}

/// EF 0006 and EF 0008.
async fn token(card: &Dialogue, seen: &mut Notes) {
    // The number of the token stands in it.
    let information = card.ask(read(0x06, 0).personal()).await;
    let data = information.data();
    seen.note(Fact::ShortIdentifiers, information.status().is_ok(), Some(information.status().to_string()));
    let label = data.get(..32).map(crate::card::TokenLabel::from_bytes);
    match label {
        Some(label) => match label.kind() {
            CardKind::IndividualNumberCard => seen.note(Fact::TokenLabel, true, None),
            CardKind::Unknown => seen.note(Fact::TokenLabel, false, Some("another label".to_owned())),
            // Another kind of card contradicts nothing about this one.
            _ => seen.undecided(Fact::TokenLabel, Outcome::NotSeen, Some("the label of another kind".to_owned())),
        },
        None => seen.note(Fact::TokenLabel, false, shape(&information)),
    }
    let limits = data.get(96..100) == Some(&[0x00, 0x00, 0x04, 0x0D])
        && data.get(116..124) == Some(&[0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x06]);
    seen.note(Fact::TokenInformation, limits && data.len() == 160, shape(&information));
    let availability = card.ask(read(0x08, 0)).await;
    let value = availability.data().get(..3).map(hex::encode_upper);
    match value.as_deref() {
        // A child's card, or one for the face: the signing certificate is not there (card.md §3.4).
        Some("008F00") => seen.undecided(Fact::Availability, Outcome::Absent, value),
        _ => seen.note(Fact::Availability, value.as_deref() == Some("8F8F00"), value.or(shape(&availability))),
    }
    seen.note(Fact::ShortRead, availability.status().is_ok() && availability.data().len() < 256, shape(&availability));
    let beyond = card.ask(read_at(0x7F00, 0)).await;
    seen.status(Fact::PastTheEnd, &beyond, StatusWord::PAST_THE_END);
}

/// The certificate files, as far as they are free.
async fn certificates(card: &Dialogue, seen: &mut Notes) {
    let own = card.ask(read(0x0A, 0).personal()).await;
    let is_certificate = |answer: &ResponseApdu| answer.status().is_ok() && answer.data().starts_with(&[0x30, 0x82]);
    seen.note(Fact::AuthenticationCertificateFree, is_certificate(&own), shape(&own));
    let length = tlv::object_length(own.data()).and_then(|length| u16::try_from(length).ok());
    match length.filter(|length| is_certificate(&own) && *length < 0x7F00) {
        Some(length) => {
            seen.note(Fact::LeZeroIs256, own.data().len() == 256, shape(&own));
            let after = card.ask(read_at(length, 16).personal()).await;
            let filler = after.status().is_ok() && after.data().iter().all(|byte| *byte == 0xFF);
            seen.note(Fact::Filler, filler, shape(&after));
        }
        None => seen.not_tried([Fact::LeZeroIs256, Fact::Filler]),
    }
    let issuer = card.ask(read(0x0B, 0)).await;
    seen.note(Fact::CaCertificateFree, is_certificate(&issuer), shape(&issuer));
    // Should a card give it without the password, it carries name and address.
    let signing = card.ask(read(0x01, 16).personal()).await;
    seen.status(Fact::SigningCertificateLocked, &signing, StatusWord::SECURITY_STATUS);
}

/// The counters, asked in both forms.
async fn counters(card: &Dialogue, seen: &mut Notes) {
    let authentication = card.ask(query(0x18)).await.status();
    let signing = card.ask(query(0x1B)).await.status();
    let told = [authentication, signing].iter().all(|status| tells_a_counter(*status));
    seen.note(Fact::CounterQuery, told, Some(format!("{authentication} {signing}")));
    let selected = card.ask(CommandApdu::new(0x00, 0xA4, 0x02, 0x0C).data(&[0x00, 0x18])).await.status();
    let again = card.ask(CommandApdu::new(0x00, 0x20, 0x00, 0x80)).await.status();
    let same = selected.is_ok() && again == authentication;
    seen.note(Fact::CounterQueryBySelection, same, Some(format!("{selected} {again}")));
}

fn tells_a_counter(status: StatusWord) -> bool {
    status.counter().is_some() || matches!(status, StatusWord::BLOCKED | StatusWord::REFERENCE_BLOCKED)
}

/// Forms of SELECT.
async fn selections(card: &Dialogue, seen: &mut Notes) {
    let master_file = card.ask(CommandApdu::new(0x00, 0xA4, 0x00, 0x00)).await;
    seen.status(Fact::SelectMasterFile, &master_file, StatusWord::OK);
    let unknown = card.ask(CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(UNKNOWN_NAME)).await;
    seen.status(Fact::UnknownNameRefused, &unknown, StatusWord::NOT_FOUND);
    // Nobody knows what stands in it, so it is masked.
    let with_fci = CommandApdu::new(0x00, 0xA4, 0x04, 0x00).data(Application::Jpki.aid()).expecting(0).personal();
    let with_fci = card.ask(with_fci).await;
    // Its bytes are not on record: 9000 without any is neither a yes nor a no (card.md §2).
    match with_fci.data().first() {
        None if with_fci.status().is_ok() => {
            seen.undecided(Fact::SelectWithFci, Outcome::NotSeen, shape(&with_fci));
        }
        first => {
            let holds = with_fci.status().is_ok() && first == Some(&0x6F);
            seen.note(Fact::SelectWithFci, holds, shape(&with_fci));
        }
    }
}

/// The four applications beside JPKI.
async fn card_data(card: &Dialogue, seen: &mut Notes) {
    let mut there = 0;
    if card.ask(select(Application::InputSupport)).await.status().is_ok() {
        there += 1;
        let blocked = card.ask(query(0x12)).await.status();
        let is_blocked =
            blocked.counter() == Some(0) || matches!(blocked, StatusWord::BLOCKED | StatusWord::REFERENCE_BLOCKED);
        seen.note(Fact::BlockedReference, is_blocked, Some(blocked.to_string()));
        let information = card.ask(read(0x05, 0)).await;
        let version = information.data().windows(7).any(|it| it == [0xDF, 0x41, 0x04, 0x01, 0x03, 0x0E, 0x01]);
        seen.note(Fact::InputSupportInformation, version, shape(&information));
        let attributes = card.ask(read(0x02, 16).personal()).await;
        seen.status(Fact::AttributesLocked, &attributes, StatusWord::SECURITY_STATUS);
        let certificate = card.ask(read(0x04, 16)).await;
        let length = tlv::object_length(certificate.data());
        let saw = length.map(|length| format!("{length} bytes")).or(shape(&certificate));
        seen.note(Fact::CardVerifiableCertificate, length == Some(568), saw);
    } else {
        seen.not_tried([
            Fact::BlockedReference,
            Fact::InputSupportInformation,
            Fact::AttributesLocked,
            Fact::CardVerifiableCertificate,
        ]);
    }
    if card.ask(select(Application::Surface)).await.status().is_ok() {
        there += 1;
        // As far as the version: a municipality follows further on.
        let information = card.ask(read(0x03, 12)).await;
        let version = information.data().ends_with(&[0xDF, 0x31, 0x04, 0x06, 0x03, 0x0E, 0x01]);
        seen.note(Fact::SurfaceInformation, version, shape(&information));
        let face = card.ask(read(0x02, 16).personal()).await;
        seen.status(Fact::SurfaceLocked, &face, StatusWord::SECURITY_STATUS);
    } else {
        seen.not_tried([Fact::SurfaceInformation, Fact::SurfaceLocked]);
    }
    for application in [Application::ResidentRegister, Application::CommonCard] {
        there += u8::from(card.ask(select(application)).await.status().is_ok());
    }
    seen.note(Fact::FourOtherApplications, there == 4, Some(format!("{there} of 4")));
}

/// The issuer security domain, which is also where a session leaves the card.
async fn security_domain(card: &Dialogue, seen: &mut Notes) {
    let selected = card.ask(select(Application::IssuerSecurityDomain)).await;
    seen.status(Fact::IssuerSecurityDomain, &selected, StatusWord::OK);
    let mut challenges = Vec::new();
    for _ in 0..2 {
        challenges.push(card.ask(CommandApdu::new(0x00, 0x84, 0x00, 0x00).expecting(8)).await);
    }
    let random = challenges.iter().all(|it| it.status().is_ok() && it.data().len() == 8)
        && challenges.first().map(ResponseApdu::data) != challenges.last().map(ResponseApdu::data);
    seen.note(Fact::Challenge, random, challenges.first().and_then(shape));
    if !selected.status().is_ok() {
        return seen.not_tried([Fact::CardRecognitionData, Fact::ContactAtr, Fact::ContactAtrInApplication]);
    }
    object(card, seen, Fact::CardRecognitionData, RECOGNITION_DATA).await;
    let here = object(card, seen, Fact::ContactAtr, CONTACT_ATR).await;
    // Some cards have it with an application selected only (card.md §1.2), which is a fact of its own.
    if here == StatusWord::DATA_NOT_FOUND && card.ask(select(Application::Jpki)).await.status().is_ok() {
        object(card, seen, Fact::ContactAtrInApplication, CONTACT_ATR).await;
    } else {
        seen.not_tried([Fact::ContactAtrInApplication]);
    }
}

/// Card recognition data (card.md §2.2).
const RECOGNITION_DATA: [u8; 2] = [0x00, 0x66];

/// The ATR of the contacts (card.md §2.2).
const CONTACT_ATR: [u8; 2] = [0x5F, 0x51];

/// A data object of what is selected; the status word it came with.
async fn object(card: &Dialogue, seen: &mut Notes, fact: Fact, [p1, p2]: [u8; 2]) -> StatusWord {
    let answer = card.ask(CommandApdu::new(0x00, 0xCA, p1, p2).expecting(0)).await;
    match answer.status() {
        // What is not there says nothing about the one on record.
        StatusWord::DATA_NOT_FOUND => seen.undecided(fact, Outcome::Absent, shape(&answer)),
        // A large object asks for an extended Le, which is not tried here.
        StatusWord::WRONG_LENGTH => seen.undecided(fact, Outcome::NotSeen, shape(&answer)),
        status => seen.note(fact, status.is_ok() && !answer.data().is_empty(), shape(&answer)),
    }
    answer.status()
}
