//! A chest X-ray in memory.

use std::path::Path;

use super::{DecodeLimits, ImageWarning, QualityFacts, SourceFormat, decode, to_grey};
use crate::error::Result;
use crate::grey::Grey;
use crate::lungs::LungMask;
use crate::size::check_same;

/// A frontal chest X-ray: grey values in [0, 1], air dark and bone bright,
/// row-major, in the image's own size, with what is known of its source.
#[derive(Debug, Clone, PartialEq)]
pub struct ChestXray {
    grey: Grey,
    source: SourceFormat,
    quality: QualityFacts,
    warnings: Vec<ImageWarning>,
}

impl ChestXray {
    /// Reads an image file within the default [`DecodeLimits`].
    ///
    /// 8-bit values are divided by 255; deeper ones are stretched from the
    /// image's own minimum and maximum. Colours become their luma; transparent
    /// pixels are laid over black; an EXIF orientation is applied.
    ///
    /// # Errors
    ///
    /// The path names no readable regular file, or its content is empty,
    /// DICOM, of an unknown format, truncated, corrupt, or outside the limits.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &DecodeLimits::default())
    }

    /// Reads an image file within `limits`.
    ///
    /// # Errors
    ///
    /// As [`ChestXray::open`].
    pub fn open_with(path: impl AsRef<Path>, limits: &DecodeLimits) -> Result<Self> {
        let path = path.as_ref();
        let bytes = decode::read_file(path, limits)?;
        Self::from_bytes(&bytes, limits).map_err(|e| e.in_file(path))
    }

    /// Decodes the bytes of an image file within `limits`.
    ///
    /// # Errors
    ///
    /// As [`ChestXray::open`], but for the path.
    pub fn from_bytes(bytes: &[u8], limits: &DecodeLimits) -> Result<Self> {
        let decoded = decode::decode(bytes, limits)?;
        let colour = decoded.image.color();
        let converted = to_grey::convert(decoded.image);
        let source =
            SourceFormat::new(decoded.format, converted.bit_depth, colour.has_color(), colour.has_alpha());
        let mut warnings = converted.warnings;
        if decoded.reoriented {
            warnings.push(ImageWarning::Reoriented);
        }
        Ok(Self::assemble(converted.grey, source, warnings))
    }

    /// Makes an X-ray of `width` times `height` grey values in [0, 1].
    ///
    /// # Errors
    ///
    /// A side outside `1..=`[`MAX_SIDE`](crate::MAX_SIDE), a wrong number of
    /// values, or a value outside [0, 1] (which includes NaN).
    pub fn from_pixels(width: u32, height: u32, pixels: Vec<f32>) -> Result<Self> {
        Grey::new(width, height, pixels).map(Self::from_grey)
    }

    /// Makes an X-ray of a grey image.
    #[must_use]
    pub fn from_grey(grey: Grey) -> Self {
        Self::assemble(grey, SourceFormat::memory(), Vec::new())
    }

    /// Makes an X-ray of a grey image that another decoder read from a file of
    /// format `source`, with what that decoder has to say about it. The
    /// warnings on the image's quality are added.
    #[must_use]
    pub fn from_decoded(grey: Grey, source: SourceFormat, warnings: Vec<ImageWarning>) -> Self {
        Self::assemble(grey, source, warnings)
    }

    fn assemble(grey: Grey, source: SourceFormat, mut warnings: Vec<ImageWarning>) -> Self {
        let quality = QualityFacts::measure(&grey);
        warnings.extend(quality.warnings());
        Self { grey, source, quality, warnings }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.grey.width()
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.grey.height()
    }

    /// The grey values in [0, 1], row-major.
    #[must_use]
    pub fn pixels(&self) -> &[f32] {
        self.grey.pixels()
    }

    /// The grey image.
    #[must_use]
    pub fn grey(&self) -> &Grey {
        &self.grey
    }

    /// What the image was before decoding.
    #[must_use]
    pub fn source(&self) -> &SourceFormat {
        &self.source
    }

    /// What a reader of the results should know about the image.
    #[must_use]
    pub fn warnings(&self) -> &[ImageWarning] {
        &self.warnings
    }

    /// Figures on the image's quality.
    #[must_use]
    pub fn quality(&self) -> &QualityFacts {
        &self.quality
    }

    /// Resizes with antialiasing, regardless of the aspect ratio.
    ///
    /// The sides are brought into `1..=`[`MAX_SIDE`](crate::MAX_SIDE). The same
    /// size gives an exact copy.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Grey {
        self.grey.resized(width, height)
    }

    /// The X-ray as an infection network of the cascaded scheme (Tahir et al.
    /// 2021) sees it: black outside the lungs. What is known of the source,
    /// the figures on quality and the warnings stay those of the whole image.
    ///
    /// # Errors
    ///
    /// The mask differs in size from the X-ray.
    pub fn within(&self, lungs: &LungMask) -> Result<Self> {
        let (width, height) = (self.width(), self.height());
        check_same("X-ray within lungs", (width, height), lungs.as_mask().size())?;
        let inside = std::iter::zip(self.pixels(), lungs.as_mask().bits());
        let pixels = inside.map(|(&value, &lung)| if lung { value } else { 0.0 }).collect();
        Ok(Self { grey: Grey::trusted(width, height, pixels), ..self.clone() })
    }

    /// Writes the image as an 8-bit grey PNG.
    ///
    /// The file is written beside `path` and renamed, so that a failure leaves
    /// what was there.
    ///
    /// # Errors
    ///
    /// The folder is missing or not writable, or the disk is full.
    pub fn save_png(&self, path: impl AsRef<Path>) -> Result<()> {
        crate::write::save_png(&self.grey.to_gray_image(), path.as_ref())
    }
}
