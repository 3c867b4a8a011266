//! Where each message stands in the Fluent files, worked out when the program is compiled. A run says a few dozen of a thousand
//! sentences; parsing them all, or only looking for where they begin, took longer than the rest of its start.

use super::Language;

/// The messages of one language by key.
pub(super) struct Catalogue {
    source: &'static str,
    /// A hash table of keys: where the message begins plus one, 0 where no key came to stand. Whoever is not at the place of its
    /// hash is at the next free one.
    places: [u32; PLACES],
}

/// Of which about a quarter is taken.
const PLACES: usize = 4096;

static EN: Catalogue = Catalogue::over(Language::En.source());
static JA: Catalogue = Catalogue::over(Language::Ja.source());

impl Catalogue {
    /// The messages of `language`.
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Ja => &JA,
        }
    }

    /// The message `key` with its key, as Fluent text.
    pub(super) fn message(&self, key: &str) -> Option<&'static str> {
        let mut place = place_of(key.as_bytes(), 0, key.len());
        loop {
            let from = usize::try_from(self.places[place].checked_sub(1)?).ok()?;
            let text = self.source.get(from..)?;
            if text.strip_prefix(key).is_some_and(|rest| rest.starts_with(" =")) {
                return Some(&text[..length(text)]);
            }
            place = (place + 1) % PLACES;
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "the files are compiled in and far from 4 GiB")]
    const fn over(source: &'static str) -> Self {
        let bytes = source.as_bytes();
        let mut places = [0; PLACES];
        let (mut at, mut begins_line) = (0, true);
        while at < bytes.len() {
            if begins_line && bytes[at].is_ascii_alphabetic() {
                let mut end = at;
                while bytes[end] != b' ' {
                    end += 1;
                }
                let mut place = place_of(bytes, at, end);
                while places[place] != 0 {
                    place = (place + 1) % PLACES;
                }
                places[place] = at as u32 + 1;
            }
            begins_line = bytes[at] == b'\n';
            at += 1;
        }
        Self { source, places }
    }
}

/// How long the message is that `text` begins with: until a key or a remark begins in the first column. A closing bracket may
/// stand there.
fn length(text: &str) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        if length > 0 && line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '#') {
            break;
        }
        length += line.len();
    }
    length
}

/// FNV-1a over the key.
const fn place_of(bytes: &[u8], from: usize, to: usize) -> usize {
    let (mut hash, mut at) = (0x811C_9DC5_u32, from);
    while at < to {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash as usize % PLACES
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
            let keys: Vec<_> = language.source().lines().filter_map(|line| line.split_once(" =")).collect();
            let keys: Vec<_> = keys.into_iter().map(|(key, _)| key).filter(|key| whole.has_message(key)).collect();
            assert!(keys.len() > 900, "{}", keys.len());
            for key in &keys {
                let alone = bundle(catalogue.message(key).unwrap());
                assert_eq!(said(&alone, key), said(&whole, key), "{key}");
            }
            assert_eq!(catalogue.places.iter().filter(|place| **place != 0).count(), keys.len());
            for absent in ["", "reason", "reason-usage-titl", "reason-usage-title ", "no-such-key", "#", " "] {
                assert_eq!(catalogue.message(absent), None, "{absent}");
            }
        }
    }
}
