//! X-rays from pictures.

use super::{ChestXray, DecodeLimits, ImageWarning, SourceFormat, decode, to_grey};
use crate::error::Result;

/// Decodes the bytes of a PNG, JPEG, TIFF, BMP or WebP within `limits`.
///
/// This is the picture half of `XraySource` in the crate `pulmo-xray`, which also reads DICOM and is what programs use.
///
/// 8-bit values are divided by 255; deeper ones are stretched from the picture's own minimum and maximum. Colours become
/// their luma; transparent pixels are laid over black; an EXIF orientation is applied.
///
/// # Errors
///
/// The bytes are empty, DICOM, of an unknown format, truncated, corrupt, or outside the limits.
pub fn decode_picture(bytes: &[u8], limits: &DecodeLimits) -> Result<ChestXray> {
    let decoded = decode::decode(bytes, limits)?;
    let colour = decoded.image.color();
    let converted = to_grey::convert(decoded.image);
    let source =
        SourceFormat::new(decoded.format, converted.bit_depth, colour.has_color(), colour.has_alpha());
    let mut warnings = converted.warnings;
    if decoded.reoriented {
        warnings.push(ImageWarning::Reoriented);
    }
    Ok(ChestXray::from_decoded(converted.grey, source, warnings))
}
