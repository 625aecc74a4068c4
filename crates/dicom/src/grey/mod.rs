//! From stored values to grey in [0, 1].

mod lookup;
mod modality;
mod voi;

use crate::codec::StoredFrame;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::pixels::{Layout, Photometric};
use crate::tags;
use modality::Modality;
use pulmo_imaging::Windowing;

/// Weights of red, green and blue in luma (ITU-R BT.601), as `pulmo-imaging` has them.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];
/// Number of 16-bit values.
const STORED_VALUES: usize = 1 << 16;

/// Grey values with what made them.
pub(crate) struct Rendered {
    pub(crate) pixels: Vec<f32>,
    pub(crate) windowing: Windowing,
    /// Fraction of the pixels that are padding, which are black.
    pub(crate) padding: f64,
}

pub(crate) fn render(stored: &StoredFrame, dataset: &Dataset, layout: &Layout) -> Result<Rendered> {
    if layout.channels > 1 {
        return Ok(Rendered { pixels: luma(stored), windowing: Windowing::FullRange, padding: 0.0 });
    }
    let decoding = Decoding::of(stored);
    let padding = padding(dataset, layout);
    let is_padding = |value: i32| padding.is_some_and(|(from, to)| (from..=to).contains(&value));
    let modality = Modality::read(dataset, layout.signed)?;
    let used = used(stored, &decoding, is_padding);
    let (low, high) = modality.range(&used);
    let (voi, windowing) = voi::choose(dataset, layout, &modality, (low, high))?;
    let inverted = layout.photometric == Photometric::Monochrome1;
    let mut table = vec![0.0_f32; STORED_VALUES];
    let mut black = vec![false; STORED_VALUES];
    for (raw, grey) in table.iter_mut().enumerate().take(decoding.values()) {
        let value = decoding.value(raw as u16);
        black[raw] = is_padding(value);
        let bright = voi.apply(modality.apply(value)).clamp(0.0, 1.0);
        *grey = if black[raw] { 0.0 } else { (if inverted { 1.0 - bright } else { bright }) as f32 };
    }
    let mut padded = 0_u64;
    let pixels: Vec<f32> = stored
        .values
        .iter()
        .map(|&value| {
            let raw = decoding.raw(value);
            padded += u64::from(black[raw]);
            table[raw]
        })
        .collect();
    let padding = padded as f64 / pixels.len().max(1) as f64;
    Ok(Rendered { pixels, windowing, padding })
}

/// How the bits of a stored value are read.
struct Decoding {
    bits: u32,
    shift: u32,
    signed: bool,
}

impl Decoding {
    fn of(stored: &StoredFrame) -> Self {
        Self { bits: stored.bits, shift: stored.shift, signed: stored.signed }
    }

    /// Number of different values.
    fn values(&self) -> usize {
        1 << self.bits
    }

    /// The bits in use, as a place in a table.
    fn raw(&self, value: u16) -> usize {
        usize::from(value >> self.shift) & (self.values() - 1)
    }

    fn value(&self, raw: u16) -> i32 {
        let raw = i32::from(raw);
        let negative = self.signed && raw >> (self.bits - 1) & 1 == 1;
        if negative { raw - (1 << self.bits) } else { raw }
    }
}

/// The stored values that occur, padding left out.
fn used(stored: &StoredFrame, decoding: &Decoding, is_padding: impl Fn(i32) -> bool) -> Vec<i32> {
    let mut seen = vec![false; STORED_VALUES];
    for &value in &stored.values {
        seen[decoding.raw(value)] = true;
    }
    let raws = seen.iter().enumerate().filter(|(_, seen)| **seen);
    raws.map(|(raw, _)| decoding.value(raw as u16)).filter(|value| !is_padding(*value)).collect()
}

/// The values that stand for nothing, from Pixel Padding Value to Pixel Padding Range Limit.
fn padding(dataset: &Dataset, layout: &Layout) -> Option<(i32, i32)> {
    let number = |value: u16| if layout.signed { i32::from(value.cast_signed()) } else { i32::from(value) };
    let value = number(dataset.short(tags::PIXEL_PADDING_VALUE)?);
    let limit = dataset.short(tags::PIXEL_PADDING_RANGE_LIMIT).map_or(value, number);
    Some((value.min(limit), value.max(limit)))
}

/// Eight-bit colours as their luma.
fn luma(stored: &StoredFrame) -> Vec<f32> {
    const WHITE: f32 = 255.0;
    let pixels = stored.values.chunks_exact(LUMA.len());
    if stored.rgb {
        let weigh = |pixel: &[u16]| {
            pixel.iter().zip(LUMA).map(|(&value, weight)| f32::from(value) * weight).sum::<f32>()
        };
        pixels.map(|pixel| (weigh(pixel) / WHITE).clamp(0.0, 1.0)).collect()
    } else {
        pixels.map(|pixel| f32::from(pixel[0]) / WHITE).map(|luma| luma.min(1.0)).collect()
    }
}

pub(crate) fn unusable(attribute: &'static str, value: f64, allowed: &'static str) -> Error {
    Error::Unusable { attribute, value: value.to_string(), allowed }
}
