//! Synthetic people, ready to be tried: card, authorities, lists, and what a client must find.
#![allow(clippy::disallowed_types, reason = "the keys of synthetic people are made here, for their simulated card")]

use rand_core::CryptoRngCore;
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::card_verifiable::CardVerifiableHierarchy;
use super::facts::{Attributes, CertificateFacts, Certificates, PersonaFacts, Secrets};
use super::holder::{Holder, Municipality, Sex, day_in_japan, end_in_japan};
use super::issue::{Authority, AuthorityError, IssuedCertificate, Purpose};
use super::persona_card::{self, AUTHENTICATION_PIN, INPUT_SUPPORT_PIN, OnCard, SIGNING_PASSWORD};
use super::revocation::{RevocationReason, RevokedEntry};
use crate::simulator::CardFile;
use crate::time::{UnixTime, Validity};

const DAY: i64 = 86_400;
const YEAR: i64 = 365 * DAY;

/// Who is on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// A grown-up with everything in order.
    Adult,
    /// Ten or eleven years old: no signing certificate.
    Child,
    /// Both certificates ran out.
    Expired,
    /// Both certificates are on their lists: the holder moved, and gave the authentication certificate up.
    Revoked,
    /// All three secrets are blocked.
    Blocked,
    /// All three secrets have one attempt left.
    OneTryLeft,
    /// 顔認証マイナンバーカード: no usable secret, no signing certificate. What its counters answer is not documented; here
    /// they are blocked (card.md §9).
    FaceAuthentication,
    /// スマホ用電子証明書 in an Android phone: the JPKI application alone, its certificate behind the PIN.
    Android,
    /// The same in an iPhone.
    Iphone,
    /// 住民基本台帳カード, the card before this one, as far as its label goes.
    ResidentCard,
    /// Name and address so long that EF 0002 takes several reads.
    LongestAddress,
    /// Characters in name and address that stand in for others.
    SubstituteCharacters,
    /// Name in Latin letters with an alias (通称) behind it.
    ForeignResident,
    /// A card whose two keys are on the curve P-384 and sign SHA-384, as the card to come will. Nothing else of that card
    /// is public, so all the rest is today's (card.md §9).
    EllipticCurve,
}

impl Persona {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Adult,
        Self::Child,
        Self::Expired,
        Self::Revoked,
        Self::Blocked,
        Self::OneTryLeft,
        Self::FaceAuthentication,
        Self::Android,
        Self::Iphone,
        Self::ResidentCard,
        Self::LongestAddress,
        Self::SubstituteCharacters,
        Self::ForeignResident,
        Self::EllipticCurve,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Child => "child",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Blocked => "blocked",
            Self::OneTryLeft => "one-try-left",
            Self::FaceAuthentication => "face-authentication",
            Self::Android => "android",
            Self::Iphone => "iphone",
            Self::ResidentCard => "resident-card",
            Self::LongestAddress => "longest-address",
            Self::SubstituteCharacters => "substitute-characters",
            Self::ForeignResident => "foreign-resident",
            Self::EllipticCurve => "elliptic-curve",
        }
    }

    /// Whether there is a signing certificate.
    const fn signs(self) -> bool {
        !matches!(self, Self::Child | Self::FaceAuthentication)
    }

    /// Whether the card face applications are there.
    pub(super) const fn has_card_face(self) -> bool {
        !matches!(self, Self::Android | Self::Iphone | Self::ResidentCard)
    }
}

impl fmt::Display for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no persona of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such persona; `Persona::ALL` lists them")]
pub struct UnknownPersona;

impl FromStr for Persona {
    type Err = UnknownPersona;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|persona| persona.name() == text).ok_or(UnknownPersona)
    }
}

/// A persona with everything around it. Cloning is cheap beside making one (seven RSA keys).
#[derive(Clone, Debug)]
pub struct Issued {
    /// The card.
    pub card: CardFile,
    /// The hierarchy that signs the card face.
    pub card_verifiable: CardVerifiableHierarchy,
    /// The authority of the signing certificate.
    pub digital_signature_ca: Authority,
    /// The authority of the authentication certificate.
    pub user_authentication_ca: Authority,
    /// The municipality's list of the first authority, DER, valid two days from the instant asked for.
    pub digital_signature_crl: Vec<u8>,
    /// The municipality's list of the second.
    pub user_authentication_crl: Vec<u8>,
    /// The signing certificate, DER; none for a child.
    pub digital_signature_certificate: Option<IssuedCertificate>,
    /// The authentication certificate, DER.
    pub user_authentication_certificate: IssuedCertificate,
    /// The holder.
    pub holder: Holder,
    /// What a client must find.
    pub facts: PersonaFacts,
}

/// Makes a persona as of `at`: certificates issued a year before and valid to the fifth birthday, lists made at `at`
/// and valid for two days.
///
/// # Errors
/// [`AuthorityError`] when a key cannot be made or `at` is outside the years that certificates can name.
pub fn create(persona: Persona, at: UnixTime, rng: &mut impl CryptoRngCore) -> Result<Issued, AuthorityError> {
    let unusable = || AuthorityError::Encoding(der::ErrorKind::DateTime.into());
    let holder = holder(persona, at).ok_or_else(unusable)?;
    // Six years back, the fifth birthday is behind whatever the day.
    let age = if persona == Persona::Expired { 6 * YEAR } else { YEAR };
    let not_before = at.plus_seconds(-age);
    let (last_day, not_after) = holder.birthday_after(not_before, 5).ok_or_else(unusable)?;
    let validity = Validity { not_before, not_after };
    let ca_end = day_in_japan(not_before.plus_seconds(9 * YEAR)).and_then(end_in_japan).ok_or_else(unusable)?;
    let ca_validity = Validity { not_before: not_before.plus_seconds(-YEAR), not_after: ca_end };

    let mut authority = |purpose| Authority::generate(purpose, ca_validity, rng);
    let mut digital_signature_ca = authority(Purpose::DigitalSignature)?;
    let mut user_authentication_ca = authority(Purpose::UserAuthentication)?;
    let authentication_key = KeyPair::generate(persona, rng)?;
    let user_authentication_certificate =
        user_authentication_ca.issue(&holder, &authentication_key.public_key, validity)?;
    let (signing_key, digital_signature_certificate) = if !persona.signs() {
        (None, None)
    } else {
        let key = KeyPair::generate(persona, rng)?;
        let certificate = digital_signature_ca.issue(&holder, &key.public_key, validity)?;
        (Some(key.private_key), Some(certificate))
    };

    let card_verifiable = CardVerifiableHierarchy::generate(rng)?;

    let next_update = at.plus_seconds(2 * DAY);
    let list = |authority: &Authority, own: Option<RevokedEntry>| {
        let first = authority.certificate_serial().saturating_add(100);
        let others = (0..3).map(|step| RevokedEntry {
            serial: first.saturating_add(7 * step),
            at: at.plus_seconds(-10 * DAY),
            reason: Some(RevocationReason::AffiliationChanged),
        });
        let entries: Vec<_> = own.into_iter().chain(others).collect();
        authority.revocation_list(at, next_update, &entries, Some(&holder.municipality))
    };
    let revoked = |certificate: &IssuedCertificate, reason| {
        (persona == Persona::Revoked).then_some(RevokedEntry {
            serial: certificate.serial,
            at: at.plus_seconds(-DAY),
            reason: Some(reason),
        })
    };
    let signing_entry = digital_signature_certificate
        .as_ref()
        .and_then(|certificate| revoked(certificate, RevocationReason::AffiliationChanged));
    let authentication_entry = revoked(&user_authentication_certificate, RevocationReason::CessationOfOperation);
    let digital_signature_crl = list(&digital_signature_ca, signing_entry)?;
    let user_authentication_crl = list(&user_authentication_ca, authentication_entry)?;

    let card = persona_card::build(&OnCard {
        persona,
        holder: &holder,
        expires: last_day,
        signing_certificate: digital_signature_certificate.as_ref().map(|certificate| &*certificate.der),
        signing_ca: digital_signature_ca.certificate(),
        signing_key,
        authentication_certificate: &user_authentication_certificate.der,
        authentication_ca: user_authentication_ca.certificate(),
        authentication_key: authentication_key.private_key,
        card_verifiable: &card_verifiable,
    })?;
    let card_face = persona.has_card_face();
    let facts = PersonaFacts {
        schema: "honnin-persona/1",
        persona: persona.name(),
        synthetic: true,
        at,
        secrets: Secrets {
            user_authentication: AUTHENTICATION_PIN,
            digital_signature: digital_signature_certificate.as_ref().map(|_| SIGNING_PASSWORD),
            input_support: card_face.then_some(INPUT_SUPPORT_PIN),
        },
        tries: Secrets {
            user_authentication: persona_card::tries(persona, 3),
            digital_signature: digital_signature_certificate.as_ref().map(|_| persona_card::tries(persona, 5)),
            input_support: card_face.then(|| persona_card::tries(persona, 3)),
        },
        attributes: Attributes {
            name: holder.name.clone(),
            address: holder.address.clone(),
            birthdate: holder.birth_date.to_string(),
            sex: holder.sex.digit(),
        },
        card_face: card_face.then(|| persona_card::facts(&holder, last_day)),
        certificates: Certificates {
            digital_signature: digital_signature_certificate
                .as_ref()
                .map(|certificate| CertificateFacts::new(certificate, validity, signing_entry)),
            user_authentication: CertificateFacts::new(
                &user_authentication_certificate,
                validity,
                authentication_entry,
            ),
        },
        this_update: at,
        next_update,
    };
    Ok(Issued {
        card,
        card_verifiable,
        digital_signature_ca,
        user_authentication_ca,
        digital_signature_crl,
        user_authentication_crl,
        digital_signature_certificate,
        user_authentication_certificate,
        holder,
        facts,
    })
}

/// Writes `card.toml`, `digital-signature-ca.der`, `user-authentication-ca.der`, `digital-signature.crl`,
/// `user-authentication.crl`, `card-verifiable-keys.json` and `persona.json` into `dir`, which is made if it is not there. Counters of an earlier card
/// there are removed.
///
/// # Errors
/// [`AuthorityError::Write`] naming the file.
pub fn write(issued: &Issued, dir: &Path) -> Result<(), AuthorityError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| AuthorityError::Write { path, source }
    };
    std::fs::create_dir_all(dir).map_err(failed(dir))?;
    let state = dir.join("card.toml.state");
    match std::fs::remove_file(&state) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&state)(error)),
        _ => {}
    }
    let card = issued.card.to_toml()?;
    let facts = issued.facts.to_json()?;
    let keys = issued.card_verifiable.authority_keys();
    for (name, bytes) in [
        ("card.toml", card.as_bytes()),
        ("digital-signature-ca.der", issued.digital_signature_ca.certificate()),
        ("user-authentication-ca.der", issued.user_authentication_ca.certificate()),
        ("digital-signature.crl", &issued.digital_signature_crl),
        ("user-authentication.crl", &issued.user_authentication_crl),
        ("card-verifiable-keys.json", keys.as_bytes()),
        ("persona.json", facts.as_bytes()),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(failed(&path))?;
    }
    Ok(())
}

/// 見本　太郎 of card.md §6.3, or for [`Persona::Child`] 見本　花子, born eleven years before; some have odd names.
fn holder(persona: Persona, at: UnixTime) -> Option<Holder> {
    let today = day_in_japan(at)?;
    let mut holder = Holder {
        name: "見本　太郎".into(),
        address: "東京都千代田区見本町１－２－３".into(),
        name_substitutes: Vec::new(),
        address_substitutes: Vec::new(),
        birth_date: jiff::civil::date(1980, 2, 17),
        sex: Sex::Male,
        municipality: Municipality::chiyoda(),
    };
    match persona {
        Persona::Child => {
            holder.name = "見本　花子".into();
            holder.birth_date = jiff::civil::Date::new(today.year() - 11, 3, 3).ok()?;
            holder.sex = Sex::Female;
        }
        Persona::LongestAddress => {
            holder.name = "見本見本見本見本見本　寿限無寿限無五劫乃擦切".into();
            // How long an address can be is not on record; this one fills more than one block of 256 bytes.
            let building = "見本記念見本台ニュータウン第弐拾参街区見本タワーレジデンス";
            holder.address = format!(
                "東京都千代田区見本町大字見本字見本１２３４５番地の６７{building}イースト棟第１２３４５号室見本方{building}"
            );
        }
        Persona::SubstituteCharacters => {
            holder.name = "見本　崎子".into();
            holder.name_substitutes = vec![3];
            holder.address = "東京都千代田区見本辻町１－２－３".into();
            holder.address_substitutes = vec![9];
            holder.sex = Sex::Female;
        }
        Persona::ForeignResident => {
            // How the register joins the two is not on record for these files; brackets are one way seen in print.
            holder.name = "SAMPLE MARIA TEST（見本　花子）".into();
            holder.sex = Sex::Female;
        }
        _ => {}
    }
    Some(holder)
}

/// A key of the holder's: SubjectPublicKeyInfo in DER, and PKCS#8 in PEM.
struct KeyPair {
    public_key: Vec<u8>,
    private_key: String,
}

impl KeyPair {
    fn generate(persona: Persona, rng: &mut impl CryptoRngCore) -> Result<Self, AuthorityError> {
        let unwritten = || AuthorityError::from(rsa::Error::Internal);
        if persona == Persona::EllipticCurve {
            let key = p384::SecretKey::random(rng);
            let public_key = key.public_key().to_public_key_der()?.into_vec();
            let private_key = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unwritten())?.to_string();
            return Ok(Self { public_key, private_key });
        }
        let key = RsaPrivateKey::new(rng, 2048)?;
        let public_key = key.to_public_key().to_public_key_der()?.into_vec();
        let private_key = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unwritten())?.to_string();
        Ok(Self { public_key, private_key })
    }
}
