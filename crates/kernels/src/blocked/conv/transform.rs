//! Winograd's transforms of tiles (Lavin & Gray 2016), 16 channels at a time.

use std::marker::PhantomData;

use super::Method;
use crate::Isa;
use crate::blocked::lanes::{Entry, Kernel, Lanes, entry, relu};
use crate::blocked::shape::BLOCK;

/// The longest side of an input tile.
pub(super) const SIDE: usize = 6;

/// A method's matrices, as operations on one line of a tile.
trait Scheme {
    /// Outputs along a side of a tile; inputs are two more.
    const OUTPUTS: usize;
    const INPUTS: usize = Self::OUTPUTS + 2;

    /// `B^T d`.
    unsafe fn input<S: Lanes>(d: [S::V; SIDE]) -> [S::V; SIDE];

    /// `A^T m`.
    unsafe fn output<S: Lanes>(m: [S::V; SIDE]) -> [S::V; SIDE];
}

/// F(2x2, 3x3), on the points 0, 1, -1 and infinity.
struct Two;

impl Scheme for Two {
    const OUTPUTS: usize = 2;

    #[inline(always)]
    unsafe fn input<S: Lanes>(d: [S::V; SIDE]) -> [S::V; SIDE] {
        // SAFETY: the caller vouches for the instruction set.
        unsafe {
            [S::sub(d[0], d[2]), S::add(d[1], d[2]), S::sub(d[2], d[1]), S::sub(d[3], d[1]), d[4], d[5]]
        }
    }

    #[inline(always)]
    unsafe fn output<S: Lanes>(m: [S::V; SIDE]) -> [S::V; SIDE] {
        // SAFETY: the caller vouches for the instruction set.
        unsafe {
            let first = S::add(S::add(m[0], m[1]), m[2]);
            let second = S::add(S::sub(m[1], m[2]), m[3]);
            [first, second, m[2], m[3], m[4], m[5]]
        }
    }
}

/// F(4x4, 3x3), on the points 0, 1, -1, 2, -2 and infinity.
struct Four;

impl Scheme for Four {
    const OUTPUTS: usize = 4;

    #[inline(always)]
    unsafe fn input<S: Lanes>(d: [S::V; SIDE]) -> [S::V; SIDE] {
        // SAFETY: the caller vouches for the instruction set.
        unsafe {
            let times = |factor: f32, a: S::V, b: S::V| S::multiply_add(S::splat(factor), a, b);
            let (a, b) = (times(-4.0, d[2], d[4]), times(-4.0, d[1], d[3]));
            let (c, e) = (S::sub(d[4], d[2]), S::sub(d[3], d[1]));
            [
                times(4.0, d[0], times(-5.0, d[2], d[4])),
                S::add(a, b),
                S::sub(a, b),
                times(2.0, e, c),
                times(-2.0, e, c),
                times(4.0, d[1], times(-5.0, d[3], d[5])),
            ]
        }
    }

    #[inline(always)]
    unsafe fn output<S: Lanes>(m: [S::V; SIDE]) -> [S::V; SIDE] {
        // SAFETY: the caller vouches for the instruction set.
        unsafe {
            let times = |factor: f32, a: S::V, b: S::V| S::multiply_add(S::splat(factor), a, b);
            let (a, b) = (S::add(m[1], m[2]), S::sub(m[1], m[2]));
            let (c, d) = (S::add(m[3], m[4]), S::sub(m[3], m[4]));
            let last = S::add(times(8.0, d, b), m[5]);
            [S::add(S::add(m[0], a), c), times(2.0, d, b), times(4.0, c, a), last, m[4], m[5]]
        }
    }
}

/// One input tile, in every block of a source.
///
/// Valid where `x` is readable for 16 lanes at every `block * plane + rows[i] + columns[j]` and `out` writable at
/// `position * position_step + block * block_step + 0..16` for all positions of the tile and `blocks` blocks.
#[derive(Debug, Clone)]
pub(super) struct InputArguments {
    pub(super) x: *const f32,
    pub(super) plane: usize,
    pub(super) blocks: usize,
    pub(super) rows: [isize; SIDE],
    pub(super) columns: [isize; SIDE],
    pub(super) out: *mut f32,
    pub(super) block_step: usize,
    pub(super) position_step: usize,
}

struct InputTile<C>(PhantomData<C>);

impl<C: Scheme> Kernel for InputTile<C> {
    type Arguments = InputArguments;

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn run<S: Lanes>(a: &InputArguments) {
        // SAFETY: every address lies within the ranges that `InputArguments` promises.
        unsafe {
            for block in 0..a.blocks {
                let x = a.x.add(block * a.plane);
                let out = a.out.add(block * a.block_step);
                let mut tile = [[S::splat(0.0); SIDE]; SIDE];
                for j in 0..C::INPUTS {
                    let mut line = [S::splat(0.0); SIDE];
                    for i in 0..C::INPUTS {
                        line[i] = S::load(x.offset(a.rows[i] + a.columns[j]));
                    }
                    let line = C::input::<S>(line);
                    for i in 0..C::INPUTS {
                        tile[i][j] = line[i];
                    }
                }
                for i in 0..C::INPUTS {
                    let line = C::input::<S>(tile[i]);
                    for j in 0..C::INPUTS {
                        S::store(out.add((i * C::INPUTS + j) * a.position_step), line[j]);
                    }
                }
            }
        }
    }
}

/// One output tile, in several blocks.
///
/// Valid where `sums` is readable at `position * position_step + block * block_step + 0..16` for all positions of the
/// tile and `blocks` blocks, `bias` at `0..blocks * 16`, and `out` writable and `residual`, unless it is null, readable
/// at `block * plane + row * row_len + column * 16 + 0..16` with their own planes and rows, for `size` rows and columns.
#[derive(Debug, Clone)]
pub(super) struct OutputArguments {
    pub(super) sums: *const f32,
    pub(super) block_step: usize,
    pub(super) position_step: usize,
    pub(super) blocks: usize,
    pub(super) bias: *const f32,
    pub(super) out: *mut f32,
    pub(super) row_len: usize,
    pub(super) plane: usize,
    pub(super) residual: *const f32,
    pub(super) residual_row_len: usize,
    pub(super) residual_plane: usize,
    pub(super) size: [usize; 2],
    pub(super) relu: bool,
}

struct OutputTile<C>(PhantomData<C>);

impl<C: Scheme> Kernel for OutputTile<C> {
    type Arguments = OutputArguments;

    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn run<S: Lanes>(a: &OutputArguments) {
        // SAFETY: every address lies within the ranges that `OutputArguments` promises.
        unsafe {
            for block in 0..a.blocks {
                let sums = a.sums.add(block * a.block_step);
                let mut tile = [[S::splat(0.0); SIDE]; SIDE];
                for j in 0..C::INPUTS {
                    let mut line = [S::splat(0.0); SIDE];
                    for i in 0..C::INPUTS {
                        line[i] = S::load(sums.add((i * C::INPUTS + j) * a.position_step));
                    }
                    let line = C::output::<S>(line);
                    for i in 0..C::OUTPUTS {
                        tile[i][j] = line[i];
                    }
                }
                let bias = S::load(a.bias.add(block * BLOCK));
                let out = a.out.add(block * a.plane);
                for i in 0..C::OUTPUTS {
                    if i >= a.size[0] {
                        break;
                    }
                    let line = C::output::<S>(tile[i]);
                    for j in 0..C::OUTPUTS {
                        if j < a.size[1] {
                            let mut value = S::add(line[j], bias);
                            if !a.residual.is_null() {
                                let residual =
                                    a.residual.add(block * a.residual_plane + i * a.residual_row_len);
                                value = S::add(value, S::load(residual.add(j * BLOCK)));
                            }
                            if a.relu {
                                value = relu::<S>(value);
                            }
                            S::store(out.add(i * a.row_len + j * BLOCK), value);
                        }
                    }
                }
            }
        }
    }
}

/// A method's sizes, filter transform and kernels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiling {
    /// Outputs along a side of a tile.
    pub(super) outputs: usize,
    filter: &'static [[f64; 3]],
}

const TWO: Tiling = Tiling {
    outputs: Two::OUTPUTS,
    filter: &[[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]],
};

const FOUR: Tiling = Tiling {
    outputs: Four::OUTPUTS,
    filter: &[
        [1.0 / 4.0, 0.0, 0.0],
        [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
        [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
        [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
        [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
        [0.0, 0.0, 1.0],
    ],
};

impl Tiling {
    /// None for a method without tiles.
    pub(super) fn of(method: Method) -> Option<Self> {
        match method {
            Method::Direct => None,
            Method::Winograd2 => Some(TWO),
            Method::Winograd4 => Some(FOUR),
        }
    }

    /// Inputs along a side of a tile.
    pub(super) fn inputs(&self) -> usize {
        self.filter.len()
    }

    /// Products for each tile and pair of channels.
    pub(super) fn positions(&self) -> usize {
        self.inputs() * self.inputs()
    }

    /// `G g G^T` of a 3 x 3 filter, at one position of the tile.
    pub(super) fn filter(&self, weight: &[f32], position: usize) -> f32 {
        let (rows, columns) = (self.filter[position / self.inputs()], self.filter[position % self.inputs()]);
        let products = (0..9).map(|tap| rows[tap / 3] * f64::from(weight[tap]) * columns[tap % 3]);
        products.sum::<f64>() as f32
    }

    pub(super) fn input_entry(&self, isa: Isa) -> Entry<InputArguments> {
        match self.outputs {
            Two::OUTPUTS => entry::<InputTile<Two>>(isa),
            _ => entry::<InputTile<Four>>(isa),
        }
    }

    pub(super) fn output_entry(&self, isa: Isa) -> Entry<OutputArguments> {
        match self.outputs {
            Two::OUTPUTS => entry::<OutputTile<Two>>(isa),
            _ => entry::<OutputTile<Four>>(isa),
        }
    }
}
