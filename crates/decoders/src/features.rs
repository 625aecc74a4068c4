//! What every decoder demands of the pyramid.

use crate::{Error, Result};

/// More channels than any network has; their products stay far from overflow.
const LARGEST: usize = 1 << 16;

/// Checks that `what` has not more channels than can be built.
pub(crate) fn check_limit(what: &'static str, channels: usize) -> Result<()> {
    if channels > LARGEST { Err(Error::TooManyChannels { what, channels, limit: LARGEST }) } else { Ok(()) }
}

/// Checks that every map of the pyramid has channels.
pub(crate) fn check(feature_channels: &[usize]) -> Result<()> {
    match feature_channels.iter().position(|&channels| channels == 0) {
        Some(level) => Err(Error::EmptyFeature { level }),
        None => Ok(()),
    }
}
