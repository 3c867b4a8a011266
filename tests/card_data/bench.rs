//! A reader with a simulated card in it, whose link can be made to fail at any command, and every procedure of the client.

use honnin::anchors::CardVerifiableKeys;
use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::authority::{Issued, Persona, create};
use honnin::card::{
    Access, Caution, CertificateFile, Channel, ChannelError, Key, KnownSecret, Session, change_secret, detect, jpki,
    survey, survey_counters, survey_every_counter, survey_pins,
};
use honnin::doctor;
use honnin::holder::{self, SittingError};
use honnin::observation::observe;
use honnin::proof::Placement;
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::{CardFile, SimulatedCard, Switches};
use honnin::time::UnixTime;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

/// What happens at one command.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The card is lifted before the command reaches it.
    RemovedBefore,
    /// The card is lifted after it executed the command; the answer is lost.
    RemovedAfter,
    /// The card executes the command, and other bytes arrive.
    Answer(Vec<u8>),
    /// The answer arrives without its last data bytes, its status word whole.
    CutShort,
    /// Another program resets the card before the command reaches it.
    Reset,
    /// The reader cannot carry the command.
    Broken,
}

struct Slot {
    card: SimulatedCard,
    /// What a person types on the pad.
    typed: Vec<u8>,
    fault: Option<(usize, Fault)>,
    count: usize,
    gone: bool,
    reconnections: usize,
}

/// A reader that stays inspectable after the session let go of it.
#[derive(Clone)]
pub(crate) struct Reader(Rc<RefCell<Slot>>);

impl Reader {
    pub(crate) fn new(file: CardFile) -> Self {
        let card = SimulatedCard::from_file(file).unwrap();
        Self(Rc::new(RefCell::new(Slot {
            card,
            typed: Vec::new(),
            fault: None,
            count: 0,
            gone: false,
            reconnections: 0,
        })))
    }

    /// The adult's card.
    pub(crate) fn adult() -> Self {
        Self::new(adult().card.clone())
    }

    pub(crate) fn switched(set: impl FnOnce(&mut Switches)) -> Self {
        let mut file = adult().card.clone();
        set(&mut file.switches);
        Self::new(file)
    }

    /// Lets `fault` happen at the command of this number, counted from 0.
    pub(crate) fn with_fault(self, at: usize, fault: Fault) -> Self {
        self.0.borrow_mut().fault = Some((at, fault));
        self
    }

    pub(crate) fn session(&self) -> Session<Self> {
        Session::new(self.clone())
    }

    /// What the card itself was told, and what it answered.
    pub(crate) fn log(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.0.borrow().card.log().to_vec()
    }

    pub(crate) fn commands(&self) -> Vec<String> {
        self.log().iter().map(|(command, _)| hex::encode_upper(command)).collect()
    }

    pub(crate) fn reconnections(&self) -> usize {
        self.0.borrow().reconnections
    }

    /// Attempts left, read from the card's own data.
    pub(crate) fn tries(&self, application: &str, pin: u16) -> u8 {
        let slot = self.0.borrow();
        let found = slot.card.file().applications.iter().find(|it| it.name == application).unwrap();
        found.pins.iter().find(|it| it.id.0 == pin).unwrap().tries
    }

    /// A card like this one, in the same state but for the attempts left.
    pub(crate) fn with_tries(&self, application: &str, pin: u16, tries: u8) -> Self {
        let mut file = self.0.borrow().card.file().clone();
        let found = file.applications.iter_mut().find(|it| it.name == application).unwrap();
        found.pins.iter_mut().find(|it| it.id.0 == pin).unwrap().tries = tries;
        Self::new(file)
    }

    pub(crate) fn secret(&self, application: &str, pin: u16) -> Vec<u8> {
        let slot = self.0.borrow();
        let found = slot.card.file().applications.iter().find(|it| it.name == application).unwrap();
        found.pins.iter().find(|it| it.id.0 == pin).unwrap().secret.clone()
    }
}

impl Channel for Reader {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.carry(command.wire().expose())
    }

    fn has_pin_pad(&mut self) -> bool {
        true
    }

    /// As a reader does it: the digits go behind the header, and the computer sees the answer only.
    fn transmit_typed(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        let typed = self.0.borrow().typed.clone();
        assert_eq!(command.digits_typed_on_reader(), Some(4));
        self.carry(&[&command.header()[..], &[u8::try_from(typed.len()).unwrap()], &typed].concat())
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        let mut slot = self.0.borrow_mut();
        slot.reconnections += 1;
        slot.card.power_on();
        if slot.gone { Err(ChannelError::Removed) } else { Ok(()) }
    }
}

impl Reader {
    fn carry(&self, command: &[u8]) -> Result<ResponseApdu, ChannelError> {
        let mut slot = self.0.borrow_mut();
        if slot.gone {
            return Err(ChannelError::Removed);
        }
        let at = slot.count;
        slot.count += 1;
        let fault = slot.fault.clone().filter(|(when, _)| *when == at).map(|(_, fault)| fault);
        match fault {
            Some(Fault::RemovedBefore) => {
                slot.gone = true;
                return Err(ChannelError::Removed);
            }
            Some(Fault::Reset) => {
                slot.card.power_off();
                return Err(ChannelError::Reset);
            }
            Some(Fault::Broken) => return Err(ChannelError::Broken { code: "NotTransacted".into() }),
            _ => {}
        }
        slot.card.power_on();
        let mut answer = slot.card.transmit(command).map_err(|_| ChannelError::Removed)?;
        match fault {
            Some(Fault::RemovedAfter) => {
                slot.gone = true;
                return Err(ChannelError::Removed);
            }
            Some(Fault::Answer(bytes)) => answer = bytes,
            Some(Fault::CutShort) if answer.len() > 2 => {
                answer.drain(answer.len() / 2..answer.len() - 2);
            }
            _ => {}
        }
        ResponseApdu::from_bytes(&answer).map_err(|_| ChannelError::NoStatusWord)
    }
}

pub(crate) fn at() -> UnixTime {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

pub(crate) fn adult() -> &'static Issued {
    static ADULT: OnceLock<Issued> = OnceLock::new();
    ADULT.get_or_init(|| create(Persona::Adult, at(), &mut rand_core::OsRng).unwrap())
}

pub(crate) fn keys() -> CardVerifiableKeys {
    CardVerifiableKeys::known().with_file(&adult().card_verifiable.authority_keys()).unwrap()
}

pub(crate) fn secret(kind: SecretKind, typed: &str) -> Secret {
    Secret::new(kind, typed.as_bytes()).unwrap().0
}

/// A procedure of the client, with the secret it presents: the application's name and EF on the card, and the right value.
pub(crate) struct Procedure {
    pub(crate) name: &'static str,
    pub(crate) secret: Option<(&'static str, u16, SecretKind, &'static str)>,
    /// Whether it is run with extended reads.
    pub(crate) extended: bool,
    /// Whether the secret is typed on the reader's own pad.
    pub(crate) pad: bool,
    pub(crate) run: fn(&mut Session<Reader>, &Secret) -> Result<(), SittingError>,
}

const AUTHENTICATION: Option<(&str, u16, SecretKind, &str)> =
    Some(("jpki", 0x18, SecretKind::UserAuthentication, "1234"));
const SIGNATURE: Option<(&str, u16, SecretKind, &str)> = Some(("jpki", 0x1B, SecretKind::DigitalSignature, "ABC123"));
const INPUT_SUPPORT: Option<(&str, u16, SecretKind, &str)> =
    Some(("input support", 0x11, SecretKind::InputSupport, "5678"));
/// 照合番号B of the adult, whose card ends in 2030.
pub(crate) const NUMBER_B: &str = "55021720302285";

/// The two JPKI secrets, the PIN and both numbers of the input support application, both numbers of the surface application.
pub(crate) const SEVEN: [KnownSecret; 7] = [
    KnownSecret::UserAuthentication,
    KnownSecret::DigitalSignature,
    KnownSecret::InputSupport,
    KnownSecret::InputSupportNumberA,
    KnownSecret::InputSupportNumberB,
    KnownSecret::SurfaceNumberB,
    KnownSecret::SurfaceNumberA,
];

/// Procedures that try out what the others avoid: the same bytes in several lengths, reads past an end, refusals.
pub(crate) const TRIALS: &[Procedure] = &[
    Procedure {
        name: "look at the link",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| doctor::try_blocks(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "guess at another card",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| doctor::guess(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "confirming of facts",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| observe(card, None).await)?;
            Ok(())
        },
    },
];

/// Every other procedure there is.
pub(crate) const PROCEDURES: &[Procedure] = &[
    Procedure {
        name: "detection",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| detect(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "survey of seven counters",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| survey_counters(card, &SEVEN).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "authentication certificate, extended",
        secret: None,
        extended: true,
        pad: false,
        run: |session, _| read(session, CertificateFile::UserAuthentication),
    },
    Procedure {
        name: "signing certificate, extended",
        secret: SIGNATURE,
        extended: true,
        pad: false,
        run: signing_certificate,
    },
    Procedure {
        name: "face, extended",
        secret: Some(("surface", 0x12, SecretKind::NumberB, NUMBER_B)),
        extended: true,
        pad: false,
        run: face,
    },
    Procedure {
        name: "survey",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| survey(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "look over",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| holder::look_over(card).await)?;
            Ok(())
        },
    },
    Procedure { name: "details", secret: None, extended: false, pad: false, run: details },
    Procedure { name: "details, extended", secret: None, extended: true, pad: false, run: details },
    Procedure {
        name: "survey of the three counters",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| survey_pins(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "survey of every counter",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| {
            session.run(async |card| survey_every_counter(card).await)?;
            Ok(())
        },
    },
    Procedure {
        name: "authentication certificate",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| read(session, CertificateFile::UserAuthentication),
    },
    Procedure {
        name: "authentication CA certificate",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| read(session, CertificateFile::UserAuthenticationCa),
    },
    Procedure {
        name: "signing CA certificate",
        secret: None,
        extended: false,
        pad: false,
        run: |session, _| read(session, CertificateFile::DigitalSignatureCa),
    },
    Procedure { name: "signing certificate", secret: SIGNATURE, extended: false, pad: false, run: signing_certificate },
    Procedure {
        name: "signature with the authentication key",
        secret: AUTHENTICATION,
        extended: false,
        pad: false,
        run: |session, secret| sign(session, Key::UserAuthentication, secret),
    },
    Procedure {
        name: "signature with the signing key",
        secret: SIGNATURE,
        extended: false,
        pad: false,
        run: |session, secret| sign(session, Key::DigitalSignature, secret),
    },
    Procedure {
        name: "signature, its PIN typed on the reader",
        secret: AUTHENTICATION,
        extended: false,
        pad: true,
        run: |session, secret| sign(session, Key::UserAuthentication, secret),
    },
    Procedure {
        name: "attributes, their PIN typed on the reader",
        secret: INPUT_SUPPORT,
        extended: false,
        pad: true,
        run: |session, secret| {
            session.run(async |card| holder::read_attributes(card, secret, Caution::default(), None).await).map(drop)
        },
    },
    Procedure {
        name: "signed file",
        secret: SIGNATURE,
        extended: false,
        pad: false,
        run: |session, secret| {
            let (key, caution, placement) = (Key::DigitalSignature, Caution::default(), Placement::Detached);
            session.run(async |card| holder::sign(card, key, secret, caution, b"text", placement, at()).await).map(drop)
        },
    },
    Procedure {
        name: "attributes by PIN",
        secret: INPUT_SUPPORT,
        extended: false,
        pad: false,
        run: |session, secret| {
            session.run(async |card| holder::read_attributes(card, secret, Caution::default(), None).await).map(drop)
        },
    },
    Procedure {
        name: "attributes by PIN, proved genuine",
        secret: INPUT_SUPPORT,
        extended: false,
        pad: false,
        run: |session, secret| {
            let keys = keys();
            let read = async |card: &_| holder::read_attributes(card, secret, Caution::default(), Some(&keys)).await;
            session.run(read).map(drop)
        },
    },
    Procedure {
        name: "attributes of this card",
        secret: INPUT_SUPPORT,
        extended: false,
        pad: false,
        run: |session, secret| {
            let keys = keys();
            let read = async |card: &_| {
                holder::read_attributes_of_this_card(card, secret, Caution::default(), &keys, b"challenge").await
            };
            session.run(read).map(drop)
        },
    },
    Procedure {
        name: "attributes by number B",
        secret: Some(("input support", 0x15, SecretKind::NumberB, NUMBER_B)),
        extended: false,
        pad: false,
        run: |session, secret| {
            session.run(async |card| holder::read_attributes(card, secret, Caution::default(), None).await).map(drop)
        },
    },
    Procedure {
        name: "face",
        secret: Some(("surface", 0x12, SecretKind::NumberB, NUMBER_B)),
        extended: false,
        pad: false,
        run: face,
    },
    Procedure {
        name: "change of the authentication PIN",
        secret: AUTHENTICATION,
        extended: false,
        pad: false,
        run: |session, secret| change(session, secret, "4321"),
    },
    Procedure {
        name: "change of the signing password",
        secret: SIGNATURE,
        extended: false,
        pad: false,
        run: |session, secret| change(session, secret, "NEW456"),
    },
    Procedure {
        name: "change of the input support PIN",
        secret: INPUT_SUPPORT,
        extended: false,
        pad: false,
        run: |session, secret| change(session, secret, "8765"),
    },
];

fn read(session: &mut Session<Reader>, which: CertificateFile) -> Result<(), SittingError> {
    session.run(async |card| {
        jpki::select(card).await?;
        jpki::read_certificate(card, which).await?;
        Ok(())
    })
}

fn details(session: &mut Session<Reader>, _: &Secret) -> Result<(), SittingError> {
    session.run(async |card| holder::read_details(card).await)?;
    Ok(())
}

fn signing_certificate(session: &mut Session<Reader>, secret: &Secret) -> Result<(), SittingError> {
    session.run(async |card| {
        jpki::select(card).await?;
        jpki::unlock(card, Key::DigitalSignature, secret, Caution::default()).await?;
        jpki::read_certificate(card, CertificateFile::DigitalSignature).await?;
        Ok(())
    })
}

fn face(session: &mut Session<Reader>, secret: &Secret) -> Result<(), SittingError> {
    let keys = keys();
    session.run(async |card| holder::read_face(card, secret, Caution::default(), &keys).await).map(drop)
}

fn sign(session: &mut Session<Reader>, key: Key, secret: &Secret) -> Result<(), SittingError> {
    session.run(async |card| {
        jpki::select(card).await?;
        let unlocked = jpki::unlock(card, key, secret, Caution::default()).await?;
        jpki::sign(card, &unlocked, &[0x5A; 51]).await?;
        Ok(())
    })
}

fn change(session: &mut Session<Reader>, old: &Secret, new: &str) -> Result<(), SittingError> {
    let new = secret(old.kind(), new);
    Ok(session.run(async |card| change_secret(card, old, &new, Caution::default(), |_| {}).await)?)
}

impl Procedure {
    /// The secret as the program has it: with its bytes, or without them where a person types it on the reader.
    fn given(&self, reader: &Reader, kind: SecretKind, typed: &str) -> Secret {
        if !self.pad {
            return secret(kind, typed);
        }
        reader.0.borrow_mut().typed = typed.as_bytes().to_vec();
        Secret::typed_on_reader(kind).unwrap()
    }

    fn session(&self, reader: &Reader) -> Session<Reader> {
        if self.extended { reader.session().reading_extended(|_| {}) } else { reader.session() }
    }

    /// Runs it with the right secret; the card is left when this returns.
    pub(crate) fn right(&self, reader: &Reader) -> Result<(), SittingError> {
        let (kind, typed) = self.secret.map_or((SecretKind::InputSupport, "0000"), |(_, _, kind, typed)| (kind, typed));
        (self.run)(&mut self.session(reader), &self.given(reader, kind, typed))
    }

    /// Runs it with a wrong secret of the right form.
    pub(crate) fn wrong(&self, reader: &Reader) -> Result<(), SittingError> {
        let (_, _, kind, typed) = self.secret.unwrap();
        let wrong: String = typed.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'Z' }).collect();
        (self.run)(&mut self.session(reader), &self.given(reader, kind, &wrong))
    }
}
