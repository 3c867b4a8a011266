//! How many exchanges each task takes, counted on the simulated card's own log, and the forms that are fallen back to.

use super::bench::{Fault, PROCEDURES, Procedure, Reader, adult};
use honnin::authority::{Persona, create};
use honnin::card::{ChannelError, KnownSecret, RetryCounter, survey_every_counter};

fn procedure(name: &str) -> &'static Procedure {
    PROCEDURES.iter().find(|procedure| procedure.name == name).unwrap()
}

#[test]
fn every_task_takes_the_fewest_exchanges_and_one_to_lock() {
    // card.md §11, plus one for the ISD. The last number is the length of what is read.
    for (name, expected) in [
        ("survey", 10),
        ("survey of the three counters", 5),
        ("survey of every counter", 15),
        ("details", 12),
        ("signature with the authentication key", 4),
        ("signature with the signing key", 4),
        ("attributes by PIN", 4),
        ("attributes by number B", 4),
        // EF 0003 of 336 bytes and EF 0004 of 568.
        ("attributes by PIN, proved genuine", 4 + 2 + 3),
        // And EF 0007 of 536, and one signature.
        ("attributes of this card", 4 + 2 + 3 + 3 + 1),
        ("change of the authentication PIN", 5),
        ("change of the signing password", 5),
        ("change of the input support PIN", 5),
    ] {
        let reader = Reader::adult();
        procedure(name).right(&reader).unwrap();
        assert_eq!(reader.log().len(), expected + 1, "{name}: {:?}", reader.commands());
        assert_eq!(reader.commands().last().unwrap(), "00A4040C07A0000001510000", "{name}");
    }
    let length = |bytes: &[u8]| bytes.len().div_ceil(256);
    let issued = adult();
    let signing = &issued.digital_signature_certificate.as_ref().unwrap().der;
    for (name, blocks, others) in [
        ("authentication certificate", length(&issued.user_authentication_certificate.der), 1),
        ("signing certificate", length(signing), 3),
        ("signed file", length(signing), 4),
    ] {
        let reader = Reader::adult();
        procedure(name).right(&reader).unwrap();
        assert_eq!(reader.log().len(), blocks + others + 1, "{name}");
    }
    let reader = Reader::adult();
    procedure("signed file").right(&reader).unwrap();
    assert!(reader.log().len() <= 12, "sign with its certificate");
}

#[test]
fn an_address_of_more_than_a_block_takes_one_exchange_more() {
    let card = create(Persona::LongestAddress, super::bench::at(), &mut rand_core::OsRng).unwrap().card;
    let reader = Reader::new(card);
    procedure("attributes by PIN").right(&reader).unwrap();
    assert_eq!(reader.log().len(), 4 + 1 + 1);
}

#[test]
fn no_byte_is_read_twice_and_no_verify_goes_without_its_query() {
    for procedure in PROCEDURES {
        let reader = Reader::adult();
        procedure.right(&reader).unwrap();
        let commands = reader.commands();
        let (mut asked, mut ends) = (None, 0_usize);
        for (command, answer) in reader.log() {
            match command.as_slice() {
                [0x00, 0x20, 0x00, reference] => asked = Some(*reference),
                [0x00, 0x20, 0x00, reference, ..] => {
                    assert_eq!(asked.take(), Some(*reference), "{}: {commands:?}", procedure.name);
                }
                [0x00, 0xB0, p1, ..] if p1 & 0x80 != 0 => ends = answer.len() - 2,
                [0x00, 0xB0, p1, p2, ..] => {
                    assert_eq!(usize::from(*p1) << 8 | usize::from(*p2), ends, "{}: {commands:?}", procedure.name);
                    ends += answer.len() - 2;
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_card_without_short_identifiers_is_read_and_signs_all_the_same() {
    for procedure in PROCEDURES {
        let reader = Reader::switched(|switches| switches.refuse_short_identifiers = true);
        procedure.right(&reader).unwrap_or_else(|error| panic!("{}: {error}", procedure.name));
        let refused = reader.log().iter().filter(|(_, answer)| answer == &[0x6A, 0x86]).count();
        let most = 1 + usize::from(procedure.extended);
        assert!(refused <= most, "{}: refused once in each form: {:?}", procedure.name, reader.commands());
        assert_eq!(verifies(&reader), usize::from(procedure.secret.is_some()), "{}", procedure.name);
    }
}

#[test]
fn reads_step_down_to_224_and_128_bytes() {
    for (longest, expected) in [(255, 224), (224, 224), (223, 128), (128, 128)] {
        for procedure in PROCEDURES {
            let reader = Reader::switched(|switches| switches.longest_read = Some(longest));
            procedure.right(&reader).unwrap_or_else(|error| panic!("{} at {longest}: {error}", procedure.name));
            let refused = reader.log().iter().filter(|(_, answer)| answer == &[0x67, 0x00]).count();
            let steps = 2 + usize::from(procedure.extended);
            assert!(refused <= steps, "{} at {longest}: each step once: {:?}", procedure.name, reader.commands());
            let reads = reader.log().into_iter().filter(|(command, _)| command[1] == 0xB0);
            let most = reads.map(|(_, answer)| answer.len() - 2).max().unwrap_or(0);
            assert!(most <= expected, "{}", procedure.name);
        }
    }
    let reader = Reader::switched(|switches| switches.longest_read = Some(100));
    assert!(procedure("authentication certificate").right(&reader).is_err());
}

#[test]
fn a_reader_that_breaks_on_long_reads_is_asked_for_less() {
    let reader = Reader::adult().with_fault(1, Fault::Broken);
    procedure("authentication certificate").right(&reader).unwrap();
    assert_eq!(&reader.commands()[1], "00B08A00E0");
    // The link itself is broken when nothing else goes through either.
    let reader = Reader::adult().with_fault(0, Fault::Broken);
    let error = procedure("authentication certificate").right(&reader).unwrap_err();
    assert_eq!(error.reason(), honnin::reason::Reason::TransportFailed);
}

#[test]
fn what_only_reads_starts_afresh_after_a_reset_and_what_spends_does_not() {
    for procedure in PROCEDURES {
        let whole = Reader::adult();
        procedure.right(&whole).unwrap();
        let commands = whole.log();
        // The last one is the ISD, when the work is done.
        for at in 0..commands.len() - 1 {
            let reader = Reader::adult().with_fault(at, Fault::Reset);
            let outcome = procedure.right(&reader);
            let spends = |command: &Vec<u8>| {
                matches!(command.as_slice(), [0x00, 0x20, _, _, _, ..] | [0x00, 0x24, ..] | [0x80, 0x2A, ..])
            };
            let spent = commands[..=at].iter().any(|(command, _)| spends(command));
            if spent {
                let error = outcome.unwrap_err();
                assert_eq!(error.reason(), honnin::reason::Reason::TransportFailed, "{} at {at}", procedure.name);
                assert_eq!(reader.reconnections(), 0, "{} at {at}", procedure.name);
            } else {
                outcome.unwrap_or_else(|error| panic!("{} at {at}: {error}", procedure.name));
                assert_eq!(reader.reconnections(), 1, "{} at {at}", procedure.name);
            }
            assert!(verifies(&reader) <= 1);
        }
    }
}

#[test]
fn a_channel_that_cannot_reconnect_says_reset() {
    struct Cannot(Reader);
    impl honnin::card::Channel for Cannot {
        fn transmit(
            &mut self,
            command: &honnin::apdu::CommandApdu,
        ) -> Result<honnin::apdu::ResponseApdu, ChannelError> {
            self.0.transmit(command)
        }
        fn access(&self) -> honnin::card::Access {
            honnin::card::Access::Exclusive
        }
    }
    let reader = Reader::adult().with_fault(1, Fault::Reset);
    let mut session = honnin::card::Session::new(Cannot(reader));
    let outcome = session.run(async |card| honnin::card::survey_pins(card).await);
    assert_eq!(outcome, Err(ChannelError::Reset.into()));
}

#[test]
fn every_counter_by_its_name() {
    let reader = Reader::adult();
    let found = reader.session().run(async |card| survey_every_counter(card).await).unwrap();
    let expected = [3, 5, 3, 10, 10, 10, 10, 10, 3, 3].map(RetryCounter::Remaining);
    assert_eq!(found.iter().map(|(_, counter)| *counter).collect::<Vec<_>>(), expected);
    assert_eq!(found[5].0, KnownSecret::SurfaceBirthDate);
    assert_eq!(verifies(&reader), 0);
}

/// VERIFY with data, as the card was told.
pub(crate) fn verifies(reader: &Reader) -> usize {
    reader.log().iter().filter(|(command, _)| command.len() > 4 && command[1] == 0x20).count()
}
