//! A chest X-ray in memory.

use std::path::Path;

use super::{ImageWarning, QualityFacts, SourceFormat};
use crate::error::Result;
use crate::grey::Grey;
use crate::lungs::LungMask;
use crate::size::check_same;

/// A frontal chest X-ray: grey values in [0, 1], air dark and bone bright,
/// row-major, in the image's own size, with what is known of its source.
///
/// X-rays of files, of bytes and of raw 8-bit or 16-bit values are read with
/// `XraySource` of the crate `pulmo-xray`.
#[derive(Debug, Clone, PartialEq)]
pub struct ChestXray {
    grey: Grey,
    source: SourceFormat,
    quality: QualityFacts,
    warnings: Vec<ImageWarning>,
}

impl ChestXray {
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
        Self::from_decoded(grey, SourceFormat::memory(), Vec::new())
    }

    /// Makes an X-ray of a grey image that a decoder read from a file of format
    /// `source`, with what that decoder has to say about it. The warnings on
    /// the image's quality are added.
    #[must_use]
    pub fn from_decoded(grey: Grey, source: SourceFormat, mut warnings: Vec<ImageWarning>) -> Self {
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

    /// Whether the image was turned as the orientation in its file says. A mask
    /// of such an image may have been drawn before or after, which nothing tells.
    #[must_use]
    pub fn was_reoriented(&self) -> bool {
        self.warnings.contains(&ImageWarning::Reoriented)
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
