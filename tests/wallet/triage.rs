//! Channels and "this account cannot be used": TRI-01 to TRI-08, CH-03.

use crate::scene::{Scene, noon};
use honnin::kyc::Identity;
use honnin::reason::Reason;
use honnin::wallet::{
    Answer, Channel, Command, Document, Next, PasswordCheck, Recovery, SignIn, Triage, TriageError, Who,
};
use std::collections::BTreeMap;

const TREE: &str = include_str!("../../fixtures/triage/restricted_account.toml");

/// Asks until a leaf, answering by `yes`.
fn walk(tree: &Triage, yes: impl Fn(&str) -> bool) -> (Vec<String>, honnin::wallet::Leaf) {
    let (mut asked, mut answers) = (Vec::new(), BTreeMap::new());
    loop {
        match tree.next(&answers) {
            Next::Leaf(leaf) => return (asked, leaf),
            Next::Ask(question) => {
                assert!(asked.len() < 20, "no end: {asked:?}");
                answers.insert(question.clone(), yes(&question));
                asked.push(question);
            }
        }
    }
}

#[test]
fn cheap_questions_first_and_the_restriction_last_tri_01_tri_02_ch_03() {
    let tree = Triage::restricted_account().unwrap();
    let working = |question: &str| {
        ["environment_meets_minimum", "network_reaches_others", "phone_mail_and_id_on_file_are_current"]
            .contains(&question)
    };
    let (asked, leaf) = walk(&tree, working);
    assert_eq!(
        asked,
        [
            "environment_meets_minimum",
            "network_reaches_others",
            "phone_app_works_with_payments",
            "works_after_update",
            "works_without_vpn_or_proxy",
            "phone_mail_and_id_on_file_are_current",
            "signs_of_a_foreign_login",
        ]
    );
    assert_eq!((leaf.reason, leaf.who), (Reason::AccountStoppedByOperator, Who::Operator));
    let (asked, leaf) = walk(&tree, |_| false);
    assert_eq!((asked.len(), leaf.reason), (1, Reason::ClientUnsupported), "the environment before identity");
    let (asked, leaf) = walk(&tree, |question| question == "environment_meets_minimum");
    assert_eq!((asked.len(), leaf.reason), (2, Reason::ServerUnreachable));
    let web_only = |question: &str| {
        working(question) || ["phone_app_works_with_payments", "works_after_clearing_cookies"].contains(&question)
    };
    let (asked, leaf) = walk(&tree, web_only);
    assert!(asked.contains(&"other_browser_works".to_owned()));
    assert_eq!(leaf.reason, Reason::ClientSessionMissing);
}

#[test]
fn a_new_account_is_no_way_out_tri_03_acc_12() {
    let tree = Triage::restricted_account().unwrap();
    assert!(tree.leaves().all(|leaf| leaf.action != "new_account" && leaf.recovery <= Recovery::Escalation));
    assert!(Recovery::SelfDiagnosis < Recovery::Automated && Recovery::Automated < Recovery::Support);
    let forbidden = TREE.replacen("action = \"contact_support\"", "action = \"new_account\"", 1);
    let error = Triage::parse(&forbidden).unwrap_err();
    assert!(matches!(&error, TriageError::Broken { place, .. } if place == "restricted"), "{error:?}");
}

#[test]
fn every_leaf_says_what_it_is_what_to_do_and_who_acts_tri_08() {
    let tree = Triage::restricted_account().unwrap();
    assert_eq!(tree.leaves().count(), 8);
    for leaf in tree.leaves() {
        assert!(!leaf.action.is_empty() && !leaf.rules.is_empty(), "{leaf:?}");
    }
}

#[test]
fn a_broken_tree_is_refused_with_its_place_tri_08() {
    for (from, to, place) in [
        ("first = \"environment\"", "first = \"nowhere\"", "nowhere"),
        ("no = \"no_network\"", "no = \"nowhere\"", "nowhere"),
        ("no = \"data_on_file\"", "no = \"phone_app\"", "phone_app"),
        ("no = \"data_outdated\"", "no = \"restricted\"", "data_outdated"),
        ("format = 1", "format = 2", "format"),
        ("rules = [\"TRI-02\", \"TRI-06\"]", "rules = []", "phone_app"),
    ] {
        assert!(TREE.contains(from), "{from}");
        let error = Triage::parse(&TREE.replacen(from, to, 1)).expect_err(to);
        assert!(matches!(&error, TriageError::Broken { place: at, .. } if at == place), "{to}: {error:?}");
    }
    let error = Triage::parse(&TREE.replacen("who = \"operator\"", "who = \"nobody\"", 1)).unwrap_err();
    assert!(matches!(error, TriageError::Shape { line, .. } if line > 100), "{error:?}");
}

#[test]
fn one_channel_is_closed_while_another_works_tri_06() {
    let mut scene = Scene::legacy(Identity::None);
    scene.does(Command::RestrictChannel { channel: Channel::Web, closed: true });
    let sign_in = || Command::SignIn(SignIn::Password(PasswordCheck::Right));
    let web = scene.ask_by(Channel::Web, sign_in());
    assert_eq!(web.answer.reasons(), [Reason::AccountStoppedByOperator]);
    assert!(scene.ask_by(Channel::App, sign_in()).session.is_some());
    scene.does(Command::RestrictChannel { channel: Channel::Web, closed: false });
    assert!(scene.ask_by(Channel::Web, sign_in()).session.is_some());
    let never = scene.ask(Command::RestrictChannel { channel: Channel::Operator, closed: true });
    assert_eq!(never.answer, Answer::Unchanged, "nobody locks the operator out");
}

#[test]
fn documents_are_looked_for_again_after_72_hours_tri_05() {
    let mut scene = Scene::money();
    scene.does(Command::StopByOperator);
    let document = Document {
        expires_at: None,
        issued_at: noon(),
        shows_photo: true,
        shows_particulars: true,
        shows_my_number: false,
        supplement_issued_at: None,
    };
    scene.does(Command::SubmitDocument(document));
    let review = scene.wallet.facts.life.review.unwrap();
    assert_eq!((review.since, review.next_check), (noon(), noon().plus_seconds(72 * 3600)));
}
