//! Somebody else's client on our simulated card: `myna-card` 3.3.4 (MIT), the most thorough public measurement of real cards.
//!
//! What it takes for a card's answer is what real cards were seen to answer, so this is no mirror of our own client. It is
//! asked for everything but the individual number.

use super::bench::{NUMBER_B, adult};
use honnin::simulator::SimulatedCard;
use myna_card::ap::common::CommonAp;
use myna_card::ap::jpki::{JpkiAp, SignatureScheme};
use myna_card::ap::surface::SurfaceAp;
use myna_card::ap::text::TextAp;
use myna_card::data::{Date, ImageFormat, Sex};
use myna_card::{Card, Command, Error, MasterFile, Pin, Retries, RsaPublicKey, TokenType, Transmit};
use rsa::pkcs8::DecodePublicKey as _;
use rsa::{BigUint, Pkcs1v15Sign, Pss};
use sha2::{Digest as _, Sha256};

struct Link(SimulatedCard);

impl Transmit for Link {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        self.0.transmit(command).map_err(|_| Error::NoReader)
    }
}

fn card() -> Card<Link> {
    Card::new(Link(SimulatedCard::from_file(adult().card.clone()).unwrap()))
}

fn public_key(key: &RsaPublicKey) -> rsa::RsaPublicKey {
    rsa::RsaPublicKey::new(BigUint::from_bytes_be(&key.modulus), BigUint::from_bytes_be(&key.exponent)).unwrap()
}

/// Whether `signature` is `key`'s over SHA-256 of `data`.
fn signed(key: &RsaPublicKey, data: &[u8], signature: &[u8]) -> bool {
    public_key(key).verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(data), signature).is_ok()
}

fn key_of(certificate: &[u8]) -> rsa::RsaPublicKey {
    use x509_cert::der::{Decode as _, Encode as _};
    let certificate = x509_cert::Certificate::from_der(certificate).unwrap();
    let info = certificate.tbs_certificate.subject_public_key_info.to_der().unwrap();
    rsa::RsaPublicKey::from_public_key_der(&info).unwrap()
}

#[test]
fn it_reads_tokens_counters_and_certificates() {
    let issued = adult();
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    assert_eq!(jpki.read_token_type().unwrap(), TokenType::Card);
    let token = jpki.read_token_info().unwrap();
    assert_eq!((token.max_pin_len, token.min_pin_len, token.flags, token.model.as_str()), (16, 6, 0x40D, "E16R01NJ"));
    let available = jpki.read_certificate_availability().unwrap();
    assert!(available.has_sign_certificate() && available.has_auth_certificate());
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Remaining(3));
    assert_eq!(jpki.sign_pin_retries().unwrap(), Retries::Remaining(5));
    assert_eq!(jpki.read_auth_certificate_der().unwrap(), issued.user_authentication_certificate.der);
    assert_eq!(jpki.read_auth_ca_certificate_der().unwrap(), issued.user_authentication_ca.certificate());
    assert_eq!(jpki.read_sign_ca_certificate_der().unwrap(), issued.digital_signature_ca.certificate());
    assert!(matches!(jpki.read_sign_certificate_der(), Err(Error::Status(word)) if word.value() == 0x6982));
    jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
    let signing = &issued.digital_signature_certificate.as_ref().unwrap().der;
    assert_eq!(&jpki.read_sign_certificate_der().unwrap(), signing);
}

#[test]
fn every_scheme_of_the_signing_command_verifies() {
    let issued = adult();
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let message = b"synthetic text";
    let hash = Sha256::digest(message);
    assert!(
        matches!(jpki.sign_with_auth_key(SignatureScheme::Sha256Bare, message), Err(Error::Status(word)) if word.value() == 0x6982)
    );
    jpki.verify_auth_pin(&Pin::numeric("1234").unwrap()).unwrap();
    jpki.verify_sign_pin(&Pin::new("ABC123").unwrap()).unwrap();
    let authentication = key_of(&issued.user_authentication_certificate.der);
    let signing = key_of(&issued.digital_signature_certificate.as_ref().unwrap().der);
    for (scheme, input) in [
        (SignatureScheme::Sha256Bare, &message[..]),
        (SignatureScheme::PreHashedDigestInfo, &hash[..]),
        (SignatureScheme::Sha256DigestInfo, &message[..]),
        (SignatureScheme::PreHashedPss, &hash[..]),
        (SignatureScheme::Sha256Pss, &message[..]),
    ] {
        for (key, signature) in [
            (&authentication, jpki.sign_with_auth_key(scheme, input).unwrap()),
            (&signing, jpki.sign_with_sign_key(scheme, input).unwrap()),
        ] {
            let right = match scheme {
                SignatureScheme::Sha256Bare => key.verify(Pkcs1v15Sign::new_unprefixed(), &hash, &signature),
                SignatureScheme::PreHashedPss | SignatureScheme::Sha256Pss => {
                    key.verify(Pss::new::<Sha256>(), &hash, &signature)
                }
                _ => key.verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &signature),
            };
            assert!(right.is_ok(), "{scheme:?}");
        }
    }
}

#[test]
fn wrong_blocked_and_changed_secrets_are_what_it_expects() {
    let mut card = card();
    let mut jpki = JpkiAp::select(&mut card).unwrap();
    let (old, new) = (Pin::numeric("1234").unwrap(), Pin::numeric("4321").unwrap());
    for left in [2, 1] {
        let wrong = jpki.verify_auth_pin(&new);
        assert!(matches!(wrong, Err(Error::PinIncorrect { retries: Some(n) }) if n == left), "{wrong:?}");
    }
    jpki.change_auth_pin(&old, &new).unwrap();
    jpki.verify_auth_pin(&new).unwrap();
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::NotReported, "verified hides the count");
    for _ in 0..3 {
        let _ = jpki.verify_auth_pin(&old);
    }
    assert!(matches!(jpki.verify_auth_pin(&new), Err(Error::PinBlocked)));
    assert_eq!(jpki.auth_pin_retries().unwrap(), Retries::Blocked);

    let mut text = TextAp::select(&mut card).unwrap();
    assert_eq!(text.retries(0x12).unwrap(), Retries::Blocked);
    text.change_pin(&Pin::numeric("5678").unwrap(), &new).unwrap();
    text.verify_pin(&new).unwrap();
    let mut common = CommonAp::select(&mut card).unwrap();
    assert_eq!(common.pin_retries().unwrap(), Retries::Remaining(3));
    common.change_pin(&Pin::numeric("9012").unwrap(), &new).unwrap();
    common.verify_pin(&new).unwrap();
}

#[test]
fn it_reads_the_attributes_and_finds_their_chain_whole() {
    let issued = adult();
    let mut card = card();
    let mut text = TextAp::select(&mut card).unwrap();
    assert!(matches!(text.read_attributes(), Err(Error::Status(word)) if word.value() == 0x6982));
    text.verify_pin(&Pin::numeric("5678").unwrap()).unwrap();
    let attributes = text.read_attributes().unwrap();
    assert_eq!((attributes.name.as_str(), &attributes.address), ("見本　太郎", &issued.holder.address));
    assert_eq!((attributes.birth_date, attributes.sex), (Date { year: 1980, month: 2, day: 17 }, Sex::Male));
    let certificate = text.read_certificate().unwrap();
    let record = text.read_integrity_record().unwrap();
    assert!(signed(&certificate.public_key, &record.signed_data, &record.signature));
    let file = text.read_ef(0x0002).unwrap();
    let digested = myna_card::ap::text::Attributes::digest_source(&file).unwrap();
    assert_eq!(record.attributes_digest[..], Sha256::digest(digested)[..]);
    // The card's own key answers a challenge (card.md §5.3), and the signer vouches for it.
    let own = text.read_signed_public_key().unwrap();
    assert!(signed(&certificate.public_key, &own.signed_data, &own.signature));
    let info =
        [&hex::decode("3031300d060960864801650304020105000420").unwrap()[..], &Sha256::digest(b"challenge")].concat();
    let answer = text.card().call_ok(&Command::with_data_le(0x80, 0x2A, 0x00, 0x00, info, 256)).unwrap();
    assert!(signed(&own.public_key, b"challenge", &answer));
    assert_eq!(text.read_ap_basic_data().unwrap().identification.extended_lc_le_support, 3);
    // 照合番号B opens the attributes too.
    MasterFile::select(&mut card).unwrap();
    let mut text = TextAp::select(&mut card).unwrap();
    text.verify_code_b(&Pin::numeric(NUMBER_B).unwrap()).unwrap();
    assert_eq!(text.read_attributes().unwrap().name, attributes.name);
}

#[test]
fn it_reads_the_face_the_birth_date_and_what_is_free() {
    let mut card = card();
    let mut surface = SurfaceAp::select(&mut card).unwrap();
    assert_eq!(surface.read_ap_basic_data().unwrap().municipality_code, "13101");
    let certificate = surface.read_certificate().unwrap();
    surface.verify_birth_date(&Pin::numeric("550217").unwrap()).unwrap();
    let age = surface.read_age_record().unwrap();
    assert!(signed(&certificate.public_key, &age.signed_data, &age.signature));
    surface.verify_code_b(&Pin::numeric(NUMBER_B).unwrap()).unwrap();
    let face = surface.read_card_face().unwrap();
    assert_eq!((face.birth_date, face.expiry.year), (Date { year: 1980, month: 2, day: 17 }, 2030));
    assert_eq!((face.photo.format, face.name_image.format), (ImageFormat::Jpeg2000, ImageFormat::Png));
    let digests: Vec<u8> = face.signed_segments.iter().flat_map(Sha256::digest).collect();
    let info = [&hex::decode("3071300d060960864801650304020105000460").unwrap()[..], &digests].concat();
    let right = public_key(&certificate.public_key).verify(Pkcs1v15Sign::new_unprefixed(), &info, &face.signature);
    assert!(right.is_ok());
    let mut common = CommonAp::select(&mut card).unwrap();
    let about = common.read_card_info().unwrap();
    assert_eq!((about.municipality_code.as_str(), about.expiry), ("13101", face.expiry));
}

#[test]
fn it_finds_the_issuers_certificates_a_chain() {
    let mut card = card();
    assert_eq!(card.contact_atr().unwrap(), adult().card.atr);
    let mut domain = MasterFile::select(&mut card).unwrap();
    let chain = domain.certificate_chain().unwrap();
    assert_eq!(chain.len(), 2);
    assert_eq!(chain[0].subject_key_id, chain[1].issuer_key_id);
    assert!(signed(&chain[0].public_key, &chain[1].signed_data, &chain[1].signature));
    assert_eq!(domain.data_object(0x00F7).unwrap(), chain[0].subject_key_id.as_bytes());
    assert!(matches!(domain.data_object(0x0066), Err(Error::Status(word)) if word.value() == 0x6A88));
    assert_eq!(domain.card().get_challenge(8).unwrap().len(), 8);
}
