//! The simulator's `card.toml`.

use honnin::simulator::{CardFile, SimulatedCard};

/// SELECT, VERIFY without and with data, READ BINARY, signing, CHANGE, odd lengths.
const COMMANDS: &[&[u8]] = &[
    &[0x00, 0xA4, 0x04, 0x0C, 10, 0xD3, 0x92, 0xF0, 0x00, 0x26, 1, 0, 0, 0, 1],
    &[0x00, 0xB0, 0x86, 0x00, 0x20],
    &[0x00, 0xA4, 0x02, 0x0C, 2, 0x00, 0x18],
    &[0x00, 0x20, 0x00, 0x80],
    &[0x00, 0x20, 0x00, 0x80, 4, b'1', b'2', b'3', b'4'],
    &[0x00, 0xA4, 0x02, 0x0C, 2, 0x00, 0x17],
    &[0x80, 0x2A, 0x00, 0x80, 2, 1, 2, 0],
    &[0x00, 0x24, 0x01, 0x80, 4, b'1', b'2', b'3', b'4'],
    &[0x00, 0xB0, 0xFF, 0xFF, 0],
    &[0x00, 0xB2, 0x01, 0x04, 0],
    &[0x00, 0xCA, 0x00, 0x46, 0],
    &[0x00, 0xB0, 0, 0, 0, 0, 0],
    &[0x00],
    &[],
];

pub fn hold(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(file) = CardFile::parse(text) else { return };
    let written = file.to_toml().expect("what was read can be written");
    let again = CardFile::parse(&written).expect("what was written can be read");
    assert_eq!(again.to_toml().as_deref().ok(), Some(written.as_str()));
    let Ok(mut card) = SimulatedCard::from_file(file) else { return };
    for command in COMMANDS {
        if let Ok(answer) = card.transmit(command) {
            assert!((2..=65_538).contains(&answer.len()), "{} bytes", answer.len());
        }
    }
    card.power_off();
    card.power_on();
}
