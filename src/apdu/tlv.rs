//! BER-TLV as far as a reader of files needs it: how long is the object that begins here (X.690 §8.1).

/// Total length in bytes, header included, of the object with a one-byte tag at the start of `bytes`.
///
/// `None` when the header is not complete, has a multi-byte tag, or a length that is indefinite or beyond 16 MiB. Lengths
/// need not be minimal: cards write `82 00 9F` (card.md §6.3).
pub fn object_length(bytes: &[u8]) -> Option<usize> {
    let tag = *bytes.first()?;
    if tag & 0x1F == 0x1F {
        return None;
    }
    match *bytes.get(1)? {
        short @ 0..=0x7F => Some(2 + usize::from(short)),
        long @ 0x81..=0x83 => {
            let count = usize::from(long & 0x7F);
            let digits = bytes.get(2..2 + count)?;
            Some(digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)) + 2 + count)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::object_length;

    #[test]
    fn lengths_of_the_certificates_on_record() {
        // card.md §3.2
        assert_eq!(object_length(&[0x30, 0x82, 0x06, 0x32]), Some(1590));
        assert_eq!(object_length(&[0x30, 0x82, 0x06, 0xDA]), Some(1758));
        assert_eq!(object_length(&[0x30, 0x82, 0x00, 0x9F]), Some(4 + 0x9F));
        assert_eq!(object_length(&[0x30, 0x03]), Some(5));
    }

    #[test]
    fn headers_that_tell_no_length() {
        for header in
            [&[][..], &[0x30], &[0x30, 0x80], &[0x30, 0x82, 0x01], &[0x30, 0x84, 1, 0, 0, 0], &[0xFF, 0x20, 0x5C]]
        {
            assert_eq!(object_length(header), None, "{header:02X?}");
        }
    }
}
