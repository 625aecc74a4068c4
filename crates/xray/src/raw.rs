//! Pixels that a program has in memory, as a detector or another decoder gave them.

use std::borrow::Cow;
use std::fmt;

use pulmo_imaging::{
    BitDepth, ChestXray, DecodeLimits, FileFormat, Grey, ImageWarning, SourceFormat, Windowing,
};

use crate::error::{Error, Result};
use crate::provenance::Provenance;

/// Which end of the values is bone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Polarity {
    /// High values are bone and low ones air: MONOCHROME2 in DICOM, and the usual display.
    #[default]
    BoneBright,
    /// Low values are bone and high ones air: MONOCHROME1 in DICOM. The image is inverted.
    BoneDark,
}

/// Which values become black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PixelWindow {
    /// The smallest and the largest value of the image.
    OwnRange,
    /// 0 and the largest value that the bits in use can hold.
    DeclaredRange,
    /// These values; those outside become black or white.
    Given {
        /// The lower end.
        low: u16,
        /// The upper end, above `low`.
        high: u16,
    },
}

/// Grey pixels in memory: `width` times `height` values of 8 or 16 bits, row-major from the top left, without padding
/// between rows.
///
/// Where no window is set, 8 bits in use cover black to white as they are, and any other number of bits is stretched
/// from the image's own range, as DICOM files without a window are. So 12 bits in 16-bit values do not come out black,
/// whether or not their bits were declared.
#[derive(Clone)]
#[must_use]
pub struct RawPixels<'a> {
    width: u32,
    height: u32,
    values: Values<'a>,
    bits_stored: Option<u32>,
    polarity: Polarity,
    window: Option<PixelWindow>,
}

#[derive(Clone)]
enum Values<'a> {
    Eight(Cow<'a, [u8]>),
    Sixteen(Cow<'a, [u16]>),
}

impl fmt::Debug for RawPixels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawPixels")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("bits_allocated", &self.bits_allocated())
            .field("bits_stored", &self.bits_stored())
            .field("polarity", &self.polarity)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl<'a> RawPixels<'a> {
    /// Values of 8 bits, borrowed or owned.
    pub fn eight(width: u32, height: u32, values: impl Into<Cow<'a, [u8]>>) -> Self {
        Self::of(width, height, Values::Eight(values.into()))
    }

    /// Values of 16 bits, borrowed or owned.
    pub fn sixteen(width: u32, height: u32, values: impl Into<Cow<'a, [u16]>>) -> Self {
        Self::of(width, height, Values::Sixteen(values.into()))
    }

    fn of(width: u32, height: u32, values: Values<'a>) -> Self {
        Self { width, height, values, bits_stored: None, polarity: Polarity::default(), window: None }
    }

    /// Declares how many low bits of a value are in use, such as 12 of 16; all of them unless it is said. Larger values
    /// are refused on reading.
    pub fn with_bits_stored(mut self, bits: u32) -> Self {
        self.bits_stored = Some(bits);
        self
    }

    /// Sets which end of the values is bone; bright unless it is said.
    pub fn with_polarity(mut self, polarity: Polarity) -> Self {
        self.polarity = polarity;
        self
    }

    /// Sets which values become black and white.
    pub fn with_window(mut self, window: PixelWindow) -> Self {
        self.window = Some(window);
        self
    }

    fn bits_allocated(&self) -> u32 {
        match self.values {
            Values::Eight(_) => u8::BITS,
            Values::Sixteen(_) => u16::BITS,
        }
    }

    fn bits_stored(&self) -> u32 {
        self.bits_stored.unwrap_or(self.bits_allocated())
    }

    /// The X-ray, within `limits`.
    pub(crate) fn render(&self, limits: &DecodeLimits) -> Result<(ChestXray, Provenance)> {
        limits.check_size(u64::from(self.width), u64::from(self.height))?;
        match &self.values {
            Values::Eight(values) => self.render_values(values),
            Values::Sixteen(values) => self.render_values(values),
        }
    }

    fn render_values<T: Copy + Into<u16>>(&self, values: &[T]) -> Result<(ChestXray, Provenance)> {
        let scale = Scale::of(self, values)?;
        let shades = scale.shades(self.polarity);
        // Every value was found to lie in the table.
        let pixels = values.iter().map(|&value| shades[usize::from(value.into())]).collect();
        let depth = if self.bits_stored() > u8::BITS { BitDepth::Sixteen } else { BitDepth::Eight };
        let source = SourceFormat::new(FileFormat::Memory, depth, false, false);
        let warnings = match scale.windowing {
            Windowing::OwnRange { min, max } => vec![ImageWarning::Rescaled { min, max }],
            _ => Vec::new(),
        };
        let grey = Grey::new(self.width, self.height, pixels)?;
        let xray = ChestXray::from_decoded(grey, source, warnings);
        let inverted = self.polarity == Polarity::BoneDark;
        let provenance = Provenance { inverted, ..Provenance::of(&xray, scale.windowing) };
        Ok((xray, provenance))
    }
}

/// Which values become black and white, once the values are known.
struct Scale {
    low: u16,
    high: u16,
    /// The largest value that the bits in use can hold.
    largest: u16,
    windowing: Windowing,
}

impl Scale {
    fn of<T: Copy + Into<u16>>(pixels: &RawPixels<'_>, values: &[T]) -> Result<Self> {
        let (width, height) = (pixels.width, pixels.height);
        let expected = u64::from(width) * u64::from(height);
        if values.len() as u64 != expected {
            let found = values.len() as u64;
            return Err(pulmo_imaging::Error::PixelCount { width, height, expected, found }.into());
        }
        let (bits, allocated) = (pixels.bits_stored(), pixels.bits_allocated());
        if !(1..=allocated).contains(&bits) {
            return Err(Error::BitsStored { stored: bits, allocated });
        }
        let largest = u16::MAX >> (u16::BITS - bits);
        let (min, max) = values.iter().fold((u16::MAX, 0), |(min, max), &value| {
            let value = value.into();
            (value.min(min), value.max(max))
        });
        if max > largest {
            let index = values.iter().position(|&value| value.into() == max).unwrap_or_default();
            return Err(Error::ValueTooLarge { index, value: max, bits, largest });
        }
        let by_default = if bits == u8::BITS { PixelWindow::DeclaredRange } else { PixelWindow::OwnRange };
        let (low, high, windowing) = match pixels.window.unwrap_or(by_default) {
            // Pixels that are all alike have no range of their own, and keep their place in the declared one.
            PixelWindow::OwnRange if min < max => {
                (min, max, Windowing::OwnRange { min: f64::from(min), max: f64::from(max) })
            }
            PixelWindow::OwnRange | PixelWindow::DeclaredRange => (0, largest, Windowing::FullRange),
            PixelWindow::Given { low, high } if low < high => {
                (low, high, Windowing::Given { low: f64::from(low), high: f64::from(high) })
            }
            PixelWindow::Given { low, high } => return Err(Error::EmptyWindow { low, high }),
        };
        Ok(Self { low, high, largest, windowing })
    }

    /// The grey of every value that the bits in use can hold.
    fn shades(&self, polarity: Polarity) -> Vec<f32> {
        let span = f32::from(self.high - self.low);
        let bright = |value: u16| f32::from(value.clamp(self.low, self.high) - self.low) / span;
        let shade = |value| match polarity {
            Polarity::BoneBright => bright(value),
            Polarity::BoneDark => 1.0 - bright(value),
        };
        (0..=self.largest).map(shade).collect()
    }
}
