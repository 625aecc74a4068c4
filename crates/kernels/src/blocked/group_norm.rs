//! Reductions over pixels: means and group normalisation.

use super::engine::{Engine, check_same, same};
use super::lanes::{Kernel, Lanes, entry};
use super::map::{Map, MapMut};
use super::parallel::for_each;
use super::pointwise::{RowArguments, ScaleShiftRow, per_lane};
use super::shape::BLOCK;
use crate::Result;
use crate::check::check_lengths;
use crate::scratch::Scratch;
use crate::shared::SharedOutput;

/// A row's sums of `x - centre` or of its square, lane by lane.
///
/// Valid where `x` is readable at `0..pixels * 16` and `sums` writable for 16 lanes.
struct SumArguments {
    x: *const f32,
    pixels: usize,
    centre: [f32; BLOCK],
    squares: bool,
    sums: *mut f32,
}

struct SumRow;

impl Kernel for SumRow {
    type Arguments = SumArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &SumArguments) {
        // SAFETY: every address lies within the ranges that `SumArguments` promises.
        unsafe {
            let centre = S::load(a.centre.as_ptr());
            let mut sums = S::splat(0.0);
            for at in (0..a.pixels * BLOCK).step_by(BLOCK) {
                let value = S::sub(S::load(a.x.add(at)), centre);
                sums = if a.squares { S::multiply_add(value, value, sums) } else { S::add(sums, value) };
            }
            S::store(a.sums, sums);
        }
    }
}

/// Elements below which a second thread costs more than it saves.
const SMALL: usize = 32 << 10;

impl Engine {
    /// The mean of each channel's pixels, to `means` `[N, C]`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn global_average(&self, input: &Map<'_>, means: &mut [f32]) -> Result<()> {
        let (shape, images) = (input.shape(), input.images());
        check_lengths(&[("means", images * shape.channels(), means.len())])?;
        let pixels = (shape.height() * shape.width()) as f64;
        let means = SharedOutput::new(means);
        self.each_plane(input, |image, block| {
            let sums = self.sums(input, image, block, None);
            let first = block * BLOCK;
            let count = (shape.channels() - first).min(BLOCK);
            // SAFETY: blocks are given once each, so no other task has these channels.
            let means = unsafe { means.row(image * shape.channels() + first, count) };
            means.iter_mut().zip(sums).for_each(|(mean, sum)| *mean = (sum / pixels) as f32);
        });
        Ok(())
    }

    /// Normalises each image over `groups` groups of channels, then applies `scale` and `shift` `[C]` and, if asked
    /// for, a ReLU; `epsilon` is added to the variance. As PyTorch's `GroupNorm`.
    ///
    /// # Errors
    /// See [`Engine`]; [`crate::Error::Mismatch`] where `groups` does not divide the channels.
    #[expect(clippy::too_many_arguments, reason = "the operation's parameters, each needed once")]
    pub fn group_norm(
        &self,
        groups: usize,
        scale: &[f32],
        shift: &[f32],
        epsilon: f32,
        relu: bool,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        check_same(input, output)?;
        let (from, to) = (input.shape(), output.shape());
        let channels = from.channels();
        let remainder = channels.checked_rem(groups).unwrap_or(channels);
        same("remainder of channels by groups", 0, remainder)?;
        let (scale, shift) = per_lane(scale, shift, input)?;
        let lanes = from.blocks() * BLOCK;
        let group_channels = channels / groups;
        let count = (group_channels * from.height() * from.width()) as f64;

        let mut means = Scratch::take(input.images() * lanes);
        self.plane_sums(input, None, &mut means);
        each_group(&mut means, lanes, channels, group_channels, |sum| sum / count);
        let mut spreads = Scratch::take(input.images() * lanes);
        self.plane_sums(input, Some(&means), &mut spreads);
        let epsilon = f64::from(epsilon);
        each_group(&mut spreads, lanes, channels, group_channels, |sum| {
            (sum / count + epsilon).sqrt().recip()
        });

        let kernel = entry::<ScaleShiftRow>(self.isa());
        let output = &*output;
        self.each_plane(input, |image, block| {
            let first = block * BLOCK;
            let at = |lane: usize| image * lanes + first + lane;
            let filled = (channels - first).min(BLOCK);
            let (mut factor, mut offset) = ([0.0; BLOCK], [0.0; BLOCK]);
            for lane in 0..filled {
                factor[lane] = scale[first + lane] * spreads[at(lane)];
                offset[lane] = shift[first + lane] - means[at(lane)] * factor[lane];
            }
            for y in 0..to.height() {
                // SAFETY: the maps have the same pixels, no plane is given twice, and the instruction set is there.
                unsafe {
                    kernel(&RowArguments {
                        x: input.pixel(image, block).add(y * from.row_len()),
                        step: BLOCK,
                        pixels: to.width(),
                        scale: factor.as_ptr(),
                        shift: offset.as_ptr(),
                        relu,
                        out: output.pixel(image, block).add(y * to.row_len()),
                    });
                }
            }
        });
        Ok(())
    }

    fn each_plane(&self, input: &Map<'_>, task: impl Fn(usize, usize) + Sync) {
        let (shape, blocks) = (input.shape(), input.shape().blocks());
        let planes = input.images() * blocks;
        let parallel = planes * shape.height() * shape.width() * BLOCK > SMALL;
        for_each(planes, parallel, |plane| task(plane / blocks, plane % blocks));
    }

    /// The sums of every lane, or those of squared distances from `centres`.
    fn plane_sums(&self, input: &Map<'_>, centres: Option<&[f32]>, sums: &mut [f32]) {
        let blocks = input.shape().blocks();
        let sums = SharedOutput::new(sums);
        self.each_plane(input, |image, block| {
            let at = (image * blocks + block) * BLOCK;
            let centre = centres.map(|centres| std::array::from_fn(|lane| centres[at + lane]));
            // SAFETY: blocks are given once each, so no other task has these lanes.
            let to = unsafe { sums.row(at, BLOCK) };
            to.iter_mut().zip(self.sums(input, image, block, centre)).for_each(|(to, sum)| *to = sum as f32);
        });
    }

    /// A block's sums, or those of squared distances from `centre`; rows are added in double precision.
    fn sums(
        &self,
        input: &Map<'_>,
        image: usize,
        block: usize,
        centre: Option<[f32; BLOCK]>,
    ) -> [f64; BLOCK] {
        let shape = input.shape();
        let kernel = entry::<SumRow>(self.isa());
        let mut total = [0.0; BLOCK];
        for y in 0..shape.height() {
            let mut sums = [0.0f32; BLOCK];
            // SAFETY: the row is one of the map's, and the engine's instruction set is there.
            unsafe {
                kernel(&SumArguments {
                    x: input.pixel(image, block).add(y * shape.row_len()),
                    pixels: shape.width(),
                    centre: centre.unwrap_or_default(),
                    squares: centre.is_some(),
                    sums: sums.as_mut_ptr(),
                });
            }
            total.iter_mut().zip(sums).for_each(|(total, sum)| *total += f64::from(sum));
        }
        total
    }
}

/// Replaces the sums of each group's channels by one figure of the group.
fn each_group(sums: &mut [f32], lanes: usize, channels: usize, group: usize, f: impl Fn(f64) -> f64) {
    for image in sums.chunks_exact_mut(lanes) {
        for group in image[..channels].chunks_exact_mut(group) {
            let figure = f(group.iter().map(|&sum| f64::from(sum)).sum()) as f32;
            group.fill(figure);
        }
    }
}
