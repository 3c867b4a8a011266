//! Which language people are spoken to in.

use std::str::FromStr;

use unic_langid::LanguageIdentifier;
use unic_langid::subtags::Language as Subtag;

/// A language with a message file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    // English, and whatever has no file of its own. (A doc comment here would become help text in one language.)
    #[default]
    En,
    Ja,
}

impl Language {
    /// The language of the environment: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set and not empty decides.
    pub(crate) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
        let language = locale.as_deref().and_then(|locale| locale.split(['_', '.', '@', '-']).next());
        if language.is_some_and(|language| language.eq_ignore_ascii_case("ja")) { Self::Ja } else { Self::En }
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        let subtag = match self {
            Self::En => "en",
            Self::Ja => "ja",
        };
        // The default, `und`, still formats; only its plural rules are those of the root.
        let language: Subtag = subtag.parse().unwrap_or_default();
        LanguageIdentifier::from_parts(language, None, None, &[])
    }

    pub(super) const fn source(self) -> &'static str {
        match self {
            Self::En => {
                concat!(
                    include_str!("en.ftl"),
                    include_str!("commands.en.ftl"),
                    include_str!("card_data.en.ftl"),
                    include_str!("policy.en.ftl"),
                    include_str!("stores.en.ftl"),
                    include_str!("account.en.ftl"),
                    include_str!("doctor.en.ftl"),
                    include_str!("revocation.en.ftl"),
                    include_str!("record.en.ftl"),
                    include_str!("trace.en.ftl"),
                    include_str!("usage.en.ftl"),
                    include_str!("why.en.ftl"),
                )
            }
            Self::Ja => {
                concat!(
                    include_str!("ja.ftl"),
                    include_str!("commands.ja.ftl"),
                    include_str!("card_data.ja.ftl"),
                    include_str!("policy.ja.ftl"),
                    include_str!("stores.ja.ftl"),
                    include_str!("account.ja.ftl"),
                    include_str!("doctor.ja.ftl"),
                    include_str!("revocation.ja.ftl"),
                    include_str!("record.ja.ftl"),
                    include_str!("trace.ja.ftl"),
                    include_str!("usage.ja.ftl"),
                    include_str!("why.ja.ftl"),
                )
            }
        }
    }
}

impl FromStr for Language {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "en" => Ok(Self::En),
            "ja" => Ok(Self::Ja),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let of = |set: &[(&str, &str)]| {
            Language::of_environment(|name| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
        };
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LANG", "ja_JP.UTF-8")]), Language::Ja);
        assert_eq!(of(&[("LANG", "ja")]), Language::Ja);
        assert_eq!(of(&[("LC_ALL", "C.UTF-8"), ("LANG", "ja_JP.UTF-8")]), Language::En);
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "ja_JP"), ("LANG", "en_US")]), Language::Ja);
        assert_eq!(of(&[("LANG", "jam_JM")]), Language::En);
    }
}
