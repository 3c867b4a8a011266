//! A secret typed on the reader's own pad: it never comes to the program, and what the reader says itself costs no try. With a
//! reader of test code; none with a pad was at hand.

use super::bench::{Fault, PROCEDURES, Procedure, Reader, secret};
use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::card::{Access, CardError, Caution, Channel, ChannelError, Key, NotTyped, Session, change_secret, jpki};
use honnin::reason::Reason;
use honnin::secret::{Secret, SecretKind};

fn procedure() -> &'static Procedure {
    PROCEDURES.iter().find(|procedure| procedure.name == "signature, its PIN typed on the reader").unwrap()
}

#[test]
fn the_counter_is_asked_for_first_and_the_reader_sends_the_digits() {
    let reader = Reader::adult();
    procedure().right(&reader).unwrap();
    assert_eq!(reader.commands()[1..3], ["00200098", "002000980431323334"]);
    let reader = Reader::adult();
    assert_eq!(procedure().wrong(&reader).unwrap_err().reason(), Reason::PinIncorrect);
    assert_eq!(reader.tries("jpki", 0x18), 2);
}

#[test]
fn what_the_reader_says_itself_is_no_wrong_pin() {
    for (answer, why, reason) in [
        ([0x64, 0x00], NotTyped::TimedOut, Reason::Cancelled),
        ([0x64, 0x01], NotTyped::Cancelled, Reason::Cancelled),
        ([0x64, 0x03], NotTyped::WrongLength, Reason::PinFormatInvalid),
        ([0x6B, 0x80], NotTyped::NotUnderstood, Reason::SecretUnavailable),
    ] {
        let reader = Reader::adult().with_fault(2, Fault::Answer(answer.to_vec()));
        let error = procedure().right(&reader).unwrap_err();
        let expected = CardError::NotTyped { kind: SecretKind::UserAuthentication, why };
        assert_eq!(error.to_string(), expected.to_string());
        assert_eq!((error.reason(), reason.exit()), (reason, 23));
        // The same words from a card that was sent a secret are the card's.
        let reader = Reader::adult().with_fault(2, Fault::Answer(answer.to_vec()));
        let sent = PROCEDURES.iter().find(|it| it.name == "signature with the authentication key").unwrap();
        assert_eq!(sent.right(&reader).unwrap_err().reason(), Reason::NotAnAnswerOfTheCard);
    }
}

#[test]
fn only_four_digits_and_only_for_presenting() {
    for kind in [SecretKind::DigitalSignature, SecretKind::NumberB] {
        assert!(Secret::typed_on_reader(kind).is_none(), "{kind:?}");
    }
    let reader = Reader::adult();
    let (old, new) =
        (secret(SecretKind::InputSupport, "5678"), Secret::typed_on_reader(SecretKind::InputSupport).unwrap());
    let outcome = reader.session().run(async |card| change_secret(card, &old, &new, Caution::default(), |_| {}).await);
    assert_eq!(outcome, Err(CardError::Channel(ChannelError::NoPinPad)));
    assert!(reader.log().is_empty());
}

#[test]
fn without_a_pad_nothing_is_sent() {
    struct Plain(Reader, Access);
    impl Channel for Plain {
        fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
            self.0.transmit(command)
        }
        fn access(&self) -> Access {
            self.1
        }
    }
    for (access, expected) in [
        (Access::Exclusive, CardError::Channel(ChannelError::NoPinPad)),
        // A pad is no way round the rule that a verified secret needs the card for itself.
        (Access::Shared, CardError::ExclusiveAccessNeeded),
    ] {
        let reader = Reader::adult();
        let mut session = Session::new(Plain(reader.clone(), access));
        let typed = Secret::typed_on_reader(SecretKind::UserAuthentication).unwrap();
        let outcome = session.run(async |card| {
            jpki::select(card).await?;
            jpki::unlock(card, Key::UserAuthentication, &typed, Caution::default()).await.map(drop)
        });
        drop(session);
        assert_eq!(outcome, Err(expected));
        assert_eq!(reader.tries("jpki", 0x18), 3);
        assert!(
            reader.commands().iter().filter(|command| command.starts_with("0020")).all(|command| command.len() == 8)
        );
    }
}
