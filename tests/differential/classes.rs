//! The disagreements that are known: `classes.tsv`, with the rule and the argument for each.

use crate::world::Kind;
use std::collections::BTreeMap;

pub struct Classes {
    known: Vec<Class>,
    /// Pairs of words that stand in no row, how often, and one document.
    unknown: BTreeMap<(&'static str, String, String), (u64, Vec<u8>)>,
    agreed: BTreeMap<(&'static str, String), u64>,
    asked: u64,
}

struct Class {
    id: String,
    kind: String,
    ours: String,
    theirs: String,
    count: u64,
}

impl Classes {
    pub fn read() -> Self {
        let text = include_str!("classes.tsv");
        let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("id\t"));
        let known = rows.map(|line| {
            let [id, kind, ours, theirs, rule, argument]: [&str; 6] =
                line.split('\t').collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("six columns: {line}"));
            assert!(!rule.is_empty() && argument.len() > 20, "{id} is not argued");
            let [id, kind, ours, theirs] = [id, kind, ours, theirs].map(str::to_owned);
            Class { id, kind, ours, theirs, count: 0 }
        });
        let known: Vec<Class> = known.collect();
        let mut ids: Vec<&str> = known.iter().map(|class| class.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), known.len(), "an id stands twice");
        Self { known, unknown: BTreeMap::new(), agreed: BTreeMap::new(), asked: 0 }
    }

    /// A word that begins with `no:` refuses; which refusal it is only matters where the other accepts.
    pub fn note(&mut self, kind: Kind, ours: &str, theirs: &str, document: &[u8]) {
        self.asked += 1;
        let refused = |word: &str| word.starts_with("no:");
        if ours == theirs || (refused(ours) && refused(theirs)) {
            let word = if refused(ours) { "both refuse" } else { ours };
            *self.agreed.entry((kind.word(), word.to_owned())).or_default() += 1;
            return;
        }
        // Where one refuses, it does not matter what the other reads out of it.
        let (ours, theirs) = match (refused(ours), refused(theirs)) {
            (true, false) => (ours.to_owned(), "accepted".to_owned()),
            (false, true) => ("accepted".to_owned(), theirs.to_owned()),
            _ => (ours.to_owned(), theirs.to_owned()),
        };
        let fits = |class: &&mut Class| class.kind == kind.word() && class.ours == ours && class.theirs == theirs;
        match self.known.iter_mut().find(fits) {
            Some(class) => class.count += 1,
            None => {
                let key = (kind.word(), ours, theirs);
                let entry = self.unknown.entry(key).or_insert_with(|| (0, document.to_vec()));
                entry.0 += 1;
                if document.len() < entry.1.len() {
                    entry.1 = document.to_vec();
                }
            }
        }
    }

    pub fn tell(&self, documents: u64) {
        eprintln!("differential: {documents} documents, {} questions", self.asked);
        for ((kind, word), count) in &self.agreed {
            eprintln!("  {count:>8}  {kind}: {word}");
        }
        for class in self.known.iter().filter(|class| class.count > 0) {
            eprintln!(
                "  {:>8}  {} {}: ours {}, theirs {}",
                class.count, class.id, class.kind, class.ours, class.theirs
            );
        }
        for ((kind, ours, theirs), (count, document)) in &self.unknown {
            eprintln!("  {count:>8}  UNKNOWN\t{kind}\t{ours}\t{theirs}\t{}", hex::encode(document));
        }
        // Neither word may be all there is, or nothing was compared.
        let refused =
            self.agreed.iter().filter(|((_, word), _)| word == "both refuse").map(|(_, count)| count).sum::<u64>();
        let accepted = self.agreed.values().sum::<u64>() - refused;
        assert!(accepted > self.asked / 20 && refused > self.asked / 20, "{accepted} accepted, {refused} refused");
        assert!(self.unknown.is_empty(), "{} classes of disagreement are in no row of classes.tsv", self.unknown.len());
    }
}
