//! Somebody is quicker: facts change after a proof was taken and before it is decided on.

use crate::holder::{anchors, grounds, list, prove};
use crate::stores::{AT, account_id, case_id};
use crate::watched::Watched;
use honnin::kyc::{AccountId, Answer, CaseState, Declaration, Effects, Hold, Kind, Outcome, Request, Store, Upgrade};
use honnin::policy::Policy;
use honnin::reason::Reason;
use std::sync::Mutex;

const CASE: &str = "case_1";

fn account() -> AccountId {
    account_id("a-1")
}

fn declared() -> Declaration {
    Declaration { purpose: Some("送金".into()), occupation: Some("会社員".into()) }
}

fn set_holds(store: &dyn Store, holds: &[Hold]) {
    let mut stored = store.load_account(&account()).unwrap().unwrap();
    stored.facts.holds = holds.iter().copied().collect();
    let mut effects = Effects::none(account());
    effects.account = Some(stored);
    store.commit(&effects).unwrap();
}

/// What becomes of a good proof, when `before` is so as it comes, and `meanwhile` happens as its challenge was taken.
fn outcome(
    store: &dyn Store,
    declaration: Declaration,
    before: impl FnOnce(&dyn Store),
    meanwhile: impl FnOnce(&dyn Store) + Send,
) -> Outcome {
    let policy = Policy::jp_wellnet_mock().unwrap();
    let engine = Upgrade::new(store, &policy);
    engine.create_account(account(), AT).unwrap();
    engine.open_case(case_id(CASE), &account(), declaration, AT).unwrap();
    let request = Request { purpose: "本人確認".into(), transaction: "申し込みます。".into() };
    let challenge = engine.issue_challenge(&case_id(CASE), &request, &mut rand_core::OsRng, AT).unwrap();
    before(store);
    // Once, when the challenge was just taken.
    let meanwhile = Mutex::new(Some(meanwhile));
    let happen = |_, _: &_, _| meanwhile.lock().unwrap().take().map_or((), |meanwhile| meanwhile(store));
    let overtaken = Watched { store, consumed: happen, committed: |_: &Effects| {} };
    let (anchors, lists) = (anchors(), list(AT, false));
    let grounds = grounds(&anchors, &lists);
    let answer = Upgrade::new(&overtaken, &policy).submit(&case_id(CASE), &prove(&challenge), &grounds, AT);
    match answer {
        Ok(Answer::Decided(decision)) => decision.outcome,
        other => panic!("no decision: {other:?}"),
    }
}

fn kind(store: &dyn Store) -> Kind {
    store.load_account(&account()).unwrap().unwrap().facts.kind()
}

fn a_stop_meanwhile_is_seen_gate_12(store: &dyn Store) {
    let outcome = outcome(store, declared(), |_| {}, |store| set_holds(store, &[Hold::StoppedByUser]));
    let Outcome::Refuse { reasons, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reasons, [Reason::AccountStoppedByUser]);
    assert_eq!(kind(store), Kind::Cash);
}

/// With another case open, too: nothing of the account is changed by the refusal then, and it is written against nothing else.
fn a_stop_that_ended_meanwhile_refuses_nobody_for_good(store: &dyn Store) {
    let before = |store: &dyn Store| {
        let policy = Policy::jp_wellnet_mock().unwrap();
        Upgrade::new(store, &policy).open_case(case_id("case_2"), &account(), declared(), AT).unwrap();
        set_holds(store, &[Hold::StoppedByUser]);
    };
    let outcome = outcome(store, declared(), before, |store| set_holds(store, &[]));
    assert!(matches!(outcome, Outcome::Upgrade { .. }), "{outcome:?}");
    assert_eq!(kind(store), Kind::Money);
    assert_eq!(store.load_case(&case_id(CASE)).unwrap().unwrap().facts.state, CaseState::Approved);
}

fn a_declaration_made_meanwhile_counts_law_11(store: &dyn Store) {
    let meanwhile = |store: &dyn Store| {
        let policy = Policy::jp_wellnet_mock().unwrap();
        Upgrade::new(store, &policy).declare(&case_id(CASE), &declared(), AT).unwrap();
    };
    let outcome = outcome(store, Declaration::default(), |_| {}, meanwhile);
    assert!(matches!(outcome, Outcome::Upgrade { .. }), "{outcome:?}");
    let record = store.confirmation_record(&case_id(CASE)).unwrap().unwrap();
    assert_eq!(record.purpose.unwrap().reveal(), "送金");
}

suite!(
    a_declaration_made_meanwhile_counts_law_11,
    a_stop_meanwhile_is_seen_gate_12,
    a_stop_that_ended_meanwhile_refuses_nobody_for_good,
);
