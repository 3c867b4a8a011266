//! What a policy fixes without looking at any facts, by its place in the file: two policies are compared by these too.

use super::{PolicyFile, StepUpOnUse};
use crate::time::UnixTime;
use serde::Serialize;
use std::collections::BTreeMap;

impl PolicyFile {
    /// The values that no question about facts would bring out: place and value as JSON, in the order of the places.
    pub fn settings(&self) -> BTreeMap<String, String> {
        let (from, to) = self.dates();
        let book = self.book();
        let mut settings: BTreeMap<&'static str, String> = [
            ("mock", json(&self.is_mock())),
            ("law_revision_id", json(&self.reference().law_revision_id)),
            ("effective_from", json(&from.in_japan())),
            ("effective_to", json(&to.map_or_else(|| "open".to_owned(), UnixTime::in_japan))),
            ("matching.names", json(&book.names.value)),
            ("step_up.offer_on_limit", json(&book.step_up.offer_on_limit)),
            ("step_up.on_use", json(&book.step_up.on_use.iter().map(demand).collect::<Vec<_>>())),
            ("limits.currency", json(&book.limits.currency)),
            ("limits.minor_digits", json(&book.limits.minor_digits)),
        ]
        .into();
        if let Some(policy) = self.certificate() {
            settings.extend([
                ("evidence.method", json(&policy.evidence.value.method)),
                ("evidence.accepted_certificates", json(&policy.evidence.value.accepted_certificates)),
                ("verifier.status", json(&policy.verifier.value.status)),
                ("verifier.name", json(&policy.verifier.value.name)),
                ("account.convert_on_upgrade", json(&policy.account.value)),
                ("challenge.audience", json(&policy.challenge.value.audience)),
                ("challenge.lifetime_seconds", json(&policy.challenge.value.lifetime_seconds)),
                ("case.lifetime_seconds", json(&policy.case_lifetime_seconds.value)),
                ("declaration.required", json(&policy.declaration.value)),
                ("revocation.retry_after_seconds", json(&policy.revocation.value.retry_after_seconds)),
                ("time_stamp.need", json(&policy.time_stamp.value.need)),
                ("time_stamp.skew_seconds", json(&policy.time_stamp.value.skew_seconds)),
                ("time_stamp.accepted_policies", json(&policy.time_stamp.value.accepted_policies)),
                ("attributes.required", json(&policy.particulars.value)),
            ]);
        }
        let mut settings: BTreeMap<String, String> =
            settings.into_iter().map(|(place, value)| (place.to_owned(), value)).collect();
        if let Some(policy) = self.certificate() {
            // The wallet's own tables decide by facts that no question here speaks of.
            let table = policy.text.parse::<toml::Table>().unwrap_or_default();
            if let Some(wallet) = table.get("wallet") {
                flatten(wallet, "wallet", &mut settings);
            }
        }
        settings
    }
}

/// A demand at use without the rules it cites: which rules a file cites decides nothing.
fn demand(row: &StepUpOnUse) -> serde_json::Value {
    serde_json::json!({ "features": row.features, "segments": row.segments, "needs": row.needs })
}

/// Every value below a table by its place, but for the rule numbers it cites.
fn flatten(value: &toml::Value, place: &str, into: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table.iter().filter(|(name, _)| *name != "rules") {
                flatten(value, &format!("{place}.{name}"), into);
            }
        }
        other => drop(into.insert(place.to_owned(), json(other))),
    }
}

/// Every value here is a word, a number or a list of such, which JSON always has a form for.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
