//! What a data set is compiled to, and when an image is put to a person.

use pulmo_data::NEAR_DUPLICATE_CORRELATION;

use crate::error::{Error, Result};

/// Side of the paper's images in pixels (Tahir et al. 2021).
const PAPER_SIDE: u32 = 256;
const SMALLEST_SIDE: u32 = 32;
const LARGEST_SIDE: u32 = 2048;

/// When an image is flagged. All defaults are ours; the paper names the kinds of images that were removed and no
/// figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Empty: the grey values, in [0, 1], deviate by less than this. 0.02.
    pub empty_std: f64,
    /// Low contrast: they deviate by less than this. 0.06.
    pub low_contrast_std: f64,
    /// Over-exposed: a larger share than this of the pixels has at least 250 of 255. 0.25.
    pub near_white: f64,
    /// Under-exposed: a larger share than this of the pixels has at most 5 of 255. 0.5.
    pub near_black: f64,
    /// Tiny: the shorter side has fewer pixels than this. 128.
    pub shorter_side: u32,
    /// Unusual shape: the longer side over the shorter is larger than this. 1.8.
    pub aspect: f64,
    /// Low signal to noise: the grey values' standard deviation over the noise's is smaller than this, both at the size
    /// compiled to, or at the image's own where a side of it is smaller. 10.
    pub snr: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            empty_std: 0.02,
            low_contrast_std: 0.06,
            near_white: 0.25,
            near_black: 0.5,
            shorter_side: 128,
            aspect: 1.8,
            snr: 10.0,
        }
    }
}

/// How a data set is compiled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Side of the images written, in pixels; 256 as in the paper.
    pub size: u32,
    /// When an image is flagged.
    pub thresholds: Thresholds,
    /// Correlation at 48 x 48 pixels from which two images are compared closely; 0.98.
    pub similar: f32,
    /// Correlation at the size compiled to from which two such images are near duplicates; below they are only
    /// similar. 0.99.
    pub duplicate: f64,
    /// Share of X-rays without a stated split that goes to Test; 0.2 as in the paper.
    pub test: f64,
    /// Share of those that goes to Val; 0.16, which is the paper's 20 % of the rest.
    pub val: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            size: PAPER_SIDE,
            thresholds: Thresholds::default(),
            similar: NEAR_DUPLICATE_CORRELATION,
            duplicate: 0.99,
            test: 0.2,
            val: 0.16,
        }
    }
}

impl Options {
    pub(crate) fn checked(self) -> Result<Self> {
        let refuse = |name, value, range| Err(Error::Option { name, value, range });
        if !(SMALLEST_SIDE..=LARGEST_SIDE).contains(&self.size) {
            return refuse("size", f64::from(self.size), "32..=2048");
        }
        let t = &self.thresholds;
        let fractions = [
            ("threshold of empty images", t.empty_std),
            ("threshold of low contrast", t.low_contrast_std),
            ("threshold of near-white pixels", t.near_white),
            ("threshold of near-black pixels", t.near_black),
            ("correlation of similar images", f64::from(self.similar)),
            ("correlation of duplicates", self.duplicate),
            ("share of Test", self.test),
            ("share of Val", self.val),
            ("shares of Test and Val together", self.test + self.val),
        ];
        if let Some((name, value)) = fractions.into_iter().find(|(_, value)| !(0.0..=1.0).contains(value)) {
            return refuse(name, value, "0..=1");
        }
        if !(t.aspect >= 1.0 && t.aspect.is_finite()) {
            return refuse("threshold of unusual shapes", t.aspect, "1 or more");
        }
        if !(t.snr >= 0.0 && t.snr.is_finite()) {
            return refuse("threshold of signal to noise", t.snr, "0 or more");
        }
        Ok(self)
    }
}
