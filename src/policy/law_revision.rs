//! e-Gov's name of one revision of a law (LAW-02): the law, the day the revision comes into force, the law that amended it.

use crate::time::UnixTime;

/// First second of the revision's day in Japan; `None` for a text that names no revision, such as the bare id of a law, for one
/// whose parts cannot have followed each other, and for a law as it was enacted (fifteen zeros in the place of the amending law):
/// the rules about confirming identities have been amended ever since.
pub(super) fn in_force_from(id: &str) -> Option<UnixTime> {
    let parts: Vec<_> = id.split('_').collect();
    let [law, day, amendment] = parts.as_slice() else { return None };
    if day.len() != 8 || !day.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
    let years = [year_of(law)?, year_of(amendment)?, year.parse().ok()?];
    if !years.is_sorted() {
        return None;
    }
    format!("{year}-{month}-{day}T00:00:00+09:00").parse().ok()
}

/// The year in which a law was promulgated, out of its id: the number of the era (1 Meiji to 5 Reiwa), the year of the era in two
/// digits, then kind and number.
fn year_of(id: &str) -> Option<u16> {
    if id.len() != 15 || !id.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase()) {
        return None;
    }
    let before_first = match id.get(..1)? {
        "1" => 1867,
        "2" => 1911,
        "3" => 1925,
        "4" => 1988,
        "5" => 2018,
        _ => return None,
    };
    let year: u16 = id.get(1..3)?.parse().ok()?;
    (year > 0).then_some(before_first + year)
}

#[cfg(test)]
mod tests {
    use super::in_force_from;

    #[test]
    fn a_revision_is_of_laws_that_followed_each_other_law_02() {
        let from = in_force_from("420M60000F5A001_20260806_508M60000F5A006").unwrap();
        assert_eq!(from.in_japan(), "2026-08-06T00:00:00+09:00");
        // Promulgated in one year and in force in a later one; in the year of the law itself.
        for id in ["420M60000F5A001_20270401_507M60000F5A003", "420M60000F5A001_20080301_420M60000F5A001"] {
            assert!(in_force_from(id).is_some(), "{id}");
        }
        for id in [
            "420M60000F5A001_20260806_000000000000000",
            "420M60000F5A001_20260806_608M60000F5A006",
            "420M60000F5A001_20260806_500M60000F5A006",
            "420M60000F5A001_20260806_5A8M60000F5A006",
            // In force before it was promulgated; amended before there was a law.
            "420M60000F5A001_20251231_508M60000F5A006",
            "420M60000F5A001_20260806_419M60000F5A006",
            "420M60000F5A001_20260231_508M60000F5A006",
            "420M60000F5A001_2026080６_508M60000F5A006",
        ] {
            assert_eq!(in_force_from(id), None, "{id}");
        }
    }
}
