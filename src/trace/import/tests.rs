use super::*;

/// Commands and answers as text, for comparing.
fn told(recording: &Recording) -> Vec<String> {
    let entry = |entry: &Entry| match &entry.content {
        Content::Exchange(exchange) => format!("{} {}", exchange.tx.to_text(), exchange.rx.to_text()),
        Content::LinkError { tx, error } => format!("{} ! {error}", tx.to_text()),
        Content::Event(event) => event.clone(),
    };
    recording.entries.iter().map(entry).collect()
}

fn defect(text: &str) -> (usize, Defect) {
    match read(text.as_bytes()) {
        Err(TraceError::Malformed { line, defect }) => (line, defect),
        other => panic!("{text}: {other:?}"),
    }
}

const SESSION: [&str; 2] = ["00A4020C020018 9000", "00200080 63C3"];

#[test]
fn every_format_is_known_by_its_content_and_says_the_same() {
    // Written by hand after the descriptions in desktop.md §2 and logs of the programs themselves.
    let apdu4j =
        "# ATR: 3BE000FF8131FE4514\n# PROTOCOL: T=1\n# UID: 01020304\n#\n00A4020C020018\n9000\n00 20 00 80\n63C3\n";
    let pcscd = "00000002 Card ATR: 3B E0 00 FF 81 31 FE 45 14 \n00000002 winscard.c:1596:SCardTransmit() Send Protocol: T=1\n\
        00000003 APDU: 00 A4 02 0C 02 00 18 \n00000101 SW: 90 00 \n\u{1b}[36m00000003\u{1b}[0m [140] APDU: 00 20 00 80 \n00000101 SW: 63 C3 \n";
    let opensc = "P:42; T:0x1 03:53:51.896 [x] apdu.c:760:sc_bytes2apdu: Case 3 short APDU\nSending: 00 A4 02 0C 02 00 18 \n\
        P:42; T:0x1 03:53:51.896 [x] reader-pcsc.c:325:pcsc_transmit: \nOutgoing APDU (7 bytes):\n00 A4 02 0C 02 00 18 .......\n\n\
        P:42; T:0x1 03:53:51.896 [x] reader-pcsc.c:335:pcsc_transmit: \nIncoming APDU (2 bytes):\n90 00 ..\n\n\
        Outgoing APDU (4 bytes):\n00 20 00 80 . ..\nIncoming APDU (2 bytes):\n63 C3 c.\n";
    let spy = "7F00@>|1700000000|12|SCardTransmit\n7F00@0x00000001\n7F00@0x00000007\n7F00@00 A4 02 0C 02 00 18 \n\
        8A00@>|1700000000|13|SCardIsValidContext\n8A00@0x00000005\n7F00@0x00000002\n7F00@90 00 \n\
        7F00@<|1700000000|14|SCardTransmit|Command successful.|0x00000000\n7F00@>|1700000000|15|SCardTransmit\n7F00@0x00000001\n\
        7F00@0x00000004\n7F00@00 20 00 80 \n7F00@0x00000002\n7F00@63 C3 \n7F00@<|1700000000|16|SCardTransmit|Command successful.|0x00000000\n";
    let arrows = "> 00 A4 02 0C 02 00 18\n< 90 00\n> 00 20 00 80\n< 63 C3\n";
    let reversed = "[myna] < 00 A4 02 0C 02 00 18\n[myna] > 90 00\n[myna] < 00 20 00 80\n[myna] > 63 C3\n";
    let tshark = r#"[{"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x62"}}}},
        {"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x80"},"data":{"data.data":"3b:e0:00:ff:81:31:fe:45:14"}}}},
        {"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x6f"},"data":{"data.data":"00:a4:02:0c:02:00:18"}}}},
        {"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x80"},"data":{"data.data":"90:00"}}}},
        {"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x6f"},"data":{"data.data":"00:20:00:80"}}}},
        {"_source":{"layers":{"usbccid":{"usbccid.bMessageType":"0x80"},"data":{"data.data":"63:c3"}}}}]"#;
    for (format, text) in [
        (Format::Apdu4j, apdu4j),
        (Format::PcscdLog, pcscd),
        (Format::OpenScLog, opensc),
        (Format::PcscSpy, spy),
        (Format::Arrows, arrows),
        (Format::Arrows, reversed),
        (Format::TsharkJson, tshark),
    ] {
        let (found, recording) = read(text.as_bytes()).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!(found, format);
        assert_eq!(told(&recording), SESSION, "{format:?}");
        assert_eq!(recording.header.persona, Persona::Unknown, "{format:?}: nobody vouched for it");
        if matches!(format, Format::Apdu4j | Format::PcscdLog | Format::TsharkJson) {
            assert_eq!(recording.header.atr.as_deref(), Some("3BE000FF8131FE4514"), "{format:?}");
        }
    }
}

#[test]
fn an_opensc_dump_of_several_lines_ends_where_its_length_says() {
    // The characters beside the hex look like hex themselves here.
    let text = "Outgoing APDU (20 bytes):\n00 20 00 98 0F 61 61 61 61 61 61 61 61 61 61 61 . ..aaaaaaaaaaa\n61 61 61 61                                     aaaa\n\
        \nIncoming APDU (2 bytes):\n90 00 ..\n";
    let (_, recording) = read(text.as_bytes()).unwrap();
    assert_eq!(told(&recording), [format!("002000980F{} 9000", "61".repeat(15))]);
}

#[test]
fn what_the_link_did_not_carry_is_kept_as_such() {
    let pcscd = "00000003 APDU: 00 A4 02 0C 02 00 18 \n00000101 SW: 90 00 \n00000003 APDU: 00 20 00 80 \n\
        00000003 eventhandler.c:1:EHStatusHandlerThread() Card Removed From X\n00000003 eventhandler.c:1:X() Card inserted into X\n";
    assert_eq!(told(&read(pcscd.as_bytes()).unwrap().1), [SESSION[0], "00200080 ! removed", "removed", "reconnect"]);
    let opensc = "Outgoing APDU (4 bytes):\n00 20 00 80 . ..\nOutgoing APDU (4 bytes):\n00 20 00 80 . ..\nIncoming APDU (2 bytes):\n63 C3 c.\n";
    assert_eq!(told(&read(opensc.as_bytes()).unwrap().1), ["00200080 ! broken", SESSION[1]]);
}

#[test]
fn other_files_are_named_for_what_they_are() {
    for (text, expected) in [
        ("", (1, Defect::Empty)),
        ("  \n\t\n", (1, Defect::Empty)),
        ("garbage\n", (1, Defect::UnknownFormat)),
        ("dear reader,\n> I quote\n", (1, Defect::UnknownFormat)),
        ("PK\0\u{1}", (1, Defect::NotText)),
        ("# ATR: 3B00\n00B0\n9000\n", (2, Defect::ShortCommand)),
        ("# ATR: 3B00\n00B00000\n90\n", (3, Defect::ShortAnswer)),
        ("# ATR: 3B00\n00B00000\n", (2, Defect::NotPaired)),
        ("# ATR: 3B00\n00B00000\nhello\n", (3, Defect::NotHex)),
        ("# ATR: 3B00\n", (1, Defect::NoExchange)),
        ("00000003 APDU: 00 A4 \n00000101 SW: 90 00\n", (1, Defect::ShortCommand)),
        ("00000003 APDU: 00 A4 00 00\n00000101 SW: 90 00\n00000101 SW: 90 00\n", (3, Defect::NotPaired)),
        ("Outgoing APDU (4 bytes):\n00 20\n", (2, Defect::NotHex)),
        ("Outgoing APDU (4 bytes):\n", (1, Defect::NotPaired)),
        ("Outgoing APDU (99999999 bytes):\n", (1, Defect::BadField)),
        ("1@>|1|1|SCardTransmit\n1@<|1|1|SCardTransmit|x|0x00000000\n", (1, Defect::NotPaired)),
        ("[{\"_source\":{}}]", (1, Defect::NoExchange)),
        ("[{\"_source\":", (1, Defect::NotJson)),
        ("{", (1, Defect::NotJson)),
    ] {
        assert_eq!(defect(text), expected, "{text:?}");
    }
    assert_eq!(defect(&format!("# {}\n", "a".repeat(LONGEST_LINE))), (1, Defect::LineTooLong));
    assert_eq!(defect(&"\n#".repeat(MOST_LINES + 1)).1, Defect::TooManyLines);
    let deep = format!("{{\"type\":\"header\",\"x\":{}", "[".repeat(100_000));
    assert_eq!(defect(&deep), (1, Defect::NotJson));
    assert!(read(&[0xFF; 5000]).is_err());
}

#[test]
fn nothing_that_is_cut_short_or_changed_panics() {
    let text = include_str!("tests.rs");
    for end in (0..text.len()).step_by(211).filter(|end| text.is_char_boundary(*end)) {
        let _ = read(&text.as_bytes()[..end]);
    }
    let lines = "00000003 APDU: 00 A4 02 0C 02 00 18 \n00000101 SW: 90 00 \n".to_owned();
    for at in 0..lines.len() {
        for byte in [b'0', b'F', b'\n', b':', b' ', b'*', b'>', b'{'] {
            let mut changed = lines.clone().into_bytes();
            changed[at] = byte;
            if let Ok((_, recording)) = read(&changed) {
                let _ = crate::trace::check(&recording);
                let _ = crate::trace::redacted(&recording);
            }
        }
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_hindrance() {
    let text = "\u{feff}# ATR: 3B00\r\n00A4020C020018\r\n9000\r\n00200080\r\n63C3\r\n";
    assert_eq!(told(&read(text.as_bytes()).unwrap().1), SESSION);
}

#[test]
fn blanks_come_back_from_a_dump_of_ours_wherever_they_stood() {
    let session = [
        "00200080******** 9000",
        "0020008004******** 63C2",
        "00A4******** 9000",
        "00B08A00000000 308206********9000",
        "802A0097********00 ********",
        "00B08A0000 AA********BB6282",
    ];
    let entry = |(at, text): (usize, &&str)| {
        let (tx, rx) = text.split_once(' ').unwrap();
        let (tx, rx) = (Pattern::parse(tx).unwrap(), Pattern::parse(rx).unwrap());
        Entry { line: at + 1, content: Content::Exchange(Exchange { tx, rx, t_us: None, note: None }) }
    };
    let entries = session.iter().enumerate().map(entry).collect();
    let dump = crate::trace::to_apdu4j(&Recording { header: Header::new(None, Persona::Unknown), entries });
    assert_eq!(told(&read(dump.as_bytes()).unwrap().1), session, "{dump}");
    // A comment that does not fit the line it stands before blanks nothing: what is there is looked at as it is.
    let other = "# MASKED: command 00200080********\n002000980431323334\n9000\n";
    assert_eq!(told(&read(other.as_bytes()).unwrap().1), ["002000980431323334 9000"]);
}
