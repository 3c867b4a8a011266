//! The card signs a challenge with its own key (card.md §5.3): what a copy of its data cannot.

use super::bench::{Reader, adult, at, keys, secret};
use super::process::{Holder, honnin_with_input};
use honnin::authority::{Persona, create};
use honnin::holder::read_attributes_of_this_card;
use honnin::reason::Reason;
use honnin::secret::SecretKind;
use honnin::simulator::{Application, CardFile};
use honnin::verdict::{Check, Status};

fn judged(card: CardFile, challenge: &[u8]) -> (Check, Vec<String>) {
    let reader = Reader::new(card);
    let pin = secret(SecretKind::InputSupport, "5678");
    let keys = keys();
    let read = reader
        .session()
        .run(async |card| read_attributes_of_this_card(card, &pin, Default::default(), &keys, challenge).await)
        .unwrap();
    assert_eq!(read.attributes.name.reveal(), "見本　太郎");
    (read.vouching.unwrap().genuineness, reader.commands())
}

fn changed(change: impl FnOnce(&mut Application)) -> CardFile {
    let mut card = adult().card.clone();
    change(card.applications.iter_mut().find(|application| application.name == "input support").unwrap());
    card
}

#[test]
fn the_card_itself_answers_over_a_digest_of_the_challenge() {
    let (check, commands) = judged(adult().card.clone(), b"abc");
    assert_eq!(check.status, Status::Passed);
    assert_eq!(check.detail()["card"], "answered");
    // SHA-256 of "abc" (FIPS 180-4 example), in a DigestInfo, to the default key.
    let digest = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
    let asked = format!("802A0000333031300D060960864801650304020105000420{digest}00");
    assert_eq!(commands.iter().filter(|command| **command == asked).count(), 1, "{commands:?}");
}

#[test]
fn a_copy_of_the_data_fails_and_a_card_that_does_not_answer_is_undetermined() {
    let other = create(Persona::Adult, at(), &mut rand_core::OsRng).unwrap().card;
    let foreign = other.applications.iter().find(|application| application.name == "input support").unwrap();
    // Everything of the adult's, and another key.
    let (check, _) = judged(changed(|application| application.keys = foreign.keys.clone()), b"abc");
    assert_eq!((check.status, &check.detail()["why"]), (Status::Failed(Reason::SignatureInvalid), &"challenge".into()));
    // The other key with its own EF 0007, for which the adult's signer does not vouch.
    let (check, _) = judged(
        changed(|application| {
            application.keys = foreign.keys.clone();
            let own = foreign.files.iter().find(|file| file.id.0 == 0x07).unwrap().clone();
            *application.files.iter_mut().find(|file| file.id.0 == 0x07).unwrap() = own;
        }),
        b"abc",
    );
    assert_eq!((check.status, &check.detail()["why"]), (Status::Failed(Reason::SignatureInvalid), &"challenge".into()));
    let silent: [fn(&mut Application); 2] =
        [|application| application.keys.clear(), |application| application.files.retain(|file| file.id.0 != 0x07)];
    for change in silent {
        let (check, _) = judged(changed(change), b"abc");
        let expected = (Status::Undetermined(Reason::PathNotFound), &"challenge_not_answered".into());
        assert_eq!((check.status, &check.detail()["why"]), expected);
    }
    // Data that are not genuine stay so, whatever the card answers.
    let (check, _) = judged(
        changed(|application| {
            let file = application.files.iter_mut().find(|file| file.id.0 == 0x03).unwrap();
            *file.content.as_mut().unwrap().last_mut().unwrap() ^= 1;
        }),
        b"abc",
    );
    assert_eq!((check.status, &check.detail()["why"]), (Status::Failed(Reason::SignatureInvalid), &"signature".into()));
}

#[test]
fn the_program_asks_with_a_number_of_its_own() {
    let holder = Holder::new("adult");
    let (card, keys) = (holder.card(), holder.path("card-verifiable-keys.json"));
    let read = |more: &[&str]| {
        let arguments = ["attributes", "read", "--json", "--pin-from", "stdin", "--card", &card];
        honnin_with_input("5678\n", &[&arguments[..], more].concat())
    };
    let ended = read(&["--genuineness", "--challenge", "--card-verifiable-keys", &keys]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let json = ended.json();
    assert_eq!((&json["checks"][0]["detail"]["card"], &json["result"]["exchanges"]), (&"answered".into(), &14.into()));
    let ended = read(&["--genuineness", "--challenge"]);
    assert_eq!((ended.exit, ended.code().as_str()), (3, "issuer_not_trusted"), "{ended:?}");
    assert_eq!(read(&["--challenge"]).exit, 2, "a challenge without the chain above it proves nothing");
}
