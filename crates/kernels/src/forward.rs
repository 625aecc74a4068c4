//! The forward pass.

use crate::accumulation::Sums;
use crate::check::check_lengths;
use crate::gather::{Gather, Placement, WeightLayout};
use crate::strip::Sampling;
use crate::{Conv2dShape, Isa, Result};

/// How the outputs of `shape` read its input.
pub(crate) fn sampling(shape: &Conv2dShape) -> Sampling {
    Sampling {
        batch: shape.batch,
        image: [shape.in_height, shape.in_width],
        lattice: [shape.out_height(), shape.out_width()],
        stride: shape.stride,
        origin: shape.padding.map(|padding| -(padding as isize)),
        taps: shape.kernel,
    }
}

/// The convolution of `input` `[N, I, H, W]` with `weight` `[O, I, KH, KW]` plus `bias` `[O]`, written to `output`
/// `[N, O, OH, OW]`. All are contiguous.
///
/// # Errors
/// An invalid shape, or a buffer whose length does not fit it.
pub fn conv2d(
    shape: &Conv2dShape,
    input: &[f32],
    weight: &[f32],
    bias: Option<&[f32]>,
    output: &mut [f32],
) -> Result<()> {
    conv2d_with(Isa::detect(), Sums::Single, shape, input, weight, bias, output)
}

/// [`conv2d`] with the instruction set and the precision of your choice.
///
/// # Errors
/// As [`conv2d`], and where the machine lacks the instruction set.
pub fn conv2d_with(
    isa: Isa,
    sums: Sums,
    shape: &Conv2dShape,
    input: &[f32],
    weight: &[f32],
    bias: Option<&[f32]>,
    output: &mut [f32],
) -> Result<()> {
    let kernels = isa.kernels()?;
    shape.validate()?;
    check_lengths(&[
        ("input", shape.input_len(), input.len()),
        ("weight", shape.weight_len(), weight.len()),
        ("bias", shape.out_channels, bias.map_or(shape.out_channels, <[f32]>::len)),
        ("output", shape.output_len(), output.len()),
    ])?;
    let shape = &shape.flattened();
    let taps = shape.kernel[0] * shape.kernel[1];
    let gather = Gather {
        sampling: sampling(shape),
        in_channels: shape.in_channels,
        out_channels: shape.out_channels,
        weights: WeightLayout {
            start: 0,
            out_step: shape.in_channels * taps,
            in_step: taps,
            tap_steps: [shape.kernel[1] as isize, 1],
        },
        placement: Placement { plane: [shape.out_height(), shape.out_width()], start: [0, 0], step: [1, 1] },
        sums,
    };
    gather.run(kernels, input, weight, bias, output);
    Ok(())
}
