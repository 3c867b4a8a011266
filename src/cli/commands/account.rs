//! `account create`, `account show` and `case show`: what an operator may see and begin.

use honnin::kyc::{AccountView, CaseView, Upgrade};
use honnin::reason::Reason;
use honnin::store::OpenMode;
use honnin::wallet::{Viewer, WalletView};
use serde_json::json;

use super::stores::{failed, open, policy, unknown};
use crate::cli::arguments::{AccountArguments, CaseArguments};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::messages::Messages;
use crate::cli::output::Report;

/// Opens an account for a certificate login, in a new store if there is none yet.
pub(crate) fn account_create(context: &Context, arguments: &AccountArguments) -> Result<Report, CliError> {
    let at = context.instant_of_writing()?;
    let store = open(context, OpenMode::Create)?;
    let id = arguments.account.clone();
    if store.load_account(&id).map_err(failed)?.is_some() {
        let name = [("account", id.as_str().to_owned().into())];
        return Err(CliError::new(Reason::InputMalformed).because("cause-account-exists", &name));
    }
    let created = Upgrade::new(store.as_ref(), &policy(context, None)?).create_account(id, at);
    let account = created.map_err(|error| CliError::new(error.reason()).caused_by(error))?;
    let view = AccountView::from(&account);
    let mut report = Report::new(json!({ "account": view }));
    describe(&mut report, &view, context);
    Ok(report)
}

/// The account, its wallet where it has one, and the last look at its certificate.
pub(crate) fn account_show(context: &Context, arguments: &AccountArguments) -> Result<Report, CliError> {
    let store = open(context, OpenMode::ReadOnly)?;
    let Some(account) = store.load_account(&arguments.account).map_err(failed)? else {
        return Err(unknown(&arguments.account));
    };
    let kept = store.load_wallet(&arguments.account).map_err(failed)?;
    let policy = policy(context, None)?;
    let wallet = kept.map(|kept| WalletView::of(&kept.wallet, Viewer::Other, &policy, context.instant()));
    let note = store.validity_note(&arguments.account).map_err(failed)?;
    let cases = store.open_cases(&arguments.account).map_err(failed)?;
    let view = AccountView::from(&account.facts);
    let noted = note.as_ref().map(|note| json!({ "at": note.at, "current": note.current }));
    let mut report =
        Report::new(json!({ "account": view, "wallet": wallet, "open_cases": cases, "validity_noted": noted }));
    describe(&mut report, &view, context);
    for case in &cases {
        report.field(context.text("label-case", &[]), case.as_str());
    }
    if let Some(note) = note {
        let word = serde_json::to_value(note.current).unwrap_or_default();
        let word = word.as_str().unwrap_or_default().to_owned();
        let words = [("current", word.into()), ("at", note.at.in_japan().into())];
        report.field(context.text("label-validity-noted", &[]), context.text("validity-noted", &words));
    }
    Ok(report)
}

/// Where a case stands; what was declared is not shown.
pub(crate) fn case_show(context: &Context, arguments: &CaseArguments) -> Result<Report, CliError> {
    let store = open(context, OpenMode::ReadOnly)?;
    let Some(case) = store.load_case(&arguments.case).map_err(failed)? else {
        let name = [("case", arguments.case.as_str().to_owned().into())];
        return Err(CliError::new(Reason::InputMalformed).because("cause-case-unknown", &name));
    };
    let case = case.facts;
    let mut report = Report::new(json!({ "case": CaseView::from(&case) }));
    for (label, value) in [
        ("label-case", case.id.to_string()),
        ("label-account", case.account.to_string()),
        ("policy-state", context.text(&format!("case-state-{}", case.state.as_str()), &[])),
        ("policy-name", format!("{} {}", case.policy.id, case.policy.revision)),
        ("label-opened-at", case.opened_at.in_japan()),
        ("label-expires-at", case.expires_at.in_japan()),
    ] {
        report.field(context.text(label, &[]), value);
    }
    Ok(report)
}

pub(super) fn describe(report: &mut Report, view: &AccountView, context: &Context) {
    report.field(context.text("label-account", &[]), view.id.as_str());
    let mut field =
        |label, key, value| report.field(context.text(label, &[]), in_words(key, &value, &context.messages));
    field("label-kind", "account-kind", json!(view.kind));
    field("label-identity", "account-identity", json!(view.identity));
    for hold in &view.holds {
        field("label-hold", "account-hold", json!(hold));
    }
    field("label-life", "account-life", json!(view.life));
    report.field(context.text("label-opened-at", &[]), view.created_at.in_japan());
}

/// JSON's word of the contract, as people say it.
fn in_words(key: &str, word: &serde_json::Value, messages: &Messages) -> String {
    messages.text(key, &[("word", word.as_str().unwrap_or_default().to_owned().into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::messages::Language;
    use honnin::kyc::{Hold, Identity, Kind, Life};

    #[test]
    fn every_state_of_an_account_has_words_in_either_language() {
        let words = [
            ("account-kind", vec![json!(Kind::Cash), json!(Kind::Money)]),
            (
                "account-identity",
                vec![
                    json!(Identity::None),
                    json!(Identity::InProgress),
                    json!(Identity::VerifiedCertificate),
                    json!(Identity::VerifiedSelfieLegacy),
                ],
            ),
            (
                "account-hold",
                vec![json!(Hold::LockedByFailures), json!(Hold::StoppedByUser), json!(Hold::StoppedByOperator)],
            ),
            ("account-life", vec![json!(Life::Open), json!(Life::Withdrawn)]),
        ];
        let (en, ja) = (Messages::new(Language::En), Messages::new(Language::Ja));
        for (key, words) in words {
            let told: std::collections::BTreeSet<_> = words.iter().map(|word| in_words(key, word, &en)).collect();
            assert_eq!(told.len(), words.len(), "{key}: two states in the same words");
            assert!(told.iter().all(|told| !told.contains(['_', '{', '-'])), "{told:?}");
            for word in words {
                let told = in_words(key, &word, &ja);
                assert!(!told.is_empty() && told.chars().all(|it| !it.is_ascii()), "{key} {word}: {told}");
            }
        }
    }
}
