//! Winograd's minimal filtering: tiles are transformed, multiplied position by position and transformed back.

use super::geometry::{Geometry, Group, Source};
use super::run::{Plan, Run, plan};
use super::tile::{Cuts, PanelArguments};
use super::transform::{InputArguments, OutputArguments, SIDE, Tiling};
use crate::blocked::parallel::for_each;
use crate::blocked::shape::BLOCK;
use crate::scratch::{Line, Scratch};

/// Weights of a chunk of input blocks that stay in the first-level cache beside the tiles.
const WEIGHT_LEN: usize = 6 << 10;
/// Transformed inputs of one task.
const INPUT_LEN: usize = 128 << 10;
/// Products of one chunk of output blocks that stay in the second-level cache.
const SUMS_LEN: usize = 64 << 10;
/// Tiles of one task: enough to use weights several times, few enough for the caches.
const TILES: std::ops::RangeInclusive<usize> = 28..=112;
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

/// Positions lie an odd number of cache lines apart, so that a tile's stores do not fall into few cache sets.
fn position_step(blocks: usize, tiles: usize) -> usize {
    (blocks * tiles | 1) * BLOCK
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
        let most = (INPUT_LEN / per_tile).clamp(*TILES.start(), *TILES.end());
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

    fn run_region(&self, run: &Run<'_>, tiles: Tiles, range: std::ops::Range<usize>, groups: &[Group]) {
        let (g, positions, count) = (run.geometry, self.tiling.positions(), range.len());
        let input_step = position_step(g.in_blocks.len(), count);
        let mut inputs = Scratch::take(positions * input_step);
        self.transform_inputs(run, tiles, range.clone(), &mut inputs);

        let widest = groups.iter().map(|group| group.blocks).max().unwrap_or(1);
        let per_chunk = (SUMS_LEN / (positions * count * widest * BLOCK)).clamp(1, groups.len());
        let sums_step = position_step(per_chunk * widest, count);
        let mut sums = Scratch::take(positions * sums_step);
        let cuts = [1, 2, 3].map(|blocks| Cuts::of_panel(run.isa, blocks.min(widest), count));
        let weight_blocks = (WEIGHT_LEN / (widest * BLOCK * BLOCK)).clamp(1, g.in_blocks.len());
        for chunk in groups.chunks(per_chunk) {
            let first = chunk[0].first;
            let blocks = chunk.iter().map(|group| group.blocks).sum::<usize>();
            assert!(inputs.len() >= positions * input_step && sums.len() >= positions * sums_step);
            let (inputs, sums_start) = (inputs.as_ptr(), sums.as_mut_ptr());
            for position in 0..positions {
                for group in chunk {
                    for block in (0..g.in_blocks.len()).step_by(weight_blocks) {
                        let weights = self.at(g, *group, position, block);
                        for (tile, panel) in cuts[group.blocks - 1].iter() {
                            // SAFETY: the scratch memory holds `count` tiles of every block at every position, the
                            // weights every group's blocks, and the instruction set has been checked when the weights
                            // were packed.
                            unsafe {
                                let x = inputs.add(position * input_step + (block * count + tile) * BLOCK);
                                let to =
                                    position * sums_step + ((group.first - first) * count + tile) * BLOCK;
                                panel(&PanelArguments {
                                    x,
                                    x_stride: count * BLOCK,
                                    count: weight_blocks.min(g.in_blocks.len() - block),
                                    weights,
                                    out: sums_start.add(to),
                                    out_plane: count * BLOCK,
                                    accumulate: block > 0,
                                });
                            }
                        }
                    }
                }
            }
            self.transform_sums(run, tiles, range.clone(), &sums, sums_step, first..first + blocks);
        }
    }

    fn transform_inputs(
        &self,
        run: &Run<'_>,
        tiles: Tiles,
        range: std::ops::Range<usize>,
        inputs: &mut [f32],
    ) {
        let (blocks, count) = (run.geometry.in_blocks.len(), range.len());
        let step = position_step(blocks, count);
        assert!(inputs.len() >= self.tiling.positions() * step);
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
        range: std::ops::Range<usize>,
        sums: &[f32],
        step: usize,
        blocks: std::ops::Range<usize>,
    ) {
        let (shape, count, side) = (run.output.shape(), range.len(), self.tiling.outputs);
        let kernel = self.tiling.output_entry(run.isa);
        for (index, tile) in range.enumerate() {
            let (image, row, column) = tiles.place(tile);
            let (y, x) = (row * side, column * side);
            let residual = run.residual.map(|map| (map.pixel(image, blocks.start), map.shape()));
            let (residual_row_len, residual_plane) =
                residual.map_or((0, 0), |(_, shape)| (shape.row_len(), shape.plane_len()));
            // SAFETY: the scratch memory holds `count` tiles of the chunk's blocks at every position; tiles are cut to
            // the output's size; regions and groups share no output pixel, so this task has the tile to itself.
            unsafe {
                kernel(&OutputArguments {
                    sums: sums.as_ptr().add(index * BLOCK),
                    block_step: count * BLOCK,
                    position_step: step,
                    blocks: blocks.len(),
                    bias: run.bias[blocks.start * BLOCK..].as_ptr(),
                    out: run.output.pixel(image, blocks.start).add(y * shape.row_len() + x * BLOCK),
                    row_len: shape.row_len(),
                    plane: shape.plane_len(),
                    residual: residual
                        .map_or(std::ptr::null(), |(pixel, _)| pixel.add(y * residual_row_len + x * BLOCK)),
                    residual_row_len,
                    residual_plane,
                    size: [side.min(shape.height() - y), side.min(shape.width() - x)],
                    relu: run.relu,
                });
            }
        }
    }
}
