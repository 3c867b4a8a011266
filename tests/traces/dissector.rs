//! What Wireshark's own dissector makes of our captures: Debian's `tshark` is the judge.

use super::{corpus, recordings, sample};
use honnin::trace::{Content, read};
use std::path::Path;
use std::process::Command;

fn tshark(arguments: &[&str]) -> Option<String> {
    match Command::new("tshark").args(arguments).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8(output.stdout).unwrap())
        }
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "CI must have tshark");
            None
        }
    }
}

fn capture(recording: &Path, directory: &Path) -> String {
    let out = directory.join("session.pcapng").to_str().unwrap().to_owned();
    let converted = Command::new(env!("CARGO_BIN_EXE_honnin"))
        .args(["trace", "convert", recording.to_str().unwrap(), "--to", "pcapng", "--out", &out])
        .output()
        .unwrap();
    assert!(converted.status.success(), "{converted:?}");
    out
}

#[test]
fn tshark_dissects_our_captures_as_iso7816() {
    let directory = tempfile::tempdir().unwrap();
    let (mut commands, mut like_an_atr) = (0, 0);
    // Among them one whose certificate has 3B at the beginning of a block.
    let certain = corpus().join("longest-address/certificate-user-authentication.jsonl");
    for path in sample(recordings(""), 29).into_iter().chain([certain]) {
        let file = capture(&path, directory.path());
        let fields = [
            "-T",
            "fields",
            "-e",
            "frame.protocols",
            "-e",
            "iso7816.apdu.ins",
            "-e",
            "iso7816.apdu.sw1",
            "-e",
            "_ws.malformed",
            "-e",
            "iso7816.atr.init_char",
            "-e",
            "frame.comment",
        ];
        let Some(told) = tshark(&[&["-r", &file], &fields[..]].concat()) else {
            eprintln!("SKIPPED tshark_dissects_our_captures_as_iso7816: tshark is not installed (scripts/setup test)");
            return;
        };
        let (_, recording) = read(&std::fs::read(&path).unwrap()).unwrap();
        let mut packets = told.lines();
        let first: Vec<_> = packets.next().unwrap().split('\t').collect();
        assert_eq!(first[4], "0x3b", "{}: the ATR: {first:?}", path.display());
        for entry in &recording.entries {
            let tx = match &entry.content {
                Content::Event(_) => continue,
                content => content.tx().unwrap(),
            };
            let command: Vec<_> = packets.next().unwrap().split('\t').collect();
            assert!(command[0].contains("iso7816") && command[3].is_empty(), "{}: {command:?}", path.display());
            // Of a proprietary class (the card's signing command) it tells no more than that.
            let instruction =
                if tx.before()[0] & 0x80 == 0 { format!("0x{:02x}", tx.before()[1]) } else { String::new() };
            assert_eq!(command[1], instruction, "{}", path.display());
            if let Content::Exchange(exchange) = &entry.content {
                let answer: Vec<_> = packets.next().unwrap().split('\t').collect();
                let status = exchange.status().unwrap();
                // Wireshark takes whatever comes from the card and begins like an ATR for one: there our remark tells.
                if matches!(exchange.rx.before(), [0x3B | 0x3F, ..]) {
                    assert!(answer[5].ends_with(&format!("status {status:04X}")), "{}: {answer:?}", path.display());
                    like_an_atr += 1;
                } else {
                    assert_eq!(answer[2], format!("0x{:02x}", status >> 8), "{}", path.display());
                }
                assert!(answer[3].is_empty(), "{}: {answer:?}", path.display());
            }
            commands += 1;
        }
        assert_eq!(packets.next(), None, "{}", path.display());
    }
    assert!(commands > 40 && like_an_atr > 0, "{commands} and {like_an_atr}");
}

#[test]
fn what_is_blanked_is_said_to_be_blanked() {
    let directory = tempfile::tempdir().unwrap();
    let file = capture(&corpus().join("by-hand/sign-authentication-key.jsonl"), directory.path());
    let Some(told) = tshark(&["-r", &file, "-V"]) else {
        eprintln!("SKIPPED what_is_blanked_is_said_to_be_blanked: tshark is not installed (scripts/setup test)");
        return;
    };
    assert!(told.contains("masked: eight asterisks stand for data of any length"), "{told}");
    assert!(told.contains("2a2a2a2a2a2a2a2a") || told.contains("2a 2a 2a 2a"), "{told}");
}
