//! The claims whose form the published schema fixes (API-12); language tags such as `name#ja-Kana-JP` do not change it.

use super::verification::ClaimsError;
use serde_json::{Map, Value};

/// Checks every known claim of an object.
pub(super) fn check(claims: &Map<String, Value>, place: &str) -> Result<(), ClaimsError> {
    for (name, value) in claims {
        let base = name.split('#').next().unwrap_or_default();
        if let Some(expected) = problem(base, value) {
            return Err(ClaimsError::new(format!("{place}/{}", escaped(name)), format!("expected {expected}")));
        }
    }
    Ok(())
}

/// A name as a step of a JSON Pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn problem(name: &str, value: &Value) -> Option<&'static str> {
    let is = |fits: bool, expected| if fits { None } else { Some(expected) };
    let text = |fits: fn(&str) -> bool, expected| is(value.as_str().is_some_and(fits), expected);
    match name {
        "title" | "also_known_as" | "birth_family_name" | "birth_given_name" | "birth_middle_name" | "family_name"
        | "gender" | "given_name" | "middle_name" | "name" | "picture" | "preferred_username" | "profile"
        | "salutation" | "sub" | "website" | "zoneinfo" => text(|_| true, "text"),
        "birthdate" => text(is_birthdate, "a date, YYYY-MM-DD"),
        "email" => text(is_email, "an e-mail address"),
        "email_verified" | "phone_number_verified" => is(value.is_boolean(), "true or false"),
        "updated_at" => is(value.is_number(), "a number"),
        "locale" => text(is_locale, "a locale such as ja-JP"),
        "msisdn" => text(is_number, "a telephone number"),
        "phone_number" => text(is_phone_number, "a telephone number"),
        "nationalities" => is(are_nationalities(value), "different country codes, at least one"),
        "address" => is(is_place(value, &ADDRESS, "country_code"), "an address with at least one member"),
        "place_of_birth" => is(is_place(value, &PLACE_OF_BIRTH, "country"), "a place with at least one member"),
        _ => None,
    }
}

const ADDRESS: [&str; 6] = ["country", "formatted", "locality", "postal_code", "region", "street_address"];
const PLACE_OF_BIRTH: [&str; 2] = ["locality", "region"];

fn is_place(value: &Value, texts: &[&str], code: &str) -> bool {
    let Some(place) = value.as_object() else { return false };
    !place.is_empty()
        && place.iter().all(|(name, value)| {
            if name == code {
                value.as_str().is_some_and(is_country_code)
            } else {
                !texts.contains(&name.as_str()) || value.is_string()
            }
        })
}

fn are_nationalities(value: &Value) -> bool {
    let Some(list) = value.as_array() else { return false };
    let all = list.iter().all(|one| one.as_str().is_some_and(is_country_code));
    let different = list.iter().enumerate().all(|(at, one)| !list.iter().take(at).any(|earlier| earlier == one));
    all && different && !list.is_empty()
}

fn is_country_code(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_birthdate(text: &str) -> bool {
    let digit = |byte: &u8| byte.is_ascii_digit();
    match text.as_bytes() {
        [year @ .., b'-', month, m, b'-', day, d] => {
            year.len() == 4
                && year.iter().all(digit)
                && matches!(month, b'0'..=b'1')
                && matches!(day, b'0'..=b'3')
                && digit(m)
                && digit(d)
        }
        _ => false,
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let mut labels = domain.split('.');
    !local.is_empty()
        && !domain.contains('@')
        && labels.next().is_some_and(|first| !first.is_empty())
        && domain.split_once('.').is_some_and(|(_, rest)| !rest.is_empty())
}

fn is_locale(text: &str) -> bool {
    let (Some(language), Some(separator), Some(region)) = (text.get(..2), text.get(2..3), text.get(3..)) else {
        return false;
    };
    let mut region = region.bytes();
    language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (separator == "-" || separator == "_")
        && region.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && region.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && region.next().is_none_or(|byte| byte.is_ascii_alphabetic())
        && region.next().is_none()
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_phone_number(text: &str) -> bool {
    match text.split_once(";ext") {
        None => is_number(text),
        Some((number, extension)) => {
            is_number(number) && extension.len() <= 9 && extension.bytes().all(|byte| byte.is_ascii_digit())
        }
    }
}
