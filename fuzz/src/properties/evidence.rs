//! Evidence bundles and time-stamp tokens: read within bounds, and in one form only.

use honnin::anchors::AnchorSet;
use honnin::proof::{TimeStampRequest, TimeStampToken};
use honnin::record::Bundle;
use honnin::time::UnixTime;

pub fn hold(data: &[u8]) {
    if let Ok(bundle) = Bundle::read(data) {
        // Every byte is under a digest: the last one changed is no bundle any more.
        let mut changed = data.to_vec();
        *changed.last_mut().unwrap() ^= 1;
        assert!(Bundle::read(&changed).is_err());
        // Nothing that bytes can say is a reason to panic, and no bundle brings its own anchor.
        if let Ok(verification) = bundle.verify(&AnchorSet::none(), UnixTime::from_seconds(0)) {
            assert_ne!(verification.then.conclusion(), honnin::verdict::Conclusion::Yes);
        }
    }
    let _ = TimeStampRequest::new(b"", [0; 16]).accept(data);
    if let Ok(token) = TimeStampToken::parse(data) {
        assert_eq!(token.der(), data);
        let _ = token.verify(b"");
    }
}
