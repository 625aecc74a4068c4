//! NEON of AArch64: four registers for 16 lanes, 32 registers.

use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vbslq_f32, vcgtq_f32, vdupq_n_f32, vfmaq_f32, vld1q_f32, vmulq_f32, vst1q_f32,
    vsubq_f32,
};

use super::{Kernel, Lanes};

pub(super) struct Neon;

impl Lanes for Neon {
    type V = [float32x4_t; 4];
    const TILES: &'static [usize] = &[6];

    #[inline(always)]
    unsafe fn splat(value: f32) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe { [vdupq_n_f32(value); 4] }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON and for 16 readable elements.
        unsafe {
            [vld1q_f32(from.add(0)), vld1q_f32(from.add(4)), vld1q_f32(from.add(8)), vld1q_f32(from.add(12))]
        }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: [float32x4_t; 4]) {
        // SAFETY: the caller vouches for NEON and for 16 writable elements.
        unsafe {
            vst1q_f32(to.add(0), value[0]);
            vst1q_f32(to.add(4), value[1]);
            vst1q_f32(to.add(8), value[2]);
            vst1q_f32(to.add(12), value[3]);
        }
    }

    #[inline(always)]
    unsafe fn add(a: [float32x4_t; 4], b: [float32x4_t; 4]) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe {
            [vaddq_f32(a[0], b[0]), vaddq_f32(a[1], b[1]), vaddq_f32(a[2], b[2]), vaddq_f32(a[3], b[3])]
        }
    }

    #[inline(always)]
    unsafe fn sub(a: [float32x4_t; 4], b: [float32x4_t; 4]) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe {
            [vsubq_f32(a[0], b[0]), vsubq_f32(a[1], b[1]), vsubq_f32(a[2], b[2]), vsubq_f32(a[3], b[3])]
        }
    }

    #[inline(always)]
    unsafe fn mul(a: [float32x4_t; 4], b: [float32x4_t; 4]) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe {
            [vmulq_f32(a[0], b[0]), vmulq_f32(a[1], b[1]), vmulq_f32(a[2], b[2]), vmulq_f32(a[3], b[3])]
        }
    }

    #[inline(always)]
    unsafe fn multiply_add(
        a: [float32x4_t; 4],
        b: [float32x4_t; 4],
        c: [float32x4_t; 4],
    ) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe {
            [
                vfmaq_f32(c[0], a[0], b[0]),
                vfmaq_f32(c[1], a[1], b[1]),
                vfmaq_f32(c[2], a[2], b[2]),
                vfmaq_f32(c[3], a[3], b[3]),
            ]
        }
    }

    #[inline(always)]
    unsafe fn max(a: [float32x4_t; 4], b: [float32x4_t; 4]) -> [float32x4_t; 4] {
        // SAFETY: the caller vouches for NEON.
        unsafe {
            [
                vbslq_f32(vcgtq_f32(a[0], b[0]), a[0], b[0]),
                vbslq_f32(vcgtq_f32(a[1], b[1]), a[1], b[1]),
                vbslq_f32(vcgtq_f32(a[2], b[2]), a[2], b[2]),
                vbslq_f32(vcgtq_f32(a[3], b[3]), a[3], b[3]),
            ]
        }
    }
}

#[target_feature(enable = "neon")]
pub(super) unsafe fn run<K: Kernel>(arguments: &K::Arguments) {
    // SAFETY: the features are enabled here; the caller vouches for the arguments.
    unsafe { K::run::<Neon>(arguments) }
}
