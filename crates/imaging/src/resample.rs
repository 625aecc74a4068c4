//! Resampling of grey values.

use image::imageops::{self, FilterType};
use image::{ImageBuffer, Luma};

use crate::grey::Grey;
use crate::size::clamp_side;

/// Resizes with a triangle filter that widens with the reduction.
pub(crate) fn antialiased(source: &Grey, width: u32, height: u32) -> Grey {
    let (width, height) = (clamp_side(width), clamp_side(height));
    if (width, height) == (source.width(), source.height()) {
        return source.clone();
    }
    let view = ImageBuffer::<Luma<f32>, &[f32]>::from_raw(source.width(), source.height(), source.pixels());
    let Some(view) = view else {
        return source.clone();
    };
    let mut pixels = imageops::resize(&view, width, height, FilterType::Triangle).into_raw();
    for value in &mut pixels {
        *value = value.clamp(0.0, 1.0);
    }
    Grey::trusted(width, height, pixels)
}

/// Where an output sample falls between two input samples.
#[derive(Clone, Copy)]
struct Tap {
    low: usize,
    high: usize,
    weight_high: f32,
}

/// The taps of one axis with half-pixel centres, clamped at the edges.
fn taps(from: u32, to: u32) -> Vec<Tap> {
    let scale = f64::from(from) / f64::from(to);
    let last = from.saturating_sub(1) as usize;
    (0..to)
        .map(|i| {
            let centre = ((f64::from(i) + 0.5) * scale - 0.5).clamp(0.0, last as f64);
            let low = centre.floor() as usize;
            Tap { low, high: (low + 1).min(last), weight_high: (centre - low as f64) as f32 }
        })
        .collect()
}

/// Bilinear interpolation with half-pixel centres, without antialiasing.
///
/// Agrees with the `align_corners = false` convention of the deep-learning
/// frameworks. `values` is row-major, `from` and `to` are (width, height).
pub(crate) fn bilinear(values: &[f32], from: (u32, u32), to: (u32, u32)) -> Vec<f32> {
    let columns = taps(from.0, to.0);
    let rows = taps(from.1, to.1);
    let stride = from.0 as usize;
    let mut out = Vec::with_capacity(columns.len() * rows.len());
    for row in &rows {
        let upper = &values[row.low * stride..][..stride];
        let lower = &values[row.high * stride..][..stride];
        for column in &columns {
            let top = mix(upper[column.low], upper[column.high], column.weight_high);
            let bottom = mix(lower[column.low], lower[column.high], column.weight_high);
            out.push(mix(top, bottom, row.weight_high).clamp(0.0, 1.0));
        }
    }
    out
}

fn mix(a: f32, b: f32, weight_b: f32) -> f32 {
    a + (b - a) * weight_b
}

/// The input index nearest to the centre of output sample `i`.
pub(crate) fn nearest(i: u32, from: u32, to: u32) -> u32 {
    let index = (u64::from(i) * 2 + 1) * u64::from(from) / (u64::from(to) * 2);
    (index as u32).min(from.saturating_sub(1))
}
