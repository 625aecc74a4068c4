//! Lookup tables (PS3.3, sections C.11.1 and C.11.2).

use dicom_core::Tag;

use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::tags;

/// A table of output values for consecutive input values; inputs outside take the value at the nearer end.
#[derive(Debug)]
pub(super) struct Lookup {
    first: i32,
    outputs: Vec<u16>,
    /// Largest output that the table's bits allow.
    pub(super) largest: f64,
}

impl Lookup {
    /// The table in the first item of `sequence`, `None` where there is no such item.
    pub(super) fn read(dataset: &Dataset, sequence: Tag, signed: bool) -> Result<Option<Self>> {
        let Some(descriptor) = dataset.shorts(Some(sequence), tags::LUT_DESCRIPTOR) else { return Ok(None) };
        let &[entries, first, bits] = descriptor.as_slice() else {
            return Err(Error::malformed("a lookup table's descriptor has not three values"));
        };
        // 0 stands for 65536.
        let entries = if entries == 0 { 1 << 16 } else { usize::from(entries) };
        let bits = u32::from(bits);
        if !(8..=16).contains(&bits) {
            return Err(Error::Unusable {
                attribute: "LUT Descriptor",
                value: format!("{bits} bits"),
                allowed: "tables of 8 to 16 bits are read",
            });
        }
        let bytes =
            dataset.bytes(Some(sequence), tags::LUT_DATA).ok_or(Error::Missing { attribute: "LUT Data" })?;
        // Tables of 8 bits may be packed, an even number of bytes.
        let packed = bits == 8 && bytes.len() < 2 * entries;
        let mut outputs = if packed {
            bytes.iter().map(|&byte| u16::from(byte)).collect()
        } else {
            dataset.shorts(Some(sequence), tags::LUT_DATA).unwrap_or_default()
        };
        if outputs.len() < entries {
            return Err(Error::Truncated { place: "a lookup table" });
        }
        outputs.truncate(entries);
        let first = if signed { i32::from(first.cast_signed()) } else { i32::from(first) };
        Ok(Some(Self { first, outputs, largest: f64::from((1_u32 << bits) - 1) }))
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let last = self.outputs.len().saturating_sub(1);
        let place = (value.round() - f64::from(self.first)).clamp(0.0, last as f64) as usize;
        self.outputs.get(place).map_or(0.0, |&output| f64::from(output))
    }
}
