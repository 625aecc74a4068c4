//! The logistic function, and SiLU, which is it times its argument.

use super::engine::{Engine, check_same};
use super::lanes::{Kernel, Lanes, entry};
use super::map::{Map, MapMut};
use super::shape::BLOCK;
use crate::Result;

/// A row of `1 / (1 + e^-x)`, times `x` for SiLU; zero in lanes that hold no channel.
///
/// Valid where `x` and `out` are readable and writable at `0..pixels * 16`. They may be the same row.
pub(super) struct LogisticArguments {
    pub(super) x: *const f32,
    pub(super) pixels: usize,
    /// Lanes that hold channels.
    pub(super) channels: usize,
    pub(super) out: *mut f32,
}

pub(super) struct SigmoidRow;

impl Kernel for SigmoidRow {
    type Arguments = LogisticArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &LogisticArguments) {
        let mask: [f32; BLOCK] = std::array::from_fn(|lane| if lane < a.channels { 1.0 } else { 0.0 });
        // SAFETY: the caller vouches for the arguments.
        unsafe { each_pixel(a, |x, lane| mask[lane] / (1.0 + exp(-x))) }
    }
}

pub(super) struct SiluRow;

impl Kernel for SiluRow {
    type Arguments = LogisticArguments;

    /// Lanes that hold no channel are zero before and stay it.
    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &LogisticArguments) {
        // SAFETY: the caller vouches for the arguments.
        unsafe { each_pixel(a, |x, _| x / (1.0 + exp(-x))) }
    }
}

/// Writes `f(x, lane)` of every element.
///
/// # Safety
/// The arguments must be valid as their type says.
#[inline(always)]
unsafe fn each_pixel(a: &LogisticArguments, f: impl Fn(f32, usize) -> f32) {
    for pixel in 0..a.pixels {
        // SAFETY: every address lies within the ranges that `LogisticArguments` promises; an array of f32 needs no more
        // alignment than f32.
        let x = unsafe { a.x.add(pixel * BLOCK).cast::<[f32; BLOCK]>().read() };
        let y: [f32; BLOCK] = std::array::from_fn(|lane| f(x[lane], lane));
        // SAFETY: as above.
        unsafe { a.out.add(pixel * BLOCK).cast::<[f32; BLOCK]>().write(y) };
    }
}

/// `e^x` within 2 units in the last place, without branches, so that the compiler vectorises it.
#[inline(always)]
fn exp(x: f32) -> f32 {
    /// Beyond these the result is no normal number.
    const RANGE: (f32, f32) = (-87.3, 88.3);
    /// Adding and subtracting it rounds to an integer.
    const ROUNDER: f32 = 12_582_912.0;
    /// ln 2 in two parts, the first of few digits.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    /// `e^r = 1 + r + r^2 * p(r)` for |r| <= ln 2 / 2 (Cephes' `expf`).
    const P: [f32; 6] = [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let x = if x < RANGE.0 { RANGE.0 } else { x };
    let x = if x > RANGE.1 { RANGE.1 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = x - n * LN_2.0 - n * LN_2.1;
    let p = P.iter().skip(1).fold(P[0], |sum, &next| sum * r + next);
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1f32.to_bits()));
    (p * r * r + r + 1.0) * power
}

impl Engine {
    /// `1 / (1 + e^-x)`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn sigmoid(&self, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        check_same(input, output)?;
        self.logistic::<SigmoidRow>(input, output);
        Ok(())
    }

    /// [`Self::sigmoid`] of a map in its place.
    pub fn sigmoid_in_place(&self, map: &mut MapMut<'_>) {
        self.logistic::<SigmoidRow>(&map.alias(), map);
    }

    /// `x / (1 + e^-x)`: SiLU, also known as swish.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn silu(&self, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        check_same(input, output)?;
        self.logistic::<SiluRow>(input, output);
        Ok(())
    }

    /// [`Self::silu`] of a map in its place.
    pub fn silu_in_place(&self, map: &mut MapMut<'_>) {
        self.logistic::<SiluRow>(&map.alias(), map);
    }

    /// Of maps that have been checked.
    fn logistic<K: Kernel<Arguments = LogisticArguments>>(&self, input: &Map<'_>, output: &mut MapMut<'_>) {
        let kernel = entry::<K>(self.isa());
        let all = input.shape().channels();
        self.each_row(input, output, |block, x, out, pixels| {
            let channels = (all - block * BLOCK).min(BLOCK);
            // SAFETY: `each_row` gives rows of checked maps, each once; the engine's instruction set is there.
            unsafe { kernel(&LogisticArguments { x, pixels, channels, out }) }
        });
    }
}
