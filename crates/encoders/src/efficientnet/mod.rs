//! EfficientNets (Tan & Le 2019), as in SMP, whose implementation and keys are Luke Melas-Kyriazi's.
//!
//! SMP computes the paddings for the size that a network was published for. Those of B0, whose stages all have even
//! sizes there, are TensorFlow's "same" padding of every size that the network takes.

mod block;

use burn::module::Module;
use burn::nn::BatchNorm;
use burn::prelude::Device;
use pulmo_nn::{Conv2d, Interpreter, keyed};

use crate::Encoder;
use crate::family::Family;
use block::{Block, Stage, convolution, norm};

/// Probability that the block behind the last would be left out in training; it grows from 0 at the first.
const DROP_CONNECT: f64 = 0.2;

/// What makes a network of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EfficientNetSize {
    stem: usize,
    stages: [Stage; 7],
    /// Channels of the convolution before the classifier.
    head: usize,
    /// The blocks behind which the features at strides 4, 8, 16 and 32 are taken.
    taps: [usize; 4],
}

const fn stage(blocks: usize, kernel: usize, stride: usize, expansion: usize, out_channels: usize) -> Stage {
    Stage { blocks, kernel, stride, expansion, out_channels }
}

impl EfficientNetSize {
    /// The smallest, which the others are enlarged from.
    pub(crate) const B0: Self = Self {
        stem: 32,
        stages: [
            stage(1, 3, 1, 1, 16),
            stage(2, 3, 2, 6, 24),
            stage(2, 5, 2, 6, 40),
            stage(3, 3, 2, 6, 80),
            stage(3, 5, 1, 6, 112),
            stage(4, 5, 2, 6, 192),
            stage(1, 3, 1, 6, 320),
        ],
        head: 1280,
        taps: [2, 4, 8, 15],
    };

    /// `(stage, number in it, channels that enter the stage)` of every block.
    fn blocks(&self) -> Vec<(Stage, usize, usize)> {
        let mut channels = self.stem;
        let mut blocks = Vec::new();
        for stage in self.stages {
            blocks.extend((0..stage.blocks).map(|index| (stage, index, channels)));
            channels = stage.out_channels;
        }
        blocks
    }
}

impl Family for EfficientNetSize {
    fn stage_channels(&self) -> [usize; 5] {
        let blocks = self.blocks();
        let [four, eight, sixteen, thirty_two] = self.taps.map(|tap| blocks[tap].0.out_channels);
        [self.stem, four, eight, sixteen, thirty_two]
    }

    fn init(&self, in_channels: usize, depth: usize, device: &Device) -> Encoder {
        Encoder::EfficientNet(EfficientNet::new(*self, in_channels, depth, device))
    }

    fn input_weight(&self) -> &'static str {
        "_conv_stem.weight"
    }

    fn classifier(&self) -> &'static str {
        "_fc."
    }
}

/// An EfficientNet without its classifier.
///
/// As in SMP, a network of full depth has the parameters of the convolution before the classifier, but does not use
/// them. A shallower one has none for what it leaves out; that is ours.
#[derive(Module, Debug)]
pub struct EfficientNet {
    conv_stem: Conv2d,
    bn0: BatchNorm,
    blocks: Vec<Block>,
    conv_head: Option<Conv2d>,
    bn1: Option<BatchNorm>,
    #[module(skip)]
    taps: [usize; 4],
}

keyed!(EfficientNet {
    conv_stem: "_conv_stem",
    bn0: "_bn0",
    blocks: "_blocks",
    conv_head: "_conv_head",
    bn1: "_bn1",
} without taps);

impl EfficientNet {
    /// A network with stages up to stride `2^depth`.
    fn new(size: EfficientNetSize, in_channels: usize, depth: usize, device: &Device) -> Self {
        let EfficientNetSize { stem, head, taps, .. } = size;
        let all = size.blocks();
        let deepest = taps.into_iter().take(depth.saturating_sub(1)).next_back().unwrap_or_default();
        let last = (deepest + 1 == all.len()).then_some(all[deepest].0.out_channels);
        let drop = |index: usize| DROP_CONNECT * index as f64 / all.len() as f64;
        let block = |(index, &(stage, within, entering)): (usize, &(Stage, usize, usize))| {
            Block::new(stage, within, entering, drop(index), device)
        };
        Self {
            conv_stem: convolution(in_channels, stem, 3, 2).init(device),
            bn0: norm(stem, device),
            blocks: all[..=deepest].iter().enumerate().map(block).collect(),
            conv_head: last.map(|channels| convolution(channels, head, 1, 1).init(device)),
            bn1: last.map(|_| norm(head, device)),
            taps,
        }
    }

    /// `[N, C, H, W]` to the pyramid at strides 1, 2, 4, ...
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
        let y = ops.conv2d(&self.conv_stem, x.clone());
        let mut y = ops.batch_norm_silu(&self.bn0, y);
        let mut features = vec![x, y.clone()];
        for (index, block) in self.blocks.iter().enumerate() {
            y = block.forward(ops, y);
            if self.taps.contains(&index) {
                features.push(y.clone());
            }
        }
        features
    }
}
