//! The register-tiled kernel whose short runs of products are added up in double precision.
//!
//! Normalisations subtract a channel's mean from a convolution's sums and magnify what is left, and a ReLU cuts by its
//! sign, so that rounding in such a sum can turn a whole gradient.

use crate::simd::Simd;
use crate::tile::{TileArguments, fits};

/// Products added in single precision before they go over to double.
const RUN: usize = 16;

/// # Safety
/// The instruction set must be there and the arguments valid as [`TileArguments`] says.
#[inline(always)]
pub(crate) unsafe fn wide_tile_panel<S: Simd>(a: &TileArguments) {
    macro_rules! dispatch {
        ($($channels:literal)*) => {
            match a.channels {
                // SAFETY: passed on from the caller.
                $( $channels => unsafe { wide_tile_rows::<S, $channels>(a) }, )*
                _ => {}
            }
        };
    }
    dispatch!(1 2 3 4 5 6 7 8 9 10 11 12 13 14);
}

/// # Safety
/// As for [`wide_tile_panel`].
#[inline(always)]
unsafe fn wide_tile_rows<S: Simd, const M: usize>(a: &TileArguments) {
    if const { !fits(M, 1, S::REGISTERS) } {
        return;
    }
    for row in 0..a.rows {
        let mut at = 0;
        // SAFETY: `at` plus the tile's pixels stays within the row's width; the rest is passed on from the caller.
        unsafe {
            if const { fits(M, 8, S::REGISTERS) } {
                while at + 8 * S::LANES <= a.width {
                    wide_tile::<S, M, 8>(a, row, at);
                    at += 8 * S::LANES;
                }
            }
            if const { fits(M, 4, S::REGISTERS) } {
                while at + 4 * S::LANES <= a.width {
                    wide_tile::<S, M, 4>(a, row, at);
                    at += 4 * S::LANES;
                }
            }
            if const { fits(M, 2, S::REGISTERS) } {
                while at + 2 * S::LANES <= a.width {
                    wide_tile::<S, M, 2>(a, row, at);
                    at += 2 * S::LANES;
                }
            }
            while at < a.width {
                wide_tile::<S, M, 1>(a, row, at);
                at += S::LANES;
            }
        }
    }
}

/// # Safety
/// As for [`wide_tile_panel`], and `at + P * LANES <= width`.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
unsafe fn wide_tile<S: Simd, const M: usize, const P: usize>(a: &TileArguments, row: usize, at: usize) {
    // SAFETY: every address lies within the ranges that `TileArguments` promises.
    unsafe {
        let mut totals = [[S::wide_zero(); P]; M];
        let plane = a.rows * a.width;
        let out = a.totals.add(row * a.width + at);
        if a.accumulate {
            for m in 0..M {
                for p in 0..P {
                    totals[m][p] = S::wide_load(out.add(m * plane + p * S::LANES));
                }
            }
        }
        let x = a.x.add(row * a.row_step + at);
        let mut weight = a.weight;
        let mut first = 0;
        while first < a.steps {
            let end = a.steps.min(first + RUN);
            let mut sums = [[S::zero(); P]; M];
            for k in first..end {
                let pixels = x.add(*a.offsets.add(k));
                let mut v = [S::zero(); P];
                for p in 0..P {
                    v[p] = S::load(pixels.add(p * S::LANES));
                }
                for m in 0..M {
                    let w = S::splat(*weight.add(m));
                    for p in 0..P {
                        sums[m][p] = S::multiply_add(w, v[p], sums[m][p]);
                    }
                }
                weight = weight.add(M);
            }
            for m in 0..M {
                for p in 0..P {
                    totals[m][p] = S::wide_add(totals[m][p], sums[m][p]);
                }
            }
            first = end;
        }
        for m in 0..M {
            for p in 0..P {
                S::wide_store(out.add(m * plane + p * S::LANES), totals[m][p]);
            }
        }
    }
}
