//! Encoders that start from weights trained elsewhere.

use std::path::Path;

use pulmo_segmentation::SegmentationModel;
use pulmo_segmentation::weights::{self, LoadReport, Strictness};

use crate::Result;

/// Loads the weights of an SMP encoder or network, or of an ImageNet classifier of torchvision or timm, from a
/// PyTorch or safetensors file into the encoder of `model`, as [`weights::load_encoder`] describes.
///
/// With [`Strictness::Partial`], what the file lacks keeps its drawn values; the report says what that was.
///
/// # Errors
/// Where the file cannot be read or holds NaN, or `strictness` is not met.
pub fn initialise_encoder(
    model: SegmentationModel,
    file: &Path,
    strictness: Strictness,
) -> Result<(SegmentationModel, LoadReport)> {
    Ok(weights::load_encoder(model, weights::read(file)?, strictness)?)
}
