//! The service is killed in the middle of a command and started again: what was spent is what the card compared.

use super::door::{Door, Fault, commands, is_left_locked};
use super::people::{card, tries};
use super::procedures::ALL;
use super::service;
use honnin::authority::Persona;

#[test]
#[ignore = "run by faults_over_a_pcscd_that_is_killed"]
fn a_service_killed_in_the_middle_costs_nothing_and_comes_back() {
    let long = std::env::var_os("HONNIN_TEST_LONG").is_some();
    for (name, places) in [
        ("authentication certificate", &[1, 4, 7][..]),
        ("authentication signature", &[0, 1, 2]),
        ("attributes", &[0, 1, 2]),
        ("change", &[1, 2]),
    ] {
        let procedure = ALL.iter().find(|procedure| procedure.name == name).unwrap();
        for at in places.iter().skip(if long { 0 } else { places.len() - 1 }) {
            let what = format!("{name}, killed at {at}");
            let dir = tempfile::tempdir().unwrap();
            let door = Door::with(card(Persona::Adult), Some((*at, Fault::ServiceKilled)));
            let ended = procedure.run(dir.path(), false);
            ended.assert_says_what_to_do(&what);
            assert!(matches!(ended.exit, Some(10 | 12 | 16)), "{what}: {ended:?}");
            service::start(true);
            super::door::wait_for(honnin::transport::pcsc::SlotState::Present);
            let after = ALL[0].run(dir.path(), true);
            assert_eq!(after.exit, Some(0), "{what}, afterwards: {after:?}");
            let (card, told) = door.close();
            assert!(is_left_locked(&told), "{what}");
            if let Some(secret) = &procedure.secret {
                // A wrong secret was typed: an attempt is gone exactly where the card compared it.
                let verify = |it: &&String| it.starts_with("0020") && it.len() > 8;
                let compared = commands(&told).iter().filter(verify).count();
                let full = if secret.pin == 0x1B { 5 } else { 3 };
                let left = tries(&card, secret.application, secret.pin);
                assert!(compared <= 1 && usize::from(left) == full - compared, "{what}: {left} after {compared}");
            }
        }
    }
}
