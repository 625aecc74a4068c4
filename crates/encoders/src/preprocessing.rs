//! How an image is normalised before it enters a network.

use serde::{Deserialize, Serialize};

use crate::{EncoderName, Error, Result};

/// Normalisation `(value - mean) / std` of pixels in [0, 1], per RGB channel. It travels with the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Preprocessing {
    /// Mean per channel, of values in [0, 1].
    pub mean: [f32; 3],
    /// Standard deviation per channel, of values in [0, 1].
    pub std: [f32; 3],
}

impl Preprocessing {
    /// The values of ImageNet training in torchvision.
    pub const IMAGENET: Self = Self { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

    /// From [0, 1] to [-1, 1]: the values of ImageNet training in TensorFlow. Both sources of Inception v4's weights say
    /// so: `pretrainedmodels`, whose `inceptionv4` SMP took over, and timm's `inception_v4.tf_in1k`.
    pub const SYMMETRIC: Self = Self { mean: [0.5; 3], std: [0.5; 3] };

    /// What the published ImageNet weights of `encoder` expect.
    pub fn of(encoder: EncoderName) -> Self {
        encoder.family().preprocessing()
    }

    /// Mean and deviation of one of `channels` input channels: an image of one channel takes the mean of the three,
    /// more than three channels repeat them, as SMP repeats the first convolution's weights.
    pub fn channel(&self, channel: usize, channels: usize) -> (f32, f32) {
        if channels == 1 {
            let average = |values: [f32; 3]| values.iter().sum::<f32>() / 3.0;
            return (average(self.mean), average(self.std));
        }
        (self.mean[channel % 3], self.std[channel % 3])
    }

    /// Checks that the values can normalise.
    ///
    /// # Errors
    /// [`Error::Preprocessing`] for a mean that is not finite or a deviation that is not positive.
    pub fn validate(&self) -> Result<()> {
        for value in self.mean {
            if !value.is_finite() {
                return Err(Error::Preprocessing { what: "mean", value, requirement: "finite" });
            }
        }
        for value in self.std {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::Preprocessing { what: "std", value, requirement: "positive" });
            }
        }
        Ok(())
    }
}
