//! What is compared by keyed hash alone, in the one form that is hashed: addresses, numbers, names, certificates (LAW-35, LAW-44).

use super::attribute::AttributeName;
use super::contact;
use super::kana;
use super::matching;
use super::one_time_password::{Issuer, Operation};
use crate::kyc::AccountId;
use crate::secret::Personal;

/// Something personal of which only keyed hashes are kept. What is the same is the same bytes here, however it was typed.
///
/// A store makes the hashes ([`super::WalletStore::hashes`]), because it has the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    domain: &'static str,
    parts: Vec<Personal<Vec<u8>>>,
}

impl Thing {
    fn of<const N: usize>(domain: &'static str, parts: [&[u8]; N]) -> Self {
        Self { domain, parts: parts.into_iter().map(|part| Personal::new(part.to_vec())).collect() }
    }

    /// A mail address; upper and lower case are the same box.
    pub fn email(address: &str) -> Self {
        Self::of("mail address", [address.trim().to_lowercase().as_bytes()])
    }

    /// A phone number: its digits, in Japan's own form.
    pub fn phone(number: &str) -> Self {
        Self::of("phone number", [contact::phone_digits(number).as_bytes()])
    }

    /// A person, by name and birth date as a certificate has them (ACC-12, LINK-02). Forms of one character and spaces make no
    /// difference; a moved house makes none either.
    pub fn person(name: &str, birthdate: &str) -> Self {
        Self::of("person", [matching::plain_name(name).as_bytes(), birthdate.trim().as_bytes()])
    }

    /// Kana name and birth date together (LINK-05).
    pub fn name_and_birthdate(kana: &str, birthdate: &str) -> Self {
        Self::of("kana name and birth date", [kana::normalise(kana).as_bytes(), birthdate.trim().as_bytes()])
    }

    /// A bank account: codes of bank and branch, kind and number, as [`super::account_number`] writes it.
    pub fn bank_account(bank: &str, branch: &str, kind: &str, number: &str) -> Self {
        Self::of("bank account", [bank.as_bytes(), branch.as_bytes(), kind.as_bytes(), number.as_bytes()])
    }

    /// A certificate: its issuer's name (DER) and key (identifier), and its serial number (LINK-02). Names of authorities outlive
    /// their keys, so the name alone would not do.
    pub fn certificate(issuer: &[u8], issuer_key: &[u8], serial: &[u8]) -> Self {
        Self::of("certificate", [issuer, issuer_key, serial])
    }

    /// The device that certificates live on (ACC-13).
    pub fn device(identifier: &[u8]) -> Self {
        Self::of("device", [identifier])
    }

    /// The value of an attribute (ATTR-01).
    pub fn attribute(name: AttributeName, value: &str) -> Self {
        let word: &[u8] = match name {
            AttributeName::Name => b"name",
            AttributeName::Birthdate => b"birthdate",
            AttributeName::Address => b"address",
            AttributeName::Gender => b"gender",
            AttributeName::Kana => b"kana",
        };
        Self::of("attribute", [word, value.trim().as_bytes()])
    }

    /// The romanised name given at issuing (CONS-05); upper and lower case are the same.
    pub fn romanised_name(name: &str) -> Self {
        let words: Vec<_> = name.split_whitespace().collect();
        Self::of("romanised name", [words.join(" ").to_uppercase().as_bytes()])
    }

    /// A one-time password of one account for one operation (SEC-01, CERT-13).
    pub fn one_time_password(account: &AccountId, issuer: Issuer, operation: Operation, code: &str) -> Self {
        let place = format!("{issuer:?}/{operation:?}");
        Self::of("one-time password", [account.as_str().as_bytes(), place.as_bytes(), code.as_bytes()])
    }

    /// What the bytes are, so that the same bytes elsewhere hash differently.
    pub const fn domain(&self) -> &'static str {
        self.domain
    }

    /// The bytes to be hashed.
    pub fn parts(&self) -> Vec<&[u8]> {
        self.parts.iter().map(|part| part.reveal().as_slice()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_the_same_bytes() {
        for (one, other) in [
            (Thing::email(" Taro@Example.JP"), Thing::email("taro@example.jp")),
            (Thing::phone("+81 90-1234-5678"), Thing::phone("09012345678")),
            (Thing::person("髙見本　太郎", "1990-01-31"), Thing::person("高見本 太郎", "1990-01-31")),
            (
                Thing::name_and_birthdate("ﾐﾎﾝ ﾀﾛｰ", "1990-01-31"),
                Thing::name_and_birthdate("ミホン　タロー", "1990-01-31"),
            ),
            (Thing::romanised_name("taro  mihon"), Thing::romanised_name("TARO MIHON")),
        ] {
            assert_eq!(one, other);
        }
    }

    #[test]
    fn what_differs_differs_and_nothing_is_printed() {
        assert_ne!(Thing::phone("8190"), Thing::phone("+8190"));
        assert_ne!(Thing::person("見本 太郎", "1990-01-31"), Thing::person("見本 太郎", "1990-02-01"));
        assert_ne!(Thing::certificate(b"CA", b"1", b"7"), Thing::certificate(b"CA", b"2", b"7"), "LINK-02");
        let account = "a-1".parse().unwrap();
        let code = |issuer, operation| Thing::one_time_password(&account, issuer, operation, "123456");
        assert_ne!(code(Issuer::Wallet, Operation::Stop), code(Issuer::Wallet, Operation::Resume), "SEC-01");
        assert_ne!(code(Issuer::Wallet, Operation::Stop), code(Issuer::CertificateIssuer, Operation::Stop), "CERT-13");
        assert!(!format!("{:?}", Thing::email("taro@example.jp")).contains("taro"));
    }
}
