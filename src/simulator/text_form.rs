//! How bytes and secrets stand in a `card.toml`.

/// Bytes as hex; long ones broken into lines, and white space ignored when read.
pub(super) mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn text(bytes: &[u8]) -> String {
        if bytes.len() <= 32 {
            return hex::encode_upper(bytes);
        }
        bytes.chunks(32).map(|line| hex::encode_upper(line) + "\n").collect()
    }

    pub(in super::super) fn bytes<E: serde::de::Error>(text: &str) -> Result<Vec<u8>, E> {
        let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        hex::decode(digits).map_err(|_| E::custom("hex digits expected, two for a byte"))
    }

    pub(in super::super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(bytes))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        bytes(&String::deserialize(deserializer)?)
    }
}

/// As [`hexadecimal`], for a value that may be absent.
pub(super) mod hexadecimal_option {
    use serde::{Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        bytes: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::hexadecimal::serialize(bytes.as_deref().unwrap_or_default(), serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        super::hexadecimal::deserialize(deserializer).map(Some)
    }
}

/// As [`hexadecimal`], for several values.
pub(super) mod hexadecimal_list {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(list: &[Vec<u8>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(list.iter().map(|bytes| super::hexadecimal::text(bytes)))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<u8>>, D::Error> {
        Vec::<String>::deserialize(deserializer)?.iter().map(|text| super::hexadecimal::bytes(text)).collect()
    }
}

/// A PIN as the text a person would type.
pub(super) mod secret_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(secret: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let text = std::str::from_utf8(secret).map_err(|_| serde::ser::Error::custom("not text"))?;
        serializer.serialize_str(text)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(deserializer).map(String::into_bytes)
    }
}
