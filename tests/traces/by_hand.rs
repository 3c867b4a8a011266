//! The sequences of card.md §10, typed by hand: asked of the simulated card, they are answered as that page has it.

use super::{cards, name_of, recordings};
use honnin::simulator::SimulatedCard;
use honnin::trace::{Content, Pattern, read};

/// What stands for a blanked secret: each of the persona's, by the key it opens.
fn whole(tx: &Pattern, application: &mut Vec<u8>, selected: &mut u8, number_b: &str) -> Vec<u8> {
    let Some(bytes) = tx.bytes() else {
        let header = tx.before().get(..4).unwrap();
        let key = if header[3] == 0x80 { *selected } else { header[3] & 0x1F };
        let secret: &[u8] = match (application.last(), key, header[1]) {
            (_, _, 0x24) => b"8765",
            (Some(0x01), 0x18, _) => b"1234",
            (Some(0x01), 0x1B, _) => b"ABC123",
            (Some(0x08), 0x11, _) => b"5678",
            (Some(0x02), 0x12, _) => number_b.as_bytes(),
            other => panic!("no secret for {other:02X?}"),
        };
        return [header, &[u8::try_from(secret.len()).unwrap()], secret].concat();
    };
    match bytes {
        [0x00, 0xA4, 0x04, _, length, rest @ ..] => *application = rest[..usize::from(*length)].to_vec(),
        [0x00, 0xA4, 0x02, _, 0x02, 0x00, id] => *selected = *id,
        _ => {}
    }
    bytes.to_vec()
}

#[test]
fn the_simulated_card_answers_what_was_typed_by_hand() {
    let mut asked = 0;
    for path in recordings("by-hand").into_iter().chain(recordings("another-client")).chain(recordings("opensc")) {
        let (_, recording) = read(&std::fs::read(&path).unwrap()).unwrap();
        let persona = recording.header.card_profile.as_deref().unwrap_or("adult");
        let mut card = SimulatedCard::from_file(cards::card(persona)).unwrap();
        let facts = cards::facts(persona);
        let number_b = facts["card_face"]["number_b"].as_str().unwrap();
        let (mut application, mut selected) = (Vec::new(), 0);
        for entry in &recording.entries {
            let Content::Exchange(exchange) = &entry.content else { continue };
            let command = whole(&exchange.tx, &mut application, &mut selected, number_b);
            let answer = card.transmit(&command).unwrap();
            assert!(
                exchange.rx.matches(&answer),
                "{} line {}: {} is answered {}, not {}",
                name_of(&path),
                entry.line,
                exchange.tx.header(),
                hex::encode_upper(&answer[..answer.len().min(40)]),
                exchange.rx.to_text()
            );
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
}
