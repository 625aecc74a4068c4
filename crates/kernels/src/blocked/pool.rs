//! Pooling over windows.

use std::ops::Range;

use super::engine::{Engine, check_size};
use super::lanes::{Kernel, Lanes, entry};
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::{Conv2dShape, Result};

/// The windows of a pooling: rows and columns, symmetric padding, output size rounded down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    /// The window's rows and columns.
    pub kernel: [usize; 2],
    /// The step between windows.
    pub stride: [usize; 2],
    /// Rows and columns beyond each border, below the window's size.
    pub padding: [usize; 2],
}

impl Window {
    /// A square window.
    #[must_use]
    pub const fn square(kernel: usize, stride: usize, padding: usize) -> Self {
        Self { kernel: [kernel; 2], stride: [stride; 2], padding: [padding; 2] }
    }

    /// Rows and columns that windows over a map of `size` give.
    ///
    /// # Errors
    /// Those of [`Conv2dShape::new`]: a size of 0, a padding not below the window's size, a map smaller than it.
    pub fn out_size(&self, size: [usize; 2]) -> Result<[usize; 2]> {
        let kernel = [1, 1, self.kernel[0], self.kernel[1]];
        let shape = Conv2dShape::new([1, 1, size[0], size[1]], kernel, self.stride, self.padding)?;
        Ok([shape.out_height(), shape.out_width()])
    }

    /// The positions along an axis of length `size` that window `at` covers. Not empty for checked maps.
    #[inline(always)]
    fn covered(&self, axis: usize, at: usize, size: usize) -> Range<usize> {
        let start = at * self.stride[axis];
        let (padding, kernel) = (self.padding[axis], self.kernel[axis]);
        start.saturating_sub(padding)..(start + kernel - padding).min(size)
    }
}

/// A row of windows.
///
/// Valid where `x`, pixel (0, 0), is readable over `size` with rows `row_len` apart, every window covers at least one
/// of these pixels, and `out` is writable at `0..pixels * 16`.
struct PoolArguments {
    x: *const f32,
    row_len: usize,
    size: [usize; 2],
    window: Window,
    y: usize,
    pixels: usize,
    /// Whether a mean counts padding.
    count_padding: bool,
    out: *mut f32,
}

struct MaxRow;

impl Kernel for MaxRow {
    type Arguments = PoolArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &PoolArguments) {
        let rows = a.window.covered(0, a.y, a.size[0]);
        for pixel in 0..a.pixels {
            let columns = a.window.covered(1, pixel, a.size[1]);
            // SAFETY: `covered` gives pixels of the map; `PoolArguments` promises the rest.
            unsafe {
                let mut most = S::splat(f32::NEG_INFINITY);
                for row in rows.clone() {
                    for column in columns.clone() {
                        let value = S::load(a.x.add(row * a.row_len + column * BLOCK));
                        most = S::max(most, value);
                    }
                }
                S::store(a.out.add(pixel * BLOCK), most);
            }
        }
    }
}

struct MeanRow;

impl Kernel for MeanRow {
    type Arguments = PoolArguments;

    #[inline(always)]
    unsafe fn run<S: Lanes>(a: &PoolArguments) {
        let rows = a.window.covered(0, a.y, a.size[0]);
        for pixel in 0..a.pixels {
            let columns = a.window.covered(1, pixel, a.size[1]);
            let count = match a.count_padding {
                true => a.window.kernel[0] * a.window.kernel[1],
                false => rows.len() * columns.len(),
            };
            // SAFETY: `covered` gives pixels of the map; `PoolArguments` promises the rest.
            unsafe {
                let mut sum = S::splat(0.0);
                for row in rows.clone() {
                    for column in columns.clone() {
                        sum = S::add(sum, S::load(a.x.add(row * a.row_len + column * BLOCK)));
                    }
                }
                S::store(a.out.add(pixel * BLOCK), S::mul(sum, S::splat(1.0 / count as f32)));
            }
        }
    }
}

impl Engine {
    /// The largest value of each window; padding does not take part.
    ///
    /// # Errors
    /// See [`Engine`] and [`Window::out_size`].
    pub fn max_pool(&self, window: Window, input: &Map<'_>, output: &mut MapMut<'_>) -> Result<()> {
        self.pool::<MaxRow>(window, false, input, output)
    }

    /// The mean of each window, over its pixels within the map or, if `count_padding`, over all with padding as zeros.
    ///
    /// # Errors
    /// See [`Engine`] and [`Window::out_size`].
    pub fn average_pool(
        &self,
        window: Window,
        count_padding: bool,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        self.pool::<MeanRow>(window, count_padding, input, output)
    }

    fn pool<K: Kernel<Arguments = PoolArguments>>(
        &self,
        window: Window,
        count_padding: bool,
        input: &Map<'_>,
        output: &mut MapMut<'_>,
    ) -> Result<()> {
        let (from, to) = (input.shape(), output.shape());
        let size = [from.height(), from.width()];
        check_size(input, window.out_size(size)?, output)?;
        let kernel = entry::<K>(self.isa());
        let cost = to.width() * window.kernel[0] * window.kernel[1] * BLOCK;
        let output = &*output;
        for_each_rows(output.images(), to.blocks(), to.height(), cost, |image, block, rows| {
            for y in rows {
                // SAFETY: the output's size is that of the windows over the input, and as padding is below the
                // window's size each covers a pixel; no row is given twice; the instruction set is there.
                unsafe {
                    kernel(&PoolArguments {
                        x: input.pixel(image, block),
                        row_len: from.row_len(),
                        size,
                        window,
                        y,
                        pixels: to.width(),
                        count_padding,
                        out: output.pixel(image, block).add(y * to.row_len()),
                    });
                }
            }
        });
        Ok(())
    }
}
