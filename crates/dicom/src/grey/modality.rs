//! From stored values to the modality's (PS3.3, section C.11.1).

use super::lookup::Lookup;
use super::unusable;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::tags;

#[derive(Debug)]
pub(super) enum Modality {
    Table(Lookup),
    Linear { slope: f64, intercept: f64 },
}

impl Modality {
    pub(super) fn read(dataset: &Dataset, signed: bool) -> Result<Self> {
        if let Some(table) = Lookup::read(dataset, tags::MODALITY_LUT_SEQUENCE, signed)? {
            return Ok(Self::Table(table));
        }
        let slope = dataset.number(tags::RESCALE_SLOPE).unwrap_or(1.0);
        if slope == 0.0 {
            return Err(unusable("Rescale Slope", slope, "it must not be 0"));
        }
        Ok(Self::Linear { slope, intercept: dataset.number(tags::RESCALE_INTERCEPT).unwrap_or(0.0) })
    }

    /// Whether values stay as they are.
    pub(super) fn is_identity(&self) -> bool {
        matches!(self, Self::Linear { slope, intercept } if (*slope, *intercept) == (1.0, 0.0))
    }

    pub(super) fn apply(&self, stored: i32) -> f64 {
        match self {
            Self::Table(table) => table.at(f64::from(stored)),
            Self::Linear { slope, intercept } => slope * f64::from(stored) + intercept,
        }
    }

    /// The smallest and the largest output; 0 and 0 without inputs.
    pub(super) fn range(&self, stored: &[i32]) -> (f64, f64) {
        let outputs = stored.iter().map(|&value| self.apply(value));
        outputs
            .map(|value| (value, value))
            .reduce(|(low, high), (value, _)| (low.min(value), high.max(value)))
            .unwrap_or((0.0, 0.0))
    }
}
