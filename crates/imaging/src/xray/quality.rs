//! Figures on an image's quality.

use super::ImageWarning;
use crate::grey::Grey;

/// Images whose shorter side is below this are tiny: half the networks' usual
/// 256 pixels (ours).
const TINY_SIDE: u32 = 128;

/// Grey values that deviate less than this have low contrast (ours; real chest
/// X-rays deviate by about 0.2).
const LOW_CONTRAST_STD: f64 = 0.06;

/// Images with more than this fraction of white pixels are over-exposed (ours).
const OVER_EXPOSED_FRACTION: f64 = 0.25;

/// Images with more than this fraction of black pixels are under-exposed (ours;
/// black collimator borders are common, so it is generous).
const UNDER_EXPOSED_FRACTION: f64 = 0.5;

/// Width over height beyond this, or below its inverse, is unusual (ours).
const UNUSUAL_ASPECT: f64 = 1.8;

/// The darkest and the brightest value of an 8-bit file.
const DARK: f32 = 0.5 / 255.0;
const BRIGHT: f32 = 254.5 / 255.0;

/// Standard deviation of the Laplacian-like operator below on unit noise:
/// the square root of the sum of its squared weights.
const NOISE_GAIN: f64 = 6.0;

/// Turns a mean absolute deviation of Gaussian noise into its standard
/// deviation: the square root of pi / 2.
const MEAN_ABSOLUTE_TO_STD: f64 = 1.253_314_137_315_500_3;

/// Figures on the quality of an image, measured on its grey values in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityFacts {
    mean: f64,
    std: f64,
    min: f32,
    max: f32,
    dark_fraction: f64,
    bright_fraction: f64,
    noise_std: f64,
    width: u32,
    height: u32,
}

impl QualityFacts {
    /// Measures `image`.
    #[must_use]
    pub fn measure(image: &Grey) -> Self {
        let pixels = image.pixels();
        let count = pixels.len() as f64;
        let mean = pixels.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let square = |v: f32| (f64::from(v) - mean).powi(2);
        let variance = pixels.iter().map(|&v| square(v)).sum::<f64>() / count;
        let fraction = |of: &dyn Fn(f32) -> bool| pixels.iter().filter(|&&v| of(v)).count() as f64 / count;
        Self {
            mean,
            std: variance.sqrt(),
            min: pixels.iter().copied().fold(1.0, f32::min),
            max: pixels.iter().copied().fold(0.0, f32::max),
            dark_fraction: fraction(&|v| v <= DARK),
            bright_fraction: fraction(&|v| v >= BRIGHT),
            noise_std: noise_std(image),
            width: image.width(),
            height: image.height(),
        }
    }

    /// Mean grey value.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation of the grey values.
    #[must_use]
    pub fn std(&self) -> f64 {
        self.std
    }

    /// Smallest grey value.
    #[must_use]
    pub fn min(&self) -> f32 {
        self.min
    }

    /// Largest grey value.
    #[must_use]
    pub fn max(&self) -> f32 {
        self.max
    }

    /// Fraction of the pixels that are black in 8 bits.
    #[must_use]
    pub fn dark_fraction(&self) -> f64 {
        self.dark_fraction
    }

    /// Fraction of the pixels that are white in 8 bits.
    #[must_use]
    pub fn bright_fraction(&self) -> f64 {
        self.bright_fraction
    }

    /// Standard deviation of the noise, estimated after Immerkær 1996 ("Fast
    /// Noise Variance Estimation"), which no plane or edge-free shading affects.
    #[must_use]
    pub fn noise_std(&self) -> f64 {
        self.noise_std
    }

    /// Estimated signal-to-noise ratio: the grey values' standard deviation
    /// over the noise's; `None` where no noise is measurable.
    #[must_use]
    pub fn snr(&self) -> Option<f64> {
        (self.noise_std > 0.0).then(|| self.std / self.noise_std)
    }

    /// The shorter side in pixels.
    #[must_use]
    pub fn min_side(&self) -> u32 {
        self.width.min(self.height)
    }

    /// Width over height.
    #[must_use]
    pub fn aspect(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// What a reader of the results should know.
    #[must_use]
    pub fn warnings(&self) -> Vec<ImageWarning> {
        let mut warnings = Vec::new();
        if self.min_side() < TINY_SIDE {
            warnings.push(ImageWarning::Tiny { min_side: self.min_side() });
        }
        let aspect = self.aspect();
        if !(1.0 / UNUSUAL_ASPECT..=UNUSUAL_ASPECT).contains(&aspect) {
            warnings.push(ImageWarning::UnusualShape { aspect });
        }
        if self.min == self.max {
            warnings.push(ImageWarning::Blank { value: self.min });
            return warnings;
        }
        if self.std < LOW_CONTRAST_STD {
            warnings.push(ImageWarning::LowContrast { std: self.std });
        }
        if self.bright_fraction > OVER_EXPOSED_FRACTION {
            warnings.push(ImageWarning::OverExposed { fraction: self.bright_fraction });
        }
        if self.dark_fraction > UNDER_EXPOSED_FRACTION {
            warnings.push(ImageWarning::UnderExposed { fraction: self.dark_fraction });
        }
        warnings
    }
}

/// Immerkær's estimate: the mean absolute response of the difference of two
/// Laplacians, [1 -2 1; -2 4 -2; 1 -2 1].
fn noise_std(image: &Grey) -> f64 {
    let (width, height) = (image.width() as usize, image.height() as usize);
    if width < 3 || height < 3 {
        return 0.0;
    }
    let bend =
        |row: &[f32], x: usize| f64::from(row[x - 1]) - 2.0 * f64::from(row[x]) + f64::from(row[x + 1]);
    let row = |y: usize| &image.pixels()[y * width..][..width];
    let mut sum = 0.0;
    for y in 1..height - 1 {
        let (above, here, below) = (row(y - 1), row(y), row(y + 1));
        for x in 1..width - 1 {
            sum += (bend(above, x) - 2.0 * bend(here, x) + bend(below, x)).abs();
        }
    }
    let count = ((width - 2) * (height - 2)) as f64;
    MEAN_ABSOLUTE_TO_STD * sum / (count * NOISE_GAIN)
}
