//! Sessions of `myna-card` 3.3.4 (MIT) on the simulated card, so that the corpus is not our own mirror only.

use super::making::WORDS;
use super::{cards, corpus};
use honnin::simulator::SimulatedCard;
use honnin::trace::{Content, Entry, Exchange, Header, Pattern, Persona, Recording, check, redacted, to_json_lines};
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::{Card, Error, Pin, Transmit};
use std::cell::RefCell;
use std::rc::Rc;

/// The simulated card, and what was said to it.
struct Link {
    card: SimulatedCard,
    said: Rc<RefCell<Vec<Content>>>,
}

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        let answer = self.card.transmit(command).map_err(|_| Error::NoReader)?;
        let (tx, rx) = (Pattern::exact(command), Pattern::exact(&answer));
        self.said.borrow_mut().push(Content::Exchange(Exchange { tx, rx, t_us: None, note: None }));
        Ok(answer)
    }
}

/// What it says while `work` is done.
fn recorded(note: &str, facts: &[&str], work: impl FnOnce(&mut Card<Link>)) -> Recording {
    let said = Rc::new(RefCell::new(Vec::new()));
    let card = SimulatedCard::from_file(cards::card("adult")).unwrap();
    let mut header = Header::new(Some(card.atr()), Persona::Synthetic);
    header.tool = Some("myna-card 3.3.4".to_owned());
    header.card_profile = Some("adult".to_owned());
    header.note = Some(note.to_owned());
    header.facts = facts.iter().map(|fact| (*fact).to_owned()).collect();
    work(&mut Card::new(Link { card, said: said.clone() }));
    let said = said.take().into_iter().enumerate();
    let entries = said.map(|(index, content)| Entry { line: index + 2, content }).collect();
    let mut recording = redacted(&Recording { header, entries });
    recording.header.findings = check(&recording).iter().map(|finding| finding.rule.id().to_owned()).collect();
    recording
}

#[test]
fn myna_card_says_what_is_in_the_corpus() {
    let number_b = cards::facts("adult")["card_face"]["number_b"].as_str().unwrap().to_owned();
    let sessions = [
        (
            "token-and-counters",
            recorded("Token, availability and both counters.", &["card.md §3.3", "card.md §4.3"], |card| {
                let mut jpki = JpkiAp::select(card).unwrap();
                jpki.read_token_type().unwrap();
                jpki.read_certificate_availability().unwrap();
                jpki.auth_pin_retries().unwrap();
                jpki.sign_pin_retries().unwrap();
            }),
        ),
        (
            "authentication-certificate",
            recorded("The authentication certificate.", &["card.md §3.1", "card.md §11"], |card| {
                JpkiAp::select(card).unwrap().read_auth_certificate_der().unwrap();
            }),
        ),
        (
            "sign",
            recorded("A signature over words that the card hashes.", &["card.md §5.1"], |card| {
                let mut jpki = JpkiAp::select(card).unwrap();
                jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()).unwrap();
                jpki.sign_with_auth_key(SignatureScheme::Sha256DigestInfo, WORDS).unwrap();
            }),
        ),
        (
            "signing-certificate",
            recorded("The signing certificate.", &["card.md §3.1", "card.md §11"], |card| {
                let mut jpki = JpkiAp::select(card).unwrap();
                jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
                jpki.read_sign_certificate_der().unwrap();
            }),
        ),
        (
            "attributes",
            recorded("The basic four attributes.", &["card.md §6.3"], |card| {
                let mut text = TextAp::select(card).unwrap();
                text.verify_pin(&Pin::numeric("5678").unwrap()).unwrap();
                text.read_attributes().unwrap();
            }),
        ),
        (
            "surface",
            recorded("The face of the card.", &["card.md §7.2"], |card| {
                let mut surface = SurfaceAp::select(card).unwrap();
                surface.verify_code_b(&Pin::numeric(&number_b).unwrap()).unwrap();
                surface.read_card_face().unwrap();
            }),
        ),
    ];
    for (name, recording) in sessions {
        let path = corpus().join("another-client").join(format!("{name}.jsonl"));
        let text = to_json_lines(&recording);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
    }
}
