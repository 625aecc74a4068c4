//! From bytes to pixels.

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::Path;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{DecodeLimits, FileFormat};
use crate::error::{Error, Result};
use crate::guard::guarded;

/// Offset and text of the DICOM signature (PS3.10, section 7.1).
const DICOM_MAGIC_OFFSET: usize = 128;
const DICOM_MAGIC: &[u8] = b"DICM";

/// JPEG markers (ITU-T T.81, table B.1): start of scan and end of image.
const JPEG_START_OF_SCAN: [u8; 2] = [0xFF, 0xDA];
const JPEG_END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];

/// Largest decoded pixel: four channels of 32-bit float.
const MAX_BYTES_PER_PIXEL: u64 = 16;

/// What decoders may allocate on top of the pixels.
const DECODER_OVERHEAD_BYTES: u64 = 64 << 20;

/// A decoded image, upright.
pub(crate) struct Decoded {
    pub(crate) image: DynamicImage,
    pub(crate) format: FileFormat,
    pub(crate) reoriented: bool,
}

/// Reads a whole regular file, within the limit on its length.
///
/// # Errors
///
/// The path names no readable regular file, or it is longer than the limit.
pub fn read_file(path: &Path, limits: &DecodeLimits) -> Result<Vec<u8>> {
    let unreadable = |reason: std::io::Error| match reason.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound { path: path.to_path_buf() },
        _ => Error::Unreadable { path: path.to_path_buf(), reason },
    };
    let facts = fs::metadata(path).map_err(unreadable)?;
    if !facts.is_file() {
        return Err(Error::NotAFile { path: path.to_path_buf() });
    }
    let checked = |bytes| limits.check_bytes(bytes).map_err(|e| e.in_file(path));
    checked(facts.len())?;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| {
            let one_too_many = limits.max_file_bytes().saturating_add(1);
            file.take(one_too_many).read_to_end(&mut bytes)
        })
        .map_err(unreadable)?;
    checked(bytes.len() as u64)?;
    Ok(bytes)
}

/// Decodes `bytes`, checking the header's size first.
pub(crate) fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded> {
    limits.check_bytes(bytes.len() as u64)?;
    let (format, codec) = recognise(bytes)?;
    if format == FileFormat::Jpeg && !jpeg_is_complete(bytes) {
        return Err(Error::Truncated { format });
    }
    guarded(|| decode_as(format, codec, bytes, limits)).unwrap_or_else(|| {
        let reason = "its decoder gave up; export the image again, as PNG if need be".to_owned();
        Err(Error::Corrupt { format, reason })
    })
}

fn decode_as(format: FileFormat, codec: ImageFormat, bytes: &[u8], limits: &DecodeLimits) -> Result<Decoded> {
    // `imagesize` misreads the sides of top-down and of OS/2 bitmaps; the decoder below reads their headers without
    // taking memory for pixels.
    if format != FileFormat::Bmp
        && let Ok(size) = imagesize::blob_size(bytes)
    {
        limits.check_size(size.width as u64, size.height as u64)?;
    }
    let failed = |e: ImageError| decoding_error(format, &e);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), codec);
    reader.limits(allocation_limits(limits));
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    limits.check_size(u64::from(width), u64::from(height))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    image.apply_orientation(orientation);
    Ok(Decoded { image, format, reoriented: orientation != Orientation::NoTransforms })
}

/// Whether `bytes` begin as a DICOM file: any 128 bytes, then `DICM`.
#[must_use]
pub fn is_dicom(bytes: &[u8]) -> bool {
    bytes.get(DICOM_MAGIC_OFFSET..).is_some_and(|rest| rest.starts_with(DICOM_MAGIC))
}

fn recognise(bytes: &[u8]) -> Result<(FileFormat, ImageFormat)> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if is_dicom(bytes) {
        return Err(Error::Dicom);
    }
    let codec = image::guess_format(bytes).map_err(|_| Error::UnknownFormat)?;
    let format = match codec {
        ImageFormat::Png => FileFormat::Png,
        ImageFormat::Jpeg => FileFormat::Jpeg,
        ImageFormat::Tiff => in_build(FileFormat::Tiff, cfg!(feature = "tiff"))?,
        ImageFormat::Bmp => FileFormat::Bmp,
        ImageFormat::WebP => in_build(FileFormat::WebP, cfg!(feature = "webp"))?,
        _ => return Err(Error::UnknownFormat),
    };
    Ok((format, codec))
}

/// The format, unless this build was made without it.
fn in_build(format: FileFormat, built: bool) -> Result<FileFormat> {
    built.then_some(format).ok_or(Error::NotInBuild { format })
}

/// Whether an end marker follows the last scan. The decoder itself fills a
/// missing rest with grey without saying so.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    let last = |marker: [u8; 2]| bytes.windows(marker.len()).rposition(|w| w == marker);
    match (last(JPEG_START_OF_SCAN), last(JPEG_END_OF_IMAGE)) {
        (Some(scan), Some(end)) => end > scan,
        _ => false,
    }
}

fn allocation_limits(limits: &DecodeLimits) -> Limits {
    let mut allocation = Limits::default();
    allocation.max_image_width = None;
    allocation.max_image_height = None;
    allocation.max_alloc =
        Some(limits.max_pixels().saturating_mul(MAX_BYTES_PER_PIXEL).saturating_add(DECODER_OVERHEAD_BYTES));
    allocation
}

fn decoding_error(format: FileFormat, error: &ImageError) -> Error {
    let ends_early = matches!(error, ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof);
    if ends_early {
        return Error::Truncated { format };
    }
    Error::Corrupt { format, reason: error.to_string() }
}
