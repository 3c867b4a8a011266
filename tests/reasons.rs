//! The table of reasons against the catalogue it was written from, row by row.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test")]

use honnin::reason::Reason;
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
