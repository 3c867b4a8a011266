use serde_json::json;

use honnin::reason::Reason;
use honnin::verdict::{Check, CheckId, Taint, Verdict, Warning};

use super::*;
use crate::cli::error::CliError;
use crate::cli::messages::{Language, Messages};

const PLAIN: Screen =
    Screen { json: false, quiet: false, stdout_is_terminal: false, colour_out: false, colour_err: false };

fn en() -> Messages {
    Messages::new(Language::En)
}

fn judged() -> Report {
    let mut verdict = Verdict::new();
    verdict.record(Check::passed(CheckId::Path));
    let revoked = Check::failed(CheckId::Revocation, Reason::CertificateRevoked);
    verdict.record(
        revoked
            .with("at", "2026-01-01T00:00:00Z")
            .with("meaning", "data_changed")
            .with("reason", "affiliation_changed"),
    );
    verdict.record(Check::undetermined(CheckId::Policy, Reason::PolicyNotAcceptable));
    verdict.record(Check::not_run(CheckId::Attributes));
    verdict.taint(Taint::TestHierarchy);
    let mut report = Report::new(json!({ "certificate": { "kind": "x" } }));
    report.verdict = Some(verdict);
    report
}

fn keys(value: &serde_json::Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_envelope_of_a_negative_verdict_is_that_of_the_contract() {
    let text = envelope("certificate verify", &judged(), &en());
    assert!(text.ends_with("}\n") && text.lines().count() == 1);
    let detail = "The issuer lists this certificate as revoked, so it cannot be used any more.";
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        json!({
            "schema": "honnin/1", "command": "certificate verify", "ok": false, "exit": 1,
            "result": { "certificate": { "kind": "x" } },
            "checks": [
                { "id": "path", "status": "passed" },
                { "id": "revocation", "status": "failed", "code": "certificate_revoked",
                  "detail": { "at": "2026-01-01T00:00:00Z", "meaning": "data_changed", "reason": "affiliation_changed" } },
                { "id": "attributes", "status": "not_run" },
                { "id": "policy", "status": "undetermined", "code": "policy_not_acceptable" },
            ],
            "warnings": [{ "code": "test_hierarchy" }],
            "problem": {
                "type": "urn:honnin:reason:certificate_revoked", "title": "The certificate is no longer in force",
                "detail": detail, "code": "certificate_revoked", "exit": 1, "retryable": false,
                "who_acts": "municipality", "hint": "Ask your municipal office about a new certificate.",
            },
        })
    );
}

#[test]
fn problem_is_present_exactly_when_ok_is_false() {
    let good = Report::new(json!({ "n": 1 }));
    let good: serde_json::Value = serde_json::from_str(&envelope("readers", &good, &en())).unwrap();
    assert_eq!(keys(&good), ["checks", "command", "exit", "ok", "result", "schema", "warnings"]);
    assert_eq!((&good["ok"], &good["exit"], &good["checks"]), (&json!(true), &json!(0), &json!([])));
    for reason in Reason::ALL {
        let failed: Report = CliError::new(*reason).with("tries_left", 2).into();
        let failed: serde_json::Value = serde_json::from_str(&envelope("pin status", &failed, &en())).unwrap();
        assert_eq!(failed["ok"], json!(false));
        assert_eq!(failed["exit"], json!(reason.exit()));
        assert_eq!(failed["result"], json!({ "tries_left": 2 }));
        let problem = &failed["problem"];
        assert_eq!(keys(problem), ["code", "detail", "exit", "hint", "retryable", "title", "type", "who_acts"]);
        assert_eq!(problem["code"], json!(reason.code()));
        assert_eq!(problem["exit"], failed["exit"]);
    }
}

#[test]
fn codes_are_never_translated_and_text_is() {
    let in_language = |language| {
        let text = envelope("verify", &judged(), &Messages::new(language));
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let (en, ja) = (in_language(Language::En), in_language(Language::Ja));
    assert_eq!(en["checks"], ja["checks"]);
    assert_eq!(en["problem"]["code"], ja["problem"]["code"]);
    assert_eq!(ja["problem"]["title"], json!("電子証明書が失効しています"));
}

#[test]
fn exits_follow_from_the_checks_unless_a_problem_is_named() {
    let exit = |verdict: Verdict| {
        let report = Report { verdict: Some(verdict), ..Report::default() };
        report.outcome().map_or(0, |(_, exit)| exit)
    };
    let one = |check| {
        let mut verdict = Verdict::new();
        verdict.record(check);
        verdict
    };
    assert_eq!(exit(one(Check::passed(CheckId::Path))), 0);
    assert_eq!(exit(one(Check::failed(CheckId::Path, Reason::PathNotFound))), 1);
    assert_eq!(exit(one(Check::failed(CheckId::Format, Reason::MalformedData))), 30);
    // Undetermined stays undetermined, and failed stays failed, whatever the reason means elsewhere.
    assert_eq!(exit(one(Check::undetermined(CheckId::Path, Reason::PathNotFound))), 3);
    assert_eq!(exit(one(Check::failed(CheckId::Revocation, Reason::ValidityUnavailable))), 1);
    let mut both = one(Check::undetermined(CheckId::Path, Reason::ValidityUnavailable));
    both.record(Check::failed(CheckId::Revocation, Reason::CertificateRevoked));
    assert_eq!(exit(both), 1, "a failed check beats an undetermined one");
    let mut blocked = judged();
    blocked.problem = Report::from(CliError::new(Reason::NoReader)).problem;
    assert_eq!(blocked.outcome().map(|(_, exit)| exit), Some(12));
}

#[test]
fn checks_line_up_and_not_checked_does_not_look_like_passed() {
    let rendered = render(&judged(), &PLAIN, &en());
    assert_eq!(
        String::from_utf8(rendered.out).unwrap(),
        "certificate path  passed\n\
         revocation        FAILED       The certificate is no longer in force (at: 2026-01-01T00:00:00Z, meaning: recorded data changed, for example by moving)\n\
         attributes        not run\n\
         policy            NOT CHECKED  No acceptable certificate policy\n"
    );
    assert_eq!(
        rendered.err,
        "warning: The certificate carries the policy of a test hierarchy: no real person stands behind it.\n\
         error: The certificate is no longer in force [certificate_revoked]\n\
         hint: Ask your municipal office about a new certificate.\n"
    );
    let rendered = render(&judged(), &PLAIN, &Messages::new(Language::Ja));
    assert_eq!(
        String::from_utf8(rendered.out).unwrap(),
        "証明書の経路  合格\n\
         失効          失敗    電子証明書が失効しています (日時: 2026-01-01T00:00:00Z, 意味: 引っ越しなどで記録事項が変わりました)\n\
         基本4情報     未実施\n\
         ポリシー      未確認  認められる証明書ポリシーがありません\n"
    );
}

#[test]
fn colours_add_nothing_but_colour() {
    let colourful = Screen { colour_out: true, colour_err: true, ..PLAIN };
    let without_colour = |text: &str| {
        let parts: Vec<_> = text.split('\u{1b}').collect();
        let rest = parts[1..].iter().map(|part| part.split_once('m').map_or("", |(_, rest)| rest));
        [parts[0]].into_iter().chain(rest).collect::<String>()
    };
    let (plain, coloured) = (render(&judged(), &PLAIN, &en()), render(&judged(), &colourful, &en()));
    assert_ne!(plain, coloured);
    assert_eq!(without_colour(&String::from_utf8(coloured.out).unwrap()), String::from_utf8(plain.out).unwrap());
    assert_eq!(without_colour(&coloured.err), plain.err);
}

#[test]
fn bytes_go_out_untouched_and_the_checks_step_aside() {
    let mut report = judged();
    report.bytes = Some(vec![0x30, 0x82, 0x1b]);
    let rendered = render(&report, &PLAIN, &en());
    assert_eq!(rendered.out, [0x30, 0x82, 0x1b]);
    assert!(rendered.err.starts_with("certificate path  passed\n"), "{}", rendered.err);
}

#[test]
fn fields_line_up_and_nothing_in_them_steers_the_terminal() {
    let mut report = Report::new(json!({}));
    report.field("氏名", "見本 太郎\u{202e}");
    report.field("reader", "RC-S300\u{1b}]0;x\u{7}\nerror: forged");
    report.line("");
    report.field("n", "1");
    let rendered = render(&report, &PLAIN, &en());
    assert_eq!(
        String::from_utf8(rendered.out).unwrap(),
        "氏名    見本 太郎\\u{202e}\nreader  RC-S300\\u{1b}]0;x\\u{7}\\u{a}error: forged\n\nn  1\n"
    );
}

#[test]
fn quiet_keeps_the_error_and_drops_the_rest() {
    let quiet = Screen { quiet: true, ..PLAIN };
    let rendered = render(&judged(), &quiet, &en());
    assert!(rendered.err.starts_with("error: "), "{}", rendered.err);
    let mut remark = Report::new(json!({}));
    remark.warnings.push(Warning::new("password_upper_cased"));
    assert_eq!(render(&remark, &quiet, &en()).err, "");
    assert!(render(&remark, &PLAIN, &en()).err.starts_with("warning: The password was changed"));
}

#[test]
fn a_failure_says_what_was_special_this_time() {
    let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
    let failure = CliError::reading(std::path::Path::new("a\u{1b}b.pem"), &missing).into();
    let expected = "error: A file or device failed [io_error]\n  There is no file a\\u{1b}b.pem.\n\
                    hint: Check the path, the permissions and the free space, then run the command again.\n";
    assert_eq!(render(&failure, &PLAIN, &en()).err, expected);
    let failure = CliError::new(Reason::MalformedData).caused_by("byte 4:\nexpected SEQUENCE").into();
    assert!(render(&failure, &PLAIN, &en()).err.contains("\n  byte 4:\\u{a}expected SEQUENCE\n"));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    use std::io::{Error, ErrorKind};
    assert!(ignoring_closed_pipe(Err(Error::from(ErrorKind::BrokenPipe))).is_ok());
    assert!(ignoring_closed_pipe(Err(Error::from(ErrorKind::StorageFull))).is_err());
}
