//! Reads of extended length: asked for, taken where they work, and never needed.

use super::bench::{Fault, PROCEDURES, Reader};
use honnin::card::{CertificateFile, ExtendedReads, Session, jpki};
use std::cell::RefCell;
use std::rc::Rc;

/// What a session that tries extended reads was told of them while `reader` gave it the authentication certificate, whole.
fn read(reader: &Reader) -> Vec<ExtendedReads> {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&heard);
    let mut session: Session<Reader> =
        reader.session().reading_extended(move |outcome| told.borrow_mut().push(outcome));
    let certificate = session.run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, CertificateFile::UserAuthentication).await
    });
    assert_eq!(heard.borrow().last().copied().unwrap_or(ExtendedReads::ToBeTried), session.extended_reads());
    drop(session);
    assert!(*certificate.unwrap() == certificate_of_the_adult(), "{:?}", reader.commands());
    Rc::try_unwrap(heard).unwrap().into_inner()
}

fn certificate_of_the_adult() -> Vec<u8> {
    super::bench::adult().user_authentication_certificate.der.clone()
}

#[test]
fn a_whole_certificate_comes_in_one_read() {
    let reader = Reader::adult();
    assert_eq!(read(&reader), [ExtendedReads::Worked]);
    // SELECT, READ, and the ISD: card.md §10.
    assert_eq!(reader.commands()[1..], ["00B08A00000000", "00A4040C07A0000001510000"]);
}

#[test]
fn nobody_reads_so_without_being_asked() {
    for procedure in PROCEDURES.iter().filter(|procedure| !procedure.extended) {
        let reader = Reader::adult();
        procedure.right(&reader).unwrap();
        let extended = reader.log().iter().any(|(command, _)| command.len() > 6 && command[1] == 0xB0);
        assert!(!extended, "{}: {:?}", procedure.name, reader.commands());
    }
}

#[test]
fn what_refuses_them_is_asked_once_and_then_read_as_ever() {
    let refused = [ExtendedReads::Refused];
    let reader = Reader::switched(|switches| switches.refuse_extended = true);
    assert_eq!(read(&reader), refused);
    assert_eq!(reader.commands()[1..3], ["00B08A00000000", "00B08A0000"]);
    // A reader that breaks on them, and one that hands on garbage, another status word, or the first 256 bytes alone.
    let block = [&certificate_of_the_adult()[..256], &[0x90, 0x00]].concat();
    for fault in [
        Fault::Broken,
        Fault::Answer(vec![0x6F, 0x00]),
        Fault::Answer(vec![0x69, 0x85]),
        Fault::Answer(vec![0x6D, 0x00]),
        Fault::Answer(block),
        Fault::CutShort,
    ] {
        let reader = Reader::adult().with_fault(1, fault.clone());
        assert_eq!(read(&reader), refused, "{fault:?}");
        let tried =
            reader.commands().iter().filter(|command| command.len() > 12 && command.starts_with("00B0")).count();
        assert!(tried <= 1, "{fault:?}: {:?}", reader.commands());
    }
}

#[test]
fn what_is_not_about_the_length_is_not_held_against_the_reader() {
    // Without short identifiers 6A86 comes first; a long answer in parts, and one whose length is corrected, are answers.
    let reader = Reader::switched(|switches| switches.refuse_short_identifiers = true);
    assert_eq!(read(&reader), [], "nothing was found out of lengths");
    let parts = Reader::switched(|switches| switches.answer_61xx = true);
    assert_eq!(read(&parts), [ExtendedReads::Worked]);
    let corrected = Reader::switched(|switches| switches.answer_6cxx = true);
    assert_eq!(read(&corrected), [ExtendedReads::Worked]);
    // A phone's certificate is locked, whichever way it is asked for.
    let phone =
        honnin::authority::create(honnin::authority::Persona::Android, super::bench::at(), &mut rand_core::OsRng);
    let reader = Reader::new(phone.unwrap().card);
    let mut session = reader.session().reading_extended(|_| panic!("nothing was found out"));
    let outcome = session.run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, CertificateFile::UserAuthentication).await
    });
    assert_eq!(outcome.unwrap_err().reason(), honnin::reason::Reason::CardTypeNotAccepted);
}

#[test]
fn a_refusal_outlives_a_restart_of_the_procedure() {
    let reader = Reader::switched(|switches| switches.refuse_extended = true).with_fault(3, Fault::Reset);
    assert_eq!(read(&reader), [ExtendedReads::Refused]);
    assert_eq!(reader.reconnections(), 1);
    let tried = reader.commands().iter().filter(|command| *command == "00B08A00000000").count();
    assert_eq!(tried, 1, "{:?}", reader.commands());
}
