//! Strips: dense copies of a few image rows with their zero border, laid out for loads of consecutive outputs.
//!
//! A strip serves `fold` blocks of `rows` output rows each; blocks come from one image or several. Along a row the
//! blocks are interleaved (`column * fold + block`), so that narrow images fill vectors too. For a column stride
//! `s` a row is split in up to `s` phases, each holding every `s`-th column: every tap then reads consecutive
//! elements, whatever the stride.

use rayon::prelude::*;

/// How a lattice of outputs reads images: output `(y, x)` with tap `(i, j)` reads pixel
/// `(y * stride + origin + i, x * stride + origin + j)`, zero outside the image.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sampling {
    pub(crate) batch: usize,
    pub(crate) image: [usize; 2],
    pub(crate) lattice: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) origin: [isize; 2],
    pub(crate) taps: [usize; 2],
}

/// The part of a lattice that one strip computes: how many blocks of how many rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocking {
    pub(crate) fold: usize,
    pub(crate) rows: usize,
}

/// Narrower rows are folded where that fills vectors better.
const FOLDS: [usize; 5] = [1, 2, 4, 8, 16];
/// A larger fold must save this share of the lanes, as it costs more to lay out.
const FOLD_GAIN: f64 = 0.05;

impl Blocking {
    /// Strips of about `pixels` outputs, whose rows fill tiles of `tile` pixels well.
    pub(crate) fn plan(sampling: &Sampling, tile: usize, pixels: usize) -> Self {
        let [height, width] = sampling.lattice;
        let filled = |fold: usize| {
            let used = width * fold;
            used as f64 / used.next_multiple_of(tile) as f64
        };
        let mut fold = 1;
        for candidate in FOLDS {
            let possible = candidate <= sampling.batch * height && candidate * width <= pixels.max(tile);
            if possible && filled(candidate) > filled(fold) + FOLD_GAIN {
                fold = candidate;
            }
        }
        let mut rows = (pixels / (width * fold)).clamp(1, height);
        while rows > 1 && sampling.batch * height.div_ceil(rows) < fold {
            rows = rows.div_ceil(2);
        }
        Self { fold, rows: height.div_ceil(height.div_ceil(rows)) }
    }
}

/// A packed strip and the taps of it that a kernel reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taps<'a> {
    pub(crate) strip: &'a Strip,
    pub(crate) data: &'a [f32],
    pub(crate) offsets: &'a [usize],
}

impl Taps<'_> {
    /// Whether every read of a padded output row at every offset stays within the data, for vectors of `lanes`.
    pub(crate) fn fit(&self, lanes: usize) -> bool {
        self.strip.padded_width.is_multiple_of(lanes)
            && self.data.len() >= self.strip.len()
            && self.offsets.iter().all(|&offset| self.strip.contains_tap(offset))
    }
}

/// The layout of a strip of `channels` channels.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    sampling: Sampling,
    blocking: Blocking,
    channels: usize,
    padded_width: usize,
    phase_len: usize,
    row_len: usize,
    strip_rows: usize,
    blocks_per_image: usize,
}

impl Strip {
    pub(crate) fn new(sampling: Sampling, blocking: Blocking, channels: usize, lanes: usize) -> Self {
        let padded_width = (sampling.lattice[1] * blocking.fold).next_multiple_of(lanes);
        let [tap_rows, tap_columns] = sampling.taps;
        let phases = sampling.stride[1].min(tap_columns);
        let shift = tap_columns.saturating_sub(1) / sampling.stride[1] * blocking.fold;
        let phase_len = padded_width + shift.next_multiple_of(lanes);
        let strip_rows = if tap_rows == 0 { 0 } else { (blocking.rows - 1) * sampling.stride[0] + tap_rows };
        Self {
            sampling,
            blocking,
            channels,
            padded_width,
            phase_len,
            row_len: phases * phase_len,
            strip_rows,
            blocks_per_image: sampling.lattice[0].div_ceil(blocking.rows),
        }
    }

    /// Output rows in each block.
    pub(crate) const fn rows(&self) -> usize {
        self.blocking.rows
    }

    /// Blocks side by side.
    pub(crate) const fn fold(&self) -> usize {
        self.blocking.fold
    }

    /// Elements of an output row over all blocks, with the lanes that fill its last vector.
    pub(crate) const fn padded_width(&self) -> usize {
        self.padded_width
    }

    /// Elements of one channel.
    pub(crate) const fn channel_len(&self) -> usize {
        self.strip_rows * self.row_len
    }

    /// Elements of the strip.
    pub(crate) const fn len(&self) -> usize {
        self.channels * self.channel_len()
    }

    /// Elements between the inputs of consecutive output rows.
    pub(crate) const fn row_step(&self) -> usize {
        self.sampling.stride[0] * self.row_len
    }

    /// Strips that cover the lattice.
    pub(crate) const fn count(&self) -> usize {
        (self.sampling.batch * self.blocks_per_image).div_ceil(self.blocking.fold)
    }

    /// Whether reading a padded row at `offset` beyond each output row's start stays within the strip.
    const fn contains_tap(&self, offset: usize) -> bool {
        offset + (self.blocking.rows - 1) * self.row_step() + self.padded_width <= self.len()
    }

    /// Where each tap of each channel lies from an output row's start, the tap's column changing fastest.
    pub(crate) fn tap_offsets(&self) -> Vec<usize> {
        let [tap_rows, tap_columns] = self.sampling.taps;
        let stride = self.sampling.stride[1];
        let mut offsets = Vec::with_capacity(self.channels * tap_rows * tap_columns);
        for channel in 0..self.channels {
            for row in 0..tap_rows {
                for column in 0..tap_columns {
                    offsets.push(
                        channel * self.channel_len()
                            + row * self.row_len
                            + column % stride * self.phase_len
                            + column / stride * self.blocking.fold,
                    );
                }
            }
        }
        offsets
    }

    /// The image and first row of a strip's block, or nothing beyond the last.
    pub(crate) fn block(&self, strip: usize, lane: usize) -> Option<(usize, usize)> {
        let block = strip * self.blocking.fold + lane;
        let image = block / self.blocks_per_image;
        (image < self.sampling.batch).then(|| (image, block % self.blocks_per_image * self.blocking.rows))
    }

    /// Copies channels `first_channel..` of strip `index` from `source`, NCHW with `source_channels` channels.
    /// Elements that no tap reads are left as they are.
    pub(crate) fn pack(
        &self,
        index: usize,
        source: &[f32],
        source_channels: usize,
        first_channel: usize,
        to: &mut [f32],
    ) {
        if self.len() == 0 {
            return;
        }
        let blocks: Vec<_> = (0..self.fold()).map(|lane| self.block(index, lane)).collect();
        for (channel, plane) in to[..self.len()].chunks_exact_mut(self.channel_len()).enumerate() {
            self.pack_channel(&blocks, source, source_channels, first_channel + channel, plane);
        }
    }

    /// Every strip with all channels of `source`, one after another, by all threads.
    pub(crate) fn pack_all(&self, source: &[f32], to: &mut [f32]) {
        if self.len() == 0 {
            return;
        }
        to.par_chunks_exact_mut(self.channel_len()).enumerate().for_each(|(plane, to)| {
            let (index, channel) = (plane / self.channels, plane % self.channels);
            let blocks: Vec<_> = (0..self.fold()).map(|lane| self.block(index, lane)).collect();
            self.pack_channel(&blocks, source, self.channels, channel, to);
        });
    }

    /// Copies one channel of `blocks`.
    fn pack_channel(
        &self,
        blocks: &[Option<(usize, usize)>],
        source: &[f32],
        source_channels: usize,
        channel: usize,
        to: &mut [f32],
    ) {
        let [height, width] = self.sampling.image;
        let [row_stride, _] = self.sampling.stride;
        for (strip_row, row) in to.chunks_exact_mut(self.row_len).enumerate() {
            if strip_row % row_stride >= self.sampling.taps[0] {
                continue;
            }
            for (lane, block) in blocks.iter().enumerate() {
                let pixels = block.and_then(|(image, first_row)| {
                    let y =
                        (first_row * row_stride + strip_row).checked_add_signed(self.sampling.origin[0])?;
                    let start = ((image * source_channels + channel) * height + y) * width;
                    (y < height).then(|| &source[start..start + width])
                });
                for (phase, to) in row.chunks_exact_mut(self.phase_len).enumerate() {
                    self.pack_phase(pixels.unwrap_or(&[]), phase, lane, to);
                }
            }
        }
    }

    /// Spreads one image row over a block's elements of one phase; an empty row stands for zeros.
    fn pack_phase(&self, pixels: &[f32], phase: usize, lane: usize, to: &mut [f32]) {
        let (fold, stride) = (self.fold(), self.sampling.stride[1]);
        let start = self.sampling.origin[1] + phase as isize;
        let slots = to.len() / fold;
        // Slot `q` holds column `q * stride + start`.
        let before = if start < 0 { start.unsigned_abs().div_ceil(stride).min(slots) } else { 0 };
        let first = (before * stride).saturating_add_signed(start).min(pixels.len());
        let inside = pixels.len().saturating_sub(first).div_ceil(stride).min(slots - before);
        if fold == 1 {
            to[..before].fill(0.0);
            to[before + inside..].fill(0.0);
            let to = &mut to[before..before + inside];
            if stride == 1 {
                to.copy_from_slice(&pixels[first..first + inside]);
            } else if inside > 0 {
                for (to, pixel) in to.iter_mut().zip(pixels[first..].iter().step_by(stride)) {
                    *to = *pixel;
                }
            }
            return;
        }
        let rest = to.len() - slots * fold;
        if lane == 0 && rest > 0 {
            to[slots * fold..].fill(0.0);
        }
        let pixels = &pixels[first..];
        match fold {
            2 => interleave::<2>(pixels, stride, [before, inside], lane, to),
            4 => interleave::<4>(pixels, stride, [before, inside], lane, to),
            8 => interleave::<8>(pixels, stride, [before, inside], lane, to),
            _ => interleave::<16>(pixels, stride, [before, inside], lane, to),
        }
    }
}

/// Every `stride`-th of `pixels` to element `lane` of consecutive slots of `FOLD`, behind `before` zeros; the slots
/// behind `inside` pixels are zeros too.
fn interleave<const FOLD: usize>(
    pixels: &[f32],
    stride: usize,
    [before, inside]: [usize; 2],
    lane: usize,
    to: &mut [f32],
) {
    let (slots, _) = to.as_chunks_mut::<FOLD>();
    let (zeros, slots) = slots.split_at_mut(before);
    let (filled, more) = slots.split_at_mut(inside);
    zeros.iter_mut().chain(more).for_each(|slot| slot[lane] = 0.0);
    if stride == 1 {
        filled.iter_mut().zip(pixels).for_each(|(slot, pixel)| slot[lane] = *pixel);
    } else {
        let pixels = pixels.iter().step_by(stride);
        filled.iter_mut().zip(pixels).for_each(|(slot, pixel)| slot[lane] = *pixel);
    }
}
