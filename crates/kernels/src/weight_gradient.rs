//! The gradients by the weight and the bias.

use rayon::prelude::*;

use crate::check::check_lengths;
use crate::dot::accumulate_group;
use crate::forward::sampling;
use crate::scratch::Scratch;
use crate::simd::Kernels;
use crate::strip::{Blocking, Sampling, Strip, Taps};
use crate::{Conv2dShape, Isa, Result};

/// Elements of both strips of a task, to stay within a 1 MB second-level cache.
const STRIPS_LEN: usize = 192 << 10;
/// Fewest outputs of one channel in a strip: below, adding up the lanes costs more than the products.
const MIN_PIXELS: usize = 256;
/// Most outputs of one channel in a strip: a group's gradients stay in the first-level cache.
const MAX_PIXELS: usize = 1024;
/// Pieces of work. Fixed, so that the order of additions does not depend on the machine's threads.
const TASKS: usize = 8;
/// Elements of all partial sums, at most (where one sum is not larger by itself).
const PARTIALS_LEN: usize = 2 << 20;

/// The gradient by the weight, `weight_gradient` `[O, I, KH, KW]`, from `input` `[N, I, H, W]` and the gradient by the
/// output, `output_gradient` `[N, O, OH, OW]`. Overwrites `weight_gradient`.
///
/// The order of additions is fixed: equal inputs give equal bits, whatever the number of threads.
///
/// # Errors
/// An invalid shape, or a buffer whose length does not fit it.
pub fn conv2d_weight_gradient(
    shape: &Conv2dShape,
    input: &[f32],
    output_gradient: &[f32],
    weight_gradient: &mut [f32],
) -> Result<()> {
    conv2d_weight_gradient_with(Isa::detect(), shape, input, output_gradient, weight_gradient)
}

/// [`conv2d_weight_gradient`] with the instruction set of your choice.
///
/// # Errors
/// As [`conv2d_weight_gradient`], and where the machine lacks the instruction set.
pub fn conv2d_weight_gradient_with(
    isa: Isa,
    shape: &Conv2dShape,
    input: &[f32],
    output_gradient: &[f32],
    weight_gradient: &mut [f32],
) -> Result<()> {
    let kernels = isa.kernels()?;
    shape.validate()?;
    check_lengths(&[
        ("input", shape.input_len(), input.len()),
        ("output gradient", shape.output_len(), output_gradient.len()),
        ("weight gradient", shape.weight_len(), weight_gradient.len()),
    ])?;
    Plan::new(kernels, &shape.flattened()).run(kernels, input, output_gradient, weight_gradient);
    Ok(())
}

/// How the work is cut: each task takes a run of strips and a range of input channels.
struct Plan {
    sampling: Sampling,
    blocking: Blocking,
    in_channels: usize,
    out_channels: usize,
    strips: usize,
    strip_splits: usize,
    channel_splits: usize,
}

impl Plan {
    fn new(kernels: &Kernels, shape: &Conv2dShape) -> Self {
        let sampling = sampling(shape);
        let affordable = (PARTIALS_LEN / shape.weight_len()).max(1);
        let (in_channels, out_channels) = (shape.in_channels, shape.out_channels);
        let channel_splits = TASKS.div_ceil(affordable.min(TASKS)).min(in_channels);
        let pixels = STRIPS_LEN / (out_channels + in_channels.div_ceil(channel_splits));
        let blocking = Blocking::plan(&sampling, kernels.lanes, pixels.clamp(MIN_PIXELS, MAX_PIXELS));
        let strips = Strip::new(sampling, blocking, 1, kernels.lanes).count();
        let strip_splits = TASKS.div_ceil(channel_splits).min(affordable).min(strips);
        Self { sampling, blocking, in_channels, out_channels, strips, strip_splits, channel_splits }
    }

    fn channels(&self, split: usize) -> std::ops::Range<usize> {
        split * self.in_channels / self.channel_splits..(split + 1) * self.in_channels / self.channel_splits
    }

    fn run(&self, kernels: &Kernels, input: &[f32], output_gradient: &[f32], weight_gradient: &mut [f32]) {
        let taps = self.sampling.taps[0] * self.sampling.taps[1];
        let row_len = self.in_channels * taps;
        let mut partials = Scratch::take(self.strip_splits * weight_gradient.len());
        let mut parts = Vec::with_capacity(self.strip_splits * self.channel_splits);
        for (strip_split, mut rest) in partials.chunks_exact_mut(weight_gradient.len()).enumerate() {
            for channel_split in 0..self.channel_splits {
                let len = self.channels(channel_split).len() * taps * self.out_channels;
                let (part, more) = rest.split_at_mut(len);
                parts.push((strip_split, channel_split, part));
                rest = more;
            }
        }
        parts.into_par_iter().with_max_len(1).for_each(|(strip_split, channel_split, part)| {
            self.run_task(kernels, input, output_gradient, strip_split, channel_split, part);
        });

        let partials = &*partials;
        let total = weight_gradient.len();
        weight_gradient.par_chunks_exact_mut(row_len).enumerate().for_each(|(channel, row)| {
            for channel_split in 0..self.channel_splits {
                let range = self.channels(channel_split);
                let len = range.len() * taps;
                let from = range.start * taps * self.out_channels + channel * len;
                let to = &mut row[range.start * taps..range.end * taps];
                to.copy_from_slice(&partials[from..from + len]);
                for strip_split in 1..self.strip_splits {
                    let from = strip_split * total + from;
                    to.iter_mut().zip(&partials[from..from + len]).for_each(|(to, part)| *to += part);
                }
            }
        });
    }

    fn run_task(
        &self,
        kernels: &Kernels,
        input: &[f32],
        output_gradient: &[f32],
        strip_split: usize,
        channel_split: usize,
        part: &mut [f32],
    ) {
        let channels = self.channels(channel_split);
        let strip = Strip::new(self.sampling, self.blocking, channels.len(), kernels.lanes);
        let gradient_sampling = Sampling {
            image: self.sampling.lattice,
            stride: [1, 1],
            origin: [0, 0],
            taps: [1, 1],
            ..self.sampling
        };
        let gradient_strip = Strip::new(gradient_sampling, self.blocking, self.out_channels, kernels.lanes);
        let offsets = strip.tap_offsets();
        let mut x = Scratch::take(strip.len());
        let mut gradient = Scratch::take(gradient_strip.len());
        part.fill(0.0);
        let strips = strip_split * self.strips / self.strip_splits
            ..(strip_split + 1) * self.strips / self.strip_splits;
        for index in strips {
            strip.pack(index, input, self.in_channels, channels.start, &mut x);
            gradient_strip.pack(index, output_gradient, self.out_channels, 0, &mut gradient);
            let groups = gradient.chunks(kernels.dot_channels * gradient_strip.channel_len());
            let taps = Taps { strip: &strip, data: &x, offsets: &offsets };
            for (gradient, out) in groups.zip(part.chunks_mut(kernels.dot_channels * offsets.len())) {
                let channels = out.len() / offsets.len();
                accumulate_group(kernels, taps, gradient, out, offsets.len(), channels);
            }
        }
    }
}

/// The gradient by the bias, `bias_gradient` `[O]`: the sum of `output_gradient` `[N, O, OH, OW]` over images and
/// pixels. Overwrites `bias_gradient`.
///
/// # Errors
/// An invalid shape, or a buffer whose length does not fit it.
pub fn conv2d_bias_gradient(
    shape: &Conv2dShape,
    output_gradient: &[f32],
    bias_gradient: &mut [f32],
) -> Result<()> {
    shape.validate()?;
    check_lengths(&[
        ("output gradient", shape.output_len(), output_gradient.len()),
        ("bias gradient", shape.out_channels, bias_gradient.len()),
    ])?;
    /// Numbers added in one vectorisable piece.
    const LANES: usize = 16;
    /// Vectors added in f32 before going over to f64.
    const RUN: usize = 16 * LANES;
    let plane = shape.out_height() * shape.out_width();
    bias_gradient.par_iter_mut().enumerate().for_each(|(channel, sum)| {
        let planes = output_gradient.chunks_exact(plane).skip(channel).step_by(shape.out_channels);
        let mut total = 0.0f64;
        for run in planes.flat_map(|plane| plane.chunks(RUN)) {
            let mut lanes = [0.0f32; LANES];
            for values in run.chunks(LANES) {
                lanes.iter_mut().zip(values).for_each(|(lane, value)| *lane += value);
            }
            total += lanes.iter().map(|&lane| f64::from(lane)).sum::<f64>();
        }
        *sum = total as f32;
    });
    Ok(())
}
