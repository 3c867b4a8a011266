//! `revocation info` and `revocation check`: single lists, every entry read in one pass.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use honnin::anchors::AnchorSet;
use honnin::certificate::{DistributionPointName, GeneralName, Name, SerialNumber};
use honnin::reason::Reason;
use honnin::time::UnixTime;
use honnin::validation::{Crl, CrlError, RevocationGap, RevocationReason, public_meaning};
use honnin::verdict::{Check, CheckId, Verdict, Warning};

use super::validation::{anchors, crls_in};
use crate::cli::arguments::{RevocationCheckArguments, RevocationInfoArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Sentence;
use crate::cli::output::Report;

/// Longest line that is read as a serial number.
const LONGEST_LINE: u64 = 256;

/// Why a list does not count where anchors are named: nobody among them is known to have signed it.
const NOT_VERIFIED: &str = "not_verified";

/// The same: who has its name and key may not sign lists.
const MAY_NOT_SIGN: &str = RevocationGap::IssuerMayNotSign.as_str();

/// What a list says of itself, its entries counted. It judges the list's form and, where its issuer is at hand, its signature.
pub(crate) fn revocation_info(context: &Context, arguments: &RevocationInfoArguments) -> Result<Report, CliError> {
    let anchors = anchors(arguments.issuers.anchors, &arguments.issuers.own_anchors)?;
    let mut report = Report::new(json!({}));
    let mut verdict = Verdict::new();
    let (mut described, mut signatures) = (Vec::new(), Vec::new());
    for list in crls_in(&arguments.file)? {
        let (count, problem) = Count::of(&list);
        let signed = signer(&list, &anchors);
        describe(&mut report, &list, &count, signed, context);
        let mut members = frame_json(&list);
        members.insert("entries".into(), count.entries.into());
        members.insert("reasons".into(), json!(count.reasons));
        members.insert("oldest_revocation".into(), json!(count.oldest));
        members.insert("newest_revocation".into(), json!(count.newest));
        members.insert("signature".into(), signed.as_str().into());
        described.push(Value::Object(members));
        verdict.record(match problem {
            Some(error) => Check::failed(CheckId::Format, error.reason()).with("why", error.to_string()),
            None => Check::passed(CheckId::Format),
        });
        signatures.push(signed);
    }
    record_signatures(&mut verdict, &mut report, &signatures);
    // A file with one list, as nearly all are, is described as one.
    report.result = match described.len() {
        1 => json!({ "crl": described.pop() }),
        _ => json!({ "crls": described }),
    };
    report.verdict = Some(verdict);
    Ok(report)
}

/// Whether any of the lists names a serial number. Only lists that are current, complete and of certificates like it can say
/// that none does, and only when none of the lists is left open; whoever names anchors wants it signed by one of them, too.
/// Without, the contract's bare form, the question is what stands in the file, and a remark says that nobody vouches for it.
pub(crate) fn revocation_check(context: &Context, arguments: &RevocationCheckArguments) -> Result<Report, CliError> {
    let serial = serial(&arguments.serial)?;
    let anchors = anchors(arguments.issuers.anchors, &arguments.issuers.own_anchors)?;
    let at = context.instant();
    let mut report = Report::new(json!({}));
    let mut verdict = Verdict::new();
    let mut found = Vec::new();
    let (mut lists, mut signatures) = (Vec::new(), Vec::new());
    for file in &arguments.files {
        for list in crls_in(file)? {
            let signed = signer(&list, &anchors);
            signatures.push(signed);
            let answer = match signed {
                Signed::Wrongly => Answer::Unusable("signature_invalid"),
                Signed::NotEntitled => Answer::Unusable(MAY_NOT_SIGN),
                Signed::Unknown if arguments.issuers.are_named() => Answer::Unusable(NOT_VERIFIED),
                Signed::Rightly | Signed::Unknown => Answer::of(&list, &serial, at),
            };
            if let Answer::Malformed(error) = &answer {
                verdict.record(Check::failed(CheckId::Format, Reason::MalformedData).with("why", error.to_string()));
            }
            lists.push(answer.json(&list, signed));
            report.field(file_name(file), answer.in_words(context));
            found.push(Found { speaks_of: Partition::of(&list), answer });
        }
    }
    record_signatures(&mut verdict, &mut report, &signatures);
    if verdict.check(CheckId::Format).is_none() {
        verdict.record(Check::passed(CheckId::Format));
    }
    verdict.record(conclusion(&found));
    report.result = json!({ "at": at, "lists": lists });
    report.next = next_step(&found).map(|key| (Reason::ValidityUnavailable, Sentence::Message(key, Vec::new())));
    report.verdict = Some(verdict);
    Ok(report)
}

/// What one list says of the serial number.
enum Answer {
    Listed(UnixTime, Option<RevocationReason>),
    NotListed,
    Unusable(&'static str),
    Malformed(CrlError),
}

impl Answer {
    fn of(list: &Crl, serial: &SerialNumber, at: UnixTime) -> Self {
        let scan = match list.scan(serial) {
            Ok(scan) => scan,
            Err(error) => return Self::Malformed(error),
        };
        // Lists of changes alone take an entry back (RFC 5280 §5.3.1).
        let takes_back = |reason| list.is_delta() && reason == Some(RevocationReason::RemoveFromCrl);
        let removed = scan.found.is_some_and(|(_, reason)| takes_back(reason));
        match scan.found {
            // Once revoked stays revoked, however old the list.
            Some((at, reason)) if !removed => Self::Listed(at, reason),
            _ if scan.unknown_critical || list.has_unknown_critical_extension() => {
                Self::Unusable("unknown_critical_extension")
            }
            _ => match unable_to_clear(list, scan.names_issuers, at) {
                Some(why) => Self::Unusable(why),
                None => Self::NotListed,
            },
        }
    }

    fn json(&self, list: &Crl, signed: Signed) -> Value {
        let mut members = frame_json(list);
        members.insert("signature".into(), signed.as_str().into());
        let (status, more) = match self {
            Self::Listed(at, reason) => (
                "revoked",
                vec![
                    ("at", json!(at)),
                    ("reason", json!(reason.map(RevocationReason::as_str))),
                    ("meaning", public_meaning(*reason).as_str().into()),
                ],
            ),
            Self::NotListed => ("not_listed", Vec::new()),
            Self::Unusable(_) | Self::Malformed(_) => ("unusable", vec![("why", self.why().into())]),
        };
        members.insert("status".into(), status.into());
        members.extend(more.into_iter().map(|(key, value)| (key.to_owned(), value)));
        Value::Object(members)
    }

    fn in_words(&self, context: &Context) -> String {
        let (status, at, why) = match self {
            Self::Listed(at, _) => ("revoked", at.in_japan(), String::new()),
            Self::NotListed => ("not_listed", String::new(), String::new()),
            Self::Unusable(_) | Self::Malformed(_) => {
                ("unusable", String::new(), context.text("list-unusable", &[("why", self.why().into())]))
            }
        };
        context.text("list-outcome", &[("status", status.into()), ("at", at.into()), ("why", why.into())])
    }

    /// Why it is no answer, where it is none.
    const fn why(&self) -> &'static str {
        match self {
            Self::Listed(..) | Self::NotListed => "",
            Self::Unusable(why) => why,
            Self::Malformed(_) => "malformed",
        }
    }
}

/// Why that a list does not name a serial number says nothing: what it leaves out, or when it was made.
fn unable_to_clear(list: &Crl, names_issuers: bool, at: UnixTime) -> Option<&'static str> {
    let point = list.issuing_distribution_point().cloned().unwrap_or_default();
    let cases = [
        (list.version() != 2, "version"),
        (list.is_delta(), "delta"),
        // The serial number may be of another issuer than the list's.
        (point.indirect || names_issuers, "indirect"),
        (point.only_attribute_certificates, "only_attribute_certificates"),
        (point.only_ca_certificates, "only_ca_certificates"),
        (point.only_some_reasons.is_some(), "some_reasons_only"),
        (at < list.this_update(), "not_yet_current"),
        (list.next_update().is_none(), "no_next_update"),
        (list.next_update().is_some_and(|next| at >= next), "stale"),
    ];
    cases.into_iter().find_map(|(applies, why)| applies.then_some(why))
}

/// Of which certificates a list speaks: those of one key of an issuer that point to one place.
struct Partition {
    issuer: Name,
    key: Option<Vec<u8>>,
    points: Vec<Option<[u8; 32]>>,
}

impl Partition {
    fn of(list: &Crl) -> Self {
        Self {
            issuer: list.issuer().clone(),
            key: list.authority_key_identifier().map(<[u8]>::to_vec),
            points: list.points(),
        }
    }
}

/// One list: of whom it speaks, and what it says.
struct Found {
    speaks_of: Partition,
    answer: Answer,
}

impl Found {
    /// Whether this list, which says that the number is not on it, says so of all that `other` speaks of and cannot tell.
    fn answers_for(&self, other: &Self) -> bool {
        let (own, others) = (&self.speaks_of, &other.speaks_of);
        // The key that a list names is its own word only, until somebody is known to have signed it.
        let same_key =
            matches!(other.answer, Answer::Unusable(NOT_VERIFIED)) || own.key == others.key && own.key.is_some();
        matches!(self.answer, Answer::NotListed)
            && own.issuer == others.issuer
            && same_key
            // Names that cannot be read are at no place.
            && !others.points.is_empty()
            && others.points.iter().all(|point| own.points.contains(point))
    }
}

/// The answers of lists that might name the number, cannot be used, and have no other to answer for them.
fn left_open(found: &[Found]) -> impl Iterator<Item = &Answer> {
    let unusable = found.iter().filter(|one| matches!(one.answer, Answer::Unusable(_) | Answer::Malformed(_)));
    unusable.filter(|one| !found.iter().any(|other| other.answers_for(one))).map(|one| &one.answer)
}

/// What brings an answer to what is left open, as a key of the message files. The check tells why the first list is left open,
/// so nobody is told of another list where that one lacks its issuer. A complete and current list is told of where any list leaves
/// something out: a newer one of the same kind would leave it out again.
fn next_step(found: &[Found]) -> Option<&'static str> {
    let open: Vec<&str> = left_open(found).map(Answer::why).collect();
    match open.first()? {
        &NOT_VERIFIED | &MAY_NOT_SIGN => Some("hint-issuer-of-list"),
        _ if open.iter().all(|why| ["stale", "not_yet_current", NOT_VERIFIED].contains(why)) => Some("hint-newer-list"),
        _ => Some("hint-complete-list"),
    }
}

/// Listed anywhere is revoked; not listed takes a list that can say so, for every partition that a list was given of.
fn conclusion(found: &[Found]) -> Check {
    let listed = found.iter().find_map(|one| match &one.answer {
        Answer::Listed(at, reason) => Some((at, reason)),
        _ => None,
    });
    if let Some((at, reason)) = listed {
        let check = Check::failed(CheckId::Revocation, Reason::CertificateRevoked)
            .with("at", at.to_string())
            .with("meaning", public_meaning(*reason).as_str());
        return match reason {
            Some(reason) => check.with("reason", reason.as_str()),
            None => check,
        };
    }
    let open = left_open(found).next();
    if open.is_none() && !found.is_empty() {
        return Check::passed(CheckId::Revocation);
    }
    let why = open.map_or("", Answer::why);
    Check::undetermined(CheckId::Revocation, Reason::ValidityUnavailable).with("why", why)
}

/// Who signed a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signed {
    /// A trusted issuer of this name.
    Rightly,
    /// A trusted issuer has this name and this key, and did not sign it.
    Wrongly,
    /// A trusted issuer has this name and this key, and its key usage lacks cRLSign.
    NotEntitled,
    /// Nobody at hand has this name and this key.
    Unknown,
}

impl Signed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rightly => "valid",
            Self::Wrongly => "invalid",
            Self::NotEntitled | Self::Unknown => "not_checked",
        }
    }
}

fn signer(list: &Crl, anchors: &AnchorSet) -> Signed {
    let mut found = Signed::Unknown;
    for anchor in anchors.for_purpose(None) {
        let issuer = anchor.certificate();
        // Generations share a name: without a key identifier the list may be of another one.
        let key_is_named =
            list.authority_key_identifier().is_some() && issuer.extensions().subject_key_identifier.is_some();
        match list.signed_by(issuer) {
            Ok(()) => return Signed::Rightly,
            Err(RevocationGap::IssuerMayNotSign) if key_is_named && found == Signed::Unknown => {
                found = Signed::NotEntitled;
            }
            Err(RevocationGap::SignatureInvalid | RevocationGap::AlgorithmNotAllowed) if key_is_named => {
                found = Signed::Wrongly;
            }
            Err(_) => {}
        }
    }
    found
}

/// One check for all lists: it passes when every one of them was signed by somebody trusted, and it is not run, with a remark,
/// where nobody trusted is known to have signed one.
fn record_signatures(verdict: &mut Verdict, report: &mut Report, signed: &[Signed]) {
    if signed.contains(&Signed::Wrongly) {
        verdict.record(Check::failed(CheckId::Signature, Reason::SignatureInvalid));
    } else if signed.iter().all(|signed| *signed == Signed::Rightly) {
        verdict.record(Check::passed(CheckId::Signature));
    } else {
        report.warnings.push(Warning::new("revocation_list_not_verified"));
        report.not_asked.push(CheckId::Signature);
    }
}

/// One pass over all entries.
#[derive(Default)]
struct Count {
    entries: u64,
    reasons: BTreeMap<&'static str, u64>,
    oldest: Option<UnixTime>,
    newest: Option<UnixTime>,
}

impl Count {
    /// What was counted, and what ended the count before its time.
    fn of(list: &Crl) -> (Self, Option<CrlError>) {
        let mut count = Self::default();
        for entry in list.entries() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return (count, Some(error)),
            };
            count.entries += 1;
            let reason = entry.reason.map_or("not_said", RevocationReason::as_str);
            *count.reasons.entry(reason).or_default() += 1;
            count.oldest = Some(count.oldest.map_or(entry.revoked_at, |oldest| oldest.min(entry.revoked_at)));
            count.newest = Some(count.newest.map_or(entry.revoked_at, |newest| newest.max(entry.revoked_at)));
        }
        (count, None)
    }
}

fn scope(list: &Crl) -> &'static str {
    match list.issuing_distribution_point() {
        Some(point) if point.only_ca_certificates => "ca",
        Some(point) if point.only_user_certificates => "user",
        Some(point) if point.only_attribute_certificates => "attribute",
        Some(point) if point.name.is_some() => "point",
        _ => "all",
    }
}

/// The names of the issuing distribution point, as text.
fn point_names(list: &Crl) -> Vec<String> {
    let name = list.issuing_distribution_point().and_then(|point| point.name.as_ref());
    let names = name.and_then(|name: &DistributionPointName| name.resolve(list.issuer()).ok()).unwrap_or_default();
    let text = |name: &GeneralName| match name {
        GeneralName::Directory(name) => Some(name.to_string()),
        GeneralName::Uri(uri) => Some(uri.clone()),
        _ => None,
    };
    names.iter().filter_map(text).collect()
}

fn frame_json(list: &Crl) -> Map<String, Value> {
    let point = list.issuing_distribution_point();
    let frame = json!({
        "issuer": list.issuer().to_string(),
        "version": list.version(),
        "this_update": list.this_update(),
        "next_update": list.next_update(),
        "number": list.number().map(hex::encode),
        "base_number": list.base_number().map(hex::encode),
        "authority_key_identifier": list.authority_key_identifier().map(hex::encode),
        "distribution_point": point_names(list),
        "scope": scope(list),
        "only_some_reasons": point.is_some_and(|point| point.only_some_reasons.is_some()),
        "indirect": point.is_some_and(|point| point.indirect),
        "unknown_critical_extension": list.has_unknown_critical_extension(),
        "bytes": list.der().len(),
    });
    match frame {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn describe(report: &mut Report, list: &Crl, count: &Count, signed: Signed, context: &Context) {
    let text = |key: &str| context.text(key, &[]);
    report.field(text("label-issuer"), list.issuer().to_string());
    for name in point_names(list) {
        report.field(text("label-list"), name);
    }
    report.field(text("label-scope"), context.text("list-scope", &[("scope", scope(list).into())]));
    report.field(text("label-this-update"), list.this_update().in_japan());
    let next = list.next_update().map_or_else(|| text("list-without-end"), UnixTime::in_japan);
    report.field(text("label-next-update"), next);
    report.field(text("label-entries"), count.entries.to_string());
    if list.is_delta() {
        report.field(text("label-delta"), text("list-of-changes"));
    }
    let signer = match signed {
        // The check says it.
        Signed::Wrongly => return,
        Signed::Rightly => "known",
        Signed::NotEntitled => "not_entitled",
        Signed::Unknown => "unknown",
    };
    report.field(text("label-list-signature"), context.text("list-signed-by", &[("signer", signer.into())]));
}

/// The serial number, which is never told again: not in an error either.
fn serial(text: &str) -> Result<SerialNumber, CliError> {
    let mut line = text.as_bytes().to_vec();
    if text == "-" {
        line.clear();
        let read = std::io::stdin().lock().take(LONGEST_LINE).read_to_end(&mut line);
        read.map_err(|error| CliError::io(&error))?;
    }
    let serial = std::str::from_utf8(&line).ok().and_then(|line| SerialNumber::from_hex(line.trim()).ok());
    serial.ok_or_else(|| CliError::new(Reason::Usage).because("cause-serial", &[]).hinting("hint-serial", &[]))
}

fn file_name(path: &Path) -> String {
    path.display().to_string()
}
