//! A synthetic holder who signs with a simulated card, spoken to in plain APDUs, and the lists of the authority behind it.

use crate::stores::AT;
use honnin::anchors::AnchorSet;
use honnin::apdu::{CommandApdu, ResponseApdu};
use honnin::authority::{Issued, Persona, RevocationReason, RevokedEntry, create};
use honnin::card::{Access, CardError, Caution, Channel, ChannelError, Key as CardKey, Session, jpki};
use honnin::certificate::Certificate;
use honnin::evidence::Grounds;
use honnin::proof::{Challenge, Placement, SigningRequest};
use honnin::secret::{Secret, SecretKind};
use honnin::simulator::SimulatedCard;
use honnin::time::UnixTime;
use honnin::validation::{Crl, Materials};
use std::sync::OnceLock;

pub(crate) const DAY: i64 = 86_400;

/// 見本 太郎 or whoever the authority invents; one for all tests, because making keys takes a second each.
pub(crate) fn issued() -> &'static Issued {
    static ISSUED: OnceLock<Issued> = OnceLock::new();
    ISSUED.get_or_init(|| create(Persona::Adult, AT, &mut rand_core::OsRng).unwrap())
}

/// 見本 崎子, another person, under an authority of her own.
pub(crate) fn other() -> &'static Issued {
    static ISSUED: OnceLock<Issued> = OnceLock::new();
    ISSUED.get_or_init(|| create(Persona::SubstituteCharacters, AT, &mut rand_core::OsRng).unwrap())
}

/// Anchors that trust the synthetic authorities.
pub(crate) fn anchors() -> AnchorSet {
    anchors_of(&[issued()])
}

pub(crate) fn anchors_of(persons: &[&Issued]) -> AnchorSet {
    persons
        .iter()
        .flat_map(|issued| [&issued.digital_signature_ca, &issued.user_authentication_ca])
        .fold(AnchorSet::none(), |anchors, authority| {
            anchors.with_certificate(Certificate::from_der(authority.certificate()).unwrap(), None)
        })
}

/// The list of the signing authority, valid for two days from `this_update`.
pub(crate) fn list(this_update: UnixTime, revoked: bool) -> Vec<Crl> {
    list_of(issued(), this_update, revoked)
}

pub(crate) fn list_of(issued: &Issued, this_update: UnixTime, revoked: bool) -> Vec<Crl> {
    let serial = issued.digital_signature_certificate.as_ref().unwrap().serial;
    let entry =
        RevokedEntry { serial, at: this_update.plus_seconds(-DAY), reason: Some(RevocationReason::AffiliationChanged) };
    let entries = if revoked { vec![entry] } else { Vec::new() };
    let der = issued
        .digital_signature_ca
        .revocation_list(this_update, this_update.plus_seconds(2 * DAY), &entries, Some(&issued.holder.municipality))
        .unwrap();
    vec![Crl::from_der(&der).unwrap()]
}

pub(crate) fn grounds<'a>(anchors: &'a AnchorSet, lists: &'a [Crl]) -> Grounds<'a> {
    Grounds { materials: Materials { crls: lists, ..Materials::default() }, anchors, taints: &[] }
}

/// A key of the card: its certificate, its EF, its PIN's EF and its PIN.
pub(crate) struct Key {
    issued: &'static Issued,
    pub(crate) certificate: &'static [u8],
    key: [u8; 2],
    pin: [u8; 2],
    secret: &'static [u8],
}

pub(crate) fn signing_key() -> Key {
    signing_key_of(issued())
}

fn signing_key_of(issued: &'static Issued) -> Key {
    let certificate = &issued.digital_signature_certificate.as_ref().unwrap().der;
    Key { issued, certificate, key: [0x00, 0x1A], pin: [0x00, 0x1B], secret: b"ABC123" }
}

pub(crate) fn authentication_key() -> Key {
    let certificate = &issued().user_authentication_certificate.der;
    Key { issued: issued(), certificate, key: [0x00, 0x17], pin: [0x00, 0x18], secret: b"1234" }
}

/// card.md §5: select the application, verify the PIN, select the key, compute the signature over a DigestInfo.
fn sign_on_card(key: &Key, digest_info: &[u8]) -> Vec<u8> {
    let mut card = SimulatedCard::from_file(key.issued.card.clone()).unwrap();
    let mut send = |parts: &[&[u8]]| {
        let mut answer = card.transmit(&parts.concat()).unwrap();
        let status = answer.split_off(answer.len() - 2);
        assert_eq!(status, [0x90, 0x00]);
        answer
    };
    let length = |bytes: &[u8]| [u8::try_from(bytes.len()).unwrap()];
    send(&[b"\x00\xA4\x04\x0C\x0A", b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01"]);
    send(&[b"\x00\xA4\x02\x0C\x02", &key.pin]);
    send(&[b"\x00\x20\x00\x80", &length(key.secret), key.secret]);
    send(&[b"\x00\xA4\x02\x0C\x02", &key.key]);
    send(&[b"\x80\x2A\x00\x80", &length(digest_info), digest_info, b"\x00"])
}

/// A card that is lifted off the antenna after so many commands.
struct Lifted {
    card: SimulatedCard,
    left: usize,
}

impl Channel for Lifted {
    fn transmit(&mut self, command: &CommandApdu) -> Result<ResponseApdu, ChannelError> {
        self.left = self.left.checked_sub(1).ok_or(ChannelError::Removed)?;
        self.card.power_on();
        let answer = self.card.transmit(command.wire().expose()).map_err(|_| ChannelError::Removed)?;
        ResponseApdu::from_bytes(&answer).map_err(|_| ChannelError::NoStatusWord)
    }

    fn access(&self) -> Access {
        Access::Exclusive
    }

    fn reconnect(&mut self) -> Result<(), ChannelError> {
        Err(ChannelError::Removed)
    }
}

/// Signs by our own card procedures, with a card that is lifted after so many commands.
pub(crate) fn sign_until_lifted(after: usize) -> Result<(), CardError> {
    let card = SimulatedCard::from_file(issued().card.clone()).unwrap();
    let (pin, _) = Secret::new(SecretKind::DigitalSignature, signing_key().secret).unwrap();
    Session::new(Lifted { card, left: after }).run(async |card| {
        jpki::select(card).await?;
        let unlocked = jpki::unlock(card, CardKey::DigitalSignature, &pin, Caution::default()).await?;
        jpki::sign(card, &unlocked, &[0x5A; 51]).await.map(drop)
    })
}

pub(crate) fn sign_bytes(key: &Key, content: &[u8], placement: Placement) -> Vec<u8> {
    let request = SigningRequest::new(content, key.certificate, placement, Some(AT)).unwrap();
    request.attach(&sign_on_card(key, &request.digest_info())).unwrap()
}

/// The proof: a CMS SignedData over the challenge's statement.
pub(crate) fn prove(challenge: &Challenge) -> Vec<u8> {
    prove_as(issued(), challenge)
}

pub(crate) fn prove_as(issued: &'static Issued, challenge: &Challenge) -> Vec<u8> {
    sign_bytes(&signing_key_of(issued), challenge.statement().as_bytes(), Placement::Attached)
}
