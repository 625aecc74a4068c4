//! The register-tiled kernel of the weight gradient: dot products over vectors of pixels.

use crate::simd::{Kernels, Simd};
use crate::strip::Taps;

/// One group of output channels against all taps of a strip.
///
/// Valid where `gradient` is readable at `channel * gradient_step + 0..rows * width` for each of `channels`, `x` at
/// every `row * row_step + offsets[j] + 0..width`, and `out` readable and writable at `channel * out_step + 0..taps`;
/// `channels` and `taps` are at least one and `width` is a multiple of the lanes.
#[derive(Debug)]
pub(crate) struct DotArguments {
    gradient: *const f32,
    gradient_step: usize,
    channels: usize,
    x: *const f32,
    offsets: *const usize,
    taps: usize,
    rows: usize,
    row_step: usize,
    width: usize,
    out: *mut f32,
    out_step: usize,
}

/// Adds to `out[o][j]` the sum over the strip's pixels of `gradient[o] * x[offsets[j]..]`, for `channels` values of
/// `o`; `out`'s rows lie `out_step` apart.
///
/// # Panics
/// Where a slice is too short for the strip: an error of this crate.
pub(crate) fn accumulate_group(
    kernels: &Kernels,
    taps: Taps,
    gradient: &[f32],
    out: &mut [f32],
    out_step: usize,
    channels: usize,
) {
    let strip = taps.strip;
    let pixels = strip.rows() * strip.padded_width();
    assert!(channels >= 1 && channels <= kernels.dot_channels && taps.fit(kernels.lanes));
    assert!(!taps.offsets.is_empty() && gradient.len() >= channels * pixels);
    assert!(out.len() >= (channels - 1) * out_step + taps.offsets.len());
    let arguments = DotArguments {
        gradient: gradient.as_ptr(),
        gradient_step: pixels,
        channels,
        x: taps.data.as_ptr(),
        offsets: taps.offsets.as_ptr(),
        taps: taps.offsets.len(),
        rows: strip.rows(),
        row_step: strip.row_step(),
        width: strip.padded_width(),
        out: out.as_mut_ptr(),
        out_step,
    };
    // SAFETY: `Kernels` are handed out for available instruction sets alone; the assertions above bound every access.
    unsafe { (kernels.dot)(&arguments) }
}

/// # Safety
/// The instruction set must be there and the arguments valid as [`DotArguments`] says.
#[inline(always)]
pub(crate) unsafe fn dot_panel<S: Simd, const A: usize, const B: usize>(d: &DotArguments) {
    // SAFETY: indices are clamped to the channels and taps there are, so that every address lies within the ranges
    // that `DotArguments` promises.
    unsafe {
        let mut gradient = [d.gradient; A];
        for (channel, pointer) in gradient.iter_mut().enumerate() {
            *pointer = d.gradient.add(channel.min(d.channels - 1) * d.gradient_step);
        }
        let mut first = 0;
        while first < d.taps {
            let mut x = [d.x; B];
            for (tap, pointer) in x.iter_mut().enumerate() {
                *pointer = d.x.add(*d.offsets.add((first + tap).min(d.taps - 1)));
            }
            let sums = dot_tile::<S, A, B>(d, gradient, x);
            for (channel, row) in sums.iter().enumerate().take(d.channels) {
                for (tap, sum) in row.iter().enumerate().take(d.taps - first) {
                    *d.out.add(channel * d.out_step + first + tap) += sum;
                }
            }
            first += B;
        }
    }
}

/// # Safety
/// As for [`dot_panel`]; the pointers are those of channels and taps.
#[inline(always)]
unsafe fn dot_tile<S: Simd, const A: usize, const B: usize>(
    d: &DotArguments,
    gradient: [*const f32; A],
    x: [*const f32; B],
) -> [[f32; B]; A] {
    // SAFETY: every address lies within the ranges that `DotArguments` promises.
    unsafe {
        let mut sums = [[S::zero(); B]; A];
        for row in 0..d.rows {
            let (gradient_row, x_row) = (row * d.width, row * d.row_step);
            let mut at = 0;
            while at < d.width {
                let mut g = [S::zero(); A];
                for a in 0..A {
                    g[a] = S::load(gradient[a].add(gradient_row + at));
                }
                for b in 0..B {
                    let v = S::load(x[b].add(x_row + at));
                    for a in 0..A {
                        sums[a][b] = S::multiply_add(g[a], v, sums[a][b]);
                    }
                }
                at += S::LANES;
            }
        }
        let mut result = [[0.0; B]; A];
        for a in 0..A {
            for b in 0..B {
                result[a][b] = S::sum(sums[a][b]);
            }
        }
        result
    }
}
