//! e-Gov's name of one revision of a law (LAW-02): the law, the day the revision comes into force, the law that amended it.

use crate::time::UnixTime;

/// First second of the revision's day in Japan; `None` for a text that names no revision, such as the bare id of a law.
pub(super) fn in_force_from(id: &str) -> Option<UnixTime> {
    let parts: Vec<_> = id.split('_').collect();
    let [law, day, amendment] = parts.as_slice() else { return None };
    let is_law = |id: &str| id.len() == 15 && id.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase());
    if !is_law(law) || !is_law(amendment) || day.len() != 8 || !day.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
    format!("{year}-{month}-{day}T00:00:00+09:00").parse().ok()
}
