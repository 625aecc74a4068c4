//! Winograd's minimal filtering: tiles are transformed, multiplied position by position and transformed back.

use std::ops::{Range, RangeInclusive};

use super::geometry::{Geometry, Group, Source};
use super::run::{Plan, Run, plan};
use super::tile::{Cuts, PanelArguments};
use super::transform::{InputArguments, OutputArguments, SIDE, Tiling};
use crate::blocked::activation::{Activation, SiluOfRows};
use crate::blocked::parallel::for_each;
use crate::blocked::shape::BLOCK;
use crate::scratch::{Line, with_local};

/// Weights of a chunk of input blocks that stay in the first-level cache beside the tiles.
const WEIGHT_LEN: usize = 6 << 10;
/// Transformed inputs of a task that stay in the second-level cache beside its products.
const INPUT_LEN: usize = 32 << 10;
/// Transformed inputs of one position that do so while all weights pass by.
const POSITION_LEN: usize = 64 << 10;
/// Products of one chunk of output blocks that stay in the second-level cache.
const SUMS_LEN: usize = 64 << 10;
/// Weights that stay in the second-level cache from task to task.
const KEPT_WEIGHTS_LEN: usize = 128 << 10;
/// Tiles of one task: enough to use weights several times, few enough for the caches.
const TILES: RangeInclusive<usize> = 14..=112;
/// What an input transform costs, in multiply-adds for each of its results.
const TRANSFORM_COST: usize = 4;

/// Transformed weights: `[group][position][input block][channel]` of `group blocks * 16` numbers.
#[derive(Debug, Clone)]
pub(super) struct Winograd {
    tiling: Tiling,
    weights: Vec<Line>,
}

/// The output's tiles.
#[derive(Debug, Clone, Copy)]
struct Tiles {
    rows: usize,
    columns: usize,
    images: usize,
}

impl Tiles {
    fn count(&self) -> usize {
        self.images * self.rows * self.columns
    }

    /// `(image, tile row, tile column)`.
    fn place(&self, tile: usize) -> (usize, usize, usize) {
        (tile / (self.rows * self.columns), tile / self.columns % self.rows, tile % self.columns)
    }
}

/// The first of the groups' blocks and the one after the last.
fn bounds(groups: &[Group]) -> (usize, usize) {
    (
        groups.first().map_or(0, |group| group.first),
        groups.last().map_or(0, |group| group.first + group.blocks),
    )
}

/// Positions lie an odd number of cache lines apart, so that a tile's stores do not fall into few cache sets.
fn position_step(blocks: usize, tiles: usize) -> usize {
    ((blocks * tiles) | 1) * BLOCK
}

impl Winograd {
    pub(super) fn new(g: &Geometry, tiling: Tiling, weight: &[f32]) -> Self {
        let positions = tiling.positions();
        let mut weights = vec![Line::ZERO; positions * g.in_blocks.len() * BLOCK * g.out_blocks()];
        let numbers = Line::flatten_mut(&mut weights);
        for group in &g.groups {
            let panel = group.blocks * BLOCK;
            let group_start = group.first * positions * g.in_blocks.len() * BLOCK * BLOCK;
            for (index, block) in g.in_blocks.iter().enumerate() {
                for channel in 0..block.channels {
                    for lane in 0..panel.min(g.out_channels - group.first * BLOCK) {
                        let out = group.first * BLOCK + lane;
                        let at = (out * g.in_channels + block.before + channel) * g.taps();
                        for position in 0..positions {
                            let row = (position * g.in_blocks.len() + index) * BLOCK + channel;
                            numbers[group_start + row * panel + lane] =
                                tiling.filter(&weight[at..at + g.taps()], position);
                        }
                    }
                }
            }
        }
        Self { tiling, weights }
    }

    pub(super) fn len(&self) -> usize {
        self.weights.len() * BLOCK
    }

    fn at(&self, g: &Geometry, group: Group, position: usize, block: usize) -> *const f32 {
        let lines = group.first * self.tiling.positions() * g.in_blocks.len() * BLOCK
            + (position * g.in_blocks.len() + block) * BLOCK * group.blocks;
        Line::flatten(&self.weights)[lines * BLOCK..].as_ptr()
    }

    pub(super) fn run(&self, run: &Run<'_>) {
        let (g, shape) = (run.geometry, run.output.shape());
        let tiles = Tiles {
            rows: shape.height().div_ceil(self.tiling.outputs),
            columns: shape.width().div_ceil(self.tiling.outputs),
            images: run.output.images(),
        };
        let (count, positions) = (tiles.count(), self.tiling.positions());
        let per_tile = positions * g.in_blocks.len() * BLOCK;
        let fitting = match self.len() <= KEPT_WEIGHTS_LEN {
            true => INPUT_LEN / per_tile,
            false => POSITION_LEN / (g.in_blocks.len() * BLOCK),
        };
        let most = fitting.clamp(*TILES.start(), *TILES.end());
        let macs = count * per_tile * (g.out_blocks() * BLOCK + TRANSFORM_COST);
        let Plan { regions, splits, parallel } =
            plan(g.groups.len(), count, macs, self.len(), count * per_tile * TRANSFORM_COST, |_| most);
        for_each(regions * splits, parallel, |task| {
            let (region, split) = (task / splits, task % splits);
            let range = region * count / regions..(region + 1) * count / regions;
            let groups = &g.groups[split * g.groups.len() / splits..(split + 1) * g.groups.len() / splits];
            self.run_region(run, tiles, range, groups);
        });
    }

    fn run_region(&self, run: &Run<'_>, tiles: Tiles, range: Range<usize>, groups: &[Group]) {
        let (g, positions, count) = (run.geometry, self.tiling.positions(), range.len());
        let input_step = position_step(g.in_blocks.len(), count);
        let widest = groups.iter().map(|group| group.blocks).max().unwrap_or(1);
        // Inputs that do not stay in the cache are read once, at the price of products that do not either.
        let per_chunk = match positions * input_step <= INPUT_LEN {
            true => (SUMS_LEN / (positions * count * widest * BLOCK)).clamp(1, groups.len()),
            false => groups.len(),
        };
        let sums_step = position_step(per_chunk * widest, count);
        with_local(positions * (input_step + sums_step), |memory| {
            let (inputs, sums) = memory.split_at_mut(positions * input_step);
            self.transform_inputs(run, tiles, range.clone(), inputs);
            for chunk in groups.chunks(per_chunk) {
                self.multiply(run, count, chunk, inputs, sums);
                self.transform_sums(run, tiles, range.clone(), chunk, sums);
            }
        });
    }

    /// The products of `count` tiles with the weights of some groups, at every position.
    fn multiply(&self, run: &Run<'_>, count: usize, groups: &[Group], inputs: &[f32], sums: &mut [f32]) {
        let in_blocks = run.geometry.in_blocks.len();
        let (input_step, sums_step) =
            (inputs.len() / self.tiling.positions(), sums.len() / self.tiling.positions());
        let (first, end) = bounds(groups);
        assert!(input_step >= in_blocks * count * BLOCK && sums_step >= (end - first) * count * BLOCK);
        let widest = groups.iter().map(|group| group.blocks).max().unwrap_or(1);
        let cuts = [1, 2, 3].map(|blocks| Cuts::of_panel(run.isa, blocks.min(widest), count));
        let weight_blocks = (WEIGHT_LEN / (widest * BLOCK * BLOCK)).clamp(1, in_blocks);
        let (inputs, sums) = (inputs.as_ptr(), sums.as_mut_ptr());
        for position in 0..self.tiling.positions() {
            for group in groups {
                for block in (0..in_blocks).step_by(weight_blocks) {
                    let weights = self.at(run.geometry, *group, position, block);
                    for (tile, panel) in cuts[group.blocks - 1].iter() {
                        // SAFETY: by the assertion, the scratch memory holds `count` tiles of every block at every
                        // position; the weights hold every group's blocks; the instruction set has been checked when
                        // they were packed.
                        unsafe {
                            let to = position * sums_step + ((group.first - first) * count + tile) * BLOCK;
                            panel(&PanelArguments {
                                x: inputs.add(position * input_step + (block * count + tile) * BLOCK),
                                x_stride: count * BLOCK,
                                count: weight_blocks.min(in_blocks - block),
                                weights,
                                out: sums.add(to),
                                out_plane: count * BLOCK,
                                accumulate: block > 0,
                            });
                        }
                    }
                }
            }
        }
    }

    fn transform_inputs(&self, run: &Run<'_>, tiles: Tiles, range: Range<usize>, inputs: &mut [f32]) {
        let (blocks, count) = (run.geometry.in_blocks.len(), range.len());
        let step = inputs.len() / self.tiling.positions();
        assert!(step >= blocks * count * BLOCK);
        let kernel = self.tiling.input_entry(run.isa);
        for (index, tile) in range.enumerate() {
            let (image, row, column) = tiles.place(tile);
            let mut first = 0;
            for source in run.sources {
                let shape = source.map.shape();
                // SAFETY: `offsets` gives pixels of the source or its halo, which is as wide as the padding at least;
                // the scratch memory holds `count` tiles of every block at every position.
                unsafe {
                    kernel(&InputArguments {
                        x: source.map.pixel(image, 0),
                        plane: shape.plane_len(),
                        blocks: shape.blocks(),
                        rows: self.offsets(run.geometry, source, 0, row, shape.row_len()),
                        columns: self.offsets(run.geometry, source, 1, column, BLOCK),
                        out: inputs.as_mut_ptr().add((first * count + index) * BLOCK),
                        block_step: count * BLOCK,
                        position_step: step,
                    });
                }
                first += shape.blocks();
            }
        }
    }

    /// What a tile's lines read along an axis, in elements from pixel 0. Lines beyond the padding read the outermost
    /// one: none of the output's pixels depends on them.
    fn offsets(
        &self,
        g: &Geometry,
        source: &Source<'_>,
        axis: usize,
        tile: usize,
        step: usize,
    ) -> [isize; SIDE] {
        let (padding, size) = (g.padding[axis] as isize, source.size()[axis] as isize);
        let start = (tile * self.tiling.outputs) as isize - padding;
        std::array::from_fn(|line| {
            let at = (start + line as isize).min(size - 1 + padding);
            let at = if source.upsampled { at.div_euclid(2) } else { at };
            at * step as isize
        })
    }

    fn transform_sums(
        &self,
        run: &Run<'_>,
        tiles: Tiles,
        range: Range<usize>,
        groups: &[Group],
        sums: &[f32],
    ) {
        let (shape, count, side) = (run.output.shape(), range.len(), self.tiling.outputs);
        let step = sums.len() / self.tiling.positions();
        let (first, end) = bounds(groups);
        assert!(step >= (end - first) * count * BLOCK);
        let kernel = self.tiling.output_entry(run.isa);
        let silu = SiluOfRows::of(run.activation, run.isa);
        for (index, tile) in range.enumerate() {
            let (image, row, column) = tiles.place(tile);
            let (y, x) = (row * side, column * side);
            let residual = run.residual.map(|map| (map.pixel(image, first), map.shape()));
            let (residual_row_len, residual_plane) =
                residual.map_or((0, 0), |(_, shape)| (shape.row_len(), shape.plane_len()));
            let size = [side.min(shape.height() - y), side.min(shape.width() - x)];
            // SAFETY: the scratch memory holds `count` tiles of the chunk's blocks at every position; tiles are cut to
            // the output's size; regions and groups share no output pixel, so this task has the tile to itself.
            unsafe {
                let out = run.output.pixel(image, first).add(y * shape.row_len() + x * BLOCK);
                kernel(&OutputArguments {
                    sums: sums.as_ptr().add(index * BLOCK),
                    block_step: count * BLOCK,
                    position_step: step,
                    blocks: end - first,
                    bias: run.bias[first * BLOCK..].as_ptr(),
                    out,
                    row_len: shape.row_len(),
                    plane: shape.plane_len(),
                    residual: residual
                        .map_or(std::ptr::null(), |(pixel, _)| pixel.add(y * residual_row_len + x * BLOCK)),
                    residual_row_len,
                    residual_plane,
                    size,
                    relu: run.activation == Activation::Relu,
                });
                for (block, row) in
                    (0..end - first).flat_map(|block| (0..size[0]).map(move |row| (block, row)))
                {
                    silu.apply(out.add(block * shape.plane_len() + row * shape.row_len()), size[1]);
                }
            }
        }
    }
}
