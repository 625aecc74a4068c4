//! Direct convolution.

use std::ops::Range;

use super::geometry::{Geometry, Group, InBlock};
use super::run::{Plan, Run, plan};
use super::tile::{Cuts, InputBlock, TileArguments};
use crate::blocked::activation::{Activation, SiluOfRows};
use crate::blocked::lanes::entry;
use crate::blocked::parallel::for_each;
use crate::blocked::pointwise::{RowArguments, ScaleShiftRow};
use crate::blocked::shape::BLOCK;
use crate::scratch::{Line, with_local};

/// Weights of a chunk of input channels that stay in a first-level cache of 32 KB.
const WEIGHT_LEN: usize = 6 << 10;
/// Sums of one task that stay in a second-level cache of 1 MB beside input and weights.
const SUMS_LEN: usize = 64 << 10;
/// Input blocks in a chunk, at most.
const MAX_CHUNK: usize = 16;
/// What writing an input for a 1 x 1 kernel costs beside reading it.
const STAGING_COST: usize = 4;

/// Weights in the order that the register tiles read them: `[group][input block][kernel row][kernel column][channel]`
/// of `group blocks * 16` numbers.
#[derive(Debug, Clone)]
pub(super) struct Direct {
    weights: Vec<Line>,
}

impl Direct {
    pub(super) fn new(g: &Geometry, weight: &[f32]) -> Self {
        let mut weights = vec![Line::ZERO; g.in_channels * g.taps() * g.out_blocks()];
        let mut rows = Line::flatten_mut(&mut weights).chunks_exact_mut(BLOCK);
        for group in &g.groups {
            for block in &g.in_blocks {
                for tap in 0..g.taps() {
                    for channel in block.before..block.before + block.channels {
                        for (out, row) in (group.first..group.first + group.blocks).zip(&mut rows) {
                            for (lane, to) in row.iter_mut().enumerate() {
                                let out = out * BLOCK + lane;
                                if out < g.out_channels {
                                    *to = weight[(out * g.in_channels + channel) * g.taps() + tap];
                                }
                            }
                        }
                    }
                }
            }
        }
        Self { weights }
    }

    pub(super) fn len(&self) -> usize {
        self.weights.len() * BLOCK
    }

    /// The group's weights from an input block on.
    fn at(&self, g: &Geometry, group: Group, block: InBlock) -> *const f32 {
        let lines = (group.first * g.in_channels + block.before * group.blocks) * g.taps();
        Line::flatten(&self.weights)[lines * BLOCK..].as_ptr()
    }

    pub(super) fn run(&self, run: &Run<'_>) {
        let (g, shape) = (run.geometry, run.output.shape());
        let rows = run.output.images() * shape.height();
        let macs = g.macs(rows * shape.width());
        let staging = if run.prologue.is_some() { STAGING_COST } else { 1 };
        let input = rows * shape.width() * g.stride[0] * g.stride[1] * g.in_channels * staging;
        let most_rows = |splits| SUMS_LEN / (g.out_blocks().div_ceil(splits) * BLOCK * shape.width());
        let Plan { regions, splits, parallel } =
            plan(g.groups.len(), rows, macs, self.len(), input, most_rows);
        for_each(regions * splits, parallel, |task| {
            let (region, split) = (task / splits, task % splits);
            let rows = region * rows / regions..(region + 1) * rows / regions;
            let groups = &g.groups[split * g.groups.len() / splits..(split + 1) * g.groups.len() / splits];
            self.run_region(run, rows, groups);
        });
    }

    fn run_region(&self, run: &Run<'_>, rows: Range<usize>, groups: &[Group]) {
        let (g, shape) = (run.geometry, run.output.shape());
        let widest = groups.iter().map(|group| group.blocks).max().unwrap_or(1);
        let per_block = g.taps() * BLOCK * widest * BLOCK;
        let chunk_blocks = (WEIGHT_LEN / per_block).clamp(1, MAX_CHUNK.min(g.in_blocks.len()));
        let staged_len = match run.prologue {
            Some(_) => chunk_blocks * rows.len() * shape.width() * BLOCK,
            None => 0,
        };
        with_local(staged_len, |stage| self.run_chunks(run, rows, groups, chunk_blocks, stage));
    }

    fn run_chunks(
        &self,
        run: &Run<'_>,
        rows: Range<usize>,
        groups: &[Group],
        chunk_blocks: usize,
        stage: &mut [f32],
    ) {
        let (g, shape) = (run.geometry, run.output.shape());
        let widest = groups.iter().map(|group| group.blocks).max().unwrap_or(1);
        let step = if run.prologue.is_some() { 1 } else { g.stride[1] };
        let cuts = [1, 2, 3].map(|blocks| Cuts::of_row(run.isa, blocks.min(widest), shape.width(), step));
        let silu = SiluOfRows::of(run.activation, run.isa);
        let mut blocks = [EMPTY; MAX_CHUNK];
        let chunks = g.in_blocks.len().div_ceil(chunk_blocks);
        for (index, chunk) in g.in_blocks.chunks(chunk_blocks).enumerate() {
            for (block, to) in chunk.iter().zip(&mut blocks) {
                *to = run.input_block(*block);
            }
            run.stage(index * chunk_blocks, chunk, &rows, stage, &mut blocks);
            let last = index + 1 == chunks;
            for group in groups {
                let cuts = &cuts[group.blocks - 1];
                let mut arguments = TileArguments {
                    blocks: blocks.as_ptr(),
                    count: chunk.len(),
                    image: 0,
                    row: 0,
                    column: 0,
                    kernel: g.kernel,
                    weights: self.at(g, *group, chunk[0]),
                    bias: run.bias[group.first * BLOCK..].as_ptr(),
                    out: std::ptr::null_mut(),
                    out_plane: shape.plane_len(),
                    residual: std::ptr::null(),
                    residual_plane: run.residual.map_or(0, |residual| residual.shape().plane_len()),
                    accumulate: index > 0,
                    relu: run.activation == Activation::Relu && last,
                };
                for row in rows.clone() {
                    let (image, y) = (row / shape.height(), row % shape.height());
                    if run.prologue.is_some() {
                        arguments.row = row - rows.start;
                    } else {
                        (arguments.image, arguments.row) = (image, y * g.stride[0]);
                    }
                    let out = run.output.pixel(image, group.first);
                    let residual = run
                        .residual
                        .filter(|_| last)
                        .map(|residual| (residual.pixel(image, group.first), residual.shape().row_len()));
                    for (x, tile) in cuts.iter() {
                        arguments.column = x * step;
                        // SAFETY: `Geometry::check` has matched the maps to the convolution, so that every tap of the
                        // output's pixels lies within the sources and their halos; regions and groups share no output
                        // pixel, so this task has the tile's pixels to itself; the weights hold every group's blocks;
                        // the instruction set has been checked when the weights were packed.
                        unsafe {
                            arguments.out = out.add(y * shape.row_len() + x * BLOCK);
                            if let Some((residual, row_len)) = residual {
                                arguments.residual = residual.add(y * row_len + x * BLOCK);
                            }
                            tile(&arguments);
                        }
                    }
                    for block in (0..group.blocks).filter(|_| last) {
                        // SAFETY: the rows that the tiles have just written, which this task has to itself.
                        unsafe {
                            let row = out.add(block * shape.plane_len() + y * shape.row_len());
                            silu.apply(row, shape.width());
                        }
                    }
                }
            }
        }
    }
}

const EMPTY: InputBlock = InputBlock { origin: std::ptr::null(), image_stride: 0, row_len: 0, channels: 0 };

impl Run<'_> {
    fn input_block(&self, block: InBlock) -> InputBlock {
        let map = &self.sources[block.source].map;
        let row_len = map.shape().row_len();
        let [rows, columns] = self.geometry.padding;
        let pixel = map.pixel(0, block.block);
        // SAFETY: the halo is as wide as the padding at least, so the element lies within the map.
        let origin = unsafe { pixel.sub(rows * row_len + columns * BLOCK) };
        InputBlock { origin, image_stride: map.image_stride(), row_len, channels: block.channels }
    }

    /// If there is a prologue, writes `max(0, scale * x + shift)` of the pixels that a 1 x 1 convolution reads to
    /// `stage`, and points the blocks there.
    fn stage(
        &self,
        first: usize,
        chunk: &[InBlock],
        rows: &Range<usize>,
        stage: &mut [f32],
        blocks: &mut [InputBlock],
    ) {
        let Some(prologue) = self.prologue else { return };
        let (shape, stride) = (self.output.shape(), self.geometry.stride);
        let row_len = shape.width() * BLOCK;
        let kernel = entry::<ScaleShiftRow>(self.isa);
        let planes = stage.chunks_exact_mut(rows.len() * row_len);
        for (index, ((block, input), plane)) in chunk.iter().zip(blocks).zip(planes).enumerate() {
            let at = (first + index) * BLOCK;
            for (row, to) in rows.clone().zip(plane.chunks_exact_mut(row_len)) {
                let (image, y) = (row / shape.height(), row % shape.height());
                // SAFETY: the row is one that the convolution reads (see `run_region`), `to` holds its sampled
                // pixels, and the prologue has numbers for every block of the sources.
                unsafe {
                    kernel(&RowArguments {
                        x: input.origin.add(image * input.image_stride + y * stride[0] * input.row_len),
                        step: stride[1] * BLOCK,
                        pixels: shape.width(),
                        scale: prologue.scale[at..at + BLOCK].as_ptr(),
                        shift: prologue.shift[at..at + BLOCK].as_ptr(),
                        relu: true,
                        out: to.as_mut_ptr(),
                    });
                }
            }
            *input =
                InputBlock { origin: plane.as_ptr(), image_stride: 0, row_len, channels: block.channels };
        }
    }
}
