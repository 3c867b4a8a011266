//! The request side: which claims a relying party asks for, and under which conditions (API-16).
//!
//! The tree of a request mirrors the tree of an answer, so one table of shapes serves to check a request and to fulfil it.

use super::verification::{ClaimsError, OneOrMany};
use serde_json::{Map, Value};

/// What may stand at a place of a request.
pub(super) enum Shape {
    /// `null`, or an object that may carry `essential`, `value` and `values`.
    Constrainable,
    /// `null`, or an object that may carry `essential` and `max_age`.
    Time,
    /// `null`, or an object that may carry `essential`.
    Simple,
    /// `null`, or an object of claims, at least one.
    Claims,
    /// An object with these members and any others; those of the second list must be there.
    Object(&'static [(&'static str, Shape)], &'static [&'static str]),
    /// An array of at least so many.
    List(&'static Shape, usize),
    /// One request for evidence; its further members depend on its type.
    Evidence,
}

const PLACE: &[(&str, Shape)] = &[
    ("country", Shape::Simple),
    ("country_code", Shape::Simple),
    ("formatted", Shape::Simple),
    ("jurisdiction", Shape::Simple),
    ("locality", Shape::Simple),
    ("name", Shape::Simple),
    ("postal_code", Shape::Simple),
    ("region", Shape::Simple),
    ("street_address", Shape::Simple),
];

const CHECK: Shape = Shape::Object(
    &[
        ("check_id", Shape::Constrainable),
        ("check_method", Shape::Constrainable),
        ("organization", Shape::Constrainable),
        ("time", Shape::Time),
    ],
    &["check_method"],
);

const DOCUMENT: Shape = Shape::Object(
    &[
        ("type", Shape::Constrainable),
        ("date_of_expiry", Shape::Time),
        ("date_of_issuance", Shape::Time),
        ("document_number", Shape::Simple),
        ("issuer", Shape::Object(PLACE, &[])),
        ("serial_number", Shape::Simple),
    ],
    &[],
);

const RECORD: Shape = Shape::Object(
    &[
        ("type", Shape::Constrainable),
        ("created_at", Shape::Time),
        ("date_of_expiry", Shape::Time),
        ("source", Shape::Object(PLACE, &[])),
    ],
    &[],
);

const ATTESTATION: Shape = Shape::Object(
    &[
        ("type", Shape::Constrainable),
        ("date_of_expiry", Shape::Time),
        ("date_of_issuance", Shape::Time),
        ("reference_number", Shape::Simple),
        (
            "voucher",
            Shape::Object(
                &[
                    ("birthdate", Shape::Time),
                    ("country", Shape::Simple),
                    ("country_code", Shape::Simple),
                    ("formatted", Shape::Simple),
                    ("locality", Shape::Simple),
                    ("name", Shape::Simple),
                    ("occupation", Shape::Simple),
                    ("organization", Shape::Simple),
                    ("postal_code", Shape::Simple),
                    ("region", Shape::Simple),
                    ("street_address", Shape::Simple),
                ],
                &[],
            ),
        ),
    ],
    &[],
);

const ASSURANCE: Shape = Shape::Object(
    &[
        ("policy", Shape::Constrainable),
        ("procedure", Shape::Constrainable),
        (
            "assurance_details",
            Shape::List(
                &Shape::Object(
                    &[
                        ("assurance_type", Shape::Constrainable),
                        ("assurance_classification", Shape::Constrainable),
                        (
                            "evidence_ref",
                            Shape::List(
                                &Shape::Object(
                                    &[
                                        ("check_id", Shape::Constrainable),
                                        (
                                            "evidence_metadata",
                                            Shape::Object(&[("evidence_classification", Shape::Constrainable)], &[]),
                                        ),
                                    ],
                                    &["check_id"],
                                ),
                                1,
                            ),
                        ),
                    ],
                    &[],
                ),
                1,
            ),
        ),
    ],
    &[],
);

pub(super) const VERIFICATION: Shape = Shape::Object(
    &[
        ("trust_framework", Shape::Constrainable),
        ("assurance_level", Shape::Constrainable),
        ("assurance_process", ASSURANCE),
        ("time", Shape::Time),
        ("verification_process", Shape::Simple),
        ("evidence", Shape::List(&Shape::Evidence, 1)),
    ],
    &["trust_framework"],
);

const SIGNATURE_EVIDENCE: &[(&str, Shape)] = &[
    ("created_at", Shape::Time),
    ("issuer", Shape::Simple),
    ("serial_number", Shape::Simple),
    ("signature_type", Shape::Simple),
    ("derived_claims", Shape::Claims),
    ("attachments", Shape::Simple),
];
const DOCUMENT_EVIDENCE: &[(&str, Shape)] = &[
    ("check_details", Shape::List(&CHECK, 1)),
    ("document_details", DOCUMENT),
    ("derived_claims", Shape::Claims),
    ("attachments", Shape::Simple),
];
const RECORD_EVIDENCE: &[(&str, Shape)] = &[
    ("check_details", Shape::List(&CHECK, 1)),
    ("record", RECORD),
    ("derived_claims", Shape::Claims),
    ("attachments", Shape::Simple),
];
const VOUCH_EVIDENCE: &[(&str, Shape)] = &[
    ("check_details", Shape::List(&CHECK, 1)),
    ("attestation", ATTESTATION),
    ("derived_claims", Shape::Claims),
    ("attachments", Shape::Simple),
];

/// The members of evidence of this type, besides `type`.
pub(super) fn evidence_members(kind: Option<&str>) -> Option<&'static [(&'static str, Shape)]> {
    match kind {
        Some("electronic_signature") => Some(SIGNATURE_EVIDENCE),
        Some("document") => Some(DOCUMENT_EVIDENCE),
        Some("electronic_record") => Some(RECORD_EVIDENCE),
        Some("vouch") => Some(VOUCH_EVIDENCE),
        // Without a type only what every type has.
        None => Some(&[("attachments", Shape::Simple)]),
        Some(_) => None,
    }
}

/// Conditions on one element.
#[derive(Clone, Default, PartialEq)]
pub struct Constraint {
    /// Whether the relying party calls it essential. That changes nothing of what is answered (OpenID Connect 5.5.1).
    pub essential: bool,
    /// Only these values will do; empty is any.
    pub values: Vec<Value>,
}

/// Conditions on one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeConstraint {
    /// Whether the relying party calls it essential.
    pub essential: bool,
    /// Oldest age in seconds; `None` is any.
    pub max_age: Option<u64>,
}

/// One entry of `verified_claims` in a request, checked.
#[derive(Clone, PartialEq)]
pub struct RequestedClaims {
    /// What is asked about the verification.
    pub(super) verification: Value,
    /// Which claims are asked for, with their conditions.
    pub claims: Vec<(String, Constraint)>,
}

/// The `claims` parameter as far as verified claims go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimsRequest {
    /// Asked for in the userinfo response.
    pub userinfo: Option<OneOrMany<RequestedClaims>>,
    /// Asked for in the ID token.
    pub id_token: Option<OneOrMany<RequestedClaims>>,
}

/// Reads a `claims` parameter and checks what it asks about verified claims; plain claims beside them are left alone.
///
/// # Errors
/// [`ClaimsError`] with the place as a JSON Pointer.
pub fn read_request(request: &Value) -> Result<ClaimsRequest, ClaimsError> {
    let Some(request) = request.as_object() else { return Err(ClaimsError::new("", "expected an object")) };
    let part = |name: &str| -> Result<Option<OneOrMany<RequestedClaims>>, ClaimsError> {
        let Some(part) = request.get(name) else { return Ok(None) };
        let Some(part) = part.as_object() else {
            return Err(ClaimsError::new(format!("/{name}"), "expected an object"));
        };
        let place = format!("/{name}/verified_claims");
        match part.get("verified_claims") {
            None => Ok(None),
            Some(Value::Array(many)) => {
                let read = many.iter().enumerate().map(|(at, one)| requested(one, &format!("{place}/{at}")));
                Ok(Some(OneOrMany::Many(read.collect::<Result<_, _>>()?)))
            }
            Some(one) => Ok(Some(OneOrMany::One(Box::new(requested(one, &place)?)))),
        }
    };
    Ok(ClaimsRequest { userinfo: part("userinfo")?, id_token: part("id_token")? })
}

/// Checks one entry that stands somewhere else than in a request.
pub(super) fn check_one(value: &Value, place: &str) -> Result<(), ClaimsError> {
    requested(value, place).map(drop)
}

fn requested(value: &Value, place: &str) -> Result<RequestedClaims, ClaimsError> {
    let Some(entry) = value.as_object() else { return Err(ClaimsError::new(place, "expected an object")) };
    if let Some(other) = entry.keys().find(|name| *name != "verification" && *name != "claims") {
        return Err(ClaimsError::new(format!("{place}/{other}"), "only verification and claims may stand here"));
    }
    let (Some(verification), Some(claims)) = (entry.get("verification"), entry.get("claims")) else {
        return Err(ClaimsError::new(place, "verification and claims have to stand here"));
    };
    VERIFICATION.check(verification, &format!("{place}/verification"))?;
    Shape::Claims.check(claims, &format!("{place}/claims"))?;
    let claims = claims.as_object().into_iter().flatten();
    Ok(RequestedClaims {
        verification: verification.clone(),
        claims: claims.map(|(name, element)| (name.clone(), Constraint::of(element))).collect(),
    })
}

/// Values may be a person's: how many, not which.
impl std::fmt::Debug for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { essential, values } = self;
        f.debug_struct("Constraint").field("essential", essential).field("values", &values.len()).finish()
    }
}

impl std::fmt::Debug for RequestedClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestedClaims").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl Constraint {
    /// The conditions of an element that was checked; `null` has none.
    pub(super) fn of(element: &Value) -> Self {
        let one = element.get("value").into_iter();
        let many = element.get("values").and_then(Value::as_array).into_iter().flatten();
        Self { essential: is_essential(element), values: one.chain(many).cloned().collect() }
    }

    /// Whether this value will do.
    pub fn allows(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.contains(value)
    }
}

impl TimeConstraint {
    /// The conditions of an element that was checked; `null` has none.
    pub(super) fn of(element: &Value) -> Self {
        Self { essential: is_essential(element), max_age: element.get("max_age").and_then(Value::as_u64) }
    }
}

fn is_essential(element: &Value) -> bool {
    element.get("essential").and_then(Value::as_bool).unwrap_or(false)
}

impl Shape {
    fn check(&self, value: &Value, place: &str) -> Result<(), ClaimsError> {
        match self {
            Self::Object(members, required) => {
                let object = value.as_object().ok_or_else(|| ClaimsError::new(place, "expected an object"))?;
                if let Some(missing) = required.iter().find(|name| !object.contains_key(**name)) {
                    return Err(ClaimsError::new(format!("{place}/{missing}"), "missing"));
                }
                check_members(members, object, place)
            }
            Self::List(shape, least) => {
                let list = value.as_array().ok_or_else(|| ClaimsError::new(place, "expected an array"))?;
                if list.len() < *least {
                    return Err(ClaimsError::new(place, "at least one item"));
                }
                list.iter().enumerate().try_for_each(|(at, item)| shape.check(item, &format!("{place}/{at}")))
            }
            Self::Evidence => {
                let object = value.as_object().ok_or_else(|| ClaimsError::new(place, "expected an object"))?;
                let kind = object.get("type").and_then(Value::as_object).map(|kind| kind.get("value"));
                let kind = kind.ok_or_else(|| ClaimsError::new(format!("{place}/type"), "expected an object"))?;
                let members = match kind {
                    None => evidence_members(None),
                    Some(kind) => kind.as_str().and_then(|kind| evidence_members(Some(kind))),
                };
                let unknown = || ClaimsError::new(format!("{place}/type/value"), "expected a type of evidence");
                check_members(members.ok_or_else(unknown)?, object, place)
            }
            Self::Constrainable => {
                let Some(object) = element(value, place)? else { return Ok(()) };
                if object.get("value").is_some_and(|value| !value.is_string()) {
                    return Err(ClaimsError::new(format!("{place}/value"), "expected text"));
                }
                let values = object.get("values");
                let are_texts = |list: &Vec<Value>| !list.is_empty() && list.iter().all(Value::is_string);
                if values.is_some_and(|values| !values.as_array().is_some_and(are_texts)) {
                    return Err(ClaimsError::new(format!("{place}/values"), "expected texts, at least one"));
                }
                Ok(())
            }
            Self::Time => {
                let Some(object) = element(value, place)? else { return Ok(()) };
                if object.get("max_age").is_some_and(|age| !age.is_u64()) {
                    return Err(ClaimsError::new(format!("{place}/max_age"), "expected seconds, 0 or more"));
                }
                Ok(())
            }
            Self::Simple => element(value, place).map(drop),
            Self::Claims => match value {
                Value::Null => Ok(()),
                Value::Object(claims) if !claims.is_empty() => {
                    claims.iter().try_for_each(|(name, claim)| element(claim, &format!("{place}/{name}")).map(drop))
                }
                _ => Err(ClaimsError::new(place, "expected null, or claims, at least one")),
            },
        }
    }
}

fn check_members(members: &[(&str, Shape)], object: &Map<String, Value>, place: &str) -> Result<(), ClaimsError> {
    for (name, shape) in members {
        if let Some(value) = object.get(*name) {
            shape.check(value, &format!("{place}/{name}"))?;
        }
    }
    Ok(())
}

/// `null`, or an object whose `essential` is true or false.
fn element<'a>(value: &'a Value, place: &str) -> Result<Option<&'a Map<String, Value>>, ClaimsError> {
    match value {
        Value::Null => Ok(None),
        Value::Object(object) if object.get("essential").is_none_or(Value::is_boolean) => Ok(Some(object)),
        Value::Object(_) => Err(ClaimsError::new(format!("{place}/essential"), "expected true or false")),
        _ => Err(ClaimsError::new(place, "expected null or an object")),
    }
}
