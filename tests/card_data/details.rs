//! What the card tells about itself (card.md §§2.2, 2.3), typed by hand and run on the simulated card; serial numbers are masked.

use super::bench::{Reader, adult};
use super::process::{Holder, honnin};
use honnin::card::Session;
use honnin::card::issuer_domain::{DataObject, DataObjectAnswer};
use honnin::holder::{CardDetails, read_details};
use honnin::trace::{Header, Persona};
use honnin::transport::trace::Recorder;

const SERIALS: [&str; 2] = ["900000000000017", "9000000000000025"];

fn read(session: &mut Session<Reader>) -> CardDetails {
    session.run(async |card| read_details(card).await).unwrap()
}

#[test]
fn the_commands_are_those_of_the_reference() {
    let reader = Reader::adult();
    let details = read(&mut reader.session());
    assert_eq!(
        reader.commands(),
        [
            "00A4040C0AD3921000310001010100",
            "00B2010C00",
            "00CA5F5100",
            "00A4040C07A0000001510000",
            "00CA004200",
            "00CA004500",
            "00CA006600",
            "00CA00F000",
            "00CA00F200",
            "00CA00F700",
            "00CA00F800",
            "00CA7F2100",
            "00A4040C07A0000001510000",
        ]
    );
    let common = details.common.clone().unwrap();
    assert_eq!((common.municipality.reveal().as_str(), common.serial.reveal().as_str()), ("13101", SERIALS[0]));
    assert_eq!(common.expires.reveal().as_deref(), Some("2030-02-17"));
    assert_eq!(details.content(DataObject::Expiry), Some(&b"20300217"[..]));
    assert_eq!(details.contact_atr().unwrap(), adult().card.atr);
    // 575 bytes do not go into a short answer, and nobody asked for a long one.
    let answer =
        |wanted| details.objects.iter().find(|(object, _)| *object == wanted).map(|(_, answer)| answer.clone());
    assert_eq!(answer(DataObject::UpperCertificate), Some(DataObjectAnswer::TooLong));
    assert_eq!(answer(DataObject::RecognitionData), Some(DataObjectAnswer::Absent));
    assert!(!format!("{details:?}").contains("90000"));
}

#[test]
fn the_certificates_come_where_extended_length_is_on() {
    let reader = Reader::adult();
    let details = read(&mut reader.session().reading_extended(|_| {}));
    for object in [DataObject::UpperCertificate, DataObject::LowerCertificate] {
        let content = details.content(object).unwrap();
        assert_eq!((content.len(), &content[..4]), (575, &[0x4D, 0x0A, 0x42, 0x10][..]), "{object:?}");
    }
}

#[test]
fn a_card_that_tells_less_or_elsewhere_is_no_error() {
    let reader = Reader::switched(|switches| switches.contact_atr_in_applications_only = true);
    assert_eq!(read(&mut reader.session()).contact_atr().unwrap(), adult().card.atr);
    let mut bare = adult().card.clone();
    bare.data_objects.clear();
    bare.applications.retain(|application| application.name != "common card");
    let details = read(&mut Reader::new(bare).session());
    assert!(details.common.is_none() && details.contact_atr().is_none());
    assert!(details.objects.iter().all(|(_, answer)| *answer == DataObjectAnswer::Absent));
}

#[test]
fn status_shows_them_with_v_and_never_a_serial() {
    let holder = Holder::new("adult");
    let card = holder.card();
    let plain = honnin(&["card", "status", "--json", "--card", &card]).json();
    assert!(plain["result"].get("details").is_none());
    let ended = honnin(&["card", "status", "--json", "-v", "--card", &card]);
    assert_eq!(ended.exit, 0, "{ended:?}");
    let details = ended.json()["result"]["details"].clone();
    let common = serde_json::json!({ "serial": "masked", "municipality": "13101", "expires": holder.facts()["card_face"]["expires"] });
    assert_eq!(details["common_card"], common);
    assert_eq!(details["contact_atr"], "3be000ff8131fe4514");
    let objects = details["issuer_security_domain"].as_array().unwrap();
    let number = objects.iter().find(|object| object["object"] == "identification_number").unwrap();
    assert_eq!(
        (&number["tag"], &number["state"], &number["content"]),
        (&"0045".into(), &"present".into(), &"masked".into())
    );
    for more in [&["-v"][..], &["-vvv"], &["-vvv", "--json"], &["-v", "--lang", "ja"]] {
        let ended = honnin(&[&["card", "status", "--card", &card][..], more].concat());
        assert_eq!(ended.exit, 0);
        for serial in SERIALS {
            let shown = ended.everything();
            assert!(!shown.contains(serial) && !shown.contains(&hex::encode_upper(serial)), "{more:?}: {shown}");
        }
    }
    let phone = Holder::new("android");
    let ended = honnin(&["card", "status", "--json", "-v", "--card", &phone.card()]);
    assert_eq!((ended.exit, &ended.json()["result"]["details"]["common_card"]), (0, &serde_json::Value::Null));
}

#[test]
fn no_serial_is_in_a_recording_of_somebody_real() {
    let reader = Reader::adult();
    let mut written = Vec::new();
    let recorder = Recorder::new(reader.clone(), &mut written, &Header::new(None, Persona::Unknown)).unwrap();
    let mut session = Session::new(recorder);
    session.run(async |card| read_details(card).await).unwrap();
    drop(session);
    let written = String::from_utf8(written).unwrap();
    assert!(written.contains("00CA0045") && written.contains("00B2010C"));
    for personal in [SERIALS[0], SERIALS[1], "20300217"] {
        assert!(!written.contains(&hex::encode_upper(personal)), "{written}");
    }
}
