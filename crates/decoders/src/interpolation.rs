//! How decoders double the size of a map.

use pulmo_nn::Interpreter;
use pulmo_nn::upsample::Corners;
use serde::{Deserialize, Serialize};

/// How a decoder enlarges the coarser map before it joins a skip: the names of SMP's `decoder_interpolation`.
///
/// Of SMP's other names, `"nearest-exact"` and `"area"` give what nearest gives, since maps are exactly doubled;
/// `"bicubic"` is not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Interpolation {
    /// Each pixel four times: SMP's default.
    #[default]
    Nearest,
    /// Bilinear at half-pixel centres (`align_corners=False`).
    Bilinear,
}

impl Interpolation {
    /// `[N, C, H, W]` to `[N, C, 2H, 2W]`.
    pub(crate) fn double<I: Interpreter>(self, ops: &mut I, x: I::Map) -> I::Map {
        match self {
            Self::Nearest => ops.upsample_nearest(x, 2),
            Self::Bilinear => ops.upsample_bilinear(x, 2, Corners::HalfPixel),
        }
    }
}
