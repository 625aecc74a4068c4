//! Enlarging maps by a whole factor.

use super::engine::{Engine, check_size};
use super::lanes::{Kernel, Lanes, entry};
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::{Error, Result};

/// Which points of input and output bilinear interpolation puts upon each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Corners {
    /// The centres of the corner pixels (`align_corners=True`).
    Aligned,
    /// The corners of the corner pixels (`align_corners=False`).
    Free,
}

/// Valid where `x` is readable and `out` writable at `0..pixels * 16` and `0..pixels * factor * 16`.
struct RepeatArguments {
    x: *const f32,
    pixels: usize,
    factor: usize,
    out: *mut f32,
}

struct RepeatRow;

impl Kernel for RepeatRow {
    type Arguments = RepeatArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &RepeatArguments) {
        for pixel in 0..a.pixels {
            // SAFETY: every address lies within the ranges that `RepeatArguments` promises.
            unsafe {
                let value = S::load(a.x.add(pixel * BLOCK));
                for copy in 0..a.factor {
                    S::store(a.out.add((pixel * a.factor + copy) * BLOCK), value);
                }
            }
        }
    }
}

/// Two neighbours and the second's share.
#[derive(Debug, Clone, Copy)]
struct Mix {
    first: usize,
    second: usize,
    share: f32,
}

impl Mix {
    /// Output position `at` of `size * factor`.
    fn new(corners: Corners, size: usize, factor: usize, at: usize) -> Self {
        let place = match corners {
            Corners::Aligned if size * factor > 1 => {
                at as f64 * (size - 1) as f64 / (size * factor - 1) as f64
            }
            Corners::Aligned => 0.0,
            Corners::Free => ((at as f64 + 0.5) / factor as f64 - 0.5).max(0.0),
        };
        let first = (place as usize).min(size - 1);
        Self { first, second: (first + 1).min(size - 1), share: (place - first as f64) as f32 }
    }
}

/// Valid where the rows are readable at every position of `columns` and `out` is writable at `0..columns * 16`.
struct MixArguments<'a> {
    rows: [*const f32; 2],
    share: f32,
    columns: &'a [Mix],
    out: *mut f32,
}

struct MixRow<'a>(std::marker::PhantomData<&'a ()>);

impl<'a> Kernel for MixRow<'a> {
    type Arguments = MixArguments<'a>;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &MixArguments<'a>) {
        // SAFETY: every address lies within the ranges that `MixArguments` promises.
        unsafe {
            let mix = |a: S::V, b: S::V, share: S::V| S::multiply_add(S::sub(b, a), share, a);
            let vertical = S::splat(a.share);
            for (pixel, column) in a.columns.iter().enumerate() {
                let horizontal = S::splat(column.share);
                let row = |row: *const f32| {
                    let first = S::load(row.add(column.first * BLOCK));
                    mix(first, S::load(row.add(column.second * BLOCK)), horizontal)
                };
                S::store(a.out.add(pixel * BLOCK), mix(row(a.rows[0]), row(a.rows[1]), vertical));
            }
        }
    }
}

impl Engine {
    /// Repeats each pixel `factor` times in both directions.
    ///
    /// # Errors
    /// See [`Engine`]; [`Error::Zero`] for a factor of 0.
    pub fn upsample_nearest(&self, factor: usize, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        check_enlarged(factor, input, output)?;
        let (from, to) = (input.shape(), output.shape());
        let kernel = entry::<RepeatRow>(self.isa());
        let output = &*output;
        for_each_rows(output.images(), to.blocks(), to.height(), to.width() * BLOCK, |image, block, rows| {
            for y in rows {
                // SAFETY: the output is `factor` times the input in both directions, no row is given twice, and the
                // instruction set is there.
                unsafe {
                    kernel(&RepeatArguments {
                        x: input.pixel(image, block).add(y / factor * from.row_len()),
                        pixels: from.width(),
                        factor,
                        out: output.pixel(image, block).add(y * to.row_len()),
                    });
                }
            }
        });
        Ok(())
    }

    /// Interpolates between the four nearest pixels, as PyTorch's `interpolate(mode="bilinear")`.
    ///
    /// # Errors
    /// See [`Engine`]; [`Error::Zero`] for a factor of 0.
    pub fn upsample_bilinear(
        &self,
        factor: usize,
        corners: Corners,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        check_enlarged(factor, input, output)?;
        let (from, to) = (input.shape(), output.shape());
        let columns: Vec<_> = (0..to.width()).map(|x| Mix::new(corners, from.width(), factor, x)).collect();
        let kernel = entry::<MixRow<'_>>(self.isa());
        let (output, cost) = (&*output, 2 * to.width() * BLOCK);
        for_each_rows(output.images(), to.blocks(), to.height(), cost, |image, block, rows| {
            for y in rows {
                let row = Mix::new(corners, from.height(), factor, y);
                // SAFETY: `Mix` gives positions of the input; no row is given twice; the instruction set is there.
                unsafe {
                    let x = input.pixel(image, block);
                    kernel(&MixArguments {
                        rows: [row.first, row.second].map(|row| x.add(row * from.row_len())),
                        share: row.share,
                        columns: &columns,
                        out: output.pixel(image, block).add(y * to.row_len()),
                    });
                }
            }
        });
        Ok(())
    }
}

fn check_enlarged(factor: usize, input: &Map<'_>, output: &MapMut<'_>) -> Result<()> {
    if factor == 0 {
        return Err(Error::Zero { name: "factor" });
    }
    let enlarged = |size: usize| size.checked_mul(factor).ok_or(Error::TooLarge { name: "enlarged map" });
    let shape = input.shape();
    check_size(input, [enlarged(shape.height())?, enlarged(shape.width())?], output)
}
