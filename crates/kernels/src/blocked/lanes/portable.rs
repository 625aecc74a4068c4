//! Plain arrays that the compiler vectorises for its target's baseline.

use super::{Kernel, Lanes};
use crate::blocked::shape::BLOCK;

pub(super) struct Portable;

type V = [f32; BLOCK];

impl Lanes for Portable {
    type V = V;
    const TILES: &'static [usize] = &[2];

    #[inline(always)]
    unsafe fn splat(value: f32) -> V {
        [value; BLOCK]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> V {
        // SAFETY: the caller vouches for the readable elements; an array of f32 needs no more alignment than f32.
        unsafe { from.cast::<V>().read() }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, value: V) {
        // SAFETY: the caller vouches for the writable elements; an array of f32 needs no more alignment than f32.
        unsafe { to.cast::<V>().write(value) }
    }

    #[inline(always)]
    unsafe fn add(a: V, b: V) -> V {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    unsafe fn sub(a: V, b: V) -> V {
        std::array::from_fn(|lane| a[lane] - b[lane])
    }

    #[inline(always)]
    unsafe fn mul(a: V, b: V) -> V {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    unsafe fn multiply_add(a: V, b: V, c: V) -> V {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    #[inline(always)]
    unsafe fn max(a: V, b: V) -> V {
        std::array::from_fn(|lane| if a[lane] > b[lane] { a[lane] } else { b[lane] })
    }
}

pub(super) unsafe fn run<K: Kernel>(arguments: &K::Arguments) {
    // SAFETY: the caller vouches for the arguments.
    unsafe { K::run::<Portable>(arguments) }
}
