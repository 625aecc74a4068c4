//! Changes of exposure and grain.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// What was drawn for one X-ray.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tone {
    /// Added to every value.
    pub(crate) brightness: f32,
    /// Factor about the mean.
    pub(crate) contrast: f32,
    /// Exponent.
    pub(crate) gamma: f32,
    /// Standard deviation of the noise.
    pub(crate) noise: f32,
}

impl Tone {
    /// Changes grey values in 0..=1 in place; they stay in that range.
    pub(crate) fn apply(&self, values: &mut [f32], rng: &mut impl Rng) {
        if self.gamma != 1.0 {
            for value in &mut *values {
                *value = value.max(0.0).powf(self.gamma);
            }
        }
        if self.contrast != 1.0 || self.brightness != 0.0 {
            let mean = mean(values);
            let base = mean + self.brightness;
            for value in &mut *values {
                *value = (*value - mean) * self.contrast + base;
            }
        }
        if self.noise > 0.0 {
            for value in &mut *values {
                let grain: f32 = StandardNormal.sample(rng);
                *value += grain * self.noise;
            }
        }
        for value in values {
            *value = value.clamp(0.0, 1.0);
        }
    }
}

fn mean(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().copied().map(f64::from).sum();
    (sum / values.len().max(1) as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, stream};
    use proptest::prelude::*;

    const STILL: Tone = Tone { brightness: 0.0, contrast: 1.0, gamma: 1.0, noise: 0.0 };

    fn applied(tone: Tone, mut values: Vec<f32>) -> Vec<f32> {
        tone.apply(&mut values, &mut stream(Purpose::Augment, 1, 2, 3));
        values
    }

    #[test]
    fn gamma_is_an_exponent() {
        let squared = applied(Tone { gamma: 2.0, ..STILL }, vec![0.0, 0.5, 1.0]);
        assert_eq!(squared, [0.0, 0.25, 1.0]);
    }

    #[test]
    fn noise_has_the_deviation_asked_for() {
        let noisy = applied(Tone { noise: 0.05, ..STILL }, vec![0.5; 20_000]);
        let mean = mean(&noisy);
        let variance = noisy.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / noisy.len() as f32;
        assert!((mean - 0.5).abs() < 0.002, "mean {mean}");
        assert!((variance.sqrt() - 0.05).abs() < 0.002, "deviation {}", variance.sqrt());
    }

    proptest! {
        #[test]
        fn contrast_and_brightness_move_deviation_and_mean(
            values in proptest::collection::vec(0.4_f32..0.6, 2..50), contrast in 0.5_f32..1.5, brightness in -0.1_f32..0.1,
        ) {
            let changed = applied(Tone { contrast, brightness, ..STILL }, values.clone());
            prop_assert!((mean(&changed) - mean(&values) - brightness).abs() < 1e-5);
            prop_assert!((changed[0] - changed[1] - (values[0] - values[1]) * contrast).abs() < 1e-5);
        }

        #[test]
        fn values_stay_in_range(
            values in proptest::collection::vec(0.0_f32..=1.0, 0..50), contrast in 0.1_f32..4.0, brightness in -1.0_f32..1.0,
            gamma in 0.2_f32..4.0, noise in 0.0_f32..1.0,
        ) {
            let changed = applied(Tone { brightness, contrast, gamma, noise }, values);
            prop_assert!(changed.iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }
}
