//! Recordings of card sessions, in every format that is read.

use honnin::apdu::CommandApdu;
use honnin::card::{Channel as _, Session};
use honnin::holder::look_over;
use honnin::trace::{TraceError, check, narrate, read, redacted, to_json_lines};
use honnin::transport::trace::Replay;

pub fn hold(data: &[u8]) {
    let lines = data.split(|byte| *byte == b'\n').count() + 1;
    let recording = match read(data) {
        Ok((_, recording)) => recording,
        Err(TraceError::Malformed { line, defect }) => {
            assert!((1..=lines).contains(&line), "line {line} of {lines}: {defect:?}");
            return;
        }
        Err(error) => panic!("reading bytes is no IO: {error}"),
    };
    let findings = check(&recording);
    assert!(findings.len() <= 64 * lines, "{} findings in {lines} lines", findings.len());
    narrate(&recording);
    // Blanking is done once, and what is written can be read again.
    let blanked = to_json_lines(&redacted(&recording));
    let (_, again) = read(blanked.as_bytes()).expect("our own lines");
    assert_eq!(to_json_lines(&redacted(&again)), blanked);

    let Ok(mut replay) = Replay::parse(&blanked) else { panic!("our own lines are a recording") };
    let recorded = replay.remaining();
    let _ = replay.transmit(&CommandApdu::new(0x00, 0xA4, 0x02, 0x0C).data(&[0, 6]));
    assert!(replay.remaining() <= recorded, "a recording does not grow");
    let mut session = Session::new(replay);
    let _ = session.run(async |card| look_over(card).await);
}
