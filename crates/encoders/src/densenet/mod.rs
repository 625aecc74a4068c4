//! Densely connected networks (Huang et al. 2017), as in torchvision and SMP.

mod block;

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use pulmo_nn::interpret::MaxPool;
use pulmo_nn::keys::{Keyed, Keys};
use pulmo_nn::{Conv2d, Interpreter, batch_norm, keyed};

use crate::Encoder;
use crate::family::Family;
use block::{DenseBlock, Transition, convolution};

/// Dense blocks of a whole network.
const BLOCKS: usize = 4;

/// What makes a network of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DenseNetSize {
    /// Channels behind the stem.
    pub(crate) stem: usize,
    /// Channels that each layer adds.
    pub(crate) growth: usize,
    /// Layers in each of the four dense blocks.
    pub(crate) layers: [usize; BLOCKS],
}

impl Family for DenseNetSize {
    fn stage_channels(&self) -> [usize; 5] {
        let mut channels = [self.stem; 5];
        for (block, layers) in self.layers.into_iter().enumerate() {
            let entering = if block == 0 { self.stem } else { channels[block] / 2 };
            channels[block + 1] = entering + layers * self.growth;
        }
        channels
    }

    fn init(&self, in_channels: usize, depth: usize, device: &Device) -> Encoder {
        Encoder::DenseNet(DenseNet::new(*self, in_channels, depth, device))
    }

    fn input_weight(&self) -> &'static str {
        "features.conv0.weight"
    }

    fn classifier(&self) -> &'static str {
        "classifier."
    }

    /// torchvision's files have a dot before the number of a layer's parts: `denselayer1.norm.1` for
    /// `denselayer1.norm1`.
    fn key_of_published(&self, key: &str) -> String {
        if !key.contains(".denselayer") {
            return key.to_owned();
        }
        ["norm", "conv"].iter().fold(key.to_owned(), |key, part| {
            key.replace(&format!(".{part}.1."), &format!(".{part}1."))
                .replace(&format!(".{part}.2."), &format!(".{part}2."))
        })
    }
}

/// A densely connected network without its classifier.
///
/// The skips are taken behind a transition's normalisation and activation, before it halves; the deepest map of a
/// network of full depth is normalised but not activated. A shallower network has no parameters for the stages it
/// leaves out; that is ours.
#[derive(Module, Debug)]
pub struct DenseNet {
    features: DenseFeatures,
}

keyed!(DenseNet { features });

#[derive(Module, Debug)]
struct DenseFeatures {
    conv0: Conv2d,
    norm0: BatchNorm,
    denseblocks: Vec<DenseBlock>,
    transitions: Vec<Transition>,
    norm5: Option<BatchNorm>,
}

impl Keyed for DenseFeatures {
    fn keys(&self, keys: &mut Keys) {
        let Self { conv0, norm0, denseblocks, transitions, norm5 } = self;
        keys.part("conv0", conv0);
        keys.part("norm0", norm0);
        keys.numbered("denseblock", denseblocks);
        keys.numbered("transition", transitions);
        keys.part("norm5", norm5);
    }
}

impl DenseNet {
    /// A network with stages up to stride `2^depth`.
    fn new(size: DenseNetSize, in_channels: usize, depth: usize, device: &Device) -> Self {
        let stages = size.stage_channels();
        let blocks = depth.saturating_sub(1).min(BLOCKS);
        let block = |index: usize| {
            let entering = if index == 0 { size.stem } else { stages[index] / 2 };
            DenseBlock::new(entering, size.growth, size.layers[index], device)
        };
        let transition = |index: usize| Transition::new(stages[index + 1], index + 1 < blocks, device);
        let features = DenseFeatures {
            conv0: convolution(in_channels, size.stem, 7).with_stride(2).init(device),
            norm0: batch_norm(size.stem, device),
            denseblocks: (0..blocks).map(block).collect(),
            transitions: (0..blocks.min(BLOCKS - 1)).map(transition).collect(),
            norm5: (blocks == BLOCKS).then(|| batch_norm(stages[BLOCKS], device)),
        };
        Self { features }
    }

    /// `[N, C, H, W]` to the pyramid at strides 1, 2, 4, ...
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
        let DenseFeatures { conv0, norm0, denseblocks, transitions, norm5 } = &self.features;
        let stem = ops.conv2d(conv0, x.clone());
        let stem = ops.batch_norm_relu(norm0, stem);
        let mut y = ops.max_pool(MaxPool::HALVING, stem.clone());
        let mut features = vec![x, stem];
        for (index, block) in denseblocks.iter().enumerate() {
            y = block.forward(ops, y);
            if let Some(transition) = transitions.get(index) {
                let skip = transition.activate(ops, y);
                features.push(skip.clone());
                y = transition.halve(ops, skip);
            }
        }
        if let Some(norm) = norm5 {
            features.push(ops.batch_norm(norm, y));
        }
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_those_of_the_paper() {
        let densenet161 = DenseNetSize { stem: 96, growth: 48, layers: [6, 12, 36, 24] };
        assert_eq!(densenet161.stage_channels(), [96, 384, 768, 2112, 2208]);
        let densenet121 = DenseNetSize { stem: 64, growth: 32, layers: [6, 12, 24, 16] };
        assert_eq!(densenet121.stage_channels(), [64, 256, 512, 1024, 1024]);
    }
}
