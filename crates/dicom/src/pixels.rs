//! How the pixels of a data set are laid out.

use pulmo_imaging::DecodeLimits;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::tags;

/// How the channels of a pixel are meant (PS3.3, section C.7.6.3.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Photometric {
    /// Grey, the lowest value white; it is inverted.
    Monochrome1,
    /// Grey, the lowest value black.
    Monochrome2,
    /// Red, green and blue, which become their luma.
    Rgb,
    /// Luma and two colour differences, of which the luma is taken.
    YbrFull,
}

/// Size, channels and bits of the pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    /// 1 or 3.
    pub(crate) channels: usize,
    /// Whether whole planes follow each other instead of the channels of each pixel.
    pub(crate) planar: bool,
    pub(crate) photometric: Photometric,
    /// Whether two pixels share their colour differences, where the pixels are not compressed.
    pub(crate) subsampled: bool,
    /// 8 or 16.
    pub(crate) bits_allocated: u32,
    pub(crate) bits_stored: u32,
    pub(crate) high_bit: u32,
    pub(crate) signed: bool,
}

impl Layout {
    /// Reads and checks the layout; the size is checked against `limits`.
    pub(crate) fn read(dataset: &Dataset, limits: &DecodeLimits) -> Result<Self> {
        let short = |tag, attribute| dataset.short(tag).map(u32::from).ok_or(Error::Missing { attribute });
        let frames = dataset.number(tags::NUMBER_OF_FRAMES).unwrap_or(1.0);
        if frames > 1.0 {
            return Err(Error::MultiFrame { frames: frames as u64 });
        }
        let (rows, columns) = (short(tags::ROWS, "Rows")?, short(tags::COLUMNS, "Columns")?);
        limits.check_size(u64::from(columns), u64::from(rows))?;
        let channels = dataset.short(tags::SAMPLES_PER_PIXEL).map_or(1, usize::from);
        let photometric = photometric(dataset, channels)?;
        let bits_allocated = short(tags::BITS_ALLOCATED, "Bits Allocated")?;
        let bits_stored = dataset.short(tags::BITS_STORED).map_or(bits_allocated, u32::from);
        let high_bit = dataset.short(tags::HIGH_BIT).map_or(bits_stored.saturating_sub(1), u32::from);
        let layout = Self {
            rows,
            columns,
            channels,
            planar: dataset.short(tags::PLANAR_CONFIGURATION) == Some(1),
            photometric,
            subsampled: dataset.text(tags::PHOTOMETRIC_INTERPRETATION) == "YBR_FULL_422",
            bits_allocated,
            bits_stored,
            high_bit,
            signed: dataset.short(tags::PIXEL_REPRESENTATION) == Some(1),
        };
        layout.check_bits()?;
        Ok(layout)
    }

    fn check_bits(&self) -> Result<()> {
        let unusable = |attribute, value: u32, allowed| {
            Err(Error::Unusable { attribute, value: value.to_string(), allowed })
        };
        if !matches!(self.bits_allocated, 8 | 16) {
            return unusable("Bits Allocated", self.bits_allocated, "8 and 16 are read");
        }
        if self.channels == 3 && self.bits_allocated != 8 {
            return unusable("Bits Allocated", self.bits_allocated, "colours are read with 8 bits");
        }
        if !(1..=self.bits_allocated).contains(&self.bits_stored) {
            return unusable("Bits StoredFrame", self.bits_stored, "it must lie in 1 to Bits Allocated");
        }
        if !(self.bits_stored - 1..self.bits_allocated).contains(&self.high_bit) {
            return unusable(
                "High Bit",
                self.high_bit,
                "it must hold Bits StoredFrame and lie in Bits Allocated",
            );
        }
        Ok(())
    }

    /// The smallest and the largest value that the stored bits can hold.
    pub(crate) fn possible_values(&self) -> (i32, i32) {
        match self.signed {
            true => (-(1 << (self.bits_stored - 1)), (1 << (self.bits_stored - 1)) - 1),
            false => (0, (1 << self.bits_stored) - 1),
        }
    }

    /// Number of stored values.
    pub(crate) fn values(&self) -> usize {
        self.rows as usize * self.columns as usize * self.channels
    }

    pub(crate) fn bytes_per_value(&self) -> usize {
        self.bits_allocated as usize / 8
    }
}

fn photometric(dataset: &Dataset, channels: usize) -> Result<Photometric> {
    const UNDERSTOOD: &str =
        "MONOCHROME1, MONOCHROME2, RGB and YBR_FULL are read, in their number of channels";
    let value = dataset.text(tags::PHOTOMETRIC_INTERPRETATION);
    if value.is_empty() {
        return Err(Error::Missing { attribute: "Photometric Interpretation" });
    }
    match (value.as_str(), channels) {
        ("MONOCHROME1", 1) => Ok(Photometric::Monochrome1),
        ("MONOCHROME2", 1) => Ok(Photometric::Monochrome2),
        ("RGB", 3) => Ok(Photometric::Rgb),
        ("YBR_FULL" | "YBR_FULL_422" | "YBR_RCT" | "YBR_ICT", 3) => Ok(Photometric::YbrFull),
        _ => Err(Error::Unusable {
            attribute: "Photometric Interpretation",
            value: format!("'{}' with {channels} channels", code(&value)),
            allowed: UNDERSTOOD,
        }),
    }
}

/// A code string as the standard has it, so that no other text gets into a message: at most 16 characters.
fn code(value: &str) -> String {
    const LONGEST: usize = 16;
    let allowed = |c: &char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | ' ');
    value.chars().filter(allowed).take(LONGEST).collect()
}
