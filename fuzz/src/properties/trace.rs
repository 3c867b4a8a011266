//! Recordings of card sessions.

use honnin::apdu::CommandApdu;
use honnin::card::{Channel as _, ChannelError, Session};
use honnin::holder::look_over;
use honnin::transport::trace::{Replay, TraceError};

pub fn hold(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines = text.lines().count() + 1;
    let mut replay = match Replay::parse(text) {
        Ok(replay) => replay,
        Err(TraceError::Malformed { line, what }) => {
            assert!((1..=lines).contains(&line), "line {line} of {lines}: {what}");
            return;
        }
        Err(error) => panic!("reading text is no IO: {error}"),
    };
    assert_eq!(replay.header().version, 1);
    assert!(replay.remaining() < lines);
    // It answers what was asked then and nothing else, and never more often than it was asked.
    let mut left = replay.remaining();
    loop {
        let answer = replay.transmit(&CommandApdu::new(0x00, 0xA4, 0x02, 0x0C).data(&[0, 6]));
        assert!(replay.remaining() == left || replay.remaining() + 1 == left);
        if replay.remaining() == left {
            assert!(
                matches!(answer, Err(ChannelError::NotRecorded { .. } | ChannelError::MaskedData { .. })) || left == 0
            );
            break;
        }
        left = replay.remaining();
    }
    let mut session = Session::new(Replay::parse(text).expect("the same text"));
    let _ = session.run(async |card| look_over(card).await);
}
