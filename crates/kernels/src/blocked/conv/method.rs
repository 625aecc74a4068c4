//! Which way a convolution is computed.

use crate::Conv2dShape;

/// How a convolution is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// Every product of the definition.
    Direct,
    /// Winograd's F(2x2, 3x3): 16 products for 4 outputs instead of 36.
    Winograd2,
    /// Winograd's F(4x4, 3x3): 36 products for 16 outputs instead of 144.
    Winograd4,
}

/// Fewest input channels for which fewer products make up for the transforms.
const MIN_CHANNELS: usize = 16;
/// Fewest tiles of F(4x4, 3x3) in a batch for which the weights are read often enough.
const MIN_TILES: usize = 16;

impl Method {
    /// The fastest by the shape: [`Self::Winograd4`] for 3 x 3 kernels of stride 1 with 16 input channels at least and maps
    /// of 16 tiles of 4 x 4 at least in the batch, [`Self::Winograd2`] for smaller maps, else [`Self::Direct`].
    #[must_use]
    pub fn choose(shape: &Conv2dShape) -> Self {
        let tiles = shape.batch * shape.out_height().div_ceil(4) * shape.out_width().div_ceil(4);
        match (Self::tiles(shape) && shape.in_channels >= MIN_CHANNELS, tiles >= MIN_TILES) {
            (false, _) => Self::Direct,
            (true, true) => Self::Winograd4,
            (true, false) => Self::Winograd2,
        }
    }

    /// Whether Winograd's methods compute the shape.
    pub(super) fn tiles(shape: &Conv2dShape) -> bool {
        shape.kernel == [3, 3] && shape.stride == [1, 1] && shape.padding.iter().all(|&padding| padding <= 1)
    }
}
