//! Feature pyramid network for segmentation (Kirillov et al. 2017, Lin et al. 2017), with SMP's blocks.

mod block;
mod config;

use burn::module::Module;
use burn::tensor::Tensor;
use pulmo_nn::{Conv2d, Eager, Interpreter, SpatialDropout, keyed};

use block::{LateralBlock, SegmentationBlock};
pub use config::{FpnConfig, MergePolicy};

/// A feature pyramid decoder over the four deepest maps of an encoder.
///
/// The names `p5` to `p2` are those of an encoder of depth 5; of a shallower one they stand for its four deepest maps
/// all the same, at depth 3 the input image among them, as in SMP.
#[derive(Module, Debug)]
pub struct FpnDecoder {
    p5: Conv2d,
    p4: LateralBlock,
    p3: LateralBlock,
    p2: LateralBlock,
    seg_blocks: Vec<SegmentationBlock>,
    #[module(skip)]
    merge: MergePolicy,
    dropout: SpatialDropout,
}

keyed!(FpnDecoder { p5, p4, p3, p2, seg_blocks } without merge, dropout);

impl FpnDecoder {
    /// The pyramid, the input first, to `[N, C, H', W']` at the size of the fourth deepest map: a quarter of the
    /// input's height and width for an encoder of depth 5.
    ///
    /// # Panics
    /// Where the pyramid has fewer than four maps or their sizes do not halve from map to map.
    pub fn forward(&self, features: Vec<Tensor<4>>) -> Tensor<4> {
        self.forward_with(&mut Eager, features)
    }

    /// The decoded map as `ops` understands it; otherwise as [`forward`](Self::forward).
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, mut features: Vec<I::Map>) -> I::Map {
        let mut deepest = || features.remove(features.len() - 1);
        let p5 = ops.conv2d(&self.p5, deepest());
        let p4 = self.p4.forward(ops, p5.clone(), deepest());
        let p3 = self.p3.forward(ops, p4.clone(), deepest());
        let p2 = self.p2.forward(ops, p3.clone(), deepest());
        let mut segment = |index: usize, level: I::Map| self.seg_blocks[index].forward(ops, level);
        let [s5, s4, s3, s2] = [segment(0, p5), segment(1, p4), segment(2, p3), segment(3, p2)];
        let merged = match self.merge {
            MergePolicy::Add => [s4, s3, s2].into_iter().fold(s5, |sum, level| ops.add(sum, level)),
            MergePolicy::Cat => ops.concat(vec![s5, s4, s3, s2]),
        };
        ops.dropout(&self.dropout, merged)
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use burn::prelude::Device;
    use burn::tensor::Distribution;

    use super::*;

    #[test]
    fn merged_by_sum_is_the_sum_of_the_merged_by_channel() {
        let device = Device::flex();
        let channels = [3, 4, 6, 8];
        let level = |i: usize| {
            let shape = [1, channels[i], 32 >> i, 32 >> i];
            Tensor::<4>::random(shape, Distribution::Normal(0.0, 1.0), &device)
        };
        let features: Vec<Tensor<4>> = (0..4).map(level).collect();
        let config = FpnConfig::default().with_pyramid_channels(8).with_segmentation_channels(32);
        let decoder = config.init(&channels, &device).unwrap();
        let sum = decoder.forward(features.clone());
        let levels = FpnDecoder { merge: MergePolicy::Cat, ..decoder }.forward(features);
        let total = (0..4).map(|i| levels.clone().narrow(1, 32 * i, 32)).reduce(|a, b| a + b).unwrap();
        let off = (sum.clone() - total).abs().max().into_scalar::<f32>();
        assert!(off < 1e-5, "{off}");
        assert!(sum.abs().max().into_scalar::<f32>() > 0.1);
    }
}
