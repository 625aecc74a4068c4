//! Augmentation settings and their application to samples.

use std::str::FromStr;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::affine::{Affine, Draw};
use crate::error::{Error, Result};
use crate::random::{Purpose, stream};
use crate::sample::Sample;
use crate::tone::Tone;

/// Largest rotation that may be set, in degrees.
pub const MAX_ROTATION_DEGREES: f32 = 45.0;
/// Largest shift that may be set, as a fraction of the side length.
pub const MAX_SHIFT: f32 = 0.5;
/// Largest relative change of size, contrast or gamma that may be set.
pub const MAX_RELATIVE_CHANGE: f32 = 0.9;
/// Largest change of brightness that may be set, where black is 0 and white is 1.
pub const MAX_BRIGHTNESS: f32 = 0.5;
/// Largest standard deviation of the noise that may be set, where black is 0 and white is 1.
pub const MAX_NOISE: f32 = 0.25;

/// How far an augmentation may go. Every amount is drawn evenly from `-value..=value` around "no change" unless stated
/// otherwise; 0 switches it off, and settings missing from a file are 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AugmentationSpec {
    /// Rotation about the centre in degrees, 0..=45.
    pub rotation_degrees: f32,
    /// Shift along each axis as a fraction of the side length, 0..=0.5.
    pub shift: f32,
    /// Relative change of size, 0..=0.9: the factor is drawn evenly on the logarithm from `1 / (1 + scale)..=1 + scale`.
    pub scale: f32,
    /// Probability of a horizontal flip, 0..=1. A flip swaps the patient's right and left lung and puts the heart on
    /// the wrong side: do not use it where sides matter.
    pub flip_probability: f32,
    /// Change of brightness, 0..=0.5, where black is 0 and white is 1.
    pub brightness: f32,
    /// Relative change of contrast about the image's mean, 0..=0.9, drawn like `scale`.
    pub contrast: f32,
    /// Relative change of the gamma exponent, 0..=0.9, drawn like `scale`.
    pub gamma: f32,
    /// Largest standard deviation of Gaussian noise, 0..=0.25; the deviation is drawn evenly from `0..=noise`.
    pub noise: f32,
}

/// A checked set of augmentation settings.
///
/// ```
/// use pulmo_data::{Augmentation, AugmentationSpec};
///
/// let gentle = Augmentation::new(AugmentationSpec { rotation_degrees: 5.0, ..Default::default() })?;
/// assert!(!gentle.is_none());
/// # Ok::<(), pulmo_data::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "AugmentationSpec", into = "AugmentationSpec")]
pub struct Augmentation {
    spec: AugmentationSpec,
}

/// A sample after augmentation.
#[derive(Debug, Clone, PartialEq)]
pub struct Augmented {
    xray: Vec<f32>,
    lung: Vec<u8>,
    infection: Vec<u8>,
}

impl Augmented {
    /// Grey values in 0..=1, row-major, as many as the sample had.
    #[must_use]
    pub fn xray(&self) -> &[f32] {
        &self.xray
    }

    /// Lung mask, 0 or 1.
    #[must_use]
    pub fn lung(&self) -> &[u8] {
        &self.lung
    }

    /// Infection mask, 0 or 1.
    #[must_use]
    pub fn infection(&self) -> &[u8] {
        &self.infection
    }
}

impl Augmentation {
    /// Checks the settings.
    ///
    /// # Errors
    /// A setting is no number or outside its range.
    pub fn new(spec: AugmentationSpec) -> Result<Self> {
        for (setting, value, max) in [
            ("rotation_degrees", spec.rotation_degrees, MAX_ROTATION_DEGREES),
            ("shift", spec.shift, MAX_SHIFT),
            ("scale", spec.scale, MAX_RELATIVE_CHANGE),
            ("flip_probability", spec.flip_probability, 1.0),
            ("brightness", spec.brightness, MAX_BRIGHTNESS),
            ("contrast", spec.contrast, MAX_RELATIVE_CHANGE),
            ("gamma", spec.gamma, MAX_RELATIVE_CHANGE),
            ("noise", spec.noise, MAX_NOISE),
        ] {
            if !(0.0..=max).contains(&value) {
                return Err(Error::InvalidAugmentation { setting, value, min: 0.0, max });
            }
        }
        Ok(Self { spec })
    }

    /// No change at all.
    #[must_use]
    pub fn none() -> Self {
        Self { spec: AugmentationSpec::default() }
    }

    /// Small changes that keep the anatomy's sides; the amounts are ours.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            spec: AugmentationSpec {
                rotation_degrees: 5.0,
                shift: 0.03,
                scale: 0.05,
                flip_probability: 0.0,
                brightness: 0.05,
                contrast: 0.1,
                gamma: 0.1,
                noise: 0.01,
            },
        }
    }

    /// Changes as wide as positioning and exposure vary between hospitals, flips included; the amounts are ours.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            spec: AugmentationSpec {
                rotation_degrees: 12.0,
                shift: 0.08,
                scale: 0.15,
                flip_probability: 0.5,
                brightness: 0.12,
                contrast: 0.25,
                gamma: 0.3,
                noise: 0.03,
            },
        }
    }

    /// The settings.
    #[must_use]
    pub const fn spec(&self) -> &AugmentationSpec {
        &self.spec
    }

    /// Whether samples pass unchanged.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.spec == AugmentationSpec::default()
    }

    /// Augments a sample: one affine map for X-ray (bilinear) and masks (nearest), then gamma, contrast, brightness
    /// and noise on the X-ray. What comes in from outside the frame is black and belongs to no mask.
    ///
    /// The result depends on the settings, the sample and (`seed`, `epoch`, `index`) alone, on any number of threads.
    /// `index` is the sample's position in its cache.
    #[must_use]
    pub fn apply(&self, sample: &Sample, seed: u64, epoch: u64, index: u64) -> Augmented {
        let mut rng = stream(Purpose::Augment, seed, epoch, index);
        let affine = self.draw_affine(&mut rng, sample.size());
        let tone = self.draw_tone(&mut rng);
        let (mut xray, lung, infection) = affine.resample(sample);
        tone.apply(&mut xray, &mut rng);
        Augmented { xray, lung, infection }
    }

    fn draw_affine(&self, rng: &mut impl Rng, size: usize) -> Affine {
        let spec = &self.spec;
        Affine::new(
            size,
            Draw {
                rotation: symmetric(rng, spec.rotation_degrees).to_radians(),
                shift: (symmetric(rng, spec.shift), symmetric(rng, spec.shift)),
                scale: factor(rng, spec.scale),
                flip: rng.random::<f32>() < spec.flip_probability,
            },
        )
    }

    fn draw_tone(&self, rng: &mut impl Rng) -> Tone {
        let spec = &self.spec;
        Tone {
            brightness: symmetric(rng, spec.brightness),
            contrast: factor(rng, spec.contrast),
            gamma: factor(rng, spec.gamma),
            noise: rng.random::<f32>() * spec.noise,
        }
    }
}

impl TryFrom<AugmentationSpec> for Augmentation {
    type Error = Error;

    fn try_from(spec: AugmentationSpec) -> Result<Self> {
        Self::new(spec)
    }
}

impl From<Augmentation> for AugmentationSpec {
    fn from(augmentation: Augmentation) -> Self {
        augmentation.spec
    }
}

/// Even on `-limit..limit`.
fn symmetric(rng: &mut impl Rng, limit: f32) -> f32 {
    (2.0 * rng.random::<f32>() - 1.0) * limit
}

/// Even on the logarithm of `1 / (1 + change)..1 + change`.
fn factor(rng: &mut impl Rng, change: f32) -> f32 {
    symmetric(rng, change.ln_1p()).exp()
}

/// By the name of a ready-made set: `none`, `light` or `standard`.
impl FromStr for Augmentation {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "none" => Ok(Self::none()),
            "light" => Ok(Self::light()),
            "standard" => Ok(Self::standard()),
            _ => Err(Error::UnknownName {
                name: name.to_owned(),
                kind: "augmentation",
                allowed: "none, light, standard",
            }),
        }
    }
}
