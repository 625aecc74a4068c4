//! Between planar and blocked layout.

use super::engine::Engine;
use super::map::{Map, MapMut};
use super::parallel::for_each_rows;
use super::shape::BLOCK;
use crate::Result;
use crate::check::check_lengths;
use crate::shared::SharedOutput;

impl Engine {
    /// Writes contiguous `planar` `[N, C, H, W]` to `output`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn from_planar(&self, planar: &[f32], output: &mut MapMut<'_>) -> Result<()> {
        let shape = output.shape();
        let (channels, height, width) = (shape.channels(), shape.height(), shape.width());
        check_lengths(&[("planar", output.images() * channels * height * width, planar.len())])?;
        let output = &*output;
        for_each_rows(output.images(), shape.blocks(), height, width * BLOCK, |image, block, rows| {
            let first = image * channels + block * BLOCK;
            let count = (channels - block * BLOCK).min(BLOCK);
            for y in rows {
                // SAFETY: the row is one of the map's, and no row is given twice.
                let to = unsafe {
                    let to = output.pixel(image, block).add(y * shape.row_len());
                    std::slice::from_raw_parts_mut(to, width * BLOCK)
                };
                let row = |lane: usize| {
                    let start = ((first + lane) * height + y) * width;
                    &planar[start..start + width]
                };
                match count {
                    1 => interleave(std::array::from_fn::<_, 1, _>(row), to),
                    2 => interleave(std::array::from_fn::<_, 2, _>(row), to),
                    3 => interleave(std::array::from_fn::<_, 3, _>(row), to),
                    BLOCK => interleave(std::array::from_fn::<_, BLOCK, _>(row), to),
                    _ => {
                        to.fill(0.0);
                        for lane in 0..count {
                            let places = to.iter_mut().skip(lane).step_by(BLOCK);
                            places.zip(row(lane)).for_each(|(to, value)| *to = *value);
                        }
                    }
                }
            }
        });
        Ok(())
    }

    /// Writes `input` to contiguous `planar` `[N, C, H, W]`.
    ///
    /// # Errors
    /// See [`Engine`].
    pub fn to_planar(&self, input: &Map<'_>, planar: &mut [f32]) -> Result<()> {
        let shape = input.shape();
        let (channels, height, width) = (shape.channels(), shape.height(), shape.width());
        check_lengths(&[("planar", input.images() * channels * height * width, planar.len())])?;
        let planar = SharedOutput::new(planar);
        for_each_rows(input.images(), shape.blocks(), height, width * BLOCK, |image, block, rows| {
            let first = image * channels + block * BLOCK;
            let count = (channels - block * BLOCK).min(BLOCK);
            for y in rows {
                // SAFETY: the row is one of the map's.
                let from = unsafe {
                    let from = input.pixel(image, block).add(y * shape.row_len());
                    std::slice::from_raw_parts(from, width * BLOCK)
                };
                for lane in 0..count {
                    // SAFETY: rows and blocks are given once each, so no other task has this row of this channel.
                    let to = unsafe { planar.row(((first + lane) * height + y) * width, width) };
                    to.iter_mut().zip(from.chunks_exact(BLOCK)).for_each(|(to, pixel)| *to = pixel[lane]);
                }
            }
        });
        Ok(())
    }
}

fn interleave<const C: usize>(rows: [&[f32]; C], to: &mut [f32]) {
    for (x, to) in to.chunks_exact_mut(BLOCK).enumerate() {
        let mut pixel = [0.0; BLOCK];
        for lane in 0..C {
            pixel[lane] = rows[lane][x];
        }
        to.copy_from_slice(&pixel);
    }
}
