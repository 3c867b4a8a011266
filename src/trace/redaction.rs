//! Blanking: what a command says about itself decides, so that the log of any program can be made safe.
//!
//! What is not known to be open counts as personal, and a command whose data are not known to be open counts so too.

use super::command::Form;
use super::pattern::Pattern;
use super::place::{CONTACT_ATR, Holds, OPEN_DATA_OBJECTS, Place};
use super::recording::{Content, Exchange, Persona, Recording};
use super::walk::{Operation, Step, Walk};

/// How bytes may be treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// May be written down.
    Open,
    /// May be written down up to so many bytes; the rest is personal.
    OpenUpTo(usize),
    /// Written down for a synthetic persona only.
    Personal,
    /// Never written down.
    Secret,
}

/// The recording with secrets blanked, and personal data too unless the persona is synthetic.
///
/// Doing it twice changes nothing. The placeholder has one width, so that not even a length is told.
pub fn redacted(recording: &Recording) -> Recording {
    let mut out = recording.clone();
    let persona = out.header.persona;
    let mut walk = Walk::new();
    for entry in &mut out.entries {
        if let Some(step) = walk.step(&entry.content) {
            blank(&mut entry.content, &step, persona);
        }
        if persona != Persona::Synthetic {
            in_known_words(&mut entry.content);
        }
    }
    let header = &mut out.header;
    header.reader = header.reader.as_deref().map(reader_without_serial);
    if persona != Persona::Synthetic {
        // What somebody wrote beside the recording: names, paths, places.
        (header.note, header.card_profile, header.run) = (None, None, None);
        header.facts.clear();
    }
    out.header.redaction = Some(out.header.redaction_due());
    out
}

/// What may happen to a link, in the words of a recording.
const LINK_ERRORS: &[&str] = &[
    "broken",
    "busy",
    "mute",
    "no_card",
    "no_reader",
    "no_service",
    "no_status_word",
    "not_permitted",
    "removed",
    "reset",
];

/// What may happen between two commands, in the words of a recording.
const EVENTS: &[&str] = &["reconnect", "removed", "reset", "select_lost"];

/// Leaves out what was written for people, and says what is not a word of the format in one that is.
fn in_known_words(content: &mut Content) {
    match content {
        Content::Exchange(exchange) => exchange.note = None,
        Content::LinkError { error, .. } if !LINK_ERRORS.contains(&error.as_str()) => *error = "broken".to_owned(),
        Content::Event(event) if !EVENTS.contains(&event.as_str()) => *event = "other".to_owned(),
        Content::LinkError { .. } | Content::Event(_) => {}
    }
}

/// A reader's name without what stands in brackets: with many drivers that is the number of this very device.
pub fn reader_without_serial(name: &str) -> String {
    let (mut depth, mut out) = (0_usize, String::new());
    for c in name.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blanks one line; true where that changed anything.
pub(super) fn blank(content: &mut Content, step: &Step, persona: Persona) -> bool {
    let hides = |mark: Mark| mark == Mark::Secret || (mark != Mark::Open && persona != Persona::Synthetic);
    let (tx, rx) = match content {
        Content::Exchange(Exchange { tx, rx, .. }) => (tx, Some(rx)),
        Content::LinkError { tx, .. } => (tx, None),
        Content::Event(_) => return false,
    };
    let mut changed = false;
    if hides(sent(step)) {
        // The length byte goes too: it tells how long the secret is.
        let without = Pattern::blanked(tx.before().get(..4).unwrap_or_default(), &[]);
        changed |= *tx != without;
        *tx = without;
    }
    let mark = received(step);
    if let Some(rx) = rx.filter(|_| hides(mark)) {
        let kept = match mark {
            Mark::OpenUpTo(length) => length,
            _ => 0,
        };
        if let Some(without) = hidden_answer(rx, kept) {
            changed |= *rx != without;
            *rx = without;
        }
    }
    changed
}

/// The answer without its data from `kept` on; `None` where it has no data there.
fn hidden_answer(rx: &Pattern, kept: usize) -> Option<Pattern> {
    if rx.is_blanked() {
        let before = rx.before().get(..kept.min(rx.before().len()))?;
        let status = rx.after().get(rx.after().len().saturating_sub(2)..)?;
        return Some(Pattern::blanked(before, status));
    }
    let end = rx.before().len().checked_sub(2)?;
    if end <= kept {
        return None;
    }
    Some(Pattern::blanked(rx.before().get(..kept)?, rx.before().get(end..)?))
}

/// How the data of this command may be treated.
pub(super) fn sent(step: &Step) -> Mark {
    let Some(command) = &step.command else { return Mark::Secret };
    // Four bytes, or a fifth that asks for 256: anything else after the header may be a secret that was put there wrongly.
    let bare = command.expected.is_none() || (command.form == Form::Short && command.expected == Some(256));
    match step.operation {
        Operation::QueryCounter | Operation::Verify | Operation::ChangeSecret if !command.has_data() && bare => {
            Mark::Open
        }
        Operation::Verify
        | Operation::ChangeSecret
        | Operation::SetSessionKey
        | Operation::QueryCounter
        | Operation::IssuerCommand => Mark::Secret,
        _ if !command.has_data() => Mark::Open,
        Operation::SelectApplication
        | Operation::SelectFile
        | Operation::SelectOther
        | Operation::InternalAuthenticate => Mark::Open,
        // By standard these have no data: whatever stands there was put there wrongly.
        Operation::ReadBinary { .. }
        | Operation::ReadRecord
        | Operation::GetData(_)
        | Operation::GetChallenge
        | Operation::GetResponse => Mark::Personal,
        // P1 01, 03 and 05 hand over the message itself, the others its digest (card.md §5.1).
        Operation::Sign if matches!(command.p1, 0x00 | 0x02 | 0x04) => Mark::Open,
        // EXTERNAL and MUTUAL AUTHENTICATE, LOAD KEYS of readers: of another card perhaps, but keys.
        Operation::ReaderCommand | Operation::Other if matches!(command.instruction, 0x82 | 0x86 | 0xD8) => {
            Mark::Secret
        }
        Operation::Sign | Operation::PhoneMarker | Operation::ReaderCommand | Operation::Other => Mark::Personal,
    }
}

/// How the answer to this command may be treated.
pub(super) fn received(step: &Step) -> Mark {
    match step.operation {
        Operation::SelectApplication
        | Operation::SelectFile
        | Operation::SelectOther
        | Operation::QueryCounter
        | Operation::Verify
        | Operation::ChangeSecret
        | Operation::Sign
        | Operation::InternalAuthenticate
        | Operation::GetChallenge => Mark::Open,
        Operation::GetData(CONTACT_ATR) if step.place != Place::Other => Mark::Open,
        Operation::GetData(tag)
            if OPEN_DATA_OBJECTS.contains(&tag)
                && matches!(step.place, Place::IssuerSecurityDomain | Place::Unknown) =>
        {
            Mark::Open
        }
        Operation::ReadBinary { .. } | Operation::ReadRecord | Operation::GetResponse => {
            let offset = match step.operation {
                Operation::ReadBinary { offset } => offset,
                // The rest of an answer: where it begins is not known.
                _ => usize::MAX,
            };
            match step.file().map(|file| file.holds) {
                Some(Holds::Open) => Mark::Open,
                Some(Holds::OpenUpTo(end)) => Mark::OpenUpTo(end.saturating_sub(offset)),
                Some(Holds::Number | Holds::Secret | Holds::Key) => Mark::Secret,
                // Which application it is may be what the recording does not tell: then it may be the number's.
                None if step.place == Place::Unknown && matches!(step.id, None | Some(0x01 | 0x03 | 0x05)) => {
                    Mark::Secret
                }
                Some(Holds::Personal) | None => Mark::Personal,
            }
        }
        _ => Mark::Personal,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{import::read, json_lines::to_json_lines};
    use super::*;

    const JPKI: &str = "00A4040C0AD392F000260100000001\n9000\n";
    const INPUT_SUPPORT: &str = "00A4040C0AD3921000310001010408\n9000\n";

    fn redact(persona: Persona, dump: &str) -> String {
        let (_, mut recording) = read(dump.as_bytes()).unwrap();
        recording.header.persona = persona;
        let once = redacted(&recording);
        assert_eq!(redacted(&once), once, "twice changes nothing: {dump}");
        to_json_lines(&once)
    }

    #[test]
    fn every_command_that_carries_a_secret_is_blanked_at_one_width() {
        for command in [
            "0020009804 31323334",
            "0020009B10 41424331323341424331323341424331",
            "0020008004 31323334 00",
            "00200098 0000043132 3334",
            "0024018004 31323334",
            "8032008004 31323334",
            "002C009804 31323334",
            "80AE000000010031323334",
            "0C20009804 31323334",
            "00200098 3132333435363738",
            "00200098 05 313233",
            "00200098 003132",
            "00200098 31",
        ] {
            let text = redact(Persona::Synthetic, &format!("{JPKI}{command}\n9000\n"));
            let line = text.lines().last().unwrap();
            assert!(!line.contains("3132") && line.contains(r#"********","rx":"9000""#), "{command}: {line}");
            assert!(!line.contains("9831"), "{command}: {line}");
            let tx = line.split(r#""tx":""#).nth(1).unwrap();
            assert_eq!(tx.find('*'), Some(8), "nothing after the header stays: {line}");
        }
        let query = redact(Persona::Unknown, &format!("{JPKI}00200098\n63C3\n0020009800\n6700\n"));
        assert!(query.contains(r#""tx":"00200098""#) && query.contains(r#""tx":"0020009800""#), "{query}");
    }

    #[test]
    fn the_number_is_blanked_whoever_the_persona_is_and_other_data_for_real_people() {
        let number = format!("{INPUT_SUPPORT}00B0810000\nFF100C313131313131313131313131FFFF9000\n");
        let record =
            format!("{INPUT_SUPPORT}00A4020C020003\n9000\n00B0000000\nFF30823131319000\n00B0000A00\n3131319000\n");
        let image = "00A4040C0AD3921000310001010402\n9000\n00B0850000\n313131319000\n".to_owned();
        let hidden = format!("{INPUT_SUPPORT}00B0810000\n6108\n00C0000008\n31313131313131319000\n");
        for dump in [number, record, image, hidden] {
            for persona in [Persona::Synthetic, Persona::Unknown] {
                let text = redact(persona, &dump);
                assert!(!text.contains("3131") && text.contains("********9000"), "{text}");
            }
        }
        let attributes = format!("{INPUT_SUPPORT}00B0820000\nFF20313131319000\n");
        assert!(redact(Persona::Synthetic, &attributes).contains("FF20313131319000"));
        assert!(!redact(Persona::Unknown, &attributes).contains("3131"));
    }

    #[test]
    fn what_is_not_known_to_be_open_is_personal() {
        for dump in [
            "00B0820000\n31313131319000\n",
            "00A4040005A000000003\n9000\n00B0820000\n3131319000\n",
            "FFCA000000\n313131319000\n",
            "00CA004500\n313131319000\n",
            "80AB000003313131\n9000\n",
            "00A4040C0AD3921000310001010100\n9000\n00B2010C00\n011C3131319000\n",
        ] {
            assert!(!redact(Persona::Unknown, dump).contains("3131"), "{dump}");
            assert!(redact(Persona::Synthetic, dump).contains("3131"), "{dump}");
        }
        let label = format!("{JPKI}00B0860020\n4A504B499000\n");
        assert!(redact(Persona::Unknown, &label).contains("4A504B499000"));
        let long = format!("{JPKI}00B08600A0\n{}{}9000\n", "4A".repeat(80), "31".repeat(80));
        let text = redact(Persona::Unknown, &long);
        assert!(!text.contains("3131") && text.contains(&format!("{}********9000", "4A".repeat(80))), "{text}");
    }

    #[test]
    fn what_many_cards_share_stays_wherever_our_commands_read_it() {
        // card.md §7.3: the version stands in front, the municipality behind it.
        let surface = "00A4040C0AD3921000310001010402\n9000\n";
        let version = format!("{surface}00B083000C\nFF308201374E0000000102039000\n");
        assert!(redact(Persona::Unknown, &version).contains("FF308201374E0000000102039000"));
        let more = redact(Persona::Unknown, &format!("{surface}00B0830010\nFF308201374E000000010203313131319000\n"));
        assert!(more.contains("FF308201374E000000010203********9000") && !more.contains("3131"), "{more}");
        let behind = redact(Persona::Unknown, &format!("{surface}00B0830C04\n313131319000\n"));
        assert!(!behind.contains("3131"), "{behind}");
        // card.md §2.2: the ATR of the contacts, in whichever application of the card.
        for application in ["", "00A4040C0AD3921000310001010100\n9000\n", "00A4040C0AD392F000260100000001\n9000\n"] {
            let text = redact(Persona::Unknown, &format!("{application}00CA5F5100\nE000FF8131FE45149000\n"));
            assert!(text.contains("E000FF8131FE45149000"), "{text}");
        }
    }

    #[test]
    fn data_where_the_standard_has_none_are_blanked() {
        for command in ["0084000003313131", "00B0820003313131", "00CA006603313131", "00C0000003313131"] {
            let dump = format!("{JPKI}{command}\n6700\n");
            let text = redact(Persona::Unknown, &dump);
            assert!(!text.contains("3131") && text.contains(r#"********","rx":"6700""#), "{text}");
        }
        assert!(redact(Persona::Unknown, &format!("{JPKI}0084000008\n0102030405060708 9000\n")).contains("0084000008"));
    }

    #[test]
    fn what_somebody_wrote_beside_a_real_recording_goes() {
        let lines = |persona: &str| {
            [
                &format!(
                    r#"{{"type":"header","version":1,"supports_extended_length":false,"persona":"{persona}","reader":"RC-S300/P (1405208) 00 00","note":"MIHON","card_profile":"MIHON","facts":["MIHON"],"run":{{"arguments":["MIHON"],"exit":0}}}}"#
                ),
                r#"{"type":"exchange","tx":"00200098","rx":"63C3","note":"MIHON"}"#,
                r#"{"type":"error","tx":"00200098","error":"MIHON"}"#,
                r#"{"type":"error","tx":"00200098","error":"removed"}"#,
                r#"{"type":"event","event":"MIHON"}"#,
                r#"{"type":"event","event":"reconnect"}"#,
            ]
            .join("\n")
        };
        let blanked = |persona| {
            let once = redacted(&read(lines(persona).as_bytes()).unwrap().1);
            assert_eq!(redacted(&once), once);
            to_json_lines(&once)
        };
        let (real, made_up) = (blanked("unknown"), blanked("synthetic"));
        assert!(!real.contains("MIHON") && !real.contains("1405208"), "{real}");
        assert!(real.contains(r#""reader":"RC-S300/P 00 00""#), "{real}");
        for kept in [r#""error":"broken""#, r#""error":"removed""#, r#""event":"other""#, r#""event":"reconnect""#] {
            assert!(real.contains(kept), "{kept}: {real}");
        }
        assert_eq!(made_up.matches("MIHON").count(), 7, "{made_up}");
        assert!(!made_up.contains("1405208"), "a reader is nobody's persona: {made_up}");
    }

    #[test]
    fn after_a_reset_nobody_knows_which_application_is_read() {
        let lines = [
            r#"{"type":"header","version":1,"supports_extended_length":false,"persona":"synthetic"}"#,
            r#"{"type":"exchange","tx":"00A4040C0AD392F000260100000001","rx":"9000"}"#,
            r#"{"type":"event","event":"reset"}"#,
            r#"{"type":"exchange","tx":"00B0810000","rx":"3131319000"}"#,
        ];
        let (_, recording) = read(lines.join("\n").as_bytes()).unwrap();
        assert!(!to_json_lines(&redacted(&recording)).contains("3131"));
    }
}
