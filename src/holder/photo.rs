//! The photo of the face as PNG (feature `photo`). The card has JPEG 2000, which few programs show.

use super::card_data::CardDataError;
use super::face::CardFace;
use crate::secret::Personal;
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use png::{BitDepth, ColorType, Encoder};

/// A photo of more pixels is none that a card could hold: its file would be longer than any of the card.
const MOST_PIXELS: u32 = 4_000_000;

impl CardFace {
    /// The photo as a PNG file, eight bits a sample, grey or colour as the card has it.
    ///
    /// # Errors
    /// [`CardDataError`] when it is no JPEG 2000 picture that can be decoded, or one too large to be a card's.
    pub fn photo_as_png(&self) -> Result<Personal<Vec<u8>>, CardDataError> {
        png_of(self.photo.reveal()).map(Personal::new)
    }
}

/// Decodes a JP2 file and writes it as PNG.
fn png_of(jp2: &[u8]) -> Result<Vec<u8>, CardDataError> {
    let unreadable = CardDataError { what: "photo" };
    let image = Image::new(jp2, &DecodeSettings::default()).map_err(|_| unreadable)?;
    let (width, height) = (image.width(), image.height());
    // Before anything is decoded: the header alone says how much memory that takes.
    if width == 0 || height == 0 || width.checked_mul(height).is_none_or(|pixels| pixels > MOST_PIXELS) {
        return Err(CardDataError { what: "size of the photo" });
    }
    let colour = match (image.color_space().num_channels(), image.has_alpha(), image.color_space()) {
        (_, _, ColorSpace::CMYK) => return Err(unreadable),
        (1, false, _) => ColorType::Grayscale,
        (1, true, _) => ColorType::GrayscaleAlpha,
        (3, false, _) => ColorType::Rgb,
        (3, true, _) => ColorType::Rgba,
        _ => return Err(unreadable),
    };
    let mut context = DecoderContext::default();
    let samples = image.decode(&mut context).map_err(|_| unreadable)?.data_u8();
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(colour);
    encoder.set_depth(BitDepth::Eight);
    // The writer compares the number of samples with what the header says.
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&samples)?;
        writer.finish()
    });
    written.map_err(|_| unreadable)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAMP: &[u8] = include_bytes!("../../fixtures/photo/ramp.jp2");
    const CARD: &[u8] = include_bytes!("../authority/data/photo.jp2");

    /// Width, height, colour and samples of a PNG file.
    fn read(file: &[u8]) -> (u32, u32, ColorType, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut samples).unwrap();
        (info.width, info.height, info.color_type, samples)
    }

    #[test]
    fn every_pixel_of_a_picture_without_loss() {
        // fixtures/photo/README.md says what it shows.
        let (width, height, colour, samples) = read(&png_of(RAMP).unwrap());
        assert_eq!((width, height, colour), (40, 48, ColorType::Grayscale));
        let expected: Vec<u8> =
            (0..48_u32).flat_map(|y| (0..40_u32).map(move |x| u8::try_from((x * 5 + y * 3) % 256).unwrap())).collect();
        assert!(samples == expected, "the pixels differ");
        assert_eq!(read(&png_of(CARD).unwrap()).0, 96);
    }

    #[test]
    fn what_is_no_picture_is_an_error_and_no_panic() {
        for wrong in [&b""[..], b"\0\0\0\x0cjP  \r\n\x87\n", b"\xFF\x4F\xFF\x51", b"\x89PNG\r\n\x1a\n"] {
            assert!(png_of(wrong).is_err());
        }
        for picture in [RAMP, CARD] {
            for length in 0..picture.len().min(200) {
                let _ = png_of(&picture[..length]);
            }
        }
        // A picture of 65535 × 65535: refused by its header. Height and width stand in the box `ihdr` and in the marker SIZ.
        let mut vast = RAMP.to_vec();
        for (was, is) in [
            (&[0, 0, 0, 48, 0, 0, 0, 40][..], &[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]),
            (&[0, 0, 0, 40, 0, 0, 0, 48], &[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]),
        ] {
            let at = vast.windows(8).position(|window| window == was).unwrap();
            vast[at..at + 8].copy_from_slice(is);
        }
        assert!(png_of(&vast).is_err());
        let mut state = 0x9E37_79B9_u32;
        for _ in 0..150 {
            let mut changed = RAMP.to_vec();
            for _ in 0..3 {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                let at = usize::try_from(state).unwrap() % changed.len();
                changed[at] = state.to_le_bytes()[3];
            }
            let _ = png_of(&changed);
        }
    }
}
