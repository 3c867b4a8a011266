//! docs/exchanges.md: made from a run, counted on the card's own log, and held to the numbers of card.md §11.
//!
//! `UPDATE=1 cargo test --test card_data exchanges_page` writes it anew.

use super::bench::{PROCEDURES, Procedure, Reader, adult};
use honnin::simulator::{CardFile, ElementaryFile};
use std::fmt::Write as _;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/exchanges.md");

/// Certificates of the lengths that real cards were seen with (card.md §3.2).
const AUTHENTICATION: usize = 1590;
const SIGNING: usize = 1758;

const LOCK: &str = "00A4040C07A0000001510000";

/// A row: what is done, the procedure, whether it has an extended form, the fewest exchanges by card.md §11, and what others take
/// (counted in their source: card.md §11, and for signing with the certificate the issue).
struct Row {
    task: &'static str,
    procedure: &'static str,
    short: usize,
    extended: usize,
    myna: &'static str,
    myna_card: &'static str,
    others: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        task: "detect: application and label",
        procedure: "detection",
        short: 2,
        extended: 2,
        myna: "3",
        myna_card: "3",
        others: "–",
    },
    Row {
        task: "seven counters of three applications",
        procedure: "survey of seven counters",
        short: 10,
        extended: 10,
        myna: "19",
        myna_card: "17",
        others: "–",
    },
    Row {
        task: "authentication certificate, 1590 bytes",
        procedure: "authentication certificate",
        short: 8,
        extended: 2,
        myna: "12",
        myna_card: "9",
        others: "OpenSC about 10",
    },
    Row {
        task: "signing certificate, 1758 bytes, with its password",
        procedure: "signing certificate",
        short: 10,
        extended: 4,
        myna: "14",
        myna_card: "11",
        others: "jsapdu 3, without the counter",
    },
    Row {
        task: "sign one digest",
        procedure: "signature with the signing key",
        short: 4,
        extended: 4,
        myna: "7",
        myna_card: "4",
        others: "jpki-rs 5, sent twice",
    },
    Row {
        task: "basic four attributes, up to 256 bytes",
        procedure: "attributes by PIN",
        short: 4,
        extended: 4,
        myna: "6",
        myna_card: "5",
        others: "jsapdu 3, without the counter",
    },
];

/// The adult's card with certificate files of those lengths. What is in them is not looked at here.
fn measured_card() -> CardFile {
    let mut card = adult().card.clone();
    let jpki = card.applications.iter_mut().find(|application| application.name == "jpki").unwrap();
    for (id, length) in [(0x000A, AUTHENTICATION), (0x0001, SIGNING)] {
        let file = jpki.files.iter_mut().find(|file| file.id.0 == id).unwrap();
        let inside = u16::try_from(length - 4).unwrap().to_be_bytes();
        let content = [&[0x30, 0x82][..], &inside, &vec![0x05; length - 4]].concat();
        *file = ElementaryFile::transparent(id, file.read.clone(), content, 2048);
    }
    card
}

/// Commands that the card was told before it was locked.
fn counted(name: &str, extended: bool, card: &CardFile) -> usize {
    let found = PROCEDURES.iter().find(|procedure| procedure.name == name).unwrap();
    let reader = Reader::new(card.clone());
    Procedure { extended, ..*found }.right(&reader).unwrap();
    let commands = reader.commands();
    assert_eq!(commands.last().map(String::as_str), Some(LOCK), "{name}");
    assert_eq!(commands.iter().filter(|command| *command == LOCK).count(), 1, "{name}");
    commands.len() - 1
}

fn page() -> String {
    let card = measured_card();
    let mut out = String::from(
        "# Exchanges\n\n\
         An exchange is a command and its answer. Each costs a contactless link about 14 ms, so the number is felt.\n\n\
         This page is made by a test (`tests/card_data/exchanges_page.rs`) from a run, and counted on the simulated card's\n\
         own log, not on what the client says of itself. Our two columns: reads in short form, the default; and in extended\n\
         form, where card and reader take it. One more exchange locks the card at the end of each of ours; where a secret is\n\
         presented, its counter is asked for first. The others' numbers were counted in their source, and leave both out.\n\n\
         | task | ours | ours, extended | myna | myna-card | others |\n|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let (short, extended) = (counted(row.procedure, false, &card), counted(row.procedure, true, &card));
        assert_eq!((short, extended), (row.short, row.extended), "{}", row.task);
        let Row { task, myna, myna_card, others, .. } = row;
        writeln!(out, "| {task} | {short} | {extended} | {myna} | {myna_card} | {others} |").unwrap();
    }
    let certificate = adult().digital_signature_certificate.as_ref().unwrap().der.len();
    let (short, extended) = (counted("signed file", false, &adult().card), counted("signed file", true, &adult().card));
    assert!(short < 12, "with locking twelve at most: {short}");
    writeln!(out, "| sign a file, with a certificate of {certificate} bytes | {short} | {extended} | 16 | – | – |")
        .unwrap();
    out.push_str(
        "\nExtended reads are never needed. `--extended-reads try` tries them, and what became of it is remembered by the\n\
         name of the reader in `$XDG_STATE_HOME/honnin/readers.toml` (`~/.local/state` without that variable). From then on\n\
         a reader that carried them is asked for them, and one that refused is not. Where a read of extended length fails in\n\
         any way, the file is read in short form, 256 bytes at a time, then 224, then 128. VERIFY, changes of a secret and\n\
         signatures are always in short form.\n",
    );
    out
}

#[test]
fn the_page_is_what_a_run_counts() {
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert_eq!(
        written, page,
        "docs/exchanges.md: write it anew with UPDATE=1 cargo test --test card_data exchanges_page"
    );
}
