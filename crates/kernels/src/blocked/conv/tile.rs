//! The register-tiled kernels: output pixels x blocks of output channels.

use std::marker::PhantomData;

use crate::Isa;
use crate::blocked::lanes::{Entry, Kernel, Lanes, entry, relu, tiles};
use crate::blocked::shape::BLOCK;

/// A block of input channels as the taps read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct InputBlock {
    /// What tap (0, 0) of output pixel (0, 0) of image 0 reads.
    pub(super) origin: *const f32,
    pub(super) image_stride: usize,
    pub(super) row_len: usize,
    /// Lanes that hold channels.
    pub(super) channels: usize,
}

/// One register tile of a direct convolution.
///
/// Valid where each of `count` blocks is readable for `channels` lanes at every tap of the tile's pixels (`row` and
/// `column` in input pixels), `weights` at `[block][kernel row][kernel column][channel]` of `KB * 16` numbers, `bias`
/// at `KB * 16`, `out` readable and writable at the tile's pixels of `KB` planes, and `residual`, unless it is null,
/// readable likewise.
#[derive(Debug, Clone)]
pub(super) struct TileArguments {
    pub(super) blocks: *const InputBlock,
    pub(super) count: usize,
    pub(super) image: usize,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) kernel: [usize; 2],
    pub(super) weights: *const f32,
    pub(super) bias: *const f32,
    pub(super) out: *mut f32,
    pub(super) out_plane: usize,
    pub(super) residual: *const f32,
    pub(super) residual_plane: usize,
    /// Adds to what `out` holds, instead of to the bias.
    pub(super) accumulate: bool,
    pub(super) relu: bool,
}

/// `KB` blocks of output channels x `T` pixels, `STEP` input pixels apart.
struct Tile<const KB: usize, const T: usize, const STEP: usize>(PhantomData<()>);

const fn fits<S: Lanes>(blocks: usize, pixels: usize) -> bool {
    blocks <= S::TILES.len() && pixels <= S::TILES[blocks - 1]
}

impl<const KB: usize, const T: usize, const STEP: usize> Kernel for Tile<KB, T, STEP> {
    type Arguments = TileArguments;

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn run<S: Lanes>(a: &TileArguments) {
        if const { !fits::<S>(KB, T) } {
            return;
        }
        // SAFETY: every address lies within the ranges that `TileArguments` promises.
        unsafe {
            let mut sums = [[S::splat(0.0); T]; KB];
            for b in 0..KB {
                for t in 0..T {
                    sums[b][t] = S::load(match a.accumulate {
                        true => a.out.add(b * a.out_plane + t * BLOCK),
                        false => a.bias.add(b * BLOCK),
                    });
                }
            }
            let mut weights = a.weights;
            for index in 0..a.count {
                let block = &*a.blocks.add(index);
                let start =
                    block.origin.add(a.image * block.image_stride + a.row * block.row_len + a.column * BLOCK);
                for ky in 0..a.kernel[0] {
                    for kx in 0..a.kernel[1] {
                        let x = start.add(ky * block.row_len + kx * BLOCK);
                        if block.channels == BLOCK {
                            weights = steps::<S, KB, T, STEP>(x, weights, BLOCK, &mut sums);
                        } else {
                            weights = steps::<S, KB, T, STEP>(x, weights, block.channels, &mut sums);
                        }
                    }
                }
            }
            for b in 0..KB {
                for t in 0..T {
                    let mut sum = sums[b][t];
                    if !a.residual.is_null() {
                        sum = S::add(sum, S::load(a.residual.add(b * a.residual_plane + t * BLOCK)));
                    }
                    if a.relu {
                        sum = relu::<S>(sum);
                    }
                    S::store(a.out.add(b * a.out_plane + t * BLOCK), sum);
                }
            }
        }
    }
}

/// Adds `channels` input channels to the sums and returns where the weights go on.
///
/// # Safety
/// `x` must be readable for `channels` lanes of `T` pixels, `weights` for `channels * KB * 16` numbers.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
unsafe fn steps<S: Lanes, const KB: usize, const T: usize, const STEP: usize>(
    x: *const f32,
    mut weights: *const f32,
    channels: usize,
    sums: &mut [[S::V; T]; KB],
) -> *const f32 {
    // SAFETY: the caller vouches for the ranges.
    unsafe {
        for channel in 0..channels {
            let mut w = [S::splat(0.0); KB];
            for b in 0..KB {
                w[b] = S::load(weights.add(b * BLOCK));
            }
            for t in 0..T {
                let v = S::splat(*x.add(t * STEP * BLOCK + channel));
                for b in 0..KB {
                    sums[b][t] = S::multiply_add(v, w[b], sums[b][t]);
                }
            }
            weights = weights.add(KB * BLOCK);
        }
        weights
    }
}

/// One register tile of a matrix product over whole blocks: `out[b][t] (+)= sum over k of x[k][t] * weights[k][b]`.
///
/// Valid where `x` is readable at `block * x_stride + 0..T * 16` for `count` blocks, `weights` at
/// `0..count * 16 * KB * 16`, and `out` readable and writable at `b * out_plane + 0..T * 16`.
#[derive(Debug, Clone)]
pub(super) struct PanelArguments {
    pub(super) x: *const f32,
    pub(super) x_stride: usize,
    pub(super) count: usize,
    pub(super) weights: *const f32,
    pub(super) out: *mut f32,
    pub(super) out_plane: usize,
    pub(super) accumulate: bool,
}

/// `KB` blocks of output channels x `T` pixels of a matrix product.
struct Panel<const KB: usize, const T: usize>(PhantomData<()>);

impl<const KB: usize, const T: usize> Kernel for Panel<KB, T> {
    type Arguments = PanelArguments;

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn run<S: Lanes>(a: &PanelArguments) {
        if const { !fits::<S>(KB, T) } {
            return;
        }
        // SAFETY: every address lies within the ranges that `PanelArguments` promises.
        unsafe {
            let mut sums = [[S::splat(0.0); T]; KB];
            if a.accumulate {
                for b in 0..KB {
                    for t in 0..T {
                        sums[b][t] = S::load(a.out.add(b * a.out_plane + t * BLOCK));
                    }
                }
            }
            let mut weights = a.weights;
            for block in 0..a.count {
                weights = steps::<S, KB, T, 1>(a.x.add(block * a.x_stride), weights, BLOCK, &mut sums);
            }
            for b in 0..KB {
                for t in 0..T {
                    S::store(a.out.add(b * a.out_plane + t * BLOCK), sums[b][t]);
                }
            }
        }
    }
}

macro_rules! pick {
    ($blocks:expr, $pixels:expr, $kernel:ident, $isa:expr $(, $step:literal)?) => {
        pick!(@ $blocks, $pixels, $kernel, $isa $(, $step)?;
            (1 1)(1 2)(1 3)(1 4)(1 5)(1 6)(1 7)(1 8)(1 9)(1 10)(1 11)(1 12)(1 13)(1 14)(1 15)(1 16)
            (2 1)(2 2)(2 3)(2 4)(2 5)(2 6)(2 7)(2 8)(2 9)(2 10)(2 11)(2 12)(2 13)(2 14)
            (3 1)(3 2)(3 3)(3 4)(3 5)(3 6)(3 7)(3 8))
    };
    (@ $blocks:expr, $pixels:expr, $kernel:ident, $isa:expr; $(($b:literal $t:literal))*) => {
        match ($blocks, $pixels) {
            $( ($b, $t) => entry::<$kernel<$b, $t>>($isa), )*
            _ => entry::<$kernel<1, 1>>($isa),
        }
    };
    (@ $blocks:expr, $pixels:expr, $kernel:ident, $isa:expr, $step:literal; $(($b:literal $t:literal))*) => {
        match ($blocks, $pixels) {
            $( ($b, $t) => entry::<$kernel<$b, $t, $step>>($isa), )*
            _ => entry::<$kernel<1, 1, $step>>($isa),
        }
    };
}

/// A run of pixels cut into register tiles of two sizes that differ by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cuts<A> {
    pixels: usize,
    count: usize,
    /// For tiles of `pixels / count` pixels, and of one more.
    entries: [Entry<A>; 2],
}

impl<A> Cuts<A> {
    fn new(
        isa: Isa,
        blocks: usize,
        pixels: usize,
        most: usize,
        pick: impl Fn(Isa, usize) -> Entry<A>,
    ) -> Self {
        let count = pixels.div_ceil(most.min(tiles(isa)[blocks - 1]));
        let short = pixels / count;
        Self { pixels, count, entries: [pick(isa, short), pick(isa, short + 1)] }
    }

    /// `(first pixel, kernel)` of each tile.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Entry<A>)> {
        (0..self.count).map(|index| {
            let (first, end) = (index * self.pixels / self.count, (index + 1) * self.pixels / self.count);
            (first, self.entries[end - first - self.pixels / self.count])
        })
    }
}

impl Cuts<TileArguments> {
    /// Tiles of a row of a direct convolution.
    pub(super) fn of_row(isa: Isa, blocks: usize, pixels: usize, step: usize) -> Self {
        match step {
            1 => Self::new(isa, blocks, pixels, pixels, |isa, t| pick!(blocks, t, Tile, isa, 1)),
            2 => Self::new(isa, blocks, pixels, pixels, |isa, t| pick!(blocks, t, Tile, isa, 2)),
            // Pixel by pixel, where the step does not matter.
            _ => Self::new(isa, blocks, pixels, 1, |isa, _| pick!(blocks, 1, Tile, isa, 1)),
        }
    }
}

impl Cuts<PanelArguments> {
    /// Tiles of a matrix product.
    pub(super) fn of_panel(isa: Isa, blocks: usize, pixels: usize) -> Self {
        Self::new(isa, blocks, pixels, pixels, |isa, t| pick!(blocks, t, Panel, isa))
    }
}

/// Output blocks cut into groups of as many as the register tiles take.
pub(super) fn groups(isa: Isa, blocks: usize) -> Vec<usize> {
    match (tiles(isa).len(), blocks % 2) {
        (1, _) => vec![1; blocks],
        (most, 1) if most >= 3 && blocks >= 3 => {
            let mut groups = vec![2; (blocks - 3) / 2];
            groups.push(3);
            groups
        }
        (_, odd) => {
            let mut groups = vec![2; blocks / 2];
            groups.extend((odd == 1).then_some(1));
            groups
        }
    }
}
