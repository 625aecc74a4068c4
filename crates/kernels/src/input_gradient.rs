//! The gradient by the input.

use crate::accumulation::Sums;
use crate::check::check_lengths;
use crate::gather::{Gather, Placement, WeightLayout};
use crate::strip::Sampling;
use crate::{Conv2dShape, Isa, Result};

/// The gradient by the input, `input_gradient` `[N, I, H, W]`, from `weight` `[O, I, KH, KW]` and the gradient by the
/// output, `output_gradient` `[N, O, OH, OW]`. Overwrites `input_gradient`.
///
/// # Errors
/// An invalid shape, or a buffer whose length does not fit it.
pub fn conv2d_input_gradient(
    shape: &Conv2dShape,
    weight: &[f32],
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) -> Result<()> {
    conv2d_input_gradient_with(Isa::detect(), Sums::Single, shape, weight, output_gradient, input_gradient)
}

/// [`conv2d_input_gradient`] with the instruction set and the precision of your choice.
///
/// # Errors
/// As [`conv2d_input_gradient`], and where the machine lacks the instruction set.
pub fn conv2d_input_gradient_with(
    isa: Isa,
    sums: Sums,
    shape: &Conv2dShape,
    weight: &[f32],
    output_gradient: &[f32],
    input_gradient: &mut [f32],
) -> Result<()> {
    let kernels = isa.kernels()?;
    shape.validate()?;
    check_lengths(&[
        ("weight", shape.weight_len(), weight.len()),
        ("output gradient", shape.output_len(), output_gradient.len()),
        ("input gradient", shape.input_len(), input_gradient.len()),
    ])?;
    let shape = &shape.flattened();
    // Pixels whose rows and columns leave the same remainders by the stride see the same taps: each such phase is a
    // convolution of stride one.
    for row in 0..shape.stride[0].min(shape.in_height) {
        for column in 0..shape.stride[1].min(shape.in_width) {
            phase(shape, [row, column], sums).run(kernels, output_gradient, weight, None, input_gradient);
        }
    }
    Ok(())
}

/// The convolution that gives pixels `start`, `start + stride`, ... of both axes.
fn phase(shape: &Conv2dShape, start: [usize; 2], sums: Sums) -> Gather {
    let image = [shape.in_height, shape.in_width];
    let mut lattice = [0; 2];
    let mut taps = [0; 2];
    let mut origin = [0; 2];
    let mut last_tap = [0; 2];
    for axis in 0..2 {
        let (stride, kernel) = (shape.stride[axis], shape.kernel[axis]);
        // Pixel y * stride + start takes kernel taps first_tap + stride * j from output y + shift - j.
        let first_tap = (start[axis] + shape.padding[axis]) % stride;
        let shift = (start[axis] + shape.padding[axis]) / stride;
        lattice[axis] = (image[axis] - start[axis]).div_ceil(stride);
        taps[axis] = kernel.saturating_sub(first_tap).div_ceil(stride);
        origin[axis] = shift as isize + 1 - taps[axis] as isize;
        last_tap[axis] = first_tap + stride * taps[axis].saturating_sub(1);
    }
    let columns = shape.kernel[1];
    let kernel_len = shape.kernel[0] * columns;
    Gather {
        sampling: Sampling {
            batch: shape.batch,
            image: [shape.out_height(), shape.out_width()],
            lattice,
            stride: [1, 1],
            origin,
            taps,
        },
        in_channels: shape.out_channels,
        out_channels: shape.in_channels,
        weights: WeightLayout {
            start: (last_tap[0] * columns + last_tap[1]) as isize,
            out_step: kernel_len,
            in_step: shape.in_channels * kernel_len,
            tap_steps: [-((shape.stride[0] * columns) as isize), -(shape.stride[1] as isize)],
        },
        placement: Placement { plane: image, start, step: shape.stride },
        sums,
    }
}
