//! Residual networks (He et al. 2016), as in torchvision and SMP.

mod block;

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use pulmo_nn::interpret::MaxPool;
use pulmo_nn::{Conv2d, Conv2dConfig, Initialisation, Interpreter, batch_norm, keyed};

use crate::Encoder;
use crate::family::Family;
use block::{Block, BlockKind};

/// Channels behind the stem, and the width of the first stage.
const STEM_CHANNELS: usize = 64;

/// What makes a network of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResNetSize {
    /// Which residual block.
    kind: BlockKind,
    /// Number of blocks in each of the four stages.
    blocks: [usize; 4],
}

impl ResNetSize {
    /// A network of blocks of two 3x3 convolutions.
    pub(crate) const fn basic(blocks: [usize; 4]) -> Self {
        Self { kind: BlockKind::Basic, blocks }
    }

    /// A network of blocks of 1x1, 3x3 and 1x1 convolutions.
    pub(crate) const fn bottleneck(blocks: [usize; 4]) -> Self {
        Self { kind: BlockKind::Bottleneck, blocks }
    }
}

impl Family for ResNetSize {
    fn stage_channels(&self) -> [usize; 5] {
        let out = |width: usize| width * self.kind.expansion();
        [STEM_CHANNELS, out(64), out(128), out(256), out(512)]
    }

    fn init(&self, in_channels: usize, depth: usize, device: &Device) -> Encoder {
        Encoder::ResNet(ResNet::new(*self, in_channels, depth, device))
    }

    fn input_weight(&self) -> &'static str {
        "conv1.weight"
    }

    fn classifier(&self) -> &'static str {
        "fc."
    }
}

/// A residual network without its classifier.
#[derive(Module, Debug)]
pub struct ResNet {
    conv1: Conv2d,
    bn1: BatchNorm,
    layer1: Vec<Block>,
    layer2: Vec<Block>,
    layer3: Vec<Block>,
    layer4: Vec<Block>,
}

keyed!(ResNet { conv1, bn1, layer1, layer2, layer3, layer4 });

impl ResNet {
    /// A network with stages up to stride `2^depth`.
    fn new(size: ResNetSize, in_channels: usize, depth: usize, device: &Device) -> Self {
        let ResNetSize { kind, blocks } = size;
        let mut channels = STEM_CHANNELS;
        let mut stage = |index: usize| -> Vec<Block> {
            if index + 2 > depth {
                return Vec::new();
            }
            let width = STEM_CHANNELS << index;
            let stage_stride = if index == 0 { 1 } else { 2 };
            (0..blocks[index])
                .map(|i| {
                    let stride = if i == 0 { stage_stride } else { 1 };
                    let block = Block::new(kind, channels, width, stride, device);
                    channels = width * kind.expansion();
                    block
                })
                .collect()
        };
        Self {
            conv1: Conv2dConfig::new(in_channels, STEM_CHANNELS, 7)
                .with_stride(2)
                .with_bias(false)
                .with_initialisation(Initialisation::KaimingNormalFanOut)
                .init(device),
            bn1: batch_norm(STEM_CHANNELS, device),
            layer1: stage(0),
            layer2: stage(1),
            layer3: stage(2),
            layer4: stage(3),
        }
    }

    /// `[N, C, H, W]` to the pyramid at strides 1, 2, 4, ...
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
        let stem = ops.conv2d(&self.conv1, x.clone());
        let stem = ops.batch_norm_relu(&self.bn1, stem);
        let mut y = ops.max_pool(MaxPool::HALVING, stem.clone());
        let mut features = vec![x, stem];
        for layer in [&self.layer1, &self.layer2, &self.layer3, &self.layer4] {
            if layer.is_empty() {
                break;
            }
            for block in layer {
                y = block.forward(ops, y);
            }
            features.push(y.clone());
        }
        features
    }
}
