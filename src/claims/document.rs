//! A whole answer: an ID token's payload or a userinfo response, with claims in it or from elsewhere.

use super::request;
use super::verification::{ClaimsError, OneOrMany, VerifiedClaims, without_values};
use serde::Deserialize;
use serde_json::Value;

/// Claims that another party signed, passed on.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct AggregatedClaims {
    /// The token; not verified here.
    #[serde(rename = "JWT")]
    pub jwt: String,
}

/// Claims that stand elsewhere.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct DistributedClaims {
    /// Where.
    pub endpoint: String,
    /// What opens it.
    pub access_token: String,
}

/// Where claims come from that are not in the answer itself.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a JWT, or an endpoint and an access token")]
pub enum ClaimSource {
    /// Passed on.
    Aggregated(AggregatedClaims),
    /// Elsewhere.
    Distributed(DistributedClaims),
}

super::details::tells_nothing!(AggregatedClaims DistributedClaims ClaimSource);

/// Reads `verified_claims` out of an answer and checks every rule of the schema and the specification that can be checked
/// without asking anybody: form, known claims, derived claims, sources (API-01 to API-09). `None` when there are none.
///
/// # Errors
/// [`ClaimsError`] with the place as a JSON Pointer. No value is repeated.
pub fn read_response(answer: &Value) -> Result<Option<OneOrMany<VerifiedClaims>>, ClaimsError> {
    let Some(answer) = answer.as_object() else { return Err(ClaimsError::new("", "expected an object")) };
    if let Some(names) = answer.get("_claim_names") {
        check_names(names)?;
    }
    for (name, source) in
        answer.get("_claim_sources").map(|it| object(it, "/_claim_sources")).transpose()?.into_iter().flatten()
    {
        ClaimSource::deserialize(source)
            .map_err(|error| ClaimsError::new(format!("/_claim_sources/{name}"), without_values(&error.to_string())))?;
    }
    match answer.get("verified_claims") {
        None => Ok(None),
        Some(Value::Array(many)) => {
            let read = many.iter().enumerate();
            let read = read.map(|(at, one)| VerifiedClaims::read(one, &format!("/verified_claims/{at}")));
            Ok(Some(OneOrMany::Many(read.collect::<Result<_, _>>()?)))
        }
        Some(one) => Ok(Some(OneOrMany::One(Box::new(VerifiedClaims::read(one, "/verified_claims")?)))),
    }
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a serde_json::Map<String, Value>, ClaimsError> {
    value.as_object().ok_or_else(|| ClaimsError::new(place, "expected an object"))
}

/// `_claim_names`: one source, several, or sources with what each has to offer.
fn check_names(names: &Value) -> Result<(), ClaimsError> {
    let place = "/_claim_names";
    for (name, sources) in object(names, place)? {
        if name != "verified_claims" {
            return Err(ClaimsError::new(place, "only verified_claims is named here"));
        }
        let place = "/_claim_names/verified_claims";
        match sources {
            Value::String(_) => {}
            Value::Array(many) if many.iter().all(Value::is_string) => {}
            Value::Object(offers) => {
                for (source, offer) in offers {
                    request::check_one(offer, &format!("{place}/{source}"))?;
                }
            }
            _ => return Err(ClaimsError::new(place, "expected a source, a list of sources, or what each offers")),
        }
    }
    Ok(())
}
