//! What of a verification is answered to a request: only what was asked for, and nothing at all where a condition on the
//! verification is not met (API-16; OpenID Connect for Identity Assurance, "Unavailable data" and "Data not matching").

use super::format::{ClaimDate, ClaimInstant};
use super::request::{Constraint, RequestedClaims, Shape, TimeConstraint, VERIFICATION, evidence_members};
use super::verification::VerifiedClaims;
use crate::time::UnixTime;
use serde_json::{Map, Value};

/// A condition on the verification is not met: the whole `verified_claims` is left out.
struct Unmet;

/// The answer to one entry of a request out of what may be shown to its sender, at `at`; `None` leaves `verified_claims` out.
///
/// A claim that is not there, or is not of the value asked for, is left out by itself. Evidence is answered only as far as
/// `held` has any: give the relying party's view to relying parties (API-13).
pub fn answer(request: &RequestedClaims, held: &VerifiedClaims, at: UnixTime) -> Option<VerifiedClaims> {
    let whole = serde_json::to_value(&held.verification).ok()?;
    let verification = fulfil(&VERIFICATION, &request.verification, Some(&whole), at).ok()??;
    let claims = request.claims.iter().filter_map(|(name, constraint)| {
        held.claims.get(name).filter(|value| constraint.allows(value)).map(|value| (name.clone(), value.clone()))
    });
    let mut answered =
        VerifiedClaims { verification: serde_json::from_value(verification).ok()?, claims: claims.collect() };
    keep_derived_claims_among_the_claims(&mut answered);
    // What was cut too far to be valid is left out as a whole.
    answered.check("").ok().map(|()| answered)
}

/// What is asked for and held, cut down to what was asked for; `None` where there is nothing.
fn fulfil(shape: &Shape, asked: &Value, held: Option<&Value>, at: UnixTime) -> Result<Option<Value>, Unmet> {
    match shape {
        Shape::Constrainable => {
            let constraint = Constraint::of(asked);
            match held {
                Some(held) if constraint.allows(held) => Ok(Some(held.clone())),
                None if constraint.values.is_empty() => Ok(None),
                _ => Err(Unmet),
            }
        }
        Shape::Time => match (TimeConstraint::of(asked).max_age, held) {
            (None, held) => Ok(held.cloned()),
            (Some(most), Some(held)) if age(held, at).is_some_and(|age| age <= most) => Ok(Some(held.clone())),
            (Some(_), _) => Err(Unmet),
        },
        Shape::Simple => Ok(held.cloned()),
        Shape::Claims => {
            let (Some(asked), Some(held)) = (asked.as_object(), held.and_then(Value::as_object)) else {
                return Ok(held.cloned());
            };
            let kept = held
                .iter()
                .filter(|(name, value)| asked.get(*name).is_some_and(|element| Constraint::of(element).allows(value)));
            let kept: Map<String, Value> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
            Ok((!kept.is_empty()).then_some(Value::Object(kept)))
        }
        Shape::Object(members, _) => object(members, asked, held, at),
        Shape::List(shape, _) => list(shape, asked, held, at),
        Shape::Evidence => {
            let kind = asked.get("type").and_then(|kind| kind.get("value"));
            let held_kind = held.and_then(|held| held.get("type"));
            if kind.is_some_and(|kind| Some(kind) != held_kind) {
                return Err(Unmet);
            }
            let members = evidence_members(held_kind.and_then(Value::as_str)).ok_or(Unmet)?;
            let mut cut = object(members, asked, held, at)?.unwrap_or_default();
            // The type stands in every answer about evidence; the rest is no evidence without it.
            if let (Some(cut), Some(kind)) = (cut.as_object_mut(), held_kind) {
                cut.insert("type".into(), kind.clone());
                return Ok(Some(Value::Object(std::mem::take(cut))));
            }
            Ok(held_kind.map(|kind| Value::Object([("type".to_owned(), kind.clone())].into_iter().collect())))
        }
    }
}

fn object(
    members: &[(&str, Shape)],
    asked: &Value,
    held: Option<&Value>,
    at: UnixTime,
) -> Result<Option<Value>, Unmet> {
    let Some(asked) = asked.as_object() else { return Ok(held.cloned()) };
    let mut cut = Map::new();
    for (name, asked) in asked {
        // A member the schema does not name may be asked for too; it is a plain element then.
        let shape = members.iter().find(|(member, _)| member == name).map_or(&Shape::Simple, |(_, shape)| shape);
        let held = held.and_then(|held| held.get(name));
        if let Some(value) = fulfil(shape, asked, held, at)? {
            cut.insert(name.clone(), value);
        }
    }
    Ok((!cut.is_empty()).then_some(Value::Object(cut)))
}

/// Several entries are linked by a logical OR: what fulfils any of them is answered, cut down to that entry.
fn list(shape: &Shape, asked: &Value, held: Option<&Value>, at: UnixTime) -> Result<Option<Value>, Unmet> {
    let asked = asked.as_array().map_or(&[][..], Vec::as_slice);
    let held = held.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let fulfilled = held
        .iter()
        .filter_map(|item| asked.iter().find_map(|entry| fulfil(shape, entry, Some(item), at).ok().flatten()));
    let kept: Vec<Value> = fulfilled.collect();
    if !kept.is_empty() {
        return Ok(Some(Value::Array(kept)));
    }
    // Nothing fits: that breaks a condition only if every entry sets one.
    let is_free = |entry: &Value| fulfil(shape, entry, None, at).is_ok();
    if asked.is_empty() || asked.iter().any(is_free) { Ok(None) } else { Err(Unmet) }
}

/// Seconds since an instant, or since the last second of a date.
fn age(value: &Value, at: UnixTime) -> Option<u64> {
    let text = value.as_str()?.to_owned();
    let instant = match ClaimDate::try_from(text.clone()) {
        Ok(date) => format!("{}T23:59:59Z", date.as_str()).parse().ok()?,
        Err(_) => ClaimInstant::try_from(text).ok()?.instant()?,
    };
    // What lies ahead has no age yet.
    Some(u64::try_from(at.seconds().saturating_sub(instant.seconds())).unwrap_or(0))
}

/// API-08: what follows from evidence and was not asked for as a claim is not told through the evidence either.
fn keep_derived_claims_among_the_claims(answered: &mut VerifiedClaims) {
    let VerifiedClaims { verification, claims } = answered;
    for evidence in verification.evidence.iter_mut().flatten() {
        let derived = evidence.derived_claims_mut();
        if let Some(all) = derived {
            all.retain(|name, _| claims.contains_key(name));
        }
        if derived.as_ref().is_some_and(Map::is_empty) {
            *derived = None;
        }
    }
}
