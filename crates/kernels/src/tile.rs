//! The register-tiled kernel of the forward pass and the input gradient: vectors of pixels times broadcast weights.

use std::ops::Range;

use crate::accumulation::Accumulation;
use crate::simd::{Kernels, Simd};
use crate::strip::Taps;

/// One group of output channels over all pixels of a strip.
///
/// Valid where `x` is readable at every `row * row_step + offsets[k] + 0..width`, `weight` at `0..steps * channels`
/// and `out` readable and writable at `0..channels * rows * width`; `width` is a multiple of the lanes. The wide kernel
/// needs that of `totals` in place of `out`.
#[derive(Debug)]
pub(crate) struct TileArguments {
    pub(crate) x: *const f32,
    pub(crate) offsets: *const usize,
    pub(crate) steps: usize,
    pub(crate) weight: *const f32,
    pub(crate) out: *mut f32,
    pub(crate) channels: usize,
    pub(crate) rows: usize,
    pub(crate) row_step: usize,
    pub(crate) width: usize,
    pub(crate) accumulate: bool,
    pub(crate) totals: *mut f64,
}

/// Computes `out[m][y][x] (+)= sum over k of weight[k][m] * data[y * row_step + offsets[k] + x]` for `channels`
/// values of `m`, the weight's innermost axis; `accumulate` adds to what `out` holds. With `totals` the sums are there,
/// and `out` is left alone.
///
/// # Panics
/// Where a slice is too short for the strip: an error of this crate.
pub(crate) fn convolve_group(
    kernels: &Kernels,
    taps: Taps,
    weight: &[f32],
    out: &mut [f32],
    channels: usize,
    accumulate: bool,
    totals: Option<&mut [f64]>,
) {
    let strip = taps.strip;
    assert!(channels >= 1 && channels <= kernels.max_channels && taps.fit(kernels.lanes));
    assert!(weight.len() >= taps.offsets.len() * channels);
    assert!(out.len() >= channels * strip.rows() * strip.padded_width());
    assert!(
        totals.as_ref().is_none_or(|totals| totals.len() >= channels * strip.rows() * strip.padded_width())
    );
    let wide = totals.is_some();
    let arguments = TileArguments {
        x: taps.data.as_ptr(),
        offsets: taps.offsets.as_ptr(),
        steps: taps.offsets.len(),
        weight: weight.as_ptr(),
        out: out.as_mut_ptr(),
        channels,
        rows: strip.rows(),
        row_step: strip.row_step(),
        width: strip.padded_width(),
        accumulate,
        totals: totals.map_or(std::ptr::null_mut(), <[f64]>::as_mut_ptr),
    };
    // SAFETY: `Kernels` are handed out for available instruction sets alone; the assertions above bound every access
    // (`fit` those of the strip).
    unsafe { if wide { (kernels.wide_tile)(&arguments) } else { (kernels.tile)(&arguments) } }
}

/// # Safety
/// The instruction set must be there and the arguments valid as [`TileArguments`] says.
#[inline(always)]
pub(crate) unsafe fn tile_panel<S: Simd, A: Accumulation>(a: &TileArguments) {
    macro_rules! dispatch {
        ($($channels:literal)*) => {
            match a.channels {
                // SAFETY: passed on from the caller.
                $( $channels => unsafe { tile_rows::<S, A, $channels>(a) }, )*
                _ => {}
            }
        };
    }
    dispatch!(1 2 3 4 5 6 7 8 9 10 11 12 13 14);
}

const fn fits(channels: usize, vectors: usize, registers: usize) -> bool {
    channels * vectors + vectors < registers
}

/// # Safety
/// As for [`tile_panel`].
#[inline(always)]
unsafe fn tile_rows<S: Simd, A: Accumulation, const M: usize>(a: &TileArguments) {
    if const { !fits(M, 1, S::REGISTERS) } {
        return;
    }
    for row in 0..a.rows {
        let mut at = 0;
        // SAFETY: `at` plus the tile's pixels stays within the row's width; the rest is passed on from the caller.
        unsafe {
            if const { fits(M, 8, S::REGISTERS) } {
                while at + 8 * S::LANES <= a.width {
                    A::tile::<S, M, 8>(a, row, at);
                    at += 8 * S::LANES;
                }
            }
            if const { fits(M, 4, S::REGISTERS) } {
                while at + 4 * S::LANES <= a.width {
                    A::tile::<S, M, 4>(a, row, at);
                    at += 4 * S::LANES;
                }
            }
            if const { fits(M, 2, S::REGISTERS) } {
                while at + 2 * S::LANES <= a.width {
                    A::tile::<S, M, 2>(a, row, at);
                    at += 2 * S::LANES;
                }
            }
            while at < a.width {
                A::tile::<S, M, 1>(a, row, at);
                at += S::LANES;
            }
        }
    }
}

/// The sums of a tile's products over `steps`.
///
/// # Safety
/// As for [`Accumulation::tile`], and `steps` within those of the arguments.
#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "constant bounds, unrolled into registers")]
pub(crate) unsafe fn run<S: Simd, const M: usize, const P: usize>(
    a: &TileArguments,
    row: usize,
    at: usize,
    steps: Range<usize>,
) -> [[S::V; P]; M] {
    // SAFETY: every address lies within the ranges that `TileArguments` promises.
    unsafe {
        let x = a.x.add(row * a.row_step + at);
        let mut weight = a.weight.add(steps.start * M);
        let mut sums = [[S::zero(); P]; M];
        for k in steps {
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
        sums
    }
}
