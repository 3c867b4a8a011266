//! Where each message stands in the Fluent files. A run says a few dozen of a thousand sentences; parsing them all took longer
//! than the rest of its start.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Language;

/// The messages of one language by key, each as Fluent text.
pub(super) struct Catalogue(HashMap<&'static str, &'static str>);

impl Catalogue {
    /// The messages of `language`.
    pub(super) fn of(language: Language) -> &'static Self {
        static EN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::over(Language::En.source()));
        static JA: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::over(Language::Ja.source()));
        match language {
            Language::En => &EN,
            Language::Ja => &JA,
        }
    }

    /// The message `key` with its key, ready to be parsed.
    pub(super) fn message(&self, key: &str) -> Option<&'static str> {
        self.0.get(key).copied()
    }

    /// A message begins with its key in the first column and lasts until something else does; a closing bracket may stand
    /// there too.
    fn over(source: &'static str) -> Self {
        let mut messages = HashMap::with_capacity(source.len() / 64);
        let mut open: Option<(&str, usize)> = None;
        let mut at = 0;
        for line in source.split_inclusive('\n') {
            let begins = line.starts_with(|first: char| first.is_ascii_alphabetic());
            if begins || line.starts_with('#') {
                if let Some((key, from)) = open.take() {
                    messages.insert(key, &source[from..at]);
                }
                open = line.split([' ', '=']).next().filter(|_| begins).map(|key| (key, at));
            }
            at += line.len();
        }
        if let Some((key, from)) = open {
            messages.insert(key, &source[from..]);
        }
        Self(messages)
    }
}

#[cfg(test)]
mod tests {
    use fluent_bundle::{FluentBundle, FluentError, FluentResource};

    use super::*;

    /// The judge is a bundle over the whole files, which knows no pieces.
    #[test]
    fn every_message_alone_says_what_it_says_among_the_others() {
        for language in [Language::En, Language::Ja] {
            let bundle = |text: &str| {
                let mut bundle = FluentBundle::new(vec![language.identifier()]);
                bundle.set_use_isolating(false);
                bundle.add_resource(FluentResource::try_new(text.to_owned()).unwrap()).unwrap();
                bundle
            };
            let said = |bundle: &FluentBundle<FluentResource>, key: &str| {
                let pattern = bundle.get_message(key).unwrap().value().unwrap();
                let mut missing: Vec<FluentError> = Vec::new();
                (bundle.format_pattern(pattern, None, &mut missing).into_owned(), format!("{missing:?}"))
            };
            let (whole, catalogue) = (bundle(language.source()), Catalogue::of(language));
            let keys: Vec<_> =
                catalogue.0.keys().copied().inspect(|key| assert!(whole.has_message(key), "{key}")).collect();
            let resource = FluentResource::try_new(language.source().to_owned()).unwrap();
            let remarks = language.source().lines().filter(|line| line.starts_with('#')).count();
            assert!(keys.len() > 900 && resource.entries().count() <= keys.len() + remarks, "{}", keys.len());
            for key in keys {
                let alone = bundle(catalogue.message(key).unwrap());
                assert_eq!(said(&alone, key), said(&whole, key), "{key}");
            }
        }
    }
}
