//! Vectors of one block's 16 channels, and kernels generic over them.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

use crate::Isa;

/// An instruction set's way of holding 16 numbers.
///
/// # Safety of the methods
/// The machine must have the instruction set, and pointers must be valid for 16 elements.
pub(crate) trait Lanes {
    /// 16 numbers.
    type V: Copy;
    /// Most pixels of a register tile for 1, 2, ... blocks of output channels.
    const TILES: &'static [usize];
    unsafe fn splat(value: f32) -> Self::V;
    unsafe fn load(from: *const f32) -> Self::V;
    unsafe fn store(to: *mut f32, value: Self::V);
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`.
    unsafe fn multiply_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// The larger; `b` where either is not a number.
    unsafe fn max(a: Self::V, b: Self::V) -> Self::V;
}

/// The larger of zero and `value`; not-a-numbers stay.
///
/// # Safety
/// The instruction set must be there.
#[inline(always)]
pub(crate) unsafe fn relu<S: Lanes>(value: S::V) -> S::V {
    // SAFETY: the caller vouches for the instruction set.
    unsafe { S::max(S::splat(0.0), value) }
}

/// Code written once for all instruction sets.
pub(crate) trait Kernel {
    /// What it works on.
    type Arguments;

    /// Implementations are `#[inline(always)]`, so that they are compiled for the instruction set.
    ///
    /// # Safety
    /// The instruction set must be there, and the arguments valid as their type says.
    unsafe fn run<S: Lanes>(arguments: &Self::Arguments);
}

/// A kernel compiled for one instruction set: needs the instruction set and valid arguments.
pub(crate) type Entry<A> = unsafe fn(&A);

/// `K` compiled for `isa`.
pub(crate) fn entry<K: Kernel>(isa: Isa) -> Entry<K::Arguments> {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => avx512::run::<K>,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => avx2::run::<K>,
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => neon::run::<K>,
        _ => portable::run::<K>,
    }
}

/// [`Lanes::TILES`] of `isa`.
pub(crate) fn tiles(isa: Isa) -> &'static [usize] {
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => avx512::Avx512::TILES,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => avx2::Avx2::TILES,
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => neon::Neon::TILES,
        _ => portable::Portable::TILES,
    }
}
