use crate::policy::{LegalMethod, Letter, LetterTable, PolicyError, PolicyFile};
use crate::time::UnixTime;

const TABLE: &str = include_str!("../../../fixtures/policies/legal_methods.toml");
const JP_WELLNET: &str = include_str!("../../../fixtures/policies/jp_wellnet.toml");

fn day(date: &str) -> UnixTime {
    format!("{date}T00:00:00+09:00").parse().unwrap()
}

#[test]
fn letters_follow_the_date_law_02_t_30() {
    let table = LetterTable::compiled_in().unwrap();
    let letters = |method, dates: [&str; 3]| dates.map(|date| table.letter(method, day(date)).to_string());
    let dates = ["2025-06-23", "2025-06-24", "2027-04-01"];
    assert_eq!(letters(LegalMethod::JpkiSignature, dates), ["ワ", "カ", "ヌ"]);
    assert_eq!(letters(LegalMethod::AccreditedCaSignature, dates), ["ヲ", "ワ", "リ"]);
    assert_eq!(letters(LegalMethod::SpecifiedCaSignature, dates), ["カ", "ヨ", "ル"]);
    assert_eq!(letters(LegalMethod::PhoneCard, dates), ["not_yet", "ル", "ト"]);
    assert_eq!(letters(LegalMethod::DocChipFace, dates), ["ヘ", "ヘ", "ハ"]);
    assert_eq!(letters(LegalMethod::DocPlusBank, dates), ["ト", "ト", "ニ"]);
    assert_eq!(letters(LegalMethod::DocImageFace, dates), ["ホ", "ホ", "abolished"]);
    let last_second = "2027-03-31T23:59:59+09:00".parse().unwrap();
    assert_eq!(table.letter(LegalMethod::JpkiSignature, last_second), Letter::Kana('カ'));
    // One letter, three methods: why no decision may depend on a letter (LAW-01).
    let named_ru: Vec<_> = LegalMethod::ALL
        .iter()
        .filter(|method| dates.iter().any(|date| table.letter(**method, day(date)) == Letter::Kana('ル')))
        .collect();
    let expected = [LegalMethod::PhoneCard, LegalMethod::RestrictedMail, LegalMethod::SpecifiedCaSignature];
    assert_eq!(named_ru, expected.iter().collect::<Vec<_>>());
}

#[test]
fn an_abolished_method_cannot_be_started_law_03_t_31() {
    let kind = "[evidence_kinds.selfie_legacy]";
    let image = "[evidence_kinds.doc_image_face]\nrules = [\"LAW-03\"]\nlifetime_days = 30\nwhen_revoked = \"stays\"";
    let image = JP_WELLNET.replacen(kind, &format!("{image}\n\n{kind}"), 1);
    let policy = PolicyFile::parse(&image).unwrap();
    let table = LetterTable::compiled_in().unwrap();
    let refusal = |policy: &PolicyFile, method, date: &str| policy.method_refusal(method, &table, day(date));
    assert_eq!(refusal(&policy, LegalMethod::DocImageFace, "2027-03-31"), None);
    let refused = refusal(&policy, LegalMethod::DocImageFace, "2027-04-01").expect("abolished");
    assert_eq!(refused.reason.code(), "method_not_accepted");
    assert_eq!(refused.rules.iter().map(|rule| rule.as_str()).collect::<Vec<_>>(), ["LAW-03"]);
    // The wallet's own policy does not know the method on any date, and keeps its own over the change.
    let wallet = PolicyFile::parse(JP_WELLNET).unwrap();
    for date in ["2026-11-22", "2027-04-01"] {
        let refused = refusal(&wallet, LegalMethod::DocImageFace, date).expect(date);
        assert_eq!(refused.rules[0].as_str(), "LAW-05");
        assert_eq!(refusal(&wallet, LegalMethod::JpkiSignature, date), None, "LAW-03: JPKI stays");
    }
    assert!(refusal(&wallet, LegalMethod::PhoneCard, "2025-06-01").is_some(), "CARD-06");
}

#[test]
fn both_labels_of_the_wallet_are_known_law_05() {
    let policy = PolicyFile::parse(JP_WELLNET).unwrap();
    assert_eq!(policy.legal_methods(), [LegalMethod::AccreditedCaSignature, LegalMethod::JpkiSignature]);
    assert_eq!(PolicyFile::cn_nonbank_2016().unwrap().legal_methods(), []);
}

#[test]
fn what_changes_in_2027_is_listed_law_02_law_03() {
    let table = LetterTable::compiled_in().unwrap();
    let changes = table.changes_after(day("2026-11-22"), LegalMethod::ALL);
    let told: Vec<_> = changes
        .iter()
        .map(|change| {
            format!("{} {}>{} {} {}", change.method, change.before, change.after, change.narrowed, change.ends())
        })
        .collect();
    let expected = [
        "doc_image_face ホ>abolished false true",
        "doc_chip_face ヘ>ハ false false",
        "doc_plus_bank ト>ニ true false",
        "doc_plus_mail チ>unsettled true false",
        "phone_card ル>ト false false",
        "restricted_mail ヲ>unsettled false false",
        "accredited_ca_signature ワ>リ false false",
        "jpki_signature カ>ヌ false false",
        "specified_ca_signature ヨ>ル false false",
    ];
    assert_eq!(told, expected);
    assert!(changes.iter().all(|change| change.from == day("2027-04-01")));
    assert_eq!(table.changes_after(day("2027-04-01"), LegalMethod::ALL), []);
    assert_eq!(table.changes_after(day("2025-01-01"), &[LegalMethod::JpkiSignature]).len(), 2);
}

#[test]
fn a_broken_table_is_refused_with_its_place() {
    for (from, to, place) in [
        ("format = 1", "format = 2", "format"),
        ("\"カ\", \"ヌ\"]", "\"カ\"]", "methods.jpki_signature"),
        ("\"カ\", \"ヌ\"]", "\"カ\", \"x\"]", "methods.jpki_signature.letters[2]"),
        ("\"カ\", \"ヌ\"]", "\"カ\", \"ヌル\"]", "methods.jpki_signature.letters[2]"),
        ("2025-06-24T", "2028-06-24T", "boundaries"),
        ("2025-06-24T00:00:00+09:00", "2025-06-24", "boundaries[0]"),
    ] {
        let error = LetterTable::parse(&TABLE.replacen(from, to, 1)).expect_err(to);
        assert!(matches!(&error, PolicyError::Value { place: at, .. } if at == place), "{to}: {error}");
    }
    let missing = TABLE.lines().filter(|line| !line.starts_with("phone_card")).collect::<Vec<_>>().join("\n");
    assert!(LetterTable::parse(&missing).unwrap_err().to_string().starts_with("methods.phone_card"));
    assert!(LetterTable::parse(&TABLE.replace("phone_card =", "phone =")).is_err());
}
