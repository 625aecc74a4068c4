//! Gradients of the normalisations.

use rayon::prelude::*;

use super::forward::{Affine, Statistics, TASK_LEN};
use super::lanes;
use super::shape::NormShape;
use crate::check::check_lengths;
use crate::shared::SharedOutput;
use crate::{Isa, Result};

/// Gradients by scale and shift.
#[derive(Debug, Clone, PartialEq)]
pub struct NormGradients {
    /// By the scales `[C]`.
    pub gamma: Vec<f32>,
    /// By the shifts `[C]`.
    pub beta: Vec<f32>,
}

/// The gradients of [`normalise`](super::normalise); `gradient` is that by the output before and that by the input
/// afterwards.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise_gradient(
    shape: &NormShape,
    affine: Affine,
    statistics: &Statistics,
    input: &[f32],
    gradient: &mut [f32],
) -> Result<NormGradients> {
    run(shape, affine, statistics, input, gradient, None, |_, _, _, _, _| {})
}

/// The gradients of [`normalise_relu`](super::normalise_relu); `gradient` is that by the output before and that by the
/// input afterwards.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise_relu_gradient(
    shape: &NormShape,
    affine: Affine,
    statistics: &Statistics,
    input: &[f32],
    gradient: &mut [f32],
) -> Result<NormGradients> {
    run(shape, affine, statistics, input, gradient, None, |_, x, scale, shift, gradient| {
        lanes::mask_affine(Isa::detect(), x, scale, shift, gradient);
    })
}

/// The gradients of [`normalise_add_relu`](super::normalise_add_relu), whose `output` it needs; `gradient` is that by
/// the output before and that by the other input afterwards, `input_gradient` is overwritten.
///
/// # Errors
/// A buffer whose length does not fit the shape.
pub fn normalise_add_relu_gradient(
    shape: &NormShape,
    affine: Affine,
    statistics: &Statistics,
    input: &[f32],
    output: &[f32],
    gradient: &mut [f32],
    input_gradient: &mut [f32],
) -> Result<NormGradients> {
    check_lengths(&[("output", shape.len(), output.len())])?;
    let plane = shape.plane();
    run(shape, affine, statistics, input, gradient, Some(input_gradient), |index, _, _, _, gradient| {
        lanes::mask(Isa::detect(), &output[index * plane..][..plane], gradient);
    })
}

/// Runs `mask(plane, x, scale, shift, gradient)` on every plane, then the normalisation's gradient: into
/// `input_gradient`, or in place where there is none.
fn run(
    shape: &NormShape,
    affine: Affine,
    statistics: &Statistics,
    input: &[f32],
    gradient: &mut [f32],
    input_gradient: Option<&mut [f32]>,
    mask: impl Fn(usize, &[f32], f64, f64, &mut [f32]) + Sync,
) -> Result<NormGradients> {
    let len = shape.len();
    check_lengths(&[
        ("input", len, input.len()),
        ("gradient", len, gradient.len()),
        ("input gradient", len, input_gradient.as_deref().map_or(len, <[f32]>::len)),
        ("means", shape.units(), statistics.mean.len()),
        ("variances", shape.units(), statistics.variance.len()),
    ])?;
    check_lengths(&affine.lengths(shape))?;
    let (isa, plane) = (Isa::detect(), shape.plane());
    let count = shape.unit_len() as f64;
    let gradient = SharedOutput::new(gradient);
    let input_gradient = input_gradient.map(SharedOutput::new);
    let per_task = TASK_LEN.div_ceil(shape.unit_len());
    let parts: Vec<Vec<[f64; 2]>> = (0..shape.units())
        .into_par_iter()
        .with_min_len(per_task)
        .map(|unit| {
            let mean = statistics.mean[unit];
            let inverse_deviation = statistics.inverse_deviation(unit, affine.epsilon);
            let (mut sum, mut projection) = (0.0, 0.0);
            let mut parts = Vec::new();
            for (index, channel) in shape.planes(unit) {
                let x = &input[index * plane..][..plane];
                let (scale, shift) = affine.map(channel, mean, inverse_deviation);
                // SAFETY: a plane belongs to one unit, and a unit to one task.
                let gradient = unsafe { gradient.row(index * plane, plane) };
                mask(index, x, scale, shift, gradient);
                let [by_beta, centred] = lanes::projections(isa, x, gradient, mean);
                let gamma = f64::from(affine.gamma[channel]);
                sum += gamma * by_beta;
                projection += gamma * centred;
                parts.push([centred * inverse_deviation, by_beta]);
            }
            let b = -inverse_deviation.powi(3) * projection / count;
            let c = -inverse_deviation * sum / count - b * mean;
            for (index, channel) in shape.planes(unit) {
                let x = &input[index * plane..][..plane];
                let (a, _) = affine.map(channel, mean, inverse_deviation);
                // SAFETY: a plane belongs to one unit, and a unit to one task.
                let gradient = unsafe { gradient.row(index * plane, plane) };
                match &input_gradient {
                    Some(to) => {
                        // SAFETY: as above.
                        let to = unsafe { to.row(index * plane, plane) };
                        lanes::combine_into(isa, x, gradient, a, b, c, to);
                    }
                    None => lanes::combine(isa, x, a, b, c, gradient),
                }
            }
            parts
        })
        .collect();

    let mut totals = vec![[0f64; 2]; shape.channels()];
    for (unit, parts) in parts.iter().enumerate() {
        for ((_, channel), part) in shape.planes(unit).zip(parts) {
            totals[channel][0] += part[0];
            totals[channel][1] += part[1];
        }
    }
    let column = |i: usize| totals.iter().map(|total| total[i] as f32).collect();
    Ok(NormGradients { gamma: column(0), beta: column(1) })
}
