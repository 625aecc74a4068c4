//! AVX2 with FMA: 8 lanes, 16 registers.

use std::arch::x86_64::{
    __m256, __m256d, _mm_add_ps, _mm_add_ss, _mm_cvtss_f32, _mm_movehdup_ps, _mm_movehl_ps, _mm256_add_pd,
    _mm256_add_ps, _mm256_castps256_ps128, _mm256_cvtps_pd, _mm256_extractf128_ps, _mm256_fmadd_ps,
    _mm256_loadu_pd, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_pd, _mm256_setzero_ps, _mm256_storeu_pd,
    _mm256_storeu_ps,
};

use super::{Kernels, Simd};
use crate::accumulation::{Double, Single};
use crate::dot::{DotArguments, dot_panel};
use crate::tile::{TileArguments, tile_panel};

const MAX_CHANNELS: usize = 6;
const DOT_CHANNELS: usize = 3;
const DOT_TAPS: usize = 4;

pub(super) static KERNELS: Kernels = Kernels {
    lanes: Avx2::LANES,
    max_channels: MAX_CHANNELS,
    dot_channels: DOT_CHANNELS,
    tile,
    wide_tile,
    dot,
};

struct Avx2;

impl Simd for Avx2 {
    type V = __m256;
    const LANES: usize = 8;
    const REGISTERS: usize = 16;

    #[inline(always)]
    unsafe fn zero() -> __m256 {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_setzero_ps() }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> __m256 {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: the caller vouches for AVX2 and for 8 readable elements.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: __m256) {
        // SAFETY: the caller vouches for AVX2 and for 8 writable elements.
        unsafe { _mm256_storeu_ps(to, value) }
    }

    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        // SAFETY: the caller vouches for AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn multiply_add(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: the caller vouches for FMA.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn sum(value: __m256) -> f32 {
        // SAFETY: the caller vouches for AVX2.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps::<1>(value));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }

    type Wide = [__m256d; 2];

    #[inline(always)]
    unsafe fn wide_zero() -> [__m256d; 2] {
        // SAFETY: the caller vouches for AVX2.
        unsafe { [_mm256_setzero_pd(); 2] }
    }

    #[inline(always)]
    unsafe fn wide_add(total: [__m256d; 2], value: __m256) -> [__m256d; 2] {
        // SAFETY: the caller vouches for AVX2.
        unsafe {
            let low = _mm256_cvtps_pd(_mm256_castps256_ps128(value));
            let high = _mm256_cvtps_pd(_mm256_extractf128_ps::<1>(value));
            [_mm256_add_pd(total[0], low), _mm256_add_pd(total[1], high)]
        }
    }

    #[inline(always)]
    unsafe fn wide_load(from: *const f64) -> [__m256d; 2] {
        // SAFETY: the caller vouches for AVX2 and for 8 readable elements.
        unsafe { [_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(4))] }
    }

    #[inline(always)]
    unsafe fn wide_store(to: *mut f64, value: [__m256d; 2]) {
        // SAFETY: the caller vouches for AVX2 and for 8 writable elements.
        unsafe {
            _mm256_storeu_pd(to, value[0]);
            _mm256_storeu_pd(to.add(4), value[1]);
        }
    }
}

#[target_feature(enable = "avx2,fma")]
unsafe fn tile(arguments: &TileArguments) {
    // SAFETY: the features are enabled here; the caller vouches for the arguments.
    unsafe { tile_panel::<Avx2, Single>(arguments) }
}

#[target_feature(enable = "avx2,fma")]
unsafe fn wide_tile(arguments: &TileArguments) {
    // SAFETY: the features are enabled here; the caller vouches for the arguments.
    unsafe { tile_panel::<Avx2, Double>(arguments) }
}

#[target_feature(enable = "avx2,fma")]
unsafe fn dot(arguments: &DotArguments) {
    // SAFETY: the features are enabled here; the caller vouches for the arguments.
    unsafe { dot_panel::<Avx2, DOT_CHANNELS, DOT_TAPS>(arguments) }
}
