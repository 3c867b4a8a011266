//! The service is killed in the middle of a command and started again: what was spent is what the card compared.

use super::door::{Door, Fault, commands, is_left_locked};
use super::people::{card, every, tries};
use super::procedures::{ALL, is_verify, undisturbed};
use super::sampling::{enough, is_chosen};
use super::service;
use honnin::authority::Persona;
use honnin::simulator::SimulatedCard;

#[test]
#[ignore = "run by faults_over_a_pcscd_that_is_killed"]
fn a_service_killed_in_the_middle_costs_nothing_and_comes_back() {
    let mut cases = 0;
    for procedure in ALL {
        let sent = undisturbed(procedure);
        let verify = sent.iter().position(|command| is_verify(command));
        for at in 0..sent.len() {
            let what = format!("{}, killed at {at}", procedure.name);
            if !is_chosen(&what, 50) {
                continue;
            }
            cases += 1;
            // A wrong secret shows in the counter whether the card compared it; after it nothing more would be sent.
            let right = verify.is_none_or(|verify| at > verify);
            let dir = tempfile::tempdir().unwrap();
            let door = Door::with(card(Persona::Adult), Some((at, Fault::ServiceKilled)));
            let ended = procedure.run(dir.path(), right);
            ended.assert_says_what_to_do(&what);
            // The last command locks the card, when the work is done; and doctor tells of a link that breaks.
            let done = ended.exit == Some(0) && (at + 1 == sent.len() || procedure.name == "doctor");
            assert!(done || matches!(ended.exit, Some(10 | 12 | 16)), "{what}: {ended:?}");
            service::start(true);
            super::door::wait_for(honnin::transport::pcsc::SlotState::Present);
            let after = ALL[0].run(dir.path(), true);
            assert_eq!(after.exit, Some(0), "{what}, afterwards: {after:?}");
            let (card, told) = door.close();
            assert!(is_left_locked(&told), "{what}");
            let fresh = SimulatedCard::from_file(super::people::card(Persona::Adult)).unwrap();
            match procedure.secret.as_ref().filter(|_| !right) {
                None => assert_eq!(every(&card), every(&fresh), "{what}"),
                Some(secret) => {
                    let compared = commands(&told).iter().filter(|command| is_verify(command)).count();
                    let [left, full] = [&card, &fresh].map(|card| tries(card, secret.application, secret.pin));
                    assert!(compared <= 1 && usize::from(left) == usize::from(full) - compared, "{what}: {left}");
                }
            }
        }
    }
    enough(cases, 3);
}
