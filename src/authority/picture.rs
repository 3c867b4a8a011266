//! Pictures of the card face that need no font: 1-bit PNG files (PNG 3rd edition, W3C), written by hand.
//!
//! What a real card shows is the printed name and address. Here each character becomes a block of its code point's bits, so that
//! two names give two pictures, which is all that a test can ask for.

/// Width and height of a character's block.
const BLOCK: usize = 12;

/// `text` as a 1-bit grey picture, one block a character.
pub(super) fn of_text(text: &str) -> Vec<u8> {
    let characters: Vec<u32> = text.chars().map(u32::from).collect();
    let width = characters.len().max(1) * BLOCK;
    let mut rows = Vec::new();
    for y in 0..BLOCK {
        // Filter type 0 before every row (PNG §9.1).
        rows.push(0);
        let bits: Vec<bool> = (0..width)
            .map(|x| {
                let code = characters.get(x / BLOCK).copied().unwrap_or(0);
                let inside = (1..BLOCK - 1).contains(&y) && (1..BLOCK - 1).contains(&(x % BLOCK));
                !(inside && code >> ((x % BLOCK + y) % 21) & 1 == 1)
            })
            .collect();
        rows.extend(
            bits.chunks(8)
                .map(|eight| eight.iter().enumerate().fold(0_u8, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at))),
        );
    }
    file(width, BLOCK, &rows)
}

fn file(width: usize, height: usize, rows: &[u8]) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes();
    // Bit depth 1, greyscale, and the only methods there are.
    let header = [&number(width)[..], &number(height), &[1, 0, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", stored(rows)), (b"IEND", Vec::new())] {
        let body = [&kind[..], &data].concat();
        out.extend_from_slice(&number(data.len()));
        out.extend_from_slice(&body);
        out.extend_from_slice(&crc32(&body).to_be_bytes());
    }
    out
}

/// A zlib stream (RFC 1950) of one stored block (RFC 1951 §3.2.4), which is enough for a few hundred bytes.
fn stored(rows: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in rows {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let sum = (b << 16 | a).to_be_bytes();
    [&[0x78, 0x01, 0x01][..], &length.to_le_bytes(), &(!length).to_le_bytes(), rows, &sum].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_the_standards() {
        // The check value of CRC-32, and the well-known end of every PNG.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let picture = of_text("見本");
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x18\0\0\0\x0c\x01\0\0\0\0"));
        assert!(picture.ends_with(&[0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82]));
        assert_ne!(of_text("見本"), of_text("本見"));
    }
}
