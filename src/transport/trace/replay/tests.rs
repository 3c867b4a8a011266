use super::super::Recorder;
use super::*;
use crate::trace::Persona;

const HEADER: &str = r#"{"type":"header","version":1,"supports_extended_length":false,"unknown_field":7}"#;

fn recording(lines: &[&str]) -> String {
    [&[HEADER], lines].concat().join("\n")
}

fn read_head(sfi: u8) -> CommandApdu {
    CommandApdu::new(0x00, 0xB0, 0x80 | sfi, 0x00).expecting(0x20)
}

#[test]
fn answers_in_order_and_names_both_sides_of_a_difference() {
    let text = recording(&[
        r#"{"type":"exchange","tx":"00B0860020","rx":"4A504B499000"}"#,
        r#"{"type":"event","event":"reconnect"}"#,
        r#"{"type":"error","tx":"00B0880020","error":"removed"}"#,
    ]);
    let mut replay = Replay::parse(&text).unwrap();
    assert_eq!(replay.transmit(&read_head(6)).unwrap().data(), b"JPKI");
    let difference = replay.transmit(&read_head(1)).unwrap_err();
    assert_eq!(
        difference,
        ChannelError::NotRecorded { line: 4, recorded: "00B08800".to_owned(), asked: "00B08100".to_owned() }
    );
    assert_eq!(replay.transmit(&read_head(8)), Err(ChannelError::Removed));
    assert_eq!((replay.remaining(), replay.played()), (0, 2));
    assert!(matches!(replay.transmit(&read_head(8)), Err(ChannelError::NotRecorded { line: 5, .. })));
    let kinds: Vec<_> = replay.differences().iter().map(|it| (it.kind, it.line)).collect();
    assert_eq!(kinds, [(DifferenceKind::Another, 4)], "what follows is another story");
}

#[test]
fn two_commands_with_one_header_are_told_apart() {
    let select = |name: &[u8]| CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(name);
    let sign = |p1, data: &[u8]| CommandApdu::new(0x80, 0x2A, p1, 0x97).data(data).expecting(0);
    let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x98).secret_data(b"1234");
    for (tx, asked, expected, in_the_data) in [
        ("00A4040C0201FF", select(&[0x02, 0xFF]), ("00A4040C 01FF", "00A4040C 02FF"), false),
        ("00B0860010", read_head(6), ("00B08600 Le 16", "00B08600 Le 32"), false),
        ("00B08600", read_head(6), ("00B08600 Le -", "00B08600 Le 32"), false),
        // A digest may be seen by anybody, a message that the card is to hash itself may not (card.md §5.1).
        ("802A00970201FF00", sign(0x00, &[0x02, 0xFF]), ("802A0097 01FF", "802A0097 02FF"), false),
        ("802A03970201FF00", sign(0x03, &[0x02, 0xFF]), ("802A0397", "802A0397"), true),
        ("00200098", verify, ("00200098", "00200098"), false),
        ("00B0880010", read_head(6), ("00B08800", "00B08600"), false),
    ] {
        let line = format!(r#"{{"type":"exchange","tx":"{tx}","rx":"9000"}}"#);
        let mut replay = Replay::parse(&recording(&[&line])).unwrap();
        let Err(ChannelError::NotRecorded { recorded, asked, .. }) = replay.transmit(&asked) else { panic!("{tx}") };
        assert_eq!((recorded.as_str(), asked.as_str()), expected);
        let differences = replay.differences();
        assert_eq!(differences[0].is_in_the_data(), in_the_data, "{tx}: {differences:?}");
        assert!(!format!("{differences:?}").contains("31323334"), "a secret is never shown");
    }
}

#[test]
fn a_recorded_removal_or_reset_meets_the_next_command() {
    for (event, error) in [("removed", ChannelError::Removed), ("reset", ChannelError::Reset)] {
        let line = format!(r#"{{"type":"event","event":"{event}"}}"#);
        let mut replay = Replay::parse(&recording(&[&line])).unwrap();
        assert_eq!(replay.transmit(&read_head(6)), Err(error));
    }
}

#[test]
fn masked_data_are_not_made_up() {
    for strictness in [Strictness::Strict, Strictness::Lenient] {
        let text = recording(&[r#"{"type":"exchange","tx":"00B0860020","rx":"********9000"}"#]);
        let mut replay = Replay::new(read(text.as_bytes()).unwrap().1, strictness);
        assert_eq!(replay.transmit(&read_head(6)), Err(ChannelError::MaskedData { line: 2 }));
    }
}

#[test]
fn a_run_that_ends_early_differs_in_what_it_did_not_ask() {
    let text = recording(&[
        r#"{"type":"exchange","tx":"00B0860020","rx":"4A504B499000"}"#,
        r#"{"type":"exchange","tx":"00B0880003","rx":"8F8F009000"}"#,
    ]);
    let mut replay = Replay::parse(&text).unwrap();
    replay.transmit(&read_head(6)).unwrap();
    let expected = Difference {
        kind: DifferenceKind::NotAsked,
        line: 3,
        recorded: Some(Side {
            header: "00B08800".to_owned(),
            operation: Operation::ReadBinary { offset: 0 },
            name: None,
            expected: Some(3),
            digest: None,
        }),
        asked: None,
    };
    assert_eq!(replay.differences(), [expected]);
}

#[test]
fn leniently_the_same_bytes_answer_whatever_form_asks_for_them() {
    let text = recording(&[
        r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"9000"}"#,
        r#"{"type":"exchange","tx":"00A4020C020006","rx":"9000"}"#,
        r#"{"type":"exchange","tx":"00B0000004","rx":"4A504B499000"}"#,
        r#"{"type":"exchange","tx":"00B0000404","rx":"415049439000"}"#,
        r#"{"type":"exchange","tx":"00A4020C020018","rx":"9000"}"#,
        r#"{"type":"exchange","tx":"00200080","rx":"63C3"}"#,
    ]);
    let mut replay = Replay::new(read(text.as_bytes()).unwrap().1, Strictness::Lenient);
    let select = CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(&[0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1]);
    assert!(replay.transmit(&select).unwrap().status().is_ok());
    let eight = CommandApdu::new(0x00, 0xB0, 0x86, 0x00).expecting(8);
    assert_eq!(replay.transmit(&eight).unwrap().data(), b"JPKIAPIC");
    assert_eq!(replay.transmit(&CommandApdu::new(0x00, 0x20, 0x00, 0x98)).unwrap().status().counter(), Some(3));
    let isd = CommandApdu::new(0x00, 0xA4, 0x04, 0x0C).data(&[0xA0, 0, 0, 1, 0x51, 0, 0]);
    assert!(replay.transmit(&isd).unwrap().status().is_ok(), "leaving needs no recording");
    assert!(replay.differences().iter().any(|it| it.kind == DifferenceKind::PutTogether));
    // What nobody read stays unknown.
    replay.transmit(&select).unwrap();
    let other = CommandApdu::new(0x00, 0xB0, 0x8A, 0x00).expecting(0);
    assert!(matches!(replay.transmit(&other), Err(ChannelError::NotRecorded { .. })));
}

#[test]
fn a_recording_blanks_what_is_marked_and_plays_back() {
    let source = recording(&[
        r#"{"type":"exchange","tx":"0020009B06414243313233","rx":"9000"}"#,
        r#"{"type":"exchange","tx":"00B0810020","rx":"E8A68B9000"}"#,
    ]);
    for (persona, hidden) in [(Persona::Unknown, true), (Persona::Synthetic, false)] {
        let mut written = Vec::new();
        let header = Header::new(Some(&[0x3B]), persona);
        let mut recorder = Recorder::new(Replay::parse(&source).unwrap(), &mut written, &header).unwrap();
        let verify = CommandApdu::new(0x00, 0x20, 0x00, 0x9B).secret_data(b"ABC123");
        assert!(recorder.transmit(&verify).unwrap().status().is_ok());
        recorder.transmit(&read_head(1).personal()).unwrap();
        let text = String::from_utf8(written).unwrap();
        assert!(!text.contains("414243313233"), "{text}");
        assert!(text.contains(r#""tx":"0020009B********""#), "{text}");
        assert_eq!(text.contains("E8A68B"), !hidden, "{text}");
        let mut again = Replay::parse(&text).unwrap();
        assert!(again.transmit(&CommandApdu::new(0x00, 0x20, 0x00, 0x9B).secret_data(b"OTHER99")).is_ok());
    }
}

#[test]
fn a_reset_that_the_recorded_run_survived_is_survived_again() {
    struct Resetting(usize);
    impl Channel for Resetting {
        fn transmit(&mut self, _: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            self.0 += 1;
            if self.0 == 2 { Err(ChannelError::Reset) } else { Ok(ResponseApdu::from_bytes(&[0x90, 0x00]).unwrap()) }
        }
        fn access(&self) -> Access {
            Access::Exclusive
        }
        fn reconnect(&mut self) -> Result<(), ChannelError> {
            Ok(())
        }
    }
    let mut written = Vec::new();
    let mut recorder = Recorder::new(Resetting(0), &mut written, &Header::new(None, Persona::Synthetic)).unwrap();
    recorder.transmit(&read_head(6)).unwrap();
    assert_eq!(recorder.transmit(&read_head(6)), Err(ChannelError::Reset));
    recorder.reconnect().unwrap();
    recorder.transmit(&read_head(6)).unwrap();
    let text = String::from_utf8(written).unwrap();
    assert!(text.contains(r#"{"type":"event","event":"reconnect"}"#), "{text}");
    let mut again = Replay::parse(&text).unwrap();
    again.transmit(&read_head(6)).unwrap();
    assert_eq!(again.transmit(&read_head(6)), Err(ChannelError::Reset));
    again.reconnect().unwrap();
    again.transmit(&read_head(6)).unwrap();
    assert_eq!(again.differences(), []);
    assert_eq!(again.reconnect(), Err(ChannelError::Reset), "nothing more was recorded");
}
