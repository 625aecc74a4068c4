//! How a tile adds up its runs of products: in single precision, or in double.

use crate::simd::Simd;
use crate::tile::{TileArguments, run};

/// The precision in which products are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sums {
    /// `f32`, in runs: as accurate as other libraries, or a little more.
    #[default]
    Single,
    /// Short runs in `f32`, blocks of which are added up in `f64`: for sums of which small differences matter.
    Double,
}

/// A way to add up a tile.
pub(crate) trait Accumulation {
    /// # Safety
    /// The instruction set must be there, the arguments valid as [`TileArguments`] says, and
    /// `at + P * LANES <= width`.
    unsafe fn tile<S: Simd, const M: usize, const P: usize>(a: &TileArguments, row: usize, at: usize);
}

/// Products that one accumulator adds up in single precision. Sums of runs are added afterwards, so that rounding
/// grows with the root of the run's length and not of the convolution's.
pub(crate) const RUN: usize = 96;

/// [`Sums::Single`].
#[derive(Debug)]
pub(crate) struct Single;

impl Accumulation for Single {
    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn tile<S: Simd, const M: usize, const P: usize>(a: &TileArguments, row: usize, at: usize) {
        // SAFETY: every address lies within the ranges that `TileArguments` promises.
        unsafe {
            let plane = a.rows * a.width;
            let out = a.out.add(row * a.width + at);
            let mut first = 0;
            while first < a.steps {
                let end = a.steps.min(first + RUN);
                let mut sums = run::<S, M, P>(a, row, at, first..end);
                if a.accumulate || first > 0 {
                    for m in 0..M {
                        for p in 0..P {
                            let before = S::load(out.add(m * plane + p * S::LANES));
                            sums[m][p] = S::add(before, sums[m][p]);
                        }
                    }
                }
                for m in 0..M {
                    for p in 0..P {
                        S::store(out.add(m * plane + p * S::LANES), sums[m][p]);
                    }
                }
                first = end;
            }
        }
    }
}

/// Products of a short run: the shorter, the smaller the numbers that products are rounded to.
const SHORT_RUN: usize = 16;
/// Products of a block, whose short runs are added in single precision before they go over to double: conversions
/// cost several times what an addition does, and adding six runs rounds less than one run does.
const BLOCK: usize = 6 * SHORT_RUN;

/// [`Sums::Double`]: normalisations subtract a channel's mean from a convolution's sums and magnify what is left, and
/// a ReLU cuts by its sign, so that rounding in such a sum can turn a whole gradient.
#[derive(Debug)]
pub(crate) struct Double;

impl Accumulation for Double {
    #[inline(always)]
    #[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
    unsafe fn tile<S: Simd, const M: usize, const P: usize>(a: &TileArguments, row: usize, at: usize) {
        // SAFETY: every address lies within the ranges that `TileArguments` promises.
        unsafe {
            let plane = a.rows * a.width;
            let totals = a.totals.add(row * a.width + at);
            let mut first = 0;
            while first < a.steps {
                let fresh = first == 0 && !a.accumulate;
                let end = a.steps.min(first + BLOCK);
                let mut block = [[S::zero(); P]; M];
                while first < end {
                    let next = end.min(first + SHORT_RUN);
                    let sums = run::<S, M, P>(a, row, at, first..next);
                    for m in 0..M {
                        for p in 0..P {
                            block[m][p] = S::add(block[m][p], sums[m][p]);
                        }
                    }
                    first = next;
                }
                for m in 0..M {
                    for p in 0..P {
                        let to = totals.add(m * plane + p * S::LANES);
                        let before = if fresh { S::wide_zero() } else { S::wide_load(to) };
                        S::wide_store(to, S::wide_add(before, block[m][p]));
                    }
                }
            }
        }
    }
}
