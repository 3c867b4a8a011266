//! Where each attribute comes from and of which day it is (ATTR-01 to ATTR-07). Values are not kept in the live account, only
//! keyed hashes to tell a difference; the kana name alone is, because banks are sent it (BANK-01, LAW-44).

use super::free_text;
use super::happened::Happened;
use super::kana;
use super::personal::{self, KeyedHash};
use super::step::{Refusals, Step};
use crate::reason::Reason;
use crate::secret::Personal;
use crate::time::UnixTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeName {
    /// 氏名
    Name,
    /// 生年月日
    Birthdate,
    /// 住所
    Address,
    /// 性別: no identifying particular (ATTR-07).
    Gender,
    /// 氏名(カナ)
    Kana,
}

/// Where an attribute comes from (kyc.md §1, attribute provenance).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Source {
    /// A certificate; the attribute is as of its issuance (ATTR-01).
    Certificate,
    /// The latest-information service, on consent.
    LatestInfo,
    /// The holder typed it.
    SelfAsserted,
    /// Support changed it (ATTR-03).
    SupportEdited {
        /// The ticket.
        ticket: String,
    },
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Where it comes from.
    #[serde(flatten)]
    pub source: Source,
    /// Of which day it is: what it says may be stale since (ATTR-01).
    pub as_of: UnixTime,
    /// Keyed hash of the value.
    pub hash: KeyedHash,
}

/// The kana name with its provenance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KanaName {
    /// The name, as it goes to banks.
    #[serde(with = "personal::text")]
    pub value: Personal<String>,
    /// Where it comes from.
    #[serde(flatten)]
    pub source: Source,
    /// Of which day it is.
    pub as_of: UnixTime,
    /// Whether the name the holder had typed differed from the certificate's (ATTR-05).
    pub differed_from_typed: bool,
}

/// The attributes of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    /// All but the kana name.
    pub held: BTreeMap<AttributeName, Attribute>,
    /// The kana name.
    pub kana: KanaName,
}

/// What a certificate or the latest-information service gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// [`Source::Certificate`] or [`Source::LatestInfo`].
    pub from_latest_info: bool,
    /// Issuance of the certificate, or the instant of the service's answer.
    pub as_of: UnixTime,
    /// Keyed hashes of the values.
    pub hashes: BTreeMap<AttributeName, KeyedHash>,
    /// The kana name, if it has one (ATTR-05).
    pub kana: Option<Personal<String>>,
}

impl Attributes {
    /// Only a kana name typed by the holder.
    pub fn typed(kana: Personal<String>, at: UnixTime) -> Self {
        let kana = KanaName { value: kana, source: Source::SelfAsserted, as_of: at, differed_from_typed: false };
        Self { held: BTreeMap::new(), kana }
    }
}

/// Takes over what is newer; the differing ones are named, never merged in silence (MIG-07, ATTR-05).
pub(super) fn take(step: &mut Step<'_>, taken: Taken) -> Vec<AttributeName> {
    let numbers = &step.policy.wallet.attributes;
    let wants_gender = !numbers.gender_purpose.trim().is_empty();
    let kana_counts = taken.as_of >= numbers.certificate_kana_from;
    let source = || if taken.from_latest_info { Source::LatestInfo } else { Source::Certificate };
    let attributes = &mut step.wallet.facts.attributes;
    let mut differing = Vec::new();
    for (name, hash) in taken.hashes {
        if name == AttributeName::Kana || (name == AttributeName::Gender && !wants_gender) {
            continue;
        }
        let held = attributes.held.get(&name);
        let is_older = held.is_some_and(|held| held.source != Source::SelfAsserted && held.as_of > taken.as_of);
        if is_older {
            continue;
        }
        if held.is_some_and(|held| held.hash != hash) {
            differing.push(name);
        }
        attributes.held.insert(name, Attribute { source: source(), as_of: taken.as_of, hash });
    }
    if let Some(value) = taken.kana.filter(|_| kana_counts) {
        let old = &attributes.kana;
        let is_older = old.source == Source::Certificate && old.as_of > taken.as_of;
        if !is_older {
            let differs = !kana::is_same_name(old.value.reveal(), value.reveal());
            if differs {
                differing.push(AttributeName::Kana);
            }
            let differed_from_typed = old.differed_from_typed || (differs && old.source == Source::SelfAsserted);
            attributes.kana = KanaName { value, source: source(), as_of: taken.as_of, differed_from_typed };
        }
    }
    step.tell(Happened::AttributesTaken { differing: differing.clone() });
    step.cite(&["ATTR-01"]);
    differing
}

/// A change by support: the kana name alone, with a ticket, by two people (ATTR-02, ATTR-03).
pub(super) fn support_edit(
    step: &mut Step<'_>,
    attribute: AttributeName,
    value: Personal<String>,
    ticket: String,
    edited_by: &str,
    approved_by: &str,
) -> Refusals<()> {
    if attribute != AttributeName::Kana {
        // Name, birth date and address come from certificates only (ATTR-02).
        return Err(Step::refusal(Reason::FlowOutOfOrder, "ATTR-02").into());
    }
    let names = [edited_by, approved_by, &ticket];
    if names.iter().any(|name| name.trim().is_empty()) || edited_by.trim() == approved_by.trim() {
        return Err(Step::refusal(Reason::InputMalformed, "ATTR-03").because("four_eyes").into());
    }
    // The ticket is told to the audit log.
    free_text::require_name(&ticket, "ATTR-03")?;
    if !kana::is_kana_name(value.reveal()) {
        return Err(Step::refusal(Reason::InputMalformed, "ATTR-04").because("kana").into());
    }
    let kana = &mut step.wallet.facts.attributes.kana;
    kana.value = value;
    kana.source = Source::SupportEdited { ticket: ticket.clone() };
    kana.as_of = step.at;
    step.tell(Happened::AttributeEdited { attribute, ticket });
    step.cite(&["ATTR-03"]);
    Ok(())
}
