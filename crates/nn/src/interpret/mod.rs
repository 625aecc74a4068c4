//! What networks are written in, so that one description of an architecture serves every use of it.
//!
//! A network's forward pass names its operations on an [`Interpreter`]. [`Eager`] carries them out on tensors, for
//! inference and training on every backend; [`Counter`] counts multiplications and sizes without computing anything;
//! an inference plan records them, folds and fuses.

mod counter;
mod eager;
mod pool;

pub use counter::{Counter, MapSize};
pub use eager::Eager;
pub use pool::{AvgPool, MaxPool};

use burn::nn::{BatchNorm, GroupNorm, LayerNorm};

use crate::upsample::Corners;
use crate::{Conv2d, DropConnect, Linear, SpatialDropout};

/// The operations that the segmentation networks are made of, on feature maps `[N, C, H, W]`.
///
/// Sizes have to fit, as the checked configurations of encoders and decoders see to; what an implementation does
/// where they do not is its own.
pub trait Interpreter {
    /// A feature map `[N, C, H, W]`, or what stands for one.
    type Map: Clone;

    /// Convolution, with its bias where it has one.
    fn conv2d(&mut self, layer: &Conv2d, x: Self::Map) -> Self::Map;

    /// A linear map of the channels of `[N, C, 1, 1]`, with its bias.
    fn linear(&mut self, layer: &Linear, x: Self::Map) -> Self::Map;

    /// Batch normalisation.
    fn batch_norm(&mut self, layer: &BatchNorm, x: Self::Map) -> Self::Map;

    /// Group normalisation; of groups of one channel each, instance normalisation.
    fn group_norm(&mut self, layer: &GroupNorm, x: Self::Map) -> Self::Map;

    /// Layer normalisation over the channels of each pixel.
    fn layer_norm(&mut self, layer: &LayerNorm, x: Self::Map) -> Self::Map;

    /// `max(x, 0)`.
    fn relu(&mut self, x: Self::Map) -> Self::Map;

    /// `x / (1 + exp(-x))`: SiLU, also known as swish.
    fn silu(&mut self, x: Self::Map) -> Self::Map;

    /// `1 / (1 + exp(-x))`.
    fn sigmoid(&mut self, x: Self::Map) -> Self::Map;

    /// The largest value under each window; padding never wins.
    fn max_pool(&mut self, pool: MaxPool, x: Self::Map) -> Self::Map;

    /// The mean under each window; padding does not count.
    fn avg_pool(&mut self, pool: AvgPool, x: Self::Map) -> Self::Map;

    /// The mean of each channel: `[N, C, 1, 1]`.
    fn global_average(&mut self, x: Self::Map) -> Self::Map;

    /// The largest value of each channel: `[N, C, 1, 1]`.
    fn global_max(&mut self, x: Self::Map) -> Self::Map;

    /// The channels of all maps, one after another.
    fn concat(&mut self, maps: Vec<Self::Map>) -> Self::Map;

    /// `x + y`.
    fn add(&mut self, x: Self::Map, y: Self::Map) -> Self::Map;

    /// `x * gate`, where the gate is `[N, C, 1, 1]` or `[N, 1, H, W]`.
    fn gate(&mut self, x: Self::Map, gate: Self::Map) -> Self::Map;

    /// Each pixel `factor` times along rows and columns.
    fn upsample_nearest(&mut self, x: Self::Map, factor: usize) -> Self::Map;

    /// Bilinear interpolation to `factor` times the height and width.
    fn upsample_bilinear(&mut self, x: Self::Map, factor: usize, corners: Corners) -> Self::Map;

    /// Channel dropout, which acts in training only.
    fn dropout(&mut self, layer: &SpatialDropout, x: Self::Map) -> Self::Map;

    /// Leaves whole images out, in training only: stochastic depth.
    fn drop_connect(&mut self, layer: &DropConnect, x: Self::Map) -> Self::Map;

    /// Batch normalisation, the addition of `other`, then ReLU: the end of a residual block.
    fn batch_norm_add_relu(&mut self, layer: &BatchNorm, x: Self::Map, other: Self::Map) -> Self::Map {
        let y = self.batch_norm(layer, x);
        let y = self.add(y, other);
        self.relu(y)
    }

    /// Batch normalisation, then SiLU.
    fn batch_norm_silu(&mut self, layer: &BatchNorm, x: Self::Map) -> Self::Map {
        let y = self.batch_norm(layer, x);
        self.silu(y)
    }

    /// Batch normalisation, then ReLU.
    fn batch_norm_relu(&mut self, layer: &BatchNorm, x: Self::Map) -> Self::Map {
        let y = self.batch_norm(layer, x);
        self.relu(y)
    }
}
