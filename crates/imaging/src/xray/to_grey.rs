//! From decoded pixels to grey values in [0, 1].

use image::DynamicImage;

use super::{BitDepth, ImageWarning};
use crate::grey::Grey;

/// Luma weights of red, green and blue (ITU-R BT.601), as in the usual Python
/// imaging tools.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// Channels further apart than this, of the full range, are a colour and not
/// the residue of lossy compression.
const COLOUR_SPREAD: f32 = 8.0 / 255.0;

/// Grey values with what had to be changed to get them.
pub(super) struct Converted {
    pub(super) grey: Grey,
    pub(super) bit_depth: BitDepth,
    pub(super) warnings: Vec<ImageWarning>,
}

/// Converts to grey: luma of colours, transparent pixels over black, 8-bit
/// values over 255, deeper ones stretched from their own minimum and maximum.
pub(super) fn convert(image: DynamicImage) -> Converted {
    let colour = image.color();
    let (width, height) = (image.width(), image.height());
    let channels = Channels { colour: colour.has_color(), alpha: colour.has_alpha() };
    let (flat, bit_depth) = match image {
        DynamicImage::ImageLuma8(i) => (channels.flatten(i.as_raw()), BitDepth::Eight),
        DynamicImage::ImageLumaA8(i) => (channels.flatten(i.as_raw()), BitDepth::Eight),
        DynamicImage::ImageRgb8(i) => (channels.flatten(i.as_raw()), BitDepth::Eight),
        DynamicImage::ImageRgba8(i) => (channels.flatten(i.as_raw()), BitDepth::Eight),
        DynamicImage::ImageLuma16(i) => (channels.flatten(i.as_raw()), BitDepth::Sixteen),
        DynamicImage::ImageLumaA16(i) => (channels.flatten(i.as_raw()), BitDepth::Sixteen),
        DynamicImage::ImageRgb16(i) => (channels.flatten(i.as_raw()), BitDepth::Sixteen),
        DynamicImage::ImageRgba16(i) => (channels.flatten(i.as_raw()), BitDepth::Sixteen),
        other => {
            let raw = other.to_rgba32f();
            let channels = Channels { colour: true, alpha: true };
            (channels.flatten(raw.as_raw()), BitDepth::Float)
        }
    };
    let mut warnings = flat.warnings();
    let mut pixels = flat.pixels;
    if bit_depth != BitDepth::Eight {
        warnings.extend(stretch(&mut pixels, bit_depth));
    }
    Converted { grey: Grey::trusted(width, height, pixels), bit_depth, warnings }
}

/// A channel value as a fraction of its type's full range.
trait Sample: Copy {
    fn fraction(self) -> f32;
}

impl Sample for u8 {
    fn fraction(self) -> f32 {
        f32::from(self) / f32::from(Self::MAX)
    }
}

impl Sample for u16 {
    fn fraction(self) -> f32 {
        f32::from(self) / f32::from(Self::MAX)
    }
}

impl Sample for f32 {
    fn fraction(self) -> f32 {
        if self.is_finite() { self } else { 0.0 }
    }
}

#[derive(Clone, Copy)]
struct Channels {
    colour: bool,
    alpha: bool,
}

struct Flat {
    pixels: Vec<f32>,
    coloured: usize,
    transparent: usize,
}

impl Channels {
    fn flatten<S: Sample>(self, samples: &[S]) -> Flat {
        let channels = if self.colour { 3 } else { 1 } + usize::from(self.alpha);
        let mut flat =
            Flat { pixels: Vec::with_capacity(samples.len() / channels), coloured: 0, transparent: 0 };
        for pixel in samples.chunks_exact(channels) {
            let mut value = if self.colour {
                let rgb = [0, 1, 2].map(|c| pixel[c].fraction());
                let high = rgb.into_iter().fold(f32::MIN, f32::max);
                let low = rgb.into_iter().fold(f32::MAX, f32::min);
                if high - low > COLOUR_SPREAD {
                    flat.coloured += 1;
                }
                if high == low { high } else { std::iter::zip(rgb, LUMA).map(|(v, w)| v * w).sum() }
            } else {
                pixel[0].fraction()
            };
            if self.alpha {
                let opacity = pixel[channels - 1].fraction().clamp(0.0, 1.0);
                if opacity < 1.0 {
                    flat.transparent += 1;
                    value *= opacity;
                }
            }
            flat.pixels.push(value);
        }
        flat
    }
}

impl Flat {
    fn warnings(&self) -> Vec<ImageWarning> {
        let fraction = |count: usize| count as f64 / self.pixels.len() as f64;
        let mut warnings = Vec::new();
        if self.coloured > 0 {
            warnings.push(ImageWarning::ColourConverted { coloured_fraction: fraction(self.coloured) });
        }
        if self.transparent > 0 {
            warnings.push(ImageWarning::AlphaDropped { transparent_fraction: fraction(self.transparent) });
        }
        warnings
    }
}

/// Stretches the values' own range to [0, 1]; a constant image keeps its value.
fn stretch(pixels: &mut [f32], bit_depth: BitDepth) -> Option<ImageWarning> {
    let min = pixels.iter().copied().fold(f32::MAX, f32::min);
    let max = pixels.iter().copied().fold(f32::MIN, f32::max);
    let span = max - min;
    for value in pixels.iter_mut() {
        let stretched = if span > 0.0 && span.is_finite() { (*value - min) / span } else { *value };
        *value = stretched.clamp(0.0, 1.0);
    }
    let unit = match bit_depth {
        BitDepth::Float => 1.0,
        _ => f64::from(u16::MAX),
    };
    let original = |v: f32| match bit_depth {
        BitDepth::Float => f64::from(v),
        _ => (f64::from(v) * unit).round(),
    };
    (span > 0.0).then(|| ImageWarning::Rescaled { min: original(min), max: original(max) })
}
