//! A card that answers anything: every procedure ends, within bounds, and spends no attempt that it was not told to spend.

use honnin::anchors::CardVerifiableKeys;
use honnin::apdu::{CommandApdu, ResponseApdu, Sent};
use honnin::card::{
    Access, CardError, Caution, Channel, ChannelError, Key, Session, survey_every_counter, survey_pins,
};
use honnin::holder::{SittingError, look_over, read_attributes, read_face, sign};
use honnin::proof::Placement;
use honnin::secret::{Secret, SecretKind};
use std::cell::Cell;
use std::rc::Rc;

/// Answers: a length, so many bytes of data (256 for `FD`), two of status; at the end the bytes run out and the card is gone.
struct Hostile<'a> {
    answers: &'a [u8],
    secrets: Rc<Cell<usize>>,
}

impl Channel for Hostile<'_> {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        if command.sent() == Sent::Secret {
            self.secrets.set(self.secrets.get() + 1);
        }
        let Some((length, rest)) = self.answers.split_first() else { return Err(ChannelError::Removed) };
        match length {
            // A repeated answer costs the fuzzer nothing: 256 bytes of one kind.
            0xFE => {
                let (byte, rest) = rest.split_first().ok_or(ChannelError::Removed)?;
                self.answers = rest;
                ResponseApdu::from_bytes(&[&[*byte; 256][..], &[0x90, 0]].concat())
                    .map_err(|_| ChannelError::NoStatusWord)
            }
            0xFF => {
                self.answers = rest;
                Err(ChannelError::Reset)
            }
            length => {
                let data = if *length == 0xFD { 256 } else { usize::from(*length) };
                let end = (data + 2).min(rest.len());
                let (answer, rest) = rest.split_at(end);
                self.answers = rest;
                ResponseApdu::from_bytes(answer).map_err(|_| ChannelError::NoStatusWord)
            }
        }
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        Ok(())
    }
}

/// More exchanges than any procedure has over any card: 16 KB in blocks of 128 bytes, each collected in two, four times.
const MOST_EXCHANGES: usize = 2000;

pub fn hold(data: &[u8]) {
    let Some((which, answers)) = data.split_first() else { return };
    let secrets = Rc::new(Cell::new(0));
    let mut session = Session::new(Hostile { answers, secrets: Rc::clone(&secrets) });
    let caution =
        Caution { allow_last_try: which & 0x10 != 0, allow_unknown_tries: which & 0x20 != 0, shown_tries: None };
    let secret = |kind, typed: &[u8]| Secret::new(kind, typed).expect("a secret").0;
    let at = "2026-11-22T03:00:00Z".parse().expect("an instant");
    let mut spent = 1;
    match which % 6 {
        0 => {
            spent = 0;
            let _ = session.run(async |card| look_over(card).await);
        }
        1 => {
            spent = 0;
            let _ = session.run(async |card| survey_every_counter(card).await);
            let _ = session.run(async |card| survey_pins(card).await);
        }
        2 => {
            let pin = secret(SecretKind::InputSupport, b"1234");
            let keys = CardVerifiableKeys::known();
            let read = session.run(async |card| read_attributes(card, &pin, caution, Some(&keys)).await);
            assert!(read.is_err() || secrets.get() == 1, "attributes without a secret");
        }
        3 => {
            let number = secret(SecretKind::NumberB, b"55021720352285");
            let keys = CardVerifiableKeys::known();
            let read = session.run(async |card| read_face(card, &number, caution, &keys).await);
            assert!(read.is_err() || secrets.get() == 1, "a face without a secret");
        }
        4 => {
            let pin = secret(SecretKind::UserAuthentication, b"1234");
            let (key, place) = (Key::UserAuthentication, Placement::Attached);
            let signed: Result<_, SittingError> =
                session.run(async |card| sign(card, key, &pin, caution, b"other content", place, at).await);
            // Nobody here has a key, and the signature of the seed is over another content.
            assert!(signed.is_err(), "a signature out of nothing");
        }
        _ => {
            spent = 0;
            let file = honnin::card::CertificateFile::UserAuthenticationCa;
            let _: Result<_, CardError> = session.run(async |card| {
                honnin::card::jpki::select(card).await?;
                honnin::card::jpki::read_certificate(card, file).await
            });
        }
    }
    assert!(secrets.get() <= spent, "{} secrets sent, {spent} allowed", secrets.get());
    assert!(session.exchanges() <= MOST_EXCHANGES, "{} exchanges", session.exchanges());
}
