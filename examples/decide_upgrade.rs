//! Decide an upgrade: account, case, challenge, and what becomes of a proof that does not hold.
//!
//!     cargo run --example decide_upgrade

#![allow(clippy::print_stdout, missing_docs, reason = "an example prints what it found")]

use honnin::anchors::AnchorSet;
use honnin::customer::Customers;
use honnin::evidence::Grounds;
use honnin::kyc::{AccountId, Answer, CaseId, Declaration, Kind, Outcome, Request, Store};
use honnin::policy::Policy;
use honnin::store::MemoryStore;
use honnin::time::UnixTime;
use honnin::validation::Materials;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now: UnixTime = "2026-11-22T12:00:00+09:00".parse()?;
    // The mock policy takes synthetic holders; the operator's own is a TOML file: Policy::parse(&text)?.
    let (store, policy) = (MemoryStore::new(), Policy::jp_wellnet_mock()?);
    let customers = Customers::new(&store, &policy);
    // An approval writes all that follows from it, the wallet's facts and claims included.
    let upgrade = customers.upgrade();

    let account: AccountId = "account-1".parse()?;
    let case = CaseId::random(&mut rand_core::OsRng)?;
    let declaration = Declaration { purpose: Some("決済".to_owned()), occupation: Some("会社員".to_owned()) };
    assert_eq!(upgrade.create_account(account.clone(), now)?.kind(), Kind::Cash);
    upgrade.open_case(case.clone(), &account, declaration, now)?;
    let request =
        Request { purpose: "本人確認".to_owned(), transaction: "移行を申し込みます。".to_owned() };
    let challenge = upgrade.issue_challenge(&case, &request, &mut rand_core::OsRng, now)?;
    println!("{}", challenge.statement().as_str());

    // A real proof is the CMS that the holder's card signed (see check_proof.rs); this is none.
    let anchors = AnchorSet::jpki();
    let grounds = Grounds { materials: Materials::default(), anchors: &anchors, taints: &[] };
    let Answer::Decided(decision) = upgrade.submit(&case, b"not a proof", &grounds, now)? else {
        return Err("a case is approved once".into());
    };
    let Outcome::Refuse { reasons, .. } = decision.outcome else { return Err("this is no proof".into()) };
    println!("refused: {}", reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>().join(", "));

    let stored = store.load_account(&account)?.ok_or("the account was opened above")?;
    assert_eq!(stored.facts.kind(), Kind::Cash);
    Ok(())
}
