//! Sequences typed by hand from card.md §§4, 5, 10 and played back strictly: an exchange more, less or different fails.

use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::card::{
    Access, CardError, CardKind, Caution, Channel, ChannelError, Key, RetryCounter, Session, jpki, survey, survey_pins,
};
use honnin::secret::{Secret, SecretKind};
use honnin::transport::trace::Replay;
use std::cell::RefCell;
use std::rc::Rc;

const SELECT_JPKI: (&str, &str) = ("00A4040C0AD392F000260100000001", "9000");
const SELECT_INPUT_SUPPORT: (&str, &str) = ("00A4040C0AD3921000310001010408", "9000");
const SELECT_SURFACE: (&str, &str) = ("00A4040C0AD3921000310001010402", "9000");
const SELECT_ISD: (&str, &str) = ("00A4040C07A0000001510000", "9000");

/// A channel over a hand-typed script that stays inspectable after the session dropped it.
#[derive(Clone)]
struct Script {
    replay: Rc<RefCell<Replay>>,
    access: Access,
}

impl Script {
    fn new(exchanges: &[(&str, &str)]) -> Self {
        let mut text = r#"{"type":"header","version":1,"supports_extended_length":false}"#.to_owned();
        for (tx, rx) in exchanges {
            text += &format!("\n{{\"type\":\"exchange\",\"tx\":\"{tx}\",\"rx\":\"{rx}\"}}");
        }
        Self { replay: Rc::new(RefCell::new(Replay::parse(&text).unwrap())), access: Access::Exclusive }
    }

    fn session(&self) -> Session<Self> {
        Session::new(self.clone())
    }

    fn assert_played_to_the_end(&self) {
        assert_eq!(self.replay.borrow().remaining(), 0, "exchanges of the script were not asked for");
    }
}

impl Channel for Script {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.replay.borrow_mut().transmit(command)
    }

    fn access(&self) -> Access {
        self.access
    }
}

fn authentication_pin() -> Secret {
    Secret::new(SecretKind::UserAuthentication, b"1234").unwrap().0
}

fn unlock(script: &Script, caution: Caution) -> Result<(), CardError> {
    let secret = authentication_pin();
    script.session().run(async |card| {
        jpki::select(card).await?;
        jpki::unlock(card, Key::UserAuthentication, &secret, caution).await.map(drop)
    })
}

#[test]
fn the_survey_is_ten_exchanges_and_one_to_lock() {
    let label = format!("{}{}9000", hex::encode("JPKIAPICCTOKEN2"), "20".repeat(17));
    let head = format!("30820632{}9000", "00".repeat(252));
    let script = Script::new(&[
        SELECT_JPKI,
        ("00B0860020", &label),
        ("00B0880003", "8F8F009000"),
        ("00B08A0000", &head),
        ("00B08B0000", &head),
        ("00200098", "63C3"),
        ("0020009B", "6984"),
        SELECT_INPUT_SUPPORT,
        ("00200091", "63C2"),
        SELECT_SURFACE,
        SELECT_ISD,
    ]);
    let found = script.session().run(async |card| survey(card).await).unwrap();
    script.assert_played_to_the_end();
    assert_eq!(found.label.kind(), CardKind::IndividualNumberCard);
    assert_eq!(
        found.counters,
        [
            (SecretKind::UserAuthentication, RetryCounter::Remaining(3)),
            (SecretKind::DigitalSignature, RetryCounter::Blocked),
            (SecretKind::InputSupport, RetryCounter::Remaining(2)),
        ]
    );
    assert_eq!((found.digital_signature_present, found.user_authentication_present), (Some(true), Some(true)));
}

#[test]
fn a_phone_without_the_card_face_applications_is_not_an_error() {
    // card.md §9: same AID, other label, the 券面 applications may be missing, the certificate asks for its PIN.
    let label = format!("{}{}9000", hex::encode("JPKIAPGPSETOKEN"), "20".repeat(17));
    let script = Script::new(&[
        SELECT_JPKI,
        ("00B0860020", &label),
        ("00B0880003", "8F8F009000"),
        ("00B08A0000", "6982"),
        ("00B08B0000", "FFFFFFFF9000"),
        ("00200098", "63C3"),
        ("0020009B", "63C5"),
        (SELECT_INPUT_SUPPORT.0, "6A82"),
        (SELECT_SURFACE.0, "6A82"),
        SELECT_ISD,
    ]);
    let found = script.session().run(async |card| survey(card).await).unwrap();
    script.assert_played_to_the_end();
    assert_eq!(found.label.kind(), CardKind::AndroidPhone);
    assert!(found.heads.user_authentication.is_none() && found.heads.user_authentication_ca.is_none());
    assert_eq!(found.counters.len(), 2);
}

#[test]
fn another_card_is_named_after_one_command_and_left() {
    for status in ["6A82", "6A81", "6D00", "6E00", "6999"] {
        let script = Script::new(&[(SELECT_JPKI.0, status), SELECT_ISD]);
        assert_eq!(script.session().run(async |card| survey_pins(card).await), Err(CardError::NotSupported));
        script.assert_played_to_the_end();
    }
}

#[test]
fn a_certificate_of_1590_bytes_takes_seven_blocks_the_last_one_exact() {
    let mut file = vec![0x30, 0x82, 0x06, 0x32];
    file.extend((0..1586_usize).map(|i| u8::try_from(i % 251).unwrap()));
    let block = |at: usize| format!("{}9000", hex::encode(&file[at * 256..file.len().min((at + 1) * 256)]));
    let blocks: Vec<_> = (0..7).map(block).collect();
    let script = Script::new(&[
        SELECT_JPKI,
        ("00B08A0000", &blocks[0]),
        ("00B0010000", &blocks[1]),
        ("00B0020000", &blocks[2]),
        ("00B0030000", &blocks[3]),
        ("00B0040000", &blocks[4]),
        ("00B0050000", &blocks[5]),
        ("00B0060036", &blocks[6]),
        SELECT_ISD,
    ]);
    let read = script.session().run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, jpki::CertificateFile::UserAuthentication).await
    });
    script.assert_played_to_the_end();
    assert_eq!(*read.unwrap(), file);
}

#[test]
fn files_without_an_object_are_absent_or_refused_never_guessed() {
    let which = jpki::CertificateFile::UserAuthentication;
    let ff = format!("{}9000", "FF".repeat(256));
    let short = format!("30820632{}9000", "00".repeat(60));
    for (answers, expected) in [
        (vec![("00B08A0000", ff.as_str())], CardError::CertificateAbsent { which }),
        (vec![("00B08A0000", "9000")], CardError::CertificateAbsent { which }),
        (vec![("00B08A0000", "6A82")], CardError::CertificateAbsent { which }),
        (vec![("00B08A0000", "3080000000009000")], CardError::UnexpectedAnswer { what: "a file without an object" }),
        (
            vec![("00B08A0000", short.as_str()), ("00B0004000", "6B00")],
            CardError::UnexpectedAnswer { what: "a file shorter than its object" },
        ),
        (
            vec![("00B08A0000", "3083FFFFFF009000")],
            CardError::UnexpectedAnswer { what: "an object longer than any file of the card" },
        ),
    ] {
        let script = Script::new(&[&[SELECT_JPKI][..], &answers, &[SELECT_ISD]].concat());
        let read = script.session().run(async |card| {
            jpki::select(card).await?;
            jpki::read_certificate(card, jpki::CertificateFile::UserAuthentication).await
        });
        assert_eq!(read.unwrap_err(), expected);
        script.assert_played_to_the_end();
    }
}

#[test]
fn the_counter_is_asked_before_every_verify_and_decides() {
    let counter = |status| [SELECT_JPKI, ("00200098", status), SELECT_ISD];
    let kind = SecretKind::UserAuthentication;
    for (status, expected) in [
        ("63C1", CardError::LastTryRefused { kind }),
        ("63C0", CardError::SecretBlocked { kind }),
        ("6983", CardError::SecretBlocked { kind }),
        ("6984", CardError::SecretBlocked { kind }),
        ("6581", CardError::TriesUnknownRefused { kind }),
    ] {
        // The script has no VERIFY with data: sending one would fail the replay.
        let script = Script::new(&counter(status));
        assert_eq!(unlock(&script, Caution::default()), Err(expected), "{status}");
        script.assert_played_to_the_end();
    }
    // A refusal of the form is followed by the older one (card.md §10), and only then is the counter unknown.
    for refused in ["6700", "6A86", "6D00"] {
        let select_pin = ("00A4020C020018", "9000");
        let script = Script::new(&[SELECT_JPKI, ("00200098", refused), select_pin, ("00200080", refused), SELECT_ISD]);
        assert_eq!(unlock(&script, Caution::default()), Err(CardError::TriesUnknownRefused { kind }), "{refused}");
        script.assert_played_to_the_end();
        let right = ("002000800431323334", "9000");
        let script =
            Script::new(&[SELECT_JPKI, ("00200098", refused), select_pin, ("00200080", "63C3"), right, SELECT_ISD]);
        assert_eq!(unlock(&script, Caution::default()), Ok(()), "{refused}");
        script.assert_played_to_the_end();
    }
}

#[test]
fn another_count_than_the_one_shown_is_another_card_and_gets_no_secret() {
    let caution = Caution { shown_tries: Some(3), ..Caution::default() };
    let script = Script::new(&[SELECT_JPKI, ("00200098", "63C2"), SELECT_ISD]);
    assert_eq!(unlock(&script, caution), Err(CardError::AnotherCard));
    script.assert_played_to_the_end();
}

#[test]
fn the_last_attempt_is_spent_only_when_told() {
    let caution = Caution { allow_last_try: true, ..Caution::default() };
    let script = Script::new(&[SELECT_JPKI, ("00200098", "63C1"), ("002000980431323334", "63C0"), SELECT_ISD]);
    let kind = SecretKind::UserAuthentication;
    assert_eq!(unlock(&script, caution), Err(CardError::SecretBlockedNow { kind }));
    script.assert_played_to_the_end();
}

#[test]
fn a_wrong_secret_is_sent_once_whatever_the_card_says() {
    let kind = SecretKind::UserAuthentication;
    for (status, expected) in [
        ("63C2", CardError::SecretIncorrect { kind, remaining: Some(2) }),
        ("6300", CardError::SecretIncorrect { kind, remaining: None }),
        ("6984", CardError::SecretBlockedNow { kind }),
        // A card that asks for the command again with another length, or calls it unspecified, is not obeyed.
        (
            "6C10",
            CardError::Refused {
                operation: honnin::card::Operation::Verify,
                status: honnin::apdu::StatusWord::new(0x6C10),
            },
        ),
        (
            "6F00",
            CardError::Refused {
                operation: honnin::card::Operation::Verify,
                status: honnin::apdu::StatusWord::new(0x6F00),
            },
        ),
    ] {
        let script = Script::new(&[SELECT_JPKI, ("00200098", "63C3"), ("002000980431323334", status), SELECT_ISD]);
        assert_eq!(unlock(&script, Caution::default()), Err(expected), "{status}");
        script.assert_played_to_the_end();
    }
}

#[test]
fn a_key_somebody_left_unlocked_is_locked_first_so_that_the_count_is_seen() {
    let script = Script::new(&[
        SELECT_JPKI,
        ("00200098", "9000"),
        SELECT_ISD,
        SELECT_JPKI,
        ("00200098", "63C3"),
        ("002000980431323334", "9000"),
        SELECT_ISD,
    ]);
    assert_eq!(unlock(&script, Caution::default()), Ok(()));
    script.assert_played_to_the_end();
}

#[test]
fn no_secret_goes_over_a_shared_channel() {
    let mut script = Script::new(&[SELECT_JPKI, ("00200098", "63C3"), SELECT_ISD]);
    script.access = Access::Shared;
    assert_eq!(unlock(&script, Caution::default()), Err(CardError::ExclusiveAccessNeeded));
    script.assert_played_to_the_end();
}

#[test]
fn a_secret_for_another_key_is_stopped_before_the_wire() {
    let script = Script::new(&[]);
    let secret = authentication_pin();
    let outcome = script
        .session()
        .run(async |card| jpki::unlock(card, Key::DigitalSignature, &secret, Caution::default()).await.map(drop));
    assert_eq!(outcome, Err(CardError::AnotherSecretNeeded { kind: SecretKind::DigitalSignature }));
}

#[test]
fn sixty_one_and_six_c_are_handled_once_below_the_procedures() {
    let script = Script::new(&[
        SELECT_JPKI,
        ("00B08A0000", "6C05"),
        ("00B08A0005", "30039000"),
        ("00B0000203", "010261FE"),
        ("00C00000FE", "039000"),
        SELECT_ISD,
    ]);
    let read = script.session().run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, jpki::CertificateFile::UserAuthentication).await
    });
    script.assert_played_to_the_end();
    assert_eq!(*read.unwrap(), [0x30, 0x03, 0x01, 0x02, 0x03]);
}

#[test]
fn an_answer_without_end_is_ended() {
    let endless: Vec<_> =
        [SELECT_JPKI, ("00B08A0000", "6101")].into_iter().chain([("00C0000001", "006101"); 80]).collect();
    let script = Script::new(&endless);
    let read = script.session().run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, jpki::CertificateFile::UserAuthentication).await
    });
    assert_eq!(read.unwrap_err(), CardError::UnexpectedAnswer { what: "an answer without end" });
}

#[test]
fn the_first_command_after_power_up_may_be_answered_6f00_once() {
    let script = Script::new(&[
        (SELECT_JPKI.0, "6F00"),
        SELECT_JPKI,
        ("00200098", "63C3"),
        ("0020009B", "63C5"),
        (SELECT_INPUT_SUPPORT.0, "6A82"),
        SELECT_ISD,
    ]);
    let counters = script.session().run(async |card| survey_pins(card).await).unwrap();
    script.assert_played_to_the_end();
    assert_eq!(counters.len(), 2);
}

#[test]
fn an_interrupt_stops_before_the_next_command_and_still_locks() {
    let script = Script::new(&[SELECT_JPKI, SELECT_ISD]);
    let flag = Rc::new(std::cell::Cell::new(false));
    let seen = flag.clone();
    let mut session = script.session().stopped_by(move || seen.get());
    let outcome = session.run(async |card| {
        jpki::select(card).await?;
        flag.set(true);
        jpki::retry_counter(card, Key::UserAuthentication).await
    });
    assert_eq!(outcome, Err(CardError::Interrupted));
    drop(session);
    script.assert_played_to_the_end();
}

#[test]
fn a_panic_in_a_procedure_still_leaves_the_card_locked() {
    let script = Script::new(&[SELECT_JPKI, ("00200098", "63C3"), ("002000980431323334", "9000"), SELECT_ISD]);
    let inside = std::panic::AssertUnwindSafe(script.clone());
    let outcome = std::panic::catch_unwind(move || {
        let script = inside;
        let secret = authentication_pin();
        let mut session = script.session();
        let _ = session.run(async |card| -> Result<(), CardError> {
            jpki::select(card).await?;
            jpki::unlock(card, Key::UserAuthentication, &secret, Caution::default()).await?;
            panic!("a defect in a front end");
        });
    });
    assert!(outcome.is_err());
    script.assert_played_to_the_end();
}
