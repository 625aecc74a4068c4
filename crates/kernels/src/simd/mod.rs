//! Vectors of `f32`, and the kernels built on them for each instruction set.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use crate::Isa;
use crate::dot::DotArguments;
use crate::tile::TileArguments;

/// An instruction set's vectors.
///
/// # Safety of the methods
/// The machine must have the instruction set, and pointers must be valid for `LANES` elements.
pub(crate) trait Simd {
    /// A vector of `LANES` numbers.
    type V: Copy;
    /// Numbers in a vector.
    const LANES: usize;
    /// Vectors held in registers at once.
    const REGISTERS: usize;
    unsafe fn zero() -> Self::V;
    unsafe fn splat(value: f32) -> Self::V;
    unsafe fn load(from: *const f32) -> Self::V;
    unsafe fn store(to: *mut f32, value: Self::V);
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c`.
    unsafe fn multiply_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// The sum of the lanes.
    unsafe fn sum(value: Self::V) -> f32;

    /// `LANES` numbers in double precision.
    type Wide: Copy;
    unsafe fn wide_zero() -> Self::Wide;
    unsafe fn wide_add(total: Self::Wide, value: Self::V) -> Self::Wide;
    unsafe fn wide_load(from: *const f64) -> Self::Wide;
    unsafe fn wide_store(to: *mut f64, value: Self::Wide);
}

/// One instruction set's kernels and the sizes of their register tiles.
#[derive(Debug)]
pub(crate) struct Kernels {
    /// Numbers in a vector.
    pub(crate) lanes: usize,
    /// Most output channels in a tile.
    pub(crate) max_channels: usize,
    /// Output channels in a tile of the weight gradient.
    pub(crate) dot_channels: usize,
    /// Needs the instruction set, and arguments valid as [`TileArguments`] says.
    pub(crate) tile: unsafe fn(&TileArguments),
    /// `tile` with sums in double precision.
    pub(crate) wide_tile: unsafe fn(&TileArguments),
    /// Needs the instruction set, and arguments valid as [`DotArguments`] says.
    pub(crate) dot: unsafe fn(&DotArguments),
}

impl Kernels {
    pub(crate) fn of(isa: Isa) -> &'static Self {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => &avx512::KERNELS,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => &avx2::KERNELS,
            _ => &portable::KERNELS,
        }
    }
}
