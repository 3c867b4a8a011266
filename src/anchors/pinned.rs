//! The compiled-in anchors: origin in `data/README.md`, hashes in the tests below.

use super::generation::Generation;
use super::set::{Anchor, Origin};
use crate::certificate::{Certificate, Purpose};
use std::sync::OnceLock;

type Row = (Purpose, Origin, Generation, &'static [u8]);

static TABLE: [Row; 10] = [
    (Purpose::DigitalSignature, Origin::Production, Generation::First, include_bytes!("data/production/signca01.der")),
    (Purpose::DigitalSignature, Origin::Production, Generation::Second, include_bytes!("data/production/signca02.der")),
    (Purpose::DigitalSignature, Origin::Production, Generation::Third, include_bytes!("data/production/signca03.der")),
    (
        Purpose::UserAuthentication,
        Origin::Production,
        Generation::First,
        include_bytes!("data/production/authca01.der"),
    ),
    (
        Purpose::UserAuthentication,
        Origin::Production,
        Generation::Second,
        include_bytes!("data/production/authca02.der"),
    ),
    (
        Purpose::UserAuthentication,
        Origin::Production,
        Generation::Third,
        include_bytes!("data/production/authca03.der"),
    ),
    (Purpose::DigitalSignature, Origin::Test, Generation::Test2019, include_bytes!("data/test/signca-test-2019.der")),
    (Purpose::DigitalSignature, Origin::Test, Generation::Test2024, include_bytes!("data/test/signca-test-2024.der")),
    (Purpose::UserAuthentication, Origin::Test, Generation::Test2019, include_bytes!("data/test/authca-test-2019.der")),
    (Purpose::UserAuthentication, Origin::Test, Generation::Test2023, include_bytes!("data/test/authca-test-2023.der")),
];

/// Every compiled-in anchor, production and test. A file that cannot be read is left out, and a test counts them.
pub(super) fn all() -> &'static [Anchor] {
    static ANCHORS: OnceLock<Vec<Anchor>> = OnceLock::new();
    ANCHORS.get_or_init(|| {
        let read = |(purpose, origin, generation, der): &Row| {
            Some(Anchor::new(Certificate::from_der(der).ok()?, Some(*purpose), *origin, *generation))
        };
        TABLE.iter().filter_map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// certificates.md §1.2, and for the test hierarchy the files as they came.
    const SHA256: [&str; 10] = [
        "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355",
        "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB",
        "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F",
        "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D",
        "0D98DE47FC11B7F67126874B7028B6026A803D2638D6EDFE53176953961FADE6",
        "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5",
        "7BDBDF2652A15E6D458EFC143B7201242E1162416251D0903060FA7C642465CC",
        "8126DF7DD2DB230BD8EE48CAA40FC3417DDE3607050ED34973D8D3CF267FE723",
        "B6DE0FF5A384F5AF0242A6CA854DEE57EE2CAD97B341F18B914948FD8E638706",
        "5A0E7D690C718FADEBC7FB6EFF66A6DD623458DEBC1AA6FB1778BFE157CBEB25",
    ];

    #[test]
    fn anchors_are_the_pinned_ones() {
        assert_eq!(all().len(), TABLE.len(), "every file is readable");
        for (anchor, expected) in all().iter().zip(SHA256) {
            assert_eq!(hex::encode_upper(anchor.certificate().fingerprint()), expected);
        }
    }

    #[test]
    fn every_anchor_signs_itself_and_has_the_profile_of_a_ca() {
        // certificates.md §1.3
        for anchor in all() {
            let certificate = anchor.certificate();
            assert_eq!(certificate.verify_signature(certificate), Ok(()));
            let extensions = certificate.extensions();
            let usage = extensions.key_usage.unwrap();
            assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
            let constraints = extensions.basic_constraints.unwrap();
            assert!(constraints.ca && constraints.path_length.is_none());
            assert!(certificate.is_self_issued() && certificate.version() == 3);
            let unit = match anchor.purpose().unwrap() {
                Purpose::DigitalSignature => "JPKI for digital signature",
                Purpose::UserAuthentication => "JPKI for user authentication",
            };
            assert!(certificate.subject().values("OU").any(|ou| ou == unit), "the purpose agrees with the name");
            let organisation = if anchor.origin() == Origin::Test { "JPKI-TEST" } else { "JPKI" };
            assert_eq!(certificate.subject().values("O").collect::<Vec<_>>(), [organisation]);
        }
    }

    #[test]
    fn generations_are_told_by_key_or_by_the_first_bytes() {
        for (anchor, (_, _, generation, der)) in all().iter().zip(&TABLE) {
            let identifier = anchor.certificate().extensions().subject_key_identifier.as_deref().unwrap();
            assert_eq!(Generation::of_key_identifier(identifier), *generation);
            let head = crate::certificate::head(&der[..256]).unwrap();
            assert!(head.validity.is_some());
            assert_eq!(Generation::of_ca_head(&head), *generation);
            // Serial number and length alone: enough for one block of a slow reader.
            let head = crate::certificate::head(&der[..24]).unwrap();
            assert_eq!(head.validity, None);
            assert_eq!(Generation::of_ca_head(&head), *generation);
        }
        assert_eq!(Generation::of_key_identifier(&[0; 20]), Generation::Unknown);
    }
}
