//! Encoders that start from weights trained elsewhere.

use std::path::Path;

use pulmo_segmentation::SegmentationModel;
use pulmo_segmentation::weights::{self, LoadReport, Strictness};

use crate::Result;

/// Loads an encoder's weights in torchvision's key names, complete or partial, from a PyTorch or safetensors file.
///
/// What the file lacks keeps its drawn values; the report says what that was.
///
/// # Errors
/// Where the file cannot be read or holds NaN.
pub fn initialise_encoder(model: SegmentationModel, file: &Path) -> Result<(SegmentationModel, LoadReport)> {
    Ok(weights::load_encoder(model, weights::read(file)?, Strictness::Partial)?)
}
