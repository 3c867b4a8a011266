//! The store that `--store` names, and the rules its accounts are judged by.

use std::path::Path;

use honnin::kyc::{AccountId, StoreError};
use honnin::policy::{Policy, PolicyFile};
use honnin::reason::Reason;
use honnin::store::{DEFAULT_PATIENCE, OpenMode, WholeStore};
use honnin::vault::VaultError;

use super::policy::read_policy;
use crate::cli::context::Context;
use crate::cli::error::CliError;

/// Opens it; a command that needs one and has none says so.
pub(super) fn open(context: &Context, mode: OpenMode) -> Result<Box<dyn WholeStore>, CliError> {
    let Some(address) = &context.global.store else {
        return Err(CliError::new(Reason::Usage).because("cause-store-unnamed", &[]).hinting("hint-store", &[]));
    };
    address.open(mode, DEFAULT_PATIENCE).map_err(failed)
}

/// What the store said, in people's words where people can do something about it.
pub(super) fn failed(error: StoreError) -> CliError {
    let failure = CliError::new(error.reason());
    let of_part = |failure: CliError, key, suffix: &str| {
        failure.because(key, &[("suffix", suffix.to_owned().into())]).hinting("hint-store-restore", &[])
    };
    match error {
        StoreError::BrokenOff => failure.because("cause-store-broken-off", &[]).hinting("hint-store-broken-off", &[]),
        StoreError::Broken { code } => failure.because("cause-store-broken", &[("code", code.into())]),
        StoreError::CannotOpen => failure.because("cause-store-cannot-open", &[]),
        StoreError::Conflict => failure.because("cause-store-conflict", &[]).hinting("hint-store-conflict", &[]),
        StoreError::Corrupt { what } => {
            failure.because("cause-store-corrupt", &[("what", what.into())]).hinting("hint-store-restore", &[])
        }
        StoreError::ForeignPart { suffix } => of_part(failure, "cause-store-part-foreign", suffix),
        StoreError::Keys(VaultError::NotAKeyRing { line, .. }) => {
            failure.because("cause-store-not-keys", &[("line", line.into())]).hinting("hint-store-keys", &[])
        }
        StoreError::Keys(_) => failure.because("cause-store-other-keys", &[]).hinting("hint-store-keys", &[]),
        StoreError::Locked => failure.because("cause-store-locked", &[]).hinting("hint-store-locked", &[]),
        StoreError::Missing => failure.because("cause-store-missing", &[]),
        StoreError::MissingPart { suffix } => of_part(failure, "cause-store-part-missing", suffix),
        StoreError::NameTooLong => failure.because("cause-store-name", &[]).hinting("hint-store-name", &[]),
        StoreError::NewerSchema { found, known } => failure
            .because("cause-store-newer", &[("found", found.into()), ("known", known.into())])
            .hinting("hint-store-newer", &[]),
        StoreError::NoKeys => failure.because("cause-store-no-keys", &[]).hinting("hint-store-keys", &[]),
        StoreError::NotOurs => failure.because("cause-store-not-ours", &[]).hinting("hint-store-not-ours", &[]),
        StoreError::PartOfAnotherMoment { suffix } => of_part(failure, "cause-store-part-moment", suffix),
        StoreError::ReadOnly => failure.because("cause-store-read-only", &[]),
        other => failure.caused_by(other),
    }
}

/// The rules: the compiled-in ones, or those of the file.
pub(super) fn policy(context: &Context, file: Option<&Path>) -> Result<Policy, CliError> {
    let Some(file) = file else { return Policy::jp_wellnet().map_err(|_| Reason::Internal.into()) };
    match read_policy(context, file)? {
        PolicyFile::Certificate(policy) => Ok(*policy),
        _ => {
            let words = [("file", file.display().to_string().into())];
            Err(CliError::new(Reason::Usage).because("cause-policy-without-proof", &words))
        }
    }
}

/// There is no account of this name.
pub(super) fn unknown(account: &AccountId) -> CliError {
    let name = [("account", account.as_str().to_owned().into())];
    CliError::new(Reason::InputMalformed).because("cause-account-unknown", &name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::messages::{Language, Messages};

    /// Whatever a person can meet on opening or using a store is said in his language, and what to do next fits it.
    #[test]
    fn every_word_of_a_store_is_told_in_both_languages() {
        let suffix = "-audit";
        let cases = [
            (StoreError::BrokenOff, "broken off", "書き込みが途中で", "may write", "書き込める"),
            (StoreError::Broken { code: "DiskFull".to_owned() }, "DiskFull", "DiskFull", "free space", "空き容量"),
            (StoreError::CannotOpen, "cannot be opened", "開けません", "Check the path", "場所"),
            (StoreError::Conflict, "changed meanwhile", "ほかの処理", "again", "もう一度"),
            (StoreError::Corrupt { what: "claim.hash" }, "claim.hash", "claim.hash", "backup", "バックアップ"),
            (StoreError::ForeignPart { suffix }, "-audit", "-audit", "all five", "5つ"),
            (StoreError::Keys(VaultError::Changed), "does not open", "鍵のファイル", "belongs to", "対応する"),
            (
                StoreError::Keys(VaultError::NotAKeyRing { line: 3, expected: "" }),
                "Line 3",
                "3行目",
                "belongs to",
                "対応する",
            ),
            (StoreError::Locked, "Another program", "ほかのプログラム", "Close", "終了"),
            (StoreError::Missing, "no database", "ありません", "Check the path", "場所"),
            (StoreError::MissingPart { suffix }, "-audit", "-audit", "all five", "5つ"),
            (StoreError::NameTooLong, "too long", "長すぎます", "shorter name", "短い名前"),
            (StoreError::NewerSchema { found: 99, known: 8 }, "99", "99", "newer version", "新しい版"),
            (StoreError::NoKeys, "key ring", "鍵のファイル", "belongs to", "対応する"),
            (StoreError::NotOurs, "not a database", "データベースではありません", "this program made", "作成した"),
            (StoreError::PartOfAnotherMoment { suffix }, "-audit", "-audit", "all five", "5つ"),
            (StoreError::ReadOnly, "cannot be written", "書き込めません", "permissions", "権限"),
        ];
        for (error, cause_en, cause_ja, hint_en, hint_ja) in cases {
            let failure = failed(error.clone()).into_failure();
            for (language, cause, hint) in [(Language::En, cause_en, hint_en), (Language::Ja, cause_ja, hint_ja)] {
                let messages = Messages::new(language);
                let told = failure.cause.as_ref().unwrap().in_words(&messages);
                let next =
                    failure.hint.as_ref().map_or_else(|| messages.hint(failure.reason), |it| it.in_words(&messages));
                assert!(told.contains(cause), "{error:?}: {told}");
                assert!(next.contains(hint), "{error:?}: {next}");
                assert_eq!(told.is_ascii(), language == Language::En, "{error:?}: {told}");
            }
        }
    }
}
