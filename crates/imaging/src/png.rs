//! Pictures as PNG.

use std::io::Cursor;

use image::{EncodableLayout, ImageBuffer, ImageFormat, PixelWithColorType};

use crate::error::{Error, Result};

/// Encodes `image`, of 8 or 16 bits, as PNG.
pub(crate) fn encode<P>(image: &ImageBuffer<P, Vec<P::Subpixel>>) -> Result<Vec<u8>>
where
    P: image::Pixel + PixelWithColorType,
    [P::Subpixel]: EncodableLayout,
{
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).map_err(|e| Error::Encode { reason: e.to_string() })?;
    Ok(bytes.into_inner())
}
