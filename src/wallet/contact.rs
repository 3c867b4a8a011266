//! Where the holder is reached, and how much of it others see (CH-06, ATTR-06).

use super::free_text;
use super::personal::{self, KeyedHash};
use super::step::{Refusal, Refusals, Step};
use crate::reason::Reason;
use crate::secret::Personal;
use serde::{Deserialize, Serialize};

/// An address with the keyed hash under which it is unique.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The address or number in clear: for sending, and for the holder who is signed in (CH-06).
    #[serde(with = "personal::text")]
    pub clear: Personal<String>,
    /// For look-up.
    pub hash: KeyedHash,
}

/// Mail address and phone number of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Mail address.
    pub email: Address,
    /// Phone number that receives SMS.
    pub phone: Address,
}

impl Contact {
    /// The mail address with all but its first letter and its domain hidden.
    pub fn masked_email(&self) -> String {
        let clear = self.email.clear.reveal();
        match clear.split_once('@') {
            Some((local, domain)) => format!("{}***@{domain}", local.chars().take(1).collect::<String>()),
            None => "***".to_owned(),
        }
    }

    /// The phone number with all but its last two digits hidden.
    pub fn masked_phone(&self) -> String {
        let digits = phone_digits(self.phone.clear.reveal());
        let shown = digits.get(digits.len().saturating_sub(2)..).filter(|_| digits.len() > 4).unwrap_or_default();
        format!("***{shown}")
    }
}

/// Longest mail address (RFC 5321 §4.5.3.1.3, without its brackets).
const EMAIL_LONGEST: usize = 254;

/// Fewest and most digits of a number that can be sent to (ITU-T E.164 §6.2.1: at most 15).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// An account that was never registered with addresses has none to change, and none to send to.
pub(super) fn require_registered(step: &Step<'_>) -> Refusals<()> {
    let is_registered = step.wallet.facts.contact.is_some();
    if is_registered { Ok(()) } else { Err(Step::refusal(Reason::RegistrationRequired, "ATTR-06").into()) }
}

fn malformed(word: &'static str) -> Refusal {
    Step::refusal(Reason::InputMalformed, "ATTR-06").because(word)
}

/// A typed mail address that could be one, without a My Number in it (LAW-41). Whether anybody reads it, its link will tell.
pub(super) fn require_email(text: &str) -> Refusals<()> {
    free_text::require_no_my_number(text)?;
    let is_one = text.trim().rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let is_plain = !text.trim().chars().any(|it| it.is_control() || it.is_whitespace());
    if is_one && is_plain && text.trim().len() <= EMAIL_LONGEST { Ok(()) } else { Err(malformed("email").into()) }
}

/// A typed phone number that could be one. A My Number is not looked for: a number with its country code has twelve digits itself.
pub(super) fn require_phone(text: &str) -> Refusals<()> {
    let may_stand = |it: char| digit(it).is_some() || it.is_whitespace() || "+-().＋－‐−ー（）．".contains(it);
    let is_one = text.chars().all(may_stand) && PHONE_DIGITS.contains(&phone_digits(text).len());
    if is_one { Ok(()) } else { Err(malformed("phone").into()) }
}

/// The digits of a phone number, of either width, with the trunk 0 for Japan's +81 and for the `(0)` people write behind it.
pub(super) fn phone_digits(number: &str) -> String {
    let digits: String = number.chars().filter_map(digit).collect();
    let is_international = number.trim_start().starts_with(['+', '＋']);
    match digits.strip_prefix("81").filter(|_| is_international) {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => digits,
    }
}

/// A digit of either width, as ASCII.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => char::from_digit(u32::from(letter).saturating_sub(u32::from('０')), 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_the_same_digits_however_it_is_typed() {
        for typed in [
            "09012345678",
            "０９０１２３４５６７８",
            "+81 90-1234-5678",
            "＋８１（０）９０－１２３４－５６７８",
            "+81 (0)90 1234 5678",
        ] {
            assert_eq!(phone_digits(typed), "09012345678", "{typed}");
            assert!(require_phone(typed).is_ok(), "{typed}");
        }
        for typed in ["", " ", "-", "123", "090 1234 567x", "1234567890123456"] {
            assert!(require_phone(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_a_my_number_too_law_41() {
        assert!(require_email(" Taro@Example.JP ").is_ok());
        for typed in ["", " ", "@", "a@", "@b", "a b@c", "a@b\nc", "taro", &format!("{}@b", "a".repeat(253))] {
            assert!(require_email(typed).is_err(), "{typed}");
        }
        assert!(require_email("123456789018@example.jp").is_err());
    }
}
