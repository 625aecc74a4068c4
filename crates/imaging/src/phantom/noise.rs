//! Random fields.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::field::{Field, Point};

/// Smooth noise of several octaves over the unit square, about in [-1, 1].
pub(super) struct Fractal {
    octaves: Vec<Field>,
}

impl Fractal {
    /// `coarsest` is the number of grid cells per side of the first octave;
    /// each further octave doubles it at half the height.
    pub(super) fn new(rng: &mut ChaCha8Rng, coarsest: usize, octaves: usize) -> Self {
        let octaves = (0..octaves)
            .map(|o| {
                let mut field = Field::zero(coarsest << o);
                for value in field.values_mut() {
                    *value = rng.random_range(-1.0..1.0);
                }
                field
            })
            .collect();
        Self { octaves }
    }

    pub(super) fn at(&self, p: Point) -> f32 {
        let mut height = 1.0;
        let mut sum = 0.0;
        for octave in &self.octaves {
            sum += height * octave.at(p);
            height *= 0.5;
        }
        sum
    }
}

/// A normally distributed number with standard deviation 1 (Box-Muller).
pub(super) fn normal(rng: &mut ChaCha8Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).max(f32::MIN_POSITIVE).ln()).sqrt();
    radius * (std::f32::consts::TAU * rng.random::<f32>()).cos()
}
