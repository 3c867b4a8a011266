//! The individual number (個人番号) is not read: proved on the commands of every procedure, as the card was told them.

use super::bench::{PROCEDURES, Reader, TRIALS};

const TEXT: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08];
const SURFACE: &[u8] = &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02];

/// Files that hold the number or a picture of it, and keys whose secret is the number (card.md §§4.1, 6.1, 7.1).
const FORBIDDEN_FILES: &[(&[u8], u16)] = &[(TEXT, 0x0001), (SURFACE, 0x0005)];
const FORBIDDEN_SECRETS: &[(&[u8], u16)] = &[(TEXT, 0x0014), (SURFACE, 0x0013)];

// CARD-11, LAW-40: no code path reads it.
#[test]
fn no_procedure_selects_or_reads_it() {
    let switches: [fn(&mut honnin::simulator::Switches); 4] = [
        |_| {},
        |switches| switches.refuse_short_identifiers = true,
        |switches| switches.longest_read = Some(128),
        |switches| switches.answer_61xx = true,
    ];
    let (mut seen_text, mut seen_surface) = (0, 0);
    for set in switches {
        for procedure in PROCEDURES.iter().chain(TRIALS) {
            let reader = Reader::switched(set);
            procedure.right(&reader).unwrap_or_else(|error| panic!("{}: {error}", procedure.name));
            let (mut application, mut file) = (Vec::new(), 0);
            for (command, answer) in reader.log() {
                let told = format!("{}: {}", procedure.name, hex::encode_upper(&command));
                let named = match command.as_slice() {
                    [0x00, 0xA4, 0x04, 0x00 | 0x0C, length, name @ ..] => {
                        application = name[..usize::from(*length)].to_vec();
                        file = 0;
                        None
                    }
                    [0x00, 0xA4, 0x02, 0x0C, 0x02, high, low] => Some(u16::from_be_bytes([*high, *low])),
                    [0x00, 0xB0, p1, ..] if p1 & 0x80 != 0 => Some(u16::from(p1 & 0x1F)),
                    [0x00, 0xB0, ..] => Some(file),
                    [0x00, 0x20, 0x00, reference, rest @ ..] => {
                        let secret = if *reference == 0x80 { file } else { u16::from(reference & 0x1F) };
                        let forbidden = FORBIDDEN_SECRETS.contains(&(application.as_slice(), secret));
                        // Asking for its counter is no presenting.
                        assert!(!forbidden || rest.is_empty(), "{told}");
                        None
                    }
                    // Selects nothing (card.md §2), and random numbers.
                    [0x00, 0xA4, 0x00, ..] | [0x00, 0x84, ..] => None,
                    // 共通カードAP and the issuer's data objects: neither holds it.
                    [0x00, 0xB2, ..] | [0x00, 0xCA, ..] => None,
                    [0x00, 0x24, ..] | [0x80, 0x2A, ..] | [0x00, 0xC0, ..] => None,
                    _ => panic!("a command this test does not know: {told}"),
                };
                if let Some(named) = named {
                    file = named;
                    assert!(!FORBIDDEN_FILES.contains(&(application.as_slice(), named)), "{told}");
                    seen_text += usize::from(application == TEXT && named == 0x0002);
                    seen_surface += usize::from(application == SURFACE && named == 0x0002);
                }
                let number = b"123456789018";
                for bytes in [&command, &answer] {
                    assert!(!bytes.windows(number.len()).any(|window| window == number), "{told}");
                }
            }
        }
    }
    assert!(seen_text > 3 && seen_surface > 3, "the applications were read: {seen_text}, {seen_surface}");
}

#[test]
fn the_digest_of_it_is_in_no_recording() {
    // card.md §6.4: DF31 is as good as the number. EF 0003 is masked even for a synthetic persona.
    use honnin::trace::{Header, Persona};
    use honnin::transport::trace::Recorder;
    let reader = Reader::adult();
    let mut written = Vec::new();
    let recorder = Recorder::new(reader.clone(), &mut written, &Header::new(None, Persona::Synthetic)).unwrap();
    let mut session = honnin::card::Session::new(recorder);
    let pin = super::bench::secret(honnin::secret::SecretKind::InputSupport, "5678");
    let keys = super::bench::keys();
    session
        .run(async |card| honnin::holder::read_attributes(card, &pin, Default::default(), Some(&keys)).await)
        .unwrap();
    drop(session);
    let written = String::from_utf8(written).unwrap();
    let record = reader.log().iter().find(|(command, _)| command.starts_with(&[0x00, 0xB0, 0x83])).unwrap().1.clone();
    assert_eq!(record[..6], [0xFF, 0x30, 0x82, 0x01, 0x4B, 0xDF]);
    assert!(!written.contains(&hex::encode_upper(&record[8..40])) && written.contains("00B08300"));
    assert!(written.contains("DF22"), "the attributes of nobody are written down");
}
