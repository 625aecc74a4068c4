//! Encoders that start from weights trained elsewhere.

use std::path::Path;

use pulmo_segmentation::SegmentationModel;
use pulmo_segmentation::weights::{self, LoadReport, Strictness};

use crate::Result;

/// The prefix of encoder keys in a segmentation network.
const PREFIX: &str = "encoder.";

/// Loads an encoder's weights in torchvision's key names, complete or partial, from a safetensors file.
///
/// What the file lacks keeps its drawn values; the report says what that was.
///
/// # Errors
/// Where the file cannot be read or holds NaN.
pub fn initialise_encoder(model: SegmentationModel, file: &Path) -> Result<(SegmentationModel, LoadReport)> {
    let dict = weights::read_safetensors(file)?
        .renamed(|key| if key.starts_with(PREFIX) { key.to_owned() } else { format!("{PREFIX}{key}") });
    let (model, mut report) = weights::load(model, &dict, Strictness::Partial)?;
    report.missing.retain(|key| key.starts_with(PREFIX));
    Ok((model, report))
}
