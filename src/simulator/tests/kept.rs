//! What outlives the power: counters and secrets in the file beside the card.

use super::*;

fn on_disk() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("card.toml");
    std::fs::write(&path, toml()).unwrap();
    (dir, path)
}

/// The card as another process finds it after the one that had it was killed: both files as they are this moment.
fn as_a_kill_would_leave_it(path: &std::path::Path) -> SimulatedCard {
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("card.toml");
    std::fs::copy(path, &copy).unwrap();
    std::fs::copy(path.with_extension("toml.state"), copy.with_extension("toml.state")).unwrap();
    SimulatedCard::load(&copy).unwrap()
}

#[test]
fn counters_outlive_the_process() {
    let (dir, path) = on_disk();
    let names = || std::fs::read_dir(dir.path()).unwrap().count();
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "9000")]);
    assert_eq!(names(), 1, "nothing changed, nothing written");
    expect(&mut card, &[(WRONG_AUTH_PIN, "63C2")]);
    // Written before the answer came, so it is there while the card still lives.
    expect(&mut as_a_kill_would_leave_it(&path), &[(JPKI, "9000"), ("00 20 00 98", "63C2")]);
    expect(&mut card, &[(WRONG_AUTH_PIN, "63C1"), (WRONG_AUTH_PIN, "63C0")]);
    drop(card);
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "6984"), ("00 20 00 9B", "63C5")]);
    assert_eq!(names(), 2, "no temporary file is left");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), toml(), "the card's own file is not touched");
}

#[test]
fn a_right_pin_cleans_the_state_up() {
    let (dir, path) = on_disk();
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(&mut card, &[(JPKI, "9000"), (WRONG_AUTH_PIN, "63C2"), (AUTH_PIN, "9000")]);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_changed_secret_outlives_the_process() {
    let (_dir, path) = on_disk();
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(
        &mut card,
        &[(JPKI, "9000"), (AUTH_PIN, "9000"), ("00 A4 02 0C 02 00 18", "9000"), ("00 24 01 80 04 34 33 32 31", "9000")],
    );
    drop(card);
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(&mut card, &[(JPKI, "9000"), (AUTH_PIN, "63C2"), ("00 20 00 98 04 34 33 32 31", "9000")]);
}

#[test]
fn a_dropped_link_is_counted_on_disk() {
    let (_dir, path) = on_disk();
    let mut card = SimulatedCard::load(&path).unwrap();
    card.switches_mut().link_drop_in_verify = Some(LinkDrop::Counted);
    expect(&mut card, &[(JPKI, "9000")]);
    assert_eq!(card.transmit(&bytes(AUTH_PIN)), Err(LinkError::Dropped));
    expect(&mut as_a_kill_would_leave_it(&path), &[(JPKI, "9000"), ("00 20 00 98", "63C2")]);
}

#[test]
fn a_card_is_in_one_place_at_a_time() {
    let (_dir, path) = on_disk();
    let card = SimulatedCard::load(&path).unwrap();
    let error = SimulatedCard::load(&path).err().unwrap();
    assert!(matches!(error, SimulatorError::InUse { .. }), "{error}");
    drop(card);
    assert!(SimulatedCard::load(&path).is_ok());
}

#[test]
fn a_card_that_cannot_remember_does_not_verify() {
    let (dir, path) = on_disk();
    let mut card = SimulatedCard::load(&path).unwrap();
    expect(&mut card, &[(JPKI, "9000")]);
    std::fs::create_dir(dir.path().join("card.toml.state")).unwrap();
    expect(
        &mut card,
        &[(WRONG_AUTH_PIN, "6581"), ("00 20 00 98", "63C2"), (AUTH_PIN, "6581"), ("00 20 00 98", "63C3")],
    );
}

#[test]
fn a_state_of_another_card_is_refused() {
    let (dir, path) = on_disk();
    for state in [
        "[[pin]]\napplication = \"A000\"\nid = \"0018\"\ntries = 1\n",
        "[[pin]]\napplication = \"D392F000260100000001\"\nid = \"0018\"\ntries = 4\n",
        "what is this",
    ] {
        std::fs::write(dir.path().join("card.toml.state"), state).unwrap();
        let error = SimulatedCard::load(&path).unwrap_err();
        assert!(matches!(error, SimulatorError::StateMismatch { .. }), "{error}");
    }
}
