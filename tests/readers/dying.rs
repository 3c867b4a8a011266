//! Beside a pcscd that does not survive the test.

use super::world::{World, honnin_with_secret, json, run};

#[test]
#[ignore = "run by over_a_pcscd_that_dies"]
fn a_service_that_dies_is_named_and_costs_nothing() {
    let world = World::with_card("adult");
    let (content, out) = (world.file("text", "text"), world.path("signed"));
    let before = std::fs::read(world.path("card.toml.state")).ok();
    let pid = std::env::var("WITH_PCSCD_PID").expect("scripts/with-pcscd tells the daemon's process");
    run("kill", &["-KILL", &pid]);
    for command in [&["card", "status"][..], &["pin", "status"], &["readers"], &["doctor"]] {
        let (exit, answer) = json(&[command, &["--timeout", "2"]].concat());
        assert_eq!((exit, &answer["problem"]["code"]), (Some(10), &"no_pcsc_service".into()), "{command:?}: {answer}");
    }
    let (exit, _) = honnin_with_secret("0000", &["sign", &content, "--out", &out, "--key", "user-authentication"]);
    assert_eq!(exit, Some(10));
    assert_eq!(std::fs::read(world.path("card.toml.state")).ok(), before, "no try was spent");
}
