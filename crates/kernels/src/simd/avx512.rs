//! AVX-512 (F and VL): 16 lanes, 32 registers.

use std::arch::x86_64::{
    __m512, __m512d, _mm512_add_pd, _mm512_add_ps, _mm512_castpd_ps, _mm512_castpd256_pd512,
    _mm512_castps_pd, _mm512_castps512_ps256, _mm512_cvtps_pd, _mm512_extractf64x4_pd, _mm512_fmadd_ps,
    _mm512_loadu_pd, _mm512_loadu_ps, _mm512_reduce_add_ps, _mm512_set1_ps, _mm512_setzero_pd,
    _mm512_setzero_ps, _mm512_storeu_pd, _mm512_storeu_ps,
};

use super::{Kernels, Simd};
use crate::accumulation::{Double, Single};
use crate::dot::{DotArguments, dot_panel};
use crate::tile::{TileArguments, tile_panel};

const MAX_CHANNELS: usize = 14;
const DOT_CHANNELS: usize = 4;
const DOT_TAPS: usize = 6;

pub(super) static KERNELS: Kernels = Kernels {
    lanes: Avx512::LANES,
    max_channels: MAX_CHANNELS,
    dot_channels: DOT_CHANNELS,
    tile,
    wide_tile,
    dot,
};

struct Avx512;

impl Simd for Avx512 {
    type V = __m512;
    const LANES: usize = 16;
    const REGISTERS: usize = 32;

    #[inline(always)]
    unsafe fn zero() -> __m512 {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    unsafe fn splat(value: f32) -> __m512 {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: the caller vouches for AVX-512F and for 16 readable elements.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: __m512) {
        // SAFETY: the caller vouches for AVX-512F and for 16 writable elements.
        unsafe { _mm512_storeu_ps(to, value) }
    }

    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn multiply_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn sum(value: __m512) -> f32 {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { _mm512_reduce_add_ps(value) }
    }

    type Wide = [__m512d; 2];

    #[inline(always)]
    unsafe fn wide_zero() -> [__m512d; 2] {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe { [_mm512_setzero_pd(); 2] }
    }

    #[inline(always)]
    unsafe fn wide_add(total: [__m512d; 2], value: __m512) -> [__m512d; 2] {
        // SAFETY: the caller vouches for AVX-512F.
        unsafe {
            let upper = _mm512_castpd_ps(_mm512_castpd256_pd512(_mm512_extractf64x4_pd::<1>(
                _mm512_castps_pd(value),
            )));
            let [low, high] = [value, upper].map(|half| _mm512_cvtps_pd(_mm512_castps512_ps256(half)));
            [_mm512_add_pd(total[0], low), _mm512_add_pd(total[1], high)]
        }
    }

    #[inline(always)]
    unsafe fn wide_load(from: *const f64) -> [__m512d; 2] {
        // SAFETY: the caller vouches for AVX-512F and for 16 readable elements.
        unsafe { [_mm512_loadu_pd(from), _mm512_loadu_pd(from.add(8))] }
    }

    #[inline(always)]
    unsafe fn wide_store(to: *mut f64, value: [__m512d; 2]) {
        // SAFETY: the caller vouches for AVX-512F and for 16 writable elements.
        unsafe {
            _mm512_storeu_pd(to, value[0]);
            _mm512_storeu_pd(to.add(8), value[1]);
        }
    }
}

#[target_feature(enable = "avx512f,avx512vl")]
unsafe fn tile(arguments: &TileArguments) {
    // SAFETY: the feature is enabled here; the caller vouches for the arguments.
    unsafe { tile_panel::<Avx512, Single>(arguments) }
}

#[target_feature(enable = "avx512f,avx512vl")]
unsafe fn wide_tile(arguments: &TileArguments) {
    // SAFETY: the feature is enabled here; the caller vouches for the arguments.
    unsafe { tile_panel::<Avx512, Double>(arguments) }
}

#[target_feature(enable = "avx512f,avx512vl")]
unsafe fn dot(arguments: &DotArguments) {
    // SAFETY: the feature is enabled here; the caller vouches for the arguments.
    unsafe { dot_panel::<Avx512, DOT_CHANNELS, DOT_TAPS>(arguments) }
}
