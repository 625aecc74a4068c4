//! A drawn mask as a message: one bit per pixel, row by row, the first pixel in the highest bit, in base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pulmo_imaging::Mask;

const BITS: usize = 8;

/// The mask of an image of `width` x `height`, or why it is none.
pub(crate) fn decode(text: &str, (width, height): (u32, u32)) -> Result<Mask, String> {
    let bytes = BASE64_STANDARD.decode(text).map_err(|error| format!("the mask is no base64: {error}"))?;
    let pixels = width as usize * height as usize;
    let expected = pixels.div_ceil(BITS);
    if bytes.len() != expected {
        return Err(format!(
            "the mask has {} bytes, but {width} x {height} pixels at one bit each make {expected}",
            bytes.len()
        ));
    }
    let bit = |pixel: usize| bytes[pixel / BITS] & (1 << (BITS - 1 - pixel % BITS)) != 0;
    if (pixels..expected * BITS).any(bit) {
        return Err("the mask has bits behind its last pixel".to_owned());
    }
    Mask::from_bools(width, height, (0..pixels).map(bit).collect()).map_err(|error| error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_pixels_row_by_row() {
        let mask = decode(&BASE64_STANDARD.encode([0b1010_0000, 0b0100_0000]), (3, 4)).unwrap();
        assert_eq!(mask.pixels().collect::<Vec<_>>(), [(0, 0), (2, 0), (0, 3)]);
    }

    #[test]
    fn what_is_no_mask_is_refused() {
        for (text, reason) in [
            ("###", "no base64"),
            ("", "0 bytes"),
            ("AAAA", "3 bytes"),
            (&BASE64_STANDARD.encode([0, 0b0000_0001]), "behind its last pixel"),
        ] {
            let error = decode(text, (3, 4)).unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
