//! What U-Net and U-Net++ demand of their widths.

use crate::{Error, Result};

/// SMP's widths, from the deepest stage, of an encoder of depth 5.
pub(crate) const CHANNELS: [usize; 5] = [256, 128, 64, 32, 16];

/// Checks that there is one positive width for each stage behind the input.
pub(crate) fn check(feature_channels: &[usize], decoder_channels: &[usize]) -> Result<()> {
    let depth = feature_channels.len().saturating_sub(1);
    let given = decoder_channels.len();
    if given != depth || given == 0 {
        return Err(Error::Stages { given, depth });
    }
    check_features(feature_channels)?;
    match decoder_channels.iter().position(|&channels| channels == 0) {
        Some(index) => Err(Error::NoChannels { index }),
        None => Ok(()),
    }
}

/// Checks that every map of the pyramid has channels.
pub(crate) fn check_features(feature_channels: &[usize]) -> Result<()> {
    match feature_channels.iter().position(|&channels| channels == 0) {
        Some(level) => Err(Error::EmptyFeature { level }),
        None => Ok(()),
    }
}
