//! Where the holder is reached, and how much of it others see (CH-06, ATTR-06).

use super::personal::{self, KeyedHash};
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
        let digits: Vec<char> = self.phone.clear.reveal().chars().filter(char::is_ascii_digit).collect();
        let shown: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
        format!("***{}", if digits.len() > 4 { shown } else { String::new() })
    }
}
