//! Plain arrays that the compiler vectorises for its target's baseline.

use super::{Kernels, Simd};
use crate::accumulation::{Double, Single};
use crate::dot::{DotArguments, dot_panel};
use crate::tile::{TileArguments, tile_panel};

const MAX_CHANNELS: usize = 4;
const DOT_CHANNELS: usize = 2;
const DOT_TAPS: usize = 2;
const LANES: usize = 8;

pub(super) static KERNELS: Kernels =
    Kernels { lanes: LANES, max_channels: MAX_CHANNELS, dot_channels: DOT_CHANNELS, tile, wide_tile, dot };

struct Portable;

impl Simd for Portable {
    type V = [f32; LANES];
    const LANES: usize = LANES;
    /// In pairs: the baselines of x86-64 and AArch64 have 4 lanes.
    const REGISTERS: usize = 8;

    #[inline(always)]
    unsafe fn zero() -> [f32; LANES] {
        [0.0; LANES]
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> [f32; LANES] {
        [value; LANES]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; LANES] {
        // SAFETY: the caller vouches for the readable elements; an array of f32 needs no more alignment than f32.
        unsafe { from.cast::<[f32; LANES]>().read() }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: [f32; LANES]) {
        // SAFETY: the caller vouches for the writable elements; an array of f32 needs no more alignment than f32.
        unsafe { to.cast::<[f32; LANES]>().write(value) }
    }

    #[inline(always)]
    unsafe fn add(mut a: [f32; LANES], b: [f32; LANES]) -> [f32; LANES] {
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        a
    }

    #[inline(always)]
    unsafe fn multiply_add(a: [f32; LANES], b: [f32; LANES], mut c: [f32; LANES]) -> [f32; LANES] {
        for lane in 0..LANES {
            c[lane] = if cfg!(target_arch = "aarch64") {
                a[lane].mul_add(b[lane], c[lane])
            } else {
                a[lane] * b[lane] + c[lane]
            };
        }
        c
    }

    #[inline(always)]
    unsafe fn sum(value: [f32; LANES]) -> f32 {
        value.iter().sum()
    }

    type Wide = [f64; LANES];

    #[inline(always)]
    unsafe fn wide_zero() -> [f64; LANES] {
        [0.0; LANES]
    }

    #[inline(always)]
    unsafe fn wide_add(mut total: [f64; LANES], value: [f32; LANES]) -> [f64; LANES] {
        total.iter_mut().zip(value).for_each(|(total, value)| *total += f64::from(value));
        total
    }

    #[inline(always)]
    unsafe fn wide_load(from: *const f64) -> [f64; LANES] {
        // SAFETY: the caller vouches for the readable elements; an array of f64 needs no more alignment than f64.
        unsafe { from.cast::<[f64; LANES]>().read() }
    }

    #[inline(always)]
    unsafe fn wide_store(to: *mut f64, value: [f64; LANES]) {
        // SAFETY: the caller vouches for the writable elements; an array of f64 needs no more alignment than f64.
        unsafe { to.cast::<[f64; LANES]>().write(value) }
    }
}

unsafe fn tile(arguments: &TileArguments) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { tile_panel::<Portable, Single>(arguments) }
}

unsafe fn wide_tile(arguments: &TileArguments) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { tile_panel::<Portable, Double>(arguments) }
}

unsafe fn dot(arguments: &DotArguments) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { dot_panel::<Portable, DOT_CHANNELS, DOT_TAPS>(arguments) }
}
