//! The driver that the forward pass and the input gradient share: every output gathers its taps.

use rayon::prelude::*;

use crate::Isa;
use crate::accumulation::{RUN, Sums};
use crate::scratch::Scratch;
use crate::shared::SharedOutput;
use crate::simd::Kernels;
use crate::strip::{Blocking, Sampling, Strip, Taps};
use crate::tile::convolve_group;
use crate::vectorised::vectorised;

/// Elements of a strip that leave room for weights and results in a 1 MB second-level cache.
const STRIP_LEN: usize = 128 << 10;
/// Outputs of one channel in a strip, at most.
const STRIP_PIXELS: usize = 1024;
/// Weights of a group of channels that stay in the first-level cache.
const WEIGHT_LEN: usize = 4 << 10;
/// Pieces of work for each thread, so that uneven threads finish together.
const TASKS_PER_THREAD: usize = 4;

/// Where the weight of output channel `m`, input channel `c` and tap `(i, j)` lies:
/// `start + m * out_step + c * in_step + i * tap_steps[0] + j * tap_steps[1]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WeightLayout {
    pub(crate) start: isize,
    pub(crate) out_step: usize,
    pub(crate) in_step: usize,
    pub(crate) tap_steps: [isize; 2],
}

/// Where the lattice's results lie in the output's planes: output `(y, x)` at `(y * step + start, x * step + start)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placement {
    pub(crate) plane: [usize; 2],
    pub(crate) start: [usize; 2],
    pub(crate) step: [usize; 2],
}

/// A convolution as a gathering of taps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gather {
    pub(crate) sampling: Sampling,
    pub(crate) in_channels: usize,
    pub(crate) out_channels: usize,
    pub(crate) weights: WeightLayout,
    pub(crate) placement: Placement,
    pub(crate) sums: Sums,
}

/// Consecutive output channels computed together, and where their packed weights start.
#[derive(Debug, Clone, Copy)]
struct Group {
    first: usize,
    channels: usize,
    weights: usize,
}

impl Gather {
    pub(crate) fn run(
        &self,
        kernels: &Kernels,
        source: &[f32],
        weight: &[f32],
        bias: Option<&[f32]>,
        output: &mut [f32],
    ) {
        let pixels = (STRIP_LEN / self.in_channels).clamp(2 * kernels.lanes, STRIP_PIXELS);
        let blocking = Blocking::plan(&self.sampling, 2 * kernels.lanes, pixels);
        let strip = Strip::new(self.sampling, blocking, self.in_channels, kernels.lanes);
        let offsets = strip.tap_offsets();
        let groups = self.groups(kernels.max_channels, offsets.len());
        let mut packed = Scratch::take(self.out_channels * offsets.len());
        self.pack_weights(weight, &groups, &mut packed);
        let packed = &*packed;

        let wanted = TASKS_PER_THREAD * rayon::current_num_threads();
        let splits = wanted.div_ceil(strip.count()).clamp(1, groups.len());
        let output = SharedOutput::new(output);
        // Strips that several tasks read are laid out once for all.
        let mut shared = Scratch::take(if splits > 1 { strip.count() * strip.len() } else { 0 });
        if splits > 1 {
            strip.pack_all(source, &mut shared);
        }
        let shared = &*shared;
        (0..strip.count() * splits).into_par_iter().with_max_len(1).for_each(|task| {
            let (index, split) = (task / splits, task % splits);
            let groups = &groups[split * groups.len() / splits..(split + 1) * groups.len() / splits];
            let mut own = Scratch::take(if splits > 1 { 0 } else { strip.len() });
            let x = if splits > 1 {
                &shared[index * strip.len()..][..strip.len()]
            } else {
                strip.pack(index, source, self.in_channels, 0, &mut own);
                &own
            };
            let mut results = Scratch::take(kernels.max_channels * strip.rows() * strip.padded_width());
            let taps = Taps { strip: &strip, data: x, offsets: &offsets };
            for group in groups {
                let weight = &packed[group.weights..group.weights + group.channels * offsets.len()];
                convolve_in_chunks(kernels, taps, weight, &mut results, group.channels, self.sums);
                self.write_group(&strip, index, group, bias, &results, &output);
            }
        });
    }

    fn groups(&self, max_channels: usize, steps: usize) -> Vec<Group> {
        let count = self.out_channels.div_ceil(max_channels);
        (0..count)
            .map(|i| {
                let (first, end) = (i * self.out_channels / count, (i + 1) * self.out_channels / count);
                Group { first, channels: end - first, weights: first * steps }
            })
            .collect()
    }

    /// Lays out each group's weights as `[in channel][tap row][tap column][out channel]`.
    fn pack_weights(&self, weight: &[f32], groups: &[Group], packed: &mut [f32]) {
        let [tap_rows, tap_columns] = self.sampling.taps;
        let steps = self.in_channels * tap_rows * tap_columns;
        let mut parts = Vec::with_capacity(groups.len());
        let mut rest = packed;
        for group in groups {
            let (part, more) = rest.split_at_mut(group.channels * steps);
            parts.push((group, part));
            rest = more;
        }
        let layout = self.weights;
        parts.into_par_iter().for_each(|(group, part)| {
            let mut to = part.chunks_exact_mut(group.channels);
            for channel in 0..self.in_channels {
                let base = group.first * layout.out_step + channel * layout.in_step;
                for row in 0..tap_rows as isize {
                    for column in 0..tap_columns as isize {
                        let tap = layout.start + row * layout.tap_steps[0] + column * layout.tap_steps[1];
                        let first = base.saturating_add_signed(tap);
                        let from = weight[first..].iter().step_by(layout.out_step);
                        if let Some(to) = to.next() {
                            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                        }
                    }
                }
            }
        });
    }

    fn write_group(
        &self,
        strip: &Strip,
        index: usize,
        group: &Group,
        bias: Option<&[f32]>,
        results: &[f32],
        output: &SharedOutput,
    ) {
        let Placement { plane, start, step } = self.placement;
        let [height, width] = self.sampling.lattice;
        let planes = results.chunks_exact(strip.rows() * strip.padded_width());
        for (m, results) in (group.first..group.first + group.channels).zip(planes) {
            let bias = bias.map_or(0.0, |bias| bias[m]);
            for (lane, (image, first_row)) in
                (0..strip.fold()).filter_map(|lane| Some((lane, strip.block(index, lane)?)))
            {
                for (y, results) in (first_row..height).zip(results.chunks_exact(strip.padded_width())) {
                    let row = (image * self.out_channels + m) * plane[0] + y * step[0] + start[0];
                    // SAFETY: this row of this channel and image belongs to this strip and group alone, thus to
                    // this task; lattices that share rows run one after another.
                    let to = unsafe { output.row(row * plane[1], plane[1]) };
                    if strip.fold() == 1 && step[1] == 1 {
                        for (to, result) in to.iter_mut().zip(&results[..width]) {
                            *to = result + bias;
                        }
                    } else {
                        let results = results.iter().skip(lane).step_by(strip.fold()).take(width);
                        for (to, result) in to[start[1]..].iter_mut().step_by(step[1]).zip(results) {
                            *to = result + bias;
                        }
                    }
                }
            }
        }
    }
}

vectorised! {
    fn round(from: &[f64], to: &mut [f32]) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from as f32);
    }
}

/// All taps of a group, a cacheful of weights at a time.
fn convolve_in_chunks(
    kernels: &Kernels,
    taps: Taps,
    weight: &[f32],
    results: &mut [f32],
    channels: usize,
    sums: Sums,
) {
    if taps.offsets.is_empty() {
        results.fill(0.0);
        return;
    }
    let len = channels * taps.strip.rows() * taps.strip.padded_width();
    let mut totals = (sums == Sums::Double).then(|| Scratch::take(2 * len));
    let chunk = (WEIGHT_LEN / channels / RUN).max(1) * RUN;
    for (i, (offsets, weight)) in taps.offsets.chunks(chunk).zip(weight.chunks(chunk * channels)).enumerate()
    {
        let taps = Taps { offsets, ..taps };
        let totals = totals.as_mut().map(Scratch::as_wide);
        convolve_group(kernels, taps, weight, results, channels, i > 0, totals);
    }
    if let Some(totals) = &mut totals {
        round(Isa::detect(), totals.as_wide(), &mut results[..len]);
    }
}
