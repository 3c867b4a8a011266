//! BER-TLV as cards write it (X.690 §8.1, read leniently): lengths need not be minimal, filler may stand between objects.

/// One object: tag, value, and the bytes of both as they were written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Object<'a> {
    /// The tag's bytes as a number: `0x5F37`, `0xDF22`, `0x91`.
    pub tag: u32,
    /// Tag, length and value as written; what signatures cover.
    pub encoding: &'a [u8],
    /// The value alone.
    pub value: &'a [u8],
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({:X}, {} bytes)", self.tag, self.value.len())
    }
}

/// Total length in bytes, header included, of the object at the start of `bytes`.
///
/// `None` when the header is not complete, has a tag of more than three bytes, or a length that is indefinite or beyond
/// 16 MiB. Lengths need not be minimal: cards write `82 00 9F` (card.md §6.3).
pub fn object_length(bytes: &[u8]) -> Option<usize> {
    let (_, header, value) = header(bytes)?;
    header.checked_add(value)
}

/// The object at the start of `bytes`, which may be longer; `None` when it is not whole.
pub fn first(bytes: &[u8]) -> Option<Object<'_>> {
    let (tag, header, value) = header(bytes)?;
    let encoding = bytes.get(..header.checked_add(value)?)?;
    Some(Object { tag, encoding, value: encoding.get(header..)? })
}

/// The object with this tag among those that stand one after another in `bytes`; of several the first.
///
/// Filler bytes (`00`, `FF`) between objects are skipped, as ISO/IEC 7816-4 §5.2.2.1 allows; so no tag that begins with
/// one of them can be looked for here. What cannot be read ends the search.
pub fn find(bytes: &[u8], tag: u32) -> Option<Object<'_>> {
    bytes.get(position(bytes, tag)?..).and_then(first)
}

/// Everything before the object with this tag, found as by [`find`]: what a signature in that object covers.
pub fn before(bytes: &[u8], tag: u32) -> Option<&[u8]> {
    bytes.get(..position(bytes, tag)?)
}

fn position(bytes: &[u8], tag: u32) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        while let Some(0x00 | 0xFF) = bytes.get(at) {
            at += 1;
        }
        let object = first(bytes.get(at..)?)?;
        if object.tag == tag {
            return Some(at);
        }
        at = at.checked_add(object.encoding.len())?;
    }
}

/// Tag, length of the header, length of the value.
fn header(bytes: &[u8]) -> Option<(u32, usize, usize)> {
    let mut tag = u32::from(*bytes.first()?);
    let mut at = 1;
    if tag & 0x1F == 0x1F {
        loop {
            let next = *bytes.get(at)?;
            at += 1;
            tag = tag << 8 | u32::from(next);
            if next & 0x80 == 0 {
                break;
            }
            if at == 3 {
                return None;
            }
        }
    }
    match *bytes.get(at)? {
        short @ 0..=0x7F => Some((tag, at + 1, usize::from(short))),
        long @ 0x81..=0x83 => {
            let count = usize::from(long & 0x7F);
            let digits = bytes.get(at + 1..at + 1 + count)?;
            let value = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            Some((tag, at + 1 + count, value))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_the_files_on_record() {
        // card.md §§3.2, 6.3, 6.4, 7.2
        assert_eq!(object_length(&[0x30, 0x82, 0x06, 0x32]), Some(1590));
        assert_eq!(object_length(&[0x30, 0x82, 0x06, 0xDA]), Some(1758));
        assert_eq!(object_length(&[0x30, 0x82, 0x00, 0x9F]), Some(4 + 0x9F));
        assert_eq!(object_length(&[0x30, 0x03]), Some(5));
        assert_eq!(object_length(&[0xFF, 0x20, 0x5C]), Some(95));
        assert_eq!(object_length(&[0xFF, 0x40, 0x82, 0x00, 0x9F]), Some(164));
        assert_eq!(object_length(&[0x7F, 0x21, 0x82, 0x02, 0x33]), Some(568));
        assert_eq!(object_length(&[0xFF, 0x20, 0x82, 0x0B, 0xF9]), Some(3070));
    }

    #[test]
    fn headers_that_tell_no_length() {
        for header in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x82, 0x01],
            &[0x30, 0x84, 1, 0, 0, 0],
            &[0xFF],
            &[0xFF, 0x20],
            &[0xFF, 0x20, 0x82, 0x0B],
            &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            assert_eq!(object_length(header), None, "{header:02X?}");
        }
    }

    #[test]
    fn objects_are_found_by_tag_whatever_stands_between() {
        let bytes = [0xDF, 0x22, 0x82, 0x00, 0x01, 0x41, 0x00, 0xFF, 0xFF, 0xDF, 0x25, 0x01, 0x31, 0xFF];
        assert_eq!(find(&bytes, 0xDF22).map(|it| (it.value, it.encoding.len())), Some((&[0x41][..], 6)));
        assert_eq!(find(&bytes, 0xDF25).map(|it| it.value), Some(&[0x31][..]));
        assert_eq!(find(&bytes, 0xDF24), None);
        assert_eq!(before(&bytes, 0xDF25), bytes.get(..9));
        assert_eq!(find(&bytes[..12], 0xDF25), None, "not whole");
    }
}
