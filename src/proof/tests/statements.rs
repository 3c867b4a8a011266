//! LAW-07: what is signed names the transaction, and a person can read it.

use crate::proof::{Challenge, ChallengeFields, ChallengeId, ProofError, Statement};
use crate::reason::Reason;

fn fields() -> ChallengeFields {
    ChallengeFields {
        id: ChallengeId::from_random(*b"\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xef"),
        case: "case-0001".into(),
        account: "acct-見本-0001".into(),
        audience: "https://wallet.example".into(),
        purpose: "マネー口座への変更".into(),
        transaction: "現金口座 acct-見本-0001 をマネー口座に変更します。\n\n  一 氏名と住所を事業者に送ります。".into(),
        issued_at: "2026-11-22T03:00:00Z".parse().unwrap(),
        expires_at: "2026-11-22T03:10:00Z".parse().unwrap(),
        nonce: [0xA5; 32],
    }
}

fn challenge() -> Challenge {
    Challenge::new(fields()).unwrap()
}

const TEXT: &str = "\
honnin-statement/1 電子署名による同意書
依頼者: https://wallet.example
目的: マネー口座への変更
口座: acct-見本-0001
案件: case-0001
発行日時: 2026-11-22T12:00:00+09:00
有効期限: 2026-11-22T12:10:00+09:00
確認番号: 0123456789abcdef0123456789abcdef
乱数: a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5
内容:
> 現金口座 acct-見本-0001 をマネー口座に変更します。
>
>   一 氏名と住所を事業者に送ります。
私は、上記の内容を確認し、これに同意して電子署名をします。
";

#[test]
fn law_07_the_statement_reads_as_docs_statement_md_shows_it() {
    assert_eq!(challenge().statement().as_str(), TEXT);
    assert!(include_str!("../../../docs/statement.md").contains(TEXT), "the page shows what is written");
}

#[test]
fn law_07_every_field_is_derived_again() {
    let statement = Statement::parse(TEXT.as_bytes()).unwrap();
    assert_eq!(statement.challenge(), &challenge());
    assert_eq!(statement.as_bytes(), TEXT.as_bytes());
    let read = statement.challenge();
    assert_eq!((read.case(), read.account()), ("case-0001", "acct-見本-0001"));
    assert_eq!((read.audience(), read.purpose()), ("https://wallet.example", "マネー口座への変更"));
    assert_eq!(read.transaction(), fields().transaction);
    assert_eq!(read.nonce(), &[0xA5; 32]);
    assert_eq!((read.issued_at(), read.expires_at()), (fields().issued_at, fields().expires_at));
}

#[test]
fn every_changed_byte_is_another_challenge_or_refused() {
    let original = challenge();
    for (index, mask) in (0..TEXT.len()).flat_map(|index| (0..8).map(move |bit| (index, 1_u8 << bit))) {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[index] ^= mask;
        if let Ok(read) = Statement::parse(&bytes) {
            assert_ne!(read.challenge(), &original, "byte {index}");
            assert_eq!(read.as_bytes(), bytes, "one way to write it");
        }
    }
    for length in 0..TEXT.len() {
        assert!(Statement::parse(&TEXT.as_bytes()[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn there_is_no_slack_in_the_grammar() {
    let swapped = TEXT.replace(
        "目的: マネー口座への変更\n口座: acct-見本-0001\n",
        "口座: acct-見本-0001\n目的: マネー口座への変更\n",
    );
    for (what, text, line) in [
        ("another version", TEXT.replacen("/1 ", "/2 ", 1), 1),
        ("CRLF", TEXT.replace('\n', "\r\n"), 1),
        ("a byte-order mark", format!("\u{FEFF}{TEXT}"), 1),
        ("no space after the colon", TEXT.replacen("依頼者: ", "依頼者:", 1), 2),
        ("another order", swapped, 3),
        ("upper-case digits", TEXT.replacen("89abcdef", "89ABCDEF", 1), 8),
        ("a quote without space", TEXT.replacen("> 現金", ">現金", 1), 11),
        ("more after the end", format!("{TEXT}\n"), 15),
        ("no end", TEXT.replacen("私は", "> 私は", 1), 15),
    ] {
        match Statement::parse(text.as_bytes()) {
            Err(ProofError::MalformedLine { line: at, .. }) => assert_eq!(at, line, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }
    for (what, text) in [
        ("two spaces", TEXT.replacen("依頼者: ", "依頼者:  ", 1)),
        ("an empty quote with a space", TEXT.replacen(">\n", "> \n", 1)),
        ("another zone", TEXT.replacen("2026-11-22T12:00:00+09:00", "2026-11-22T03:00:00Z", 1)),
        ("a fraction", TEXT.replacen("12:00:00+09", "12:00:00.5+09", 1)),
        ("a right-to-left override", TEXT.replacen("現金", "\u{202E}現金", 1)),
    ] {
        let error = Statement::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(error.reason(), Reason::MalformedData | Reason::InputMalformed), "{what}: {error}");
    }
    assert!(Statement::parse(&[0xFF; 100]).is_err());
    assert!(matches!(Statement::parse(&vec![b'a'; 1 << 20]), Err(ProofError::TooLarge { .. })));
}

#[test]
fn a_field_cannot_write_a_line_of_its_own() {
    for bad in
        ["", " a", "a ", "a　", "a\nb", "a\rb", "a\tb", "a\u{0}b", "a\u{85}b", "a\u{2028}b", "a\u{200B}b", "a\u{E000}b"]
    {
        for (name, set) in [
            ("case", (|fields, text| fields.case = text) as fn(&mut ChallengeFields, String)),
            ("account", |fields, text| fields.account = text),
            ("audience", |fields, text| fields.audience = text),
            ("purpose", |fields, text| fields.purpose = text),
        ] {
            let mut fields = fields();
            set(&mut fields, bad.to_owned());
            match Challenge::new(fields) {
                Err(ProofError::Field { field, .. }) => assert_eq!(field, name),
                other => panic!("{name} {bad:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_transaction_cannot_end_the_statement_early() {
    let closing = TEXT.lines().last().unwrap();
    let forged = ChallengeFields { transaction: format!("一\n{closing}\n内容:\n> 二"), ..fields() };
    let challenge = Challenge::new(forged).unwrap();
    let statement = Statement::parse(challenge.statement().as_bytes()).unwrap();
    assert_eq!(statement.challenge(), &challenge, "quoted, it is a line like any other");
}

#[test]
fn fields_are_limited() {
    let with = |change: fn(&mut ChallengeFields)| {
        let mut fields = fields();
        change(&mut fields);
        Challenge::new(fields)
    };
    assert!(with(|it| it.purpose = "x".repeat(256)).is_ok());
    assert!(with(|it| it.purpose = "x".repeat(257)).is_err());
    assert!(with(|it| it.transaction = vec!["x".repeat(512); 64].join("\n")).is_ok());
    assert!(with(|it| it.transaction = vec!["x"; 65].join("\n")).is_err());
    assert!(with(|it| it.transaction = "x".repeat(513)).is_err());
    for bad in ["", "\na", "a\n", "a \nb", "a\r\nb", "a\u{202E}b"] {
        let fields = ChallengeFields { transaction: bad.into(), ..fields() };
        assert!(matches!(Challenge::new(fields), Err(ProofError::Field { field: "transaction", .. })), "{bad:?}");
    }
    assert!(with(|it| it.expires_at = it.issued_at).is_err());
    assert!(with(|it| it.issued_at = crate::time::UnixTime::from_seconds(-1)).is_err());
    assert!(with(|it| it.expires_at = crate::time::UnixTime::from_seconds(i64::MAX)).is_err());
    assert!(with(|it| it.expires_at = "9999-01-01T00:00:00+09:00".parse().unwrap()).is_err());
    let last = with(|it| it.expires_at = "9998-12-31T23:59:59+09:00".parse().unwrap()).unwrap();
    assert_eq!(Statement::parse(last.statement().as_bytes()).unwrap().challenge(), &last);
}

#[test]
fn the_longest_statement_that_can_be_written_can_be_read() {
    let longest = ChallengeFields {
        case: "x".repeat(256),
        account: "x".repeat(256),
        audience: "x".repeat(256),
        purpose: "x".repeat(256),
        transaction: vec!["x".repeat(512); 64].join("\n"),
        ..fields()
    };
    let challenge = Challenge::new(longest).unwrap();
    assert_eq!(Statement::parse(challenge.statement().as_bytes()).unwrap().challenge(), &challenge);
}

#[test]
fn the_last_second_counts() {
    let challenge = challenge();
    assert!(!challenge.is_expired(challenge.expires_at()));
    assert!(challenge.is_expired(challenge.expires_at().plus_seconds(1)));
}

#[test]
fn debug_shows_neither_account_nor_transaction() {
    let shown = format!("{:?} {:?}", challenge(), challenge().statement());
    for secret in ["見本", "case-0001", "現金", "165, 165", "a5a5"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}
