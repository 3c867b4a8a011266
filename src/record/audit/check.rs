//! Checking a log line by line: what does not fit is named with its line.

use super::entry::{AuditHead, CLOSED, Line, MARK, MAXIMUM_LINE_BYTES, SCHEMA, SOURCE, digest_of, sorted};
use crate::crypto::sha256;
use serde_json::Value;

/// Most findings that are kept; beyond it they are only counted.
const MAXIMUM_FINDINGS: usize = 1000;

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditProblem {
    /// It is not of the form of docs/audit-log.md.
    Malformed,
    /// Its digest does not fit: an octet of it was changed.
    Changed,
    /// It is not chained to the entry before: that one was replaced, or this one was put in.
    NotChained,
    /// Entries that belong before it are gone.
    Missing {
        /// The first that is missing.
        first: u64,
        /// The last that is missing.
        last: u64,
    },
    /// Its number belongs elsewhere: it was moved, or put in.
    OutOfPlace {
        /// Its number.
        entry: u64,
    },
    /// It belongs to another log.
    OtherLog,
    /// The log ends after it without a closing entry.
    Truncated,
    /// It stands behind the closing entry.
    BehindTheEnd,
    /// The closing entry counts otherwise.
    WrongCount,
    /// It is not the entry that the head kept elsewhere names.
    OtherHead,
    /// The log does not reach as far as the head kept elsewhere.
    BeforeHead {
        /// How far the log has to reach.
        entries: u64,
    },
}

impl AuditProblem {
    /// The slug, as in JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Changed => "changed",
            Self::NotChained => "not_chained",
            Self::Missing { .. } => "missing",
            Self::OutOfPlace { .. } => "out_of_place",
            Self::OtherLog => "other_log",
            Self::Truncated => "truncated",
            Self::BehindTheEnd => "behind_the_end",
            Self::WrongCount => "wrong_count",
            Self::OtherHead => "other_head",
            Self::BeforeHead { .. } => "before_head",
        }
    }
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFinding {
    /// The line, counted from 1; 0 where the log has none.
    pub line: u64,
    /// What does not fit.
    pub problem: AuditProblem,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditReport {
    /// How many lines were read.
    pub lines: u64,
    /// The head, closing entry not counted: keep it elsewhere.
    pub head: AuditHead,
    /// What does not fit, in the order of the lines. Empty: the log holds.
    pub findings: Vec<AuditFinding>,
    /// How many findings there were, also those beyond what is kept.
    pub problems: u64,
}

/// Checks a log, line by line.
#[derive(Debug, Default)]
pub struct AuditVerifier {
    expected_head: Option<AuditHead>,
    source: Option<String>,
    lines: u64,
    head: AuditHead,
    /// Digests the next line may be chained to; none where the line before could not be read.
    links: Vec<[u8; 32]>,
    closed: bool,
    head_seen: bool,
    findings: Vec<AuditFinding>,
    problems: u64,
}

impl AuditVerifier {
    /// A check of a whole log, against a head kept elsewhere where there is one.
    pub fn new(expected_head: Option<AuditHead>) -> Self {
        Self { expected_head, links: vec![[0; 32]], ..Self::default() }
    }

    /// Takes the next line, with its LF.
    pub fn line(&mut self, line: &[u8]) {
        self.lines = self.lines.saturating_add(1);
        if self.closed {
            return self.find(AuditProblem::BehindTheEnd);
        }
        let (text, ended) = match line.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (line, false),
        };
        let Some((entry, id, computed)) = read(text).filter(|_| ended) else {
            self.find(AuditProblem::Malformed);
            // It stands for the entry that belongs here; what follows cannot be held against it.
            self.head.entries = self.head.entries.saturating_add(1);
            self.links.clear();
            return;
        };
        let stated = digest_of(&entry.digest).unwrap_or_default();
        if stated != computed {
            self.find(AuditProblem::Changed);
        }
        if *self.source.get_or_insert_with(|| entry.source.clone()) != entry.source {
            return self.find(AuditProblem::OtherLog);
        }
        let next = self.head.entries.saturating_add(1);
        if id < next {
            return self.find(AuditProblem::OutOfPlace { entry: id });
        }
        if id > next {
            self.find(AuditProblem::Missing { first: next, last: id.saturating_sub(1) });
        } else if !self.links.is_empty() && !digest_of(&entry.previous).is_some_and(|it| self.links.contains(&it)) {
            // The line's own digest tells a changed `previous` already.
            if stated == computed {
                self.find(AuditProblem::NotChained);
            }
        }
        if entry.r#type == CLOSED {
            self.closed = true;
            if entry.data.get("entries").and_then(Value::as_u64) != Some(id.saturating_sub(1)) {
                self.find(AuditProblem::WrongCount);
            }
            return;
        }
        self.head = AuditHead { entries: id, digest: computed };
        self.links = vec![stated, computed];
        if let Some(expected) = self.expected_head.filter(|head| head.entries == id) {
            self.head_seen = true;
            if expected.digest != computed {
                self.find(AuditProblem::OtherHead);
            }
        }
    }

    /// There are no more lines.
    pub fn finish(mut self) -> AuditReport {
        if !self.closed {
            self.find(AuditProblem::Truncated);
        }
        if let Some(head) = self.expected_head.filter(|head| head.entries > 0 && !self.head_seen) {
            self.find(AuditProblem::BeforeHead { entries: head.entries });
        }
        // What is missing in one place and stands in another was moved, not taken away.
        let moved: Vec<u64> = self.findings.iter().filter_map(AuditFinding::moved).collect();
        let found_again = |finding: &AuditFinding| match finding.problem {
            AuditProblem::Missing { first, last } => (first..=last).all(|id| moved.contains(&id)),
            _ => false,
        };
        let before = self.findings.len();
        self.findings.retain(|finding| !found_again(finding));
        let gone = u64::try_from(before.saturating_sub(self.findings.len())).unwrap_or_default();
        AuditReport {
            lines: self.lines,
            head: self.head,
            findings: self.findings,
            problems: self.problems.saturating_sub(gone),
        }
    }

    fn find(&mut self, problem: AuditProblem) {
        self.problems = self.problems.saturating_add(1);
        if self.findings.len() < MAXIMUM_FINDINGS {
            self.findings.push(AuditFinding { line: self.lines, problem });
        }
    }
}

impl AuditFinding {
    fn moved(&self) -> Option<u64> {
        if let AuditProblem::OutOfPlace { entry } = self.problem { Some(entry) } else { None }
    }
}

/// The line, its number, and the digest it should have; `None` when it is not of the form.
fn read(text: &[u8]) -> Option<(Line, u64, [u8; 32])> {
    if text.len() > MAXIMUM_LINE_BYTES {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let mut line: Line = serde_json::from_str(text).ok()?;
    let Value::Object(data) = sorted(Value::Object(std::mem::take(&mut line.data))) else { return None };
    line.data = data;
    let is_canonical = serde_json::to_string(&line).is_ok_and(|again| again == text);
    let is_ours = line.specversion == "1.0" && line.dataschema == SCHEMA && line.source.starts_with(SOURCE);
    let id: u64 = line.id.parse().ok()?;
    let hashed = text.len().checked_sub(MARK.len().saturating_add(64).saturating_add(2))?;
    let (hashed, rest) = text.split_at_checked(hashed)?;
    let fits = rest.starts_with(MARK) && id.to_string() == line.id && id > 0;
    (is_canonical && is_ours && fits).then(|| (line, id, sha256(hashed.as_bytes())))
}
