//! What the policy room says a value has to be, in the reader's language. The room speaks English; a program reads that too.

use std::borrow::Cow;

use super::Language;

/// Rows of English and Japanese.
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("expected.ja.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

/// What a value has to be. A text without a row stays as it is.
pub(crate) fn expectation(english: &str, language: Language) -> Cow<'_, str> {
    match language {
        Language::En => Cow::Borrowed(english),
        Language::Ja => rows().find(|(text, _)| *text == english).map_or(Cow::Borrowed(english), |(_, ja)| ja.into()),
    }
}

/// What the parser says of a key; its other words, about the grammar of TOML, stay as they are.
pub(crate) fn complaint(english: &str, language: Language) -> Cow<'_, str> {
    let quoted = |start: &str| english.strip_prefix(start)?.strip_prefix('`')?.split_once('`');
    match language {
        Language::En => Cow::Borrowed(english),
        Language::Ja => {
            if let Some((key, "")) = quoted("missing field ") {
                return format!("`{key}` がありません").into();
            }
            if let Some((key, rest)) = quoted("unknown field ") {
                let known = rest.strip_prefix(", expected one of ").or_else(|| rest.strip_prefix(", expected "));
                return match known {
                    Some(known) => format!("`{key}` というキーはありません。使えるキー: {known}").into(),
                    None => format!("`{key}` というキーはありません").into(),
                };
            }
            Cow::Borrowed(english)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last text of every `PolicyError::value(…)`, and the texts of the wallet's conditions that are no places.
    fn said() -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/policy");
        let mut said = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for rest in code.split("PolicyError::value(").skip(1) {
                said.extend(texts(rest, true).pop());
            }
            if let Some(conditions) = code.split("let is_normal").nth(1) {
                let conditions = texts(conditions.split("match conditions").next().unwrap(), false);
                said.extend(conditions.into_iter().filter(|text| !text.starts_with("wallet.")));
            }
        }
        said.retain(|text| !text.contains("{place}"));
        said
    }

    /// The string literals up to the bracket that closes what was opened before, or of all of it.
    fn texts(code: &str, to_the_bracket: bool) -> Vec<String> {
        let (mut texts, mut depth, mut chars) = (Vec::new(), 1, code.chars());
        while let Some(c) = chars.next() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                '"' => {
                    let mut text = String::new();
                    while let Some(c) = chars.next().filter(|c| *c != '"') {
                        text.push(if c == '\\' { chars.next().unwrap() } else { c });
                    }
                    texts.push(text);
                }
                _ => {}
            }
            if to_the_bracket && depth == 0 {
                break;
            }
        }
        texts
    }

    #[test]
    fn every_expectation_of_a_policy_file_has_japanese_words() {
        let said = said();
        assert!(said.len() > 60, "{}", said.len());
        let places = ["proof", "limits.day_by_factors", "evidence.method"];
        let texts = said.iter().filter(|text| !places.contains(&text.as_str()));
        let without: Vec<_> = texts.filter(|text| expectation(text, Language::Ja).is_ascii()).collect();
        assert_eq!(without, [""; 0], "no Japanese words for these");
    }

    #[test]
    fn what_the_parser_says_of_a_key_is_told_in_japanese() {
        let ja = |text| complaint(text, Language::Ja).into_owned();
        assert_eq!(ja("missing field `rules`"), "`rules` がありません");
        assert_eq!(ja("unknown field `a`, expected `b`"), "`a` というキーはありません。使えるキー: `b`");
        assert_eq!(ja("key with no value, expected `=`"), "key with no value, expected `=`");
        assert_eq!(complaint("missing field `rules`", Language::En), "missing field `rules`");
    }
}
