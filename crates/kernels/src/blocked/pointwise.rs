//! Operations that take each pixel by itself.

use super::engine::{Engine, check_same};
use super::lanes::{Kernel, Lanes, entry, relu};
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::Result;
use crate::check::check_lengths;

/// A row of `scale * x + shift`.
///
/// Valid where `x` is readable for 16 lanes at each of `pixels` places `step` apart, `scale` and `shift` for 16 lanes,
/// and `out` writable at `0..pixels * 16`. `x` and `out` may be the same row where `step` is 16.
pub(super) struct RowArguments {
    pub(super) x: *const f32,
    pub(super) step: usize,
    pub(super) pixels: usize,
    pub(super) scale: *const f32,
    pub(super) shift: *const f32,
    pub(super) relu: bool,
    pub(super) out: *mut f32,
}

/// `scale * x + shift`, negative results made zero if asked for.
pub(super) struct ScaleShiftRow;

impl Kernel for ScaleShiftRow {
    type Arguments = RowArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &RowArguments) {
        // SAFETY: every address lies within the ranges that `RowArguments` promises.
        unsafe {
            let (scale, shift) = (S::load(a.scale), S::load(a.shift));
            for pixel in 0..a.pixels {
                let value = S::multiply_add(S::load(a.x.add(pixel * a.step)), scale, shift);
                S::store(a.out.add(pixel * BLOCK), if a.relu { relu::<S>(value) } else { value });
            }
        }
    }
}

/// Rows of the sum of two maps.
///
/// Valid where `a` and `b` are readable and `out` writable at `0..pixels * 16`.
struct AddArguments {
    a: *const f32,
    b: *const f32,
    pixels: usize,
    relu: bool,
    out: *mut f32,
}

struct AddRow;

impl Kernel for AddRow {
    type Arguments = AddArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &AddArguments) {
        // SAFETY: every address lies within the ranges that `AddArguments` promises.
        unsafe {
            for at in (0..a.pixels * BLOCK).step_by(BLOCK) {
                let sum = S::add(S::load(a.a.add(at)), S::load(a.b.add(at)));
                S::store(a.out.add(at), if a.relu { relu::<S>(sum) } else { sum });
            }
        }
    }
}

impl Engine {
    /// `scale * x + shift` with `scale` and `shift` `[C]`; negative results become zero if `relu`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn scale_shift(
        &self,
        scale: &[f32],
        shift: &[f32],
        relu: bool,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        check_same(input, output)?;
        let (scale, shift) = per_lane(scale, shift, input)?;
        self.scale_shift_lanes(&scale, &shift, relu, input, output);
        Ok(())
    }

    /// [`Self::scale_shift`] of a map in its place.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn scale_shift_in_place(
        &self,
        scale: &[f32],
        shift: &[f32],
        relu: bool,
        map: &mut MapMut<'_>,
    ) -> Result<()> {
        let (scale, shift) = per_lane(scale, shift, &map.as_map())?;
        self.scale_shift_lanes_in_place(&scale, &shift, relu, map);
        Ok(())
    }

    /// [`Self::scale_shift`] of maps that have been checked, with numbers for every lane.
    pub(super) fn scale_shift_lanes(
        &self,
        scale: &[f32],
        shift: &[f32],
        relu: bool,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) {
        let kernel = entry::<ScaleShiftRow>(self.isa());
        self.each_row(input, output, |block, x, out, pixels| {
            let lanes = block * BLOCK..(block + 1) * BLOCK;
            let (scale, shift) = (scale[lanes.clone()].as_ptr(), shift[lanes].as_ptr());
            // SAFETY: `each_row` gives rows of checked maps; the engine's instruction set is there.
            unsafe { kernel(&RowArguments { x, step: BLOCK, pixels, scale, shift, relu, out }) }
        });
    }

    pub(super) fn scale_shift_lanes_in_place(
        &self,
        scale: &[f32],
        shift: &[f32],
        relu: bool,
        map: &mut MapMut<'_>,
    ) {
        // The output's rows alone are touched, each read before it is written.
        self.scale_shift_lanes(scale, shift, relu, &map.alias(), map);
    }

    /// The sum of two maps; negative results become zero if `relu`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn add(&self, a: &Map<'_>, b: &Map<'_>, relu: bool, output: &mut MapMut<'_>) -> Result<()> {
        check_same(a, output)?;
        check_same(b, output)?;
        self.add_checked(a, b, relu, output);
        Ok(())
    }

    /// Adds `input` to `map`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn add_in_place(&self, input: &Map<'_>, relu: bool, map: &mut MapMut<'_>) -> Result<()> {
        check_same(input, map)?;
        self.add_checked(input, &map.alias(), relu, map);
        Ok(())
    }

    fn add_checked(&self, a: &Map<'_>, b: &Map<'_>, relu: bool, output: &mut MapMut<'_>) {
        let kernel = entry::<AddRow>(self.isa());
        let (pixels, images, blocks, height) = extents(output);
        for_each_rows(images, blocks, height, pixels * BLOCK, |image, block, rows| {
            for y in rows {
                // SAFETY: the maps have the same pixels, no row is given twice, and the engine's instruction set is
                // there.
                unsafe {
                    kernel(&AddArguments {
                        a: a.pixel(image, block).add(y * a.shape().row_len()),
                        b: b.pixel(image, block).add(y * b.shape().row_len()),
                        pixels,
                        relu,
                        out: output.pixel(image, block).add(y * output.shape().row_len()),
                    });
                }
            }
        });
    }

    /// Calls `f(block, input row, output row, pixels)` for every row of two maps of the same pixels.
    pub(super) fn each_row(
        &self,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
        f: impl Fn(usize, *const f32, *mut f32, usize) + Sync,
    ) {
        let (pixels, images, blocks, height) = extents(output);
        for_each_rows(images, blocks, height, pixels * BLOCK, |image, block, rows| {
            for y in rows {
                // SAFETY: the row is one of both maps.
                let (x, out) = unsafe {
                    let x = input.pixel(image, block).add(y * input.shape().row_len());
                    (x, output.pixel(image, block).add(y * output.shape().row_len()))
                };
                f(block, x, out, pixels);
            }
        });
    }
}

/// `(width, images, blocks, height)`.
fn extents(map: &MapMut<'_>) -> (usize, usize, usize, usize) {
    let shape = map.shape();
    (shape.width(), map.images(), shape.blocks(), shape.height())
}

/// Numbers of channels, zeros for the lanes that hold none.
pub(super) fn per_lane(scale: &[f32], shift: &[f32], map: &Map<'_>) -> Result<(Vec<f32>, Vec<f32>)> {
    let channels = map.shape().channels();
    check_lengths(&[("scale", channels, scale.len()), ("shift", channels, shift.len())])?;
    let lanes = |values: &[f32]| {
        let mut lanes = values.to_vec();
        lanes.resize(map.shape().blocks() * BLOCK, 0.0);
        lanes
    };
    Ok((lanes(scale), lanes(shift)))
}
