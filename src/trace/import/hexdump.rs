//! Lines of hex with the characters beside them, as OpenSC prints buffers: sixteen bytes a line.

/// Bytes a line.
const WIDTH: usize = 16;

/// The bytes of one line of a dump that still lacks `left` bytes.
///
/// The characters beside the hex may look like hex themselves, so the count decides where the bytes end.
pub(super) fn line(text: &str, left: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(WIDTH);
    let mut rest = text;
    while bytes.len() < left.min(WIDTH) {
        let pair = rest.get(..2)?;
        bytes.extend(hex::decode(pair).ok()?);
        rest = rest.get(2..)?;
        match rest.strip_prefix(' ') {
            Some(next) => rest = next,
            None if bytes.len() == left.min(WIDTH) => {}
            None => return None,
        }
    }
    Some(bytes)
}
