//! Where the outside vectors are, and which of their cases are listed as differing (cli.md, "Outside vectors").

// Not every target that reads the list has a folder of vectors.
#![allow(dead_code, reason = "shared by targets of different needs")]

use std::path::{Path, PathBuf};

/// The file `part` of the folder named by `HONNIN_VECTORS`, default `../shared/vectors`. `None`, said by name, where the
/// default folder lacks it; a named folder that lacks it is a failure.
pub(crate) fn part(suite: &str, part: &str) -> Option<PathBuf> {
    let (folder, named) = match std::env::var_os("HONNIN_VECTORS") {
        Some(folder) => (PathBuf::from(folder), true),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), false),
    };
    let path = folder.join(part);
    if path.is_dir() {
        return Some(path);
    }
    assert!(!named, "HONNIN_VECTORS is set, but {} is no folder", path.display());
    eprintln!("SKIPPED {suite}: {} is missing", path.display());
    None
}

/// The files of `folder` whose names begin with `prefix` and end with `.json`, in order. None at all is a failure where the
/// folder was named, and said by name where it is the default one.
pub(crate) fn suites(suite: &str, folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with(prefix) && name.ends_with(".json")
    });
    files.sort();
    if files.is_empty() {
        let missing = format!("{}: no {prefix}*.json", folder.display());
        assert!(std::env::var_os("HONNIN_VECTORS").is_none(), "HONNIN_VECTORS is set, but {missing}");
        eprintln!("SKIPPED {suite}: {missing}");
    }
    files
}

/// The ids, or prefixes of ids, that `tests/vectors-open.tsv` lists for a suite.
pub(crate) struct Open(Vec<String>);

impl Open {
    pub(crate) fn of(suite: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors-open.tsv");
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
            let mut fields = line.split('\t');
            let [Some(of), Some(id), Some(why), None] = std::array::from_fn(|_| fields.next()) else {
                panic!("vectors-open.tsv: suite, id or prefix, reason; not {line:?}");
            };
            assert!(!id.is_empty() && why.len() > 20, "vectors-open.tsv: {id:?} is listed without a reason");
            (of, id)
        });
        Self(rows.filter(|(of, _)| *of == suite).map(|(_, id)| id.to_owned()).collect())
    }

    /// Whether the outcome of a case contradicts the list: it differs and is not listed, or it agrees and is listed by its
    /// whole id. A prefix speaks for a family, some of which may agree.
    pub(crate) fn contradicts(&self, id: &str, agrees: bool) -> bool {
        let whole = self.0.iter().any(|listed| listed == id);
        let family = self.0.iter().any(|listed| listed.strip_suffix('*').is_some_and(|prefix| id.starts_with(prefix)));
        if agrees { whole } else { !whole && !family }
    }
}
