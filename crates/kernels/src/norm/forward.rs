//! Statistics and the normalised values.

use rayon::prelude::*;

use super::lanes;
use super::shape::NormShape;
use crate::check::check_lengths;
use crate::shared::SharedOutput;
use crate::{Isa, Result};

/// Elements of a task, at least, so that small tensors are not cut finer than is worth while.
pub(super) const TASK_LEN: usize = 16 << 10;

/// Scale and shift per channel, and what keeps the division finite.
#[derive(Debug, Clone, Copy)]
pub struct Affine<'a> {
    /// Scales `[C]`.
    pub gamma: &'a [f32],
    /// Shifts `[C]`.
    pub beta: &'a [f32],
    /// Added to the variance.
    pub epsilon: f64,
}

/// Mean and variance of each unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Means.
    pub mean: Vec<f64>,
    /// Mean squared distances from the mean.
    pub variance: Vec<f64>,
}

impl Statistics {
    /// One over the standard deviation of a unit.
    pub(super) fn inverse_deviation(&self, unit: usize, epsilon: f64) -> f64 {
        (self.variance[unit] + epsilon).sqrt().recip()
    }
}

impl Affine<'_> {
    /// `(scale, shift)` of a channel, so that its output is `x * scale + shift`.
    pub(super) fn map(&self, channel: usize, mean: f64, inverse_deviation: f64) -> (f64, f64) {
        let scale = f64::from(self.gamma[channel]) * inverse_deviation;
        (scale, f64::from(self.beta[channel]) - mean * scale)
    }

    pub(super) fn lengths(&self, shape: &NormShape) -> [(&'static str, usize, usize); 2] {
        [("gamma", shape.channels(), self.gamma.len()), ("beta", shape.channels(), self.beta.len())]
    }
}

/// `output = (input - mean) / sqrt(variance + epsilon) * gamma + beta` by the input's own statistics, which are
/// returned.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise(shape: &NormShape, affine: Affine, input: &[f32], output: &mut [f32]) -> Result<Statistics> {
    run(shape, affine, input, output, &[], |_, x, scale, shift, y| {
        lanes::affine::<false>(Isa::detect(), x, scale, shift, y);
    })
}

/// [`normalise`], then `max(.., 0)`.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise_relu(
    shape: &NormShape,
    affine: Affine,
    input: &[f32],
    output: &mut [f32],
) -> Result<Statistics> {
    run(shape, affine, input, output, &[], |_, x, scale, shift, y| {
        lanes::affine::<true>(Isa::detect(), x, scale, shift, y);
    })
}

/// [`normalise`], then `max(.. + other, 0)`: the end of a residual block.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise_add_relu(
    shape: &NormShape,
    affine: Affine,
    input: &[f32],
    other: &[f32],
    output: &mut [f32],
) -> Result<Statistics> {
    let plane = shape.plane();
    run(
        shape,
        affine,
        input,
        output,
        &[("other input", shape.len(), other.len())],
        |index, x, scale, shift, y| {
            let other = &other[index * plane..][..plane];
            lanes::affine_add_relu(Isa::detect(), x, other, scale, shift, y);
        },
    )
}

/// Runs `write(plane, x, scale, shift, y)` on every plane.
fn run(
    shape: &NormShape,
    affine: Affine,
    input: &[f32],
    output: &mut [f32],
    others: &[(&'static str, usize, usize)],
    write: impl Fn(usize, &[f32], f64, f64, &mut [f32]) + Sync,
) -> Result<Statistics> {
    check_lengths(&[("input", shape.len(), input.len()), ("output", shape.len(), output.len())])?;
    check_lengths(&affine.lengths(shape))?;
    check_lengths(others)?;
    let (isa, plane) = (Isa::detect(), shape.plane());
    let count = shape.unit_len() as f64;
    let output = SharedOutput::new(output);
    let per_task = TASK_LEN.div_ceil(shape.unit_len());
    let (mean, variance) = (0..shape.units())
        .into_par_iter()
        .with_min_len(per_task)
        .map(|unit| {
            let (mut sum, mut squares) = (0.0, 0.0);
            for (index, _) in shape.planes(unit) {
                let [a, b] = lanes::moments(isa, &input[index * plane..][..plane]);
                sum += a;
                squares += b;
            }
            let mean = sum / count;
            let variance = (squares / count - mean * mean).max(0.0);
            let inverse_deviation = (variance + affine.epsilon).sqrt().recip();
            for (index, channel) in shape.planes(unit) {
                let (scale, shift) = affine.map(channel, mean, inverse_deviation);
                // SAFETY: a plane belongs to one unit, and a unit to one task.
                let y = unsafe { output.row(index * plane, plane) };
                write(index, &input[index * plane..][..plane], scale, shift, y);
            }
            (mean, variance)
        })
        .unzip();
    Ok(Statistics { mean, variance })
}
