//! Keys of the CAs above card-verifiable certificates: what makes the data of the card face genuine (card.md §6.4).

use super::set::Origin;
use crate::crypto;
use crate::verdict::Taint;
use serde::Deserialize;

const KNOWN: &str = include_str!("data/card-verifiable/keys.json");

/// A CA's key with the name that certificates know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardVerifiableKey {
    name: String,
    key_info: Vec<u8>,
    origin: Origin,
}

impl CardVerifiableKey {
    /// Seven digits.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as a DER SubjectPublicKeyInfo.
    pub fn key_info(&self) -> &[u8] {
        &self.key_info
    }

    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// What a result that rests on it must carry.
    pub fn taint(&self) -> Option<Taint> {
        match self.origin {
            Origin::Production => None,
            Origin::Test => Some(Taint::TestHierarchy),
            Origin::Caller => Some(Taint::CallerAnchor),
        }
    }

    /// The sixteen bytes that certificates name it by: the digits, `08 05`, ASCII `001`, zeros.
    fn identifier(&self) -> [u8; 16] {
        let mut identifier = [0; 16];
        let bytes = self.name.bytes().chain([0x08, 0x05, b'0', b'0', b'1']);
        identifier.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
        identifier
    }
}

/// The keys that are known: the six in circulation, and those a caller adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardVerifiableKeys(Vec<CardVerifiableKey>);

/// The text is not a file of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a file of card-verifiable keys")]
pub struct NotAKeyFile;

#[derive(Deserialize)]
struct File {
    keys: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    hierarchy: String,
    exponent: String,
    modulus: String,
}

impl CardVerifiableKeys {
    /// The six keys in circulation, those of the test hierarchy among them: what rests on one of them is tainted.
    pub fn known() -> Self {
        // A test counts them; without them everything would be undetermined, never genuine.
        Self(
            read(KNOWN, |hierarchy| if hierarchy == "production" { Origin::Production } else { Origin::Test })
                .unwrap_or_default(),
        )
    }

    /// The same keys and those of a caller's file, in the form of `data/card-verifiable/keys.json`. A key of a known name
    /// does not take its place.
    ///
    /// # Errors
    /// [`NotAKeyFile`].
    pub fn with_file(mut self, text: &str) -> Result<Self, NotAKeyFile> {
        self.0.extend(read(text, |_| Origin::Caller)?);
        Ok(self)
    }

    /// The key with this identifier of sixteen bytes.
    pub fn find(&self, identifier: &[u8]) -> Option<&CardVerifiableKey> {
        self.0.iter().find(|key| key.identifier() == identifier)
    }
}

fn read(text: &str, origin: impl Fn(&str) -> Origin) -> Result<Vec<CardVerifiableKey>, NotAKeyFile> {
    let file: File = serde_json::from_str(text).map_err(|_| NotAKeyFile)?;
    let key = |row: &Row| {
        if row.name.len() != 7 || !row.name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAKeyFile);
        }
        let number = |digits: &str| hex::decode(digits).map_err(|_| NotAKeyFile);
        let key_info =
            crypto::rsa_key_info(&number(&row.modulus)?, &number(&row.exponent)?).map_err(|_| NotAKeyFile)?;
        Ok(CardVerifiableKey { name: row.name.clone(), key_info, origin: origin(&row.hierarchy) })
    };
    file.keys.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_keys_are_the_pinned_ones() {
        let known = CardVerifiableKeys::known();
        let names: Vec<_> = known.0.iter().map(|key| (key.name(), key.origin())).collect();
        assert_eq!(
            names,
            [
                ("5000020", Origin::Production),
                ("5000023", Origin::Production),
                ("5000033", Origin::Production),
                ("6000020", Origin::Test),
                ("6000023", Origin::Test),
                ("6000033", Origin::Test),
            ]
        );
        let digest = hex::encode(crypto::sha256(KNOWN.as_bytes()));
        assert_eq!(
            digest, "247e0cf597de530e25d1f55447dceb0465ac04ce69c149f9d431bfd088cead5c",
            "data/card-verifiable/keys.json is as it came"
        );
        let found = known.find(b"6000033\x08\x05001\0\0\0\0").unwrap();
        assert_eq!((found.name(), found.taint()), ("6000033", Some(Taint::TestHierarchy)));
        assert_eq!(known.find(b"6000033\x08\x05002\0\0\0\0"), None);
        assert_eq!(known.find(b"6000033"), None);
    }

    #[test]
    fn a_callers_key_is_added_and_taints() {
        let modulus = "c1".repeat(256);
        let file = format!(
            r#"{{"keys":[{{"name":"9000033","hierarchy":"production","exponent":"010001","modulus":"{modulus}"}}]}}"#
        );
        let keys = CardVerifiableKeys::known().with_file(&file).unwrap();
        assert_eq!(keys.find(b"9000033\x08\x05001\0\0\0\0").unwrap().taint(), Some(Taint::CallerAnchor));
        for text in
            ["", "{}", &file.replace("9000033", "900003"), &file.replace("c1", "zz"), &file.replace("010001", "")]
        {
            assert_eq!(CardVerifiableKeys::known().with_file(text), Err(NotAKeyFile));
        }
    }
}
