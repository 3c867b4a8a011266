use std::time::Duration;

use clap::{CommandFactory, FromArgMatches, Parser};

use super::*;
use crate::cli::messages::Language;

fn parsed(line: &str) -> Arguments {
    Arguments::try_parse_from(line.split(' ')).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn refused(line: &str) -> String {
    let error = Arguments::try_parse_from(line.split(' ')).expect_err(line);
    assert_eq!(error.exit_code(), 2, "{line}");
    error.to_string()
}

#[test]
fn the_tree_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn every_command_of_this_room_has_help_in_both_languages() {
    for language in [Language::En, Language::Ja] {
        let messages = crate::cli::messages::Messages::new(language);
        for alternatives in needed_texts(&Arguments::command(), "honnin") {
            assert!(alternatives.iter().any(|key| messages.find(key).is_some()), "{language:?} {alternatives:?}");
        }
    }
}

#[test]
fn global_options_work_before_and_after_the_command() {
    let before = parsed("honnin --json --card sim:card.toml --at 2026-11-22T12:00:00+09:00 -vv card status").global;
    let after = parsed("honnin card status --json --card sim:card.toml --at 2026-11-22T12:00:00+09:00 -vv").global;
    for global in [before, after] {
        assert!(global.json);
        assert_eq!(global.card, CardSource::Simulated("card.toml".into()));
        assert_eq!(global.at.map(|at| at.to_string()).as_deref(), Some("2026-11-22T03:00:00Z"));
        assert_eq!(global.verbose, 2);
    }
}

#[test]
fn defaults_are_those_of_the_contract() {
    let global = parsed("honnin pin status").global;
    assert_eq!(global.card, CardSource::Pcsc);
    assert_eq!(global.timeout, Duration::from_secs(30));
    assert_eq!(global.pin_from, None);
    assert!(!global.allow_last_try && !global.allow_unknown_tries && !global.json && !global.quiet);
    let Command::Certificate(CertificateCommand::Verify(verify)) = parsed("honnin certificate verify f").command else {
        panic!("another command");
    };
    assert_eq!(verify.validation.anchors, AnchorSet::Jpki);
    assert_eq!(verify.validation.revocation, RevocationMode::Require);
    assert_eq!(verify.validation.profile, None);
    let Command::Sign(sign) = parsed("honnin sign f --out g").command else { panic!("another command") };
    assert_eq!(sign.key, KeyName::DigitalSignature);
    assert!(!sign.detached);
}

#[test]
fn card_sources() {
    assert_eq!("replay:a:b.jsonl".parse(), Ok(CardSource::Replayed("a:b.jsonl".into())));
    for bad in ["", "sim", "sim:", "replay:", "usb", "pcsc:x", "SIM:x"] {
        assert!(bad.parse::<CardSource>().is_err(), "{bad}");
    }
}

#[test]
fn secret_sources() {
    let from = |text: &str| parsed(&format!("honnin --pin-from {text} man")).global.pin_from.unwrap();
    assert_eq!(from("tty"), PinFrom::Tty);
    assert_eq!(from("env:PIN"), PinFrom::Environment("PIN".into()));
    assert_eq!(from("file:/run/pin:1"), PinFrom::File("/run/pin:1".into()));
    assert_eq!(from("fd:3"), PinFrom::Descriptor(3));
    assert!(from("pinentry").asks_a_person() && !from("stdin").asks_a_person());
    for bad in ["fd:x", "fd:-1", "env:", "file:", "TTY"] {
        refused(&format!("honnin --pin-from {bad} man"));
    }
}

#[test]
fn a_secret_typed_in_the_wrong_place_is_not_repeated() {
    let error = refused("honnin --pin-from 8642 man");
    assert!(!error.contains("8642"), "{error}");
    let error = refused("honnin man --pin-from=pass:CANARY42");
    assert!(!error.contains("CANARY42"), "{error}");
}

#[test]
fn instants_and_seconds_are_strict() {
    for bad in ["--at 2026-11-22", "--at yesterday", "--timeout 1.5", "--timeout -1", "--timeout 86401", "--lang fr"] {
        refused(&format!("honnin {bad} man"));
    }
    assert_eq!(parsed("honnin --timeout 0 man").global.timeout, Duration::ZERO);
}

#[test]
fn the_signing_certificate_needs_a_file_to_go_to() {
    refused("honnin certificate read digital-signature");
    parsed("honnin certificate read digital-signature --out c.der");
    parsed("honnin certificate read digital-signature-ca");
    let Command::Certificate(CertificateCommand::Read(read)) =
        parsed("honnin certificate read user-authentication --form pem").command
    else {
        panic!("another command");
    };
    assert_eq!(read.certificate, CertificateName::UserAuthentication);
    assert_eq!(read.form, CertificateForm::Pem);
}

#[test]
fn options_of_validation_repeat_and_belong_to_both_commands() {
    let options = "--intermediate a --intermediate b --anchor c --anchors none --crl d --ocsp e --at 2026-01-01T00:00:00Z \
                   --profile jpki-digital-signature --revocation if-present --policy 2.5.29.32.0 --policy 1.2.3 \
                   --require-explicit-policy --inhibit-any-policy --inhibit-policy-mapping";
    let Command::Verify(verify) = parsed(&format!("honnin verify f --content g {options}")).command else {
        panic!("another command");
    };
    let validation = verify.validation;
    assert_eq!(validation.intermediates.len(), 2);
    assert_eq!(validation.anchors, AnchorSet::None);
    assert_eq!(validation.profile, Some(ProfileName::JpkiDigitalSignature));
    assert_eq!(validation.revocation, RevocationMode::IfPresent);
    assert_eq!(validation.policies.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2.5.29.32.0", "1.2.3"]);
    assert!(validation.require_explicit_policy && validation.inhibit_any_policy && validation.inhibit_policy_mapping);
    assert!(parsed(&format!("honnin certificate verify f {options}")).global.at.is_some());
    refused("honnin verify f --policy anyPolicy");
}

#[test]
fn the_virtual_reader_has_a_default_door() {
    let vpcd = |line: &str| match parsed(line).command {
        Command::Simulator(SimulatorCommand::Run(run)) => run.vpcd,
        other => panic!("{other:?}"),
    };
    assert_eq!(vpcd("honnin simulator run card.toml"), None);
    assert_eq!(vpcd("honnin simulator run card.toml --vpcd").as_deref(), Some("127.0.0.1:35963"));
    assert_eq!(vpcd("honnin simulator run --vpcd=localhost:1 card.toml").as_deref(), Some("localhost:1"));
    assert_eq!(vpcd("honnin simulator run --vpcd card.toml").as_deref(), Some("127.0.0.1:35963"));
    refused("honnin simulator run card.toml --vpcd=nowhere");
}

#[test]
fn codes_are_found_however_they_are_typed() {
    let code = |text: &str| match parsed(&format!("honnin explain {text}")).command {
        Command::Explain(explain) => explain.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code("pin_locked"), ExplainedCode::Reason(honnin::reason::Reason::PinLocked));
    assert_eq!(code("PIN-LOCKED"), ExplainedCode::Reason(honnin::reason::Reason::PinLocked));
    assert_eq!(code("r4W"), ExplainedCode::DoctorNode("R4w"));
    refused("honnin explain no_such");
}

/// The tree of the one command that is named stands in for the whole one: it must mean the same, and let nothing pass that the
/// whole one refuses.
#[test]
fn a_line_means_the_same_in_the_tree_of_its_own_command() {
    let messages = crate::cli::messages::Messages::new(Language::En);
    for line in [
        "honnin card status --json -vv --reader certificate",
        "honnin --reader card certificate read user-authentication --out f --timeout 5",
        "honnin --lang ja sign f --out g --key user-authentication --pin-from env:X",
        "honnin trace replay f -- card status --json",
        "honnin revocation check --serial 01 f g --at 2026-11-22T12:00:00+09:00",
        "honnin simulator run --vpcd=localhost:1 card.toml",
    ] {
        let words: Vec<std::ffi::OsString> = line.split(' ').map(Into::into).collect();
        let own = Arguments::from_arg_matches(&parse(&words, &messages).unwrap()).unwrap();
        assert_eq!(format!("{own:?}"), format!("{:?}", parsed(line)), "{line}");
    }
    for line in [
        "honnin",
        "honnin card",
        "honnin --reader card",
        "honnin status card",
        "honnin card read",
        "honnin -V",
        "honnin card -V",
        "honnin card help",
        "honnin help",
    ] {
        let words: Vec<std::ffi::OsString> = line.split(' ').map(Into::into).collect();
        let kind = |parsed: Result<clap::ArgMatches, clap::Error>| parsed.expect_err(line).kind();
        assert_eq!(kind(parse(&words, &messages)), kind(Arguments::command().try_get_matches_from(&words)), "{line}");
    }
}

#[test]
fn language_and_json_are_known_before_parsing() {
    let before = |line: &str| before_parsing(&line.split(' ').map(Into::into).collect::<Vec<_>>());
    let ja = Some(Language::Ja);
    assert_eq!(before("honnin x --lang ja --json"), BeforeParsing { language: ja, json: true });
    assert_eq!(before("honnin --lang=ja"), BeforeParsing { language: ja, json: false });
    assert_eq!(before("honnin --lang fr --json"), BeforeParsing { language: None, json: true });
    assert_eq!(before("honnin sign -- --json --lang ja"), BeforeParsing::default());
}
