//! The table of reasons against the catalogue it was written from, row by row, and the rules behind each against all that cite one.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test")]

use honnin::policy::rules_behind;
use honnin::reason::Reason;
use std::collections::HashSet;
use std::path::Path;

/// Reasons the catalogue does not have: what it says about codes allows more, and changes none.
const OURS: &[&str] = &[
    // Gates and limits (kyc.md §§3, 13), whose rules name conditions the catalogue has no word for.
    "account_not_empty",
    "balance_insufficient",
    "feature_not_offered",
    "feature_requires_higher_tier",
    "feature_requires_password",
    "limit_exceeded",
    "method_not_accepted",
    "one_time_password_required",
    "step_up_required",
    // What kyc.md §15.1 names beside the catalogue of §15.3.
    "card_suspended",
    "client_session_missing",
    "client_unsupported",
    "issuance_incomplete",
    "network_filtered",
    "otp_expired",
    // The wallet's own secrets and bank accounts (SEC-03, BANK-03).
    "bank_account_in_use",
    "otp_incorrect",
    "password_incorrect",
    // What a recorded card session can be found to be (docs/traces.md).
    "card_rule_broken",
    "recording_differs",
];

#[test]
fn every_row_of_the_catalogue_is_one_reason_with_the_same_meaning() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/reasons.tsv");
    let Ok(table) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "../shared/reference/reasons.tsv is missing");
        eprintln!("SKIPPED every_row_of_the_catalogue: ../shared/reference/reasons.tsv is not there");
        return;
    };
    assert!(OURS.iter().all(|code| !table.contains(&format!("\n{code}\t")) && Reason::from_code(code).is_some()));
    let mut rows = 0;
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        rows += 1;
        let [code, class, http, exit, retry, counts, who] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not seven columns: {line}");
        };
        let reason = Reason::from_code(code).unwrap_or_else(|| panic!("no reason {code}"));
        assert_eq!(reason.class().as_str(), class, "{code}");
        assert_eq!(
            reason.http_status().map_or("local".to_owned(), |status| status.to_string()),
            http[..http.len().min(if http == "local" { 5 } else { 3 })],
            "{code}"
        );
        assert_eq!(reason.sends_retry_after(), http.contains("Retry-After"), "{code}");
        assert_eq!(reason.exit().to_string(), exit, "{code}");
        assert_eq!((reason.retry(), reason.retryable()), (retry, retry == "yes"), "{code}");
        assert_eq!(reason.counts_as_failure(), counts == "yes", "{code}");
        let actors = if who == "—" { String::new() } else { who.to_owned() };
        assert_eq!(reason.who_acts().collect::<Vec<_>>().join(" / "), actors, "{code}");
    }
    assert_eq!(rows + OURS.len(), Reason::ALL.len(), "a reason is of the catalogue or of the list above");
}

/// Names of files of a folder, with what they hold.
fn texts(folder: &str, extension: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let kept = paths.filter(|path| path.extension().is_some_and(|it| it == extension));
    kept.map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// The rule number that `text` begins with, quotation marks around it.
fn quoted_rule(text: &str) -> Option<&str> {
    let (number, _) = text.strip_prefix('"')?.split_once('"')?;
    let (group, count) = number.split_once('-')?;
    let is_rule =
        group.bytes().all(|byte| byte.is_ascii_uppercase()) && count.bytes().all(|byte| byte.is_ascii_digit());
    is_rule.then_some(number)
}

/// What stands between the bracket that was just opened and its own end.
fn arguments(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// Steps of the wallet that take the rule of whoever calls them, with the reason they refuse by.
const BY_CALL: [(&str, &str); 7] = [
    ("require_name(", "input_malformed"),
    ("require_words(", "input_malformed"),
    ("contact_change::require_email(", "flow_out_of_order"),
    ("lift(", "flow_out_of_order"),
    ("operator(", "flow_out_of_order"),
    ("back_end(", "flow_out_of_order"),
    ("web(", "flow_out_of_order"),
];

/// Every reason with a rule beside it that the source of the wallet spells out: `Reason::X, "RULE"`, and the calls above.
fn cited_by_the_wallet() -> HashSet<(Reason, String)> {
    let by_variant = |name: &str| Reason::ALL.iter().copied().find(|reason| format!("{reason:?}") == name).unwrap();
    let mut cited = HashSet::new();
    for (_, text) in texts("src/wallet", "rs") {
        for after in text.split("Reason::").skip(1) {
            let (variant, rest) = after.split_at(after.find(|it: char| !it.is_alphanumeric()).unwrap());
            let rule = rest.strip_prefix(',').and_then(|rest| quoted_rule(rest.trim_start()));
            cited.extend(rule.map(|rule| (by_variant(variant), rule.to_owned())));
        }
        for (call, reason) in BY_CALL {
            for (at, _) in text.match_indices(call) {
                let is_call =
                    !text[..at].ends_with("fn ") && !text[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
                let last = arguments(&text[at + call.len()..]).rsplit(',').next().unwrap().trim();
                let rule = quoted_rule(last).filter(|_| is_call);
                cited.extend(rule.map(|rule| (Reason::from_code(reason).unwrap(), rule.to_owned())));
            }
        }
    }
    cited
}

/// Every table of a policy file that has a reason and rules.
fn cited_by(value: &toml::Value, cited: &mut HashSet<(Reason, String)>) {
    let tables = match value {
        toml::Value::Array(values) => values.iter().collect(),
        toml::Value::Table(table) => table.values().collect(),
        _ => Vec::new(),
    };
    if let (Some(reason), Some(rules)) = (value.get("reason"), value.get("rules")) {
        let reason = Reason::from_code(reason.as_str().unwrap()).unwrap();
        cited.extend(rules.as_array().unwrap().iter().map(|rule| (reason, rule.as_str().unwrap().to_owned())));
    }
    tables.into_iter().for_each(|value| cited_by(value, cited));
}

#[test]
fn whatever_is_cited_beside_a_reason_is_among_the_rules_behind_it_rsn_28() {
    let mut by_policies = HashSet::new();
    for (name, text) in texts("fixtures/policies", "toml") {
        cited_by(&toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")), &mut by_policies);
    }
    let by_wallet = cited_by_the_wallet();
    // Both readers read: one pair of each form, as it stands there.
    let pair = |code: &str, rule: &str| (Reason::from_code(code).unwrap(), rule.to_owned());
    for (code, rule) in [("otp_incorrect", "CERT-13"), ("input_malformed", "MIG-06"), ("flow_out_of_order", "LIFE-01")]
    {
        assert!(by_wallet.contains(&pair(code, rule)), "{code} {rule}");
    }
    for (code, rule) in [("transactions_pending", "LIFE-12"), ("method_not_accepted", "CN-07")] {
        assert!(by_policies.contains(&pair(code, rule)), "{code} {rule}");
    }
    let lacking: Vec<_> = by_wallet
        .union(&by_policies)
        .filter(|(reason, rule)| rules_behind(*reason).iter().all(|known| known.as_str() != rule))
        .collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}
