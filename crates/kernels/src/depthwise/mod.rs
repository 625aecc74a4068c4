//! Depthwise convolution of planar tensors, with its gradients.

mod runs;
mod shape;

use rayon::prelude::*;

use crate::check::check_lengths;
use crate::scratch::with_local;
use crate::vectorised::vectorised;
use crate::{Isa, Result};
use runs::Phases;

pub use shape::DepthwiseShape;

vectorised! {
    fn forward_plane(phases: &Phases, weight: &[f32], x: &[f32], y: &mut [f32]) {
        y.fill(0.0);
        phases.for_each(#[inline(always)] |tap, input, output, len| {
            let weight = weight[tap];
            let x = &x[input..input + len];
            y[output..output + len].iter_mut().zip(x).for_each(|(y, x)| *y += weight * x);
        });
    }

    fn backward_plane(phases: &Phases, weight: &[f32], dy: &[f32], dx: &mut [f32]) {
        dx.fill(0.0);
        phases.for_each(#[inline(always)] |tap, input, output, len| {
            let weight = weight[tap];
            let dy = &dy[output..output + len];
            dx[input..input + len].iter_mut().zip(dy).for_each(|(dx, dy)| *dx += weight * dy);
        });
    }

    fn weight_plane(phases: &Phases, x: &[f32], dy: &[f32], sums: &mut [f64]) {
        /// Numbers added in one vectorisable piece.
        const LANES: usize = 16;
        phases.for_each(#[inline(always)] |tap, input, output, len| {
            let (x, dy) = (&x[input..input + len], &dy[output..output + len]);
            let (xs, dys) = (x.chunks_exact(LANES), dy.chunks_exact(LANES));
            let rest: f32 = xs.remainder().iter().zip(dys.remainder()).map(|(x, dy)| x * dy).sum();
            let mut lanes = [0.0f32; LANES];
            for (x, dy) in xs.zip(dys) {
                for lane in 0..LANES {
                    lanes[lane] += x[lane] * dy[lane];
                }
            }
            sums[tap] += f64::from(rest) + lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>();
        });
    }
}

/// The depthwise convolution of `input` `[N, C, H, W]` with `weight` `[C, 1, KH, KW]`, written to `output`
/// `[N, C, OH, OW]`. All are contiguous.
///
/// # Errors
/// An invalid shape, a buffer whose length does not fit it, an instruction set that the machine lacks.
pub fn depthwise(
    isa: Isa,
    shape: &DepthwiseShape,
    input: &[f32],
    weight: &[f32],
    output: &mut [f32],
) -> Result<()> {
    check(isa, shape, input.len(), weight.len(), output.len())?;
    let phases = Phases::new(shape);
    let planes = input.par_chunks_exact(shape.size[0] * shape.size[1]);
    let [height, width] = shape.out_size();
    output.par_chunks_exact_mut(height * width).zip(planes).enumerate().for_each(|(plane, (y, x))| {
        let weight = kernel_of(shape, weight, plane);
        with_local(phases.len(), |phased| {
            phases.split(x, phased);
            forward_plane(isa, &phases, weight, phased, y);
        });
    });
    Ok(())
}

/// The gradient by the input, `input_gradient` `[N, C, H, W]`, from `weight` `[C, 1, KH, KW]` and the gradient by the
/// output, `output_gradient` `[N, C, OH, OW]`. Overwrites `input_gradient`.
///
/// # Errors
/// As [`depthwise`].
pub fn depthwise_input_gradient(
    isa: Isa,
    shape: &DepthwiseShape,
    weight: &[f32],
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) -> Result<()> {
    check(isa, shape, input_gradient.len(), weight.len(), output_gradient.len())?;
    let phases = Phases::new(shape);
    let [height, width] = shape.out_size();
    let planes = output_gradient.par_chunks_exact(height * width);
    let gradients = input_gradient.par_chunks_exact_mut(shape.size[0] * shape.size[1]);
    gradients.zip(planes).enumerate().for_each(|(plane, (dx, dy))| {
        let weight = kernel_of(shape, weight, plane);
        with_local(phases.len(), |phased| {
            backward_plane(isa, &phases, weight, dy, phased);
            phases.join(phased, dx);
        });
    });
    Ok(())
}

/// The gradient by the weight, `weight_gradient` `[C, 1, KH, KW]`, from `input` `[N, C, H, W]` and the gradient by the
/// output, `output_gradient` `[N, C, OH, OW]`. Overwrites `weight_gradient`.
///
/// The order of additions is fixed: equal inputs give equal bits, whatever the number of threads.
///
/// # Errors
/// As [`depthwise`].
pub fn depthwise_weight_gradient(
    isa: Isa,
    shape: &DepthwiseShape,
    input: &[f32],
    output_gradient: &[f32],
    weight_gradient: &mut [f32],
) -> Result<()> {
    check(isa, shape, input.len(), weight_gradient.len(), output_gradient.len())?;
    let phases = Phases::new(shape);
    let [height, width] = shape.out_size();
    let (in_plane, out_plane) = (shape.size[0] * shape.size[1], height * width);
    weight_gradient.par_chunks_exact_mut(shape.taps()).enumerate().for_each(|(channel, weight)| {
        let mut sums = vec![0.0; shape.taps()];
        with_local(phases.len(), |phased| {
            for plane in (channel..shape.batch * shape.channels).step_by(shape.channels) {
                phases.split(&input[plane * in_plane..(plane + 1) * in_plane], phased);
                let dy = &output_gradient[plane * out_plane..(plane + 1) * out_plane];
                weight_plane(isa, &phases, phased, dy, &mut sums);
            }
        });
        weight.iter_mut().zip(sums).for_each(|(weight, sum)| *weight = sum as f32);
    });
    Ok(())
}

/// The kernel of a plane of `[N, C]` planes.
fn kernel_of<'a>(shape: &DepthwiseShape, weight: &'a [f32], plane: usize) -> &'a [f32] {
    let channel = plane % shape.channels;
    &weight[channel * shape.taps()..(channel + 1) * shape.taps()]
}

fn check(isa: Isa, shape: &DepthwiseShape, input: usize, weight: usize, output: usize) -> Result<()> {
    isa.check()?;
    shape.validate()?;
    check_lengths(&[
        ("input", shape.input_len(), input),
        ("weight", shape.weight_len(), weight),
        ("output", shape.output_len(), output),
    ])
}
