//! The term of a record: seven years from the end of the relation (LAW-20, LAW-25).

use crate::policy::RECORD_YEARS;
use crate::time::UnixTime;

/// First instant at which what belongs to a relation that ended then may be erased: the same time of day in Japan seven years
/// later. Where there is no such day (29 February), the day after, so that nothing is kept too short.
///
/// ```
/// use honnin::record::retain_until;
/// let ended = "2026-11-22T12:00:00+09:00".parse().unwrap();
/// assert_eq!(retain_until(ended).in_japan(), "2033-11-22T12:00:00+09:00");
/// let ended = "2028-02-29T12:00:00+09:00".parse().unwrap();
/// assert_eq!(retain_until(ended).in_japan(), "2035-03-01T12:00:00+09:00");
/// ```
pub fn retain_until(relation_ended_at: UnixTime) -> UnixTime {
    relation_ended_at.plus_full_years_in_japan(RECORD_YEARS)
}
