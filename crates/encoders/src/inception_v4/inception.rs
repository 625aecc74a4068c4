//! The Inception blocks A, B and C (Szegedy et al. 2017, figures 4 to 6), which keep channels and size.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::{Interpreter, keyed};

use super::conv::{BasicConv, Chain, PooledProjection};

/// Inception-A and Inception-B: a 1x1 convolution, two chains and a pooled projection, side by side.
#[derive(Module, Debug)]
pub(super) struct FourBranches {
    branch0: BasicConv,
    branch1: Chain,
    branch2: Chain,
    branch3: PooledProjection,
}

keyed!(FourBranches { branch0, branch1, branch2, branch3 });

impl FourBranches {
    /// Inception-A over 384 channels.
    pub(super) fn inception_a(device: &Device) -> Self {
        const CHANNELS: usize = 384;
        let chain = |layers| Chain::new(CHANNELS, layers, 1, device);
        Self {
            branch0: BasicConv::new(CHANNELS, 96, [1, 1], 1, device),
            branch1: chain(&[(64, [1, 1]), (96, [3, 3])]),
            branch2: chain(&[(64, [1, 1]), (96, [3, 3]), (96, [3, 3])]),
            branch3: PooledProjection::new(CHANNELS, 96, device),
        }
    }

    /// Inception-B over 1024 channels, with 7x7 kernels factorised.
    pub(super) fn inception_b(device: &Device) -> Self {
        const CHANNELS: usize = 1024;
        let chain = |layers| Chain::new(CHANNELS, layers, 1, device);
        Self {
            branch0: BasicConv::new(CHANNELS, 384, [1, 1], 1, device),
            branch1: chain(&[(192, [1, 1]), (224, [1, 7]), (256, [7, 1])]),
            branch2: chain(&[(192, [1, 1]), (192, [7, 1]), (224, [1, 7]), (224, [7, 1]), (256, [1, 7])]),
            branch3: PooledProjection::new(CHANNELS, 128, device),
        }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![
            self.branch0.forward(ops, x.clone()),
            self.branch1.forward(ops, x.clone()),
            self.branch2.forward(ops, x.clone()),
            self.branch3.forward(ops, x),
        ];
        ops.concat(branches)
    }
}

/// Inception-C over 1536 channels; its 3x3 kernels are factorised side by side.
#[derive(Module, Debug)]
pub(super) struct InceptionC {
    branch0: BasicConv,
    branch1_0: BasicConv,
    branch1_1a: BasicConv,
    branch1_1b: BasicConv,
    branch2_0: BasicConv,
    branch2_1: BasicConv,
    branch2_2: BasicConv,
    branch2_3a: BasicConv,
    branch2_3b: BasicConv,
    branch3: PooledProjection,
}

keyed!(InceptionC {
    branch0,
    branch1_0,
    branch1_1a,
    branch1_1b,
    branch2_0,
    branch2_1,
    branch2_2,
    branch2_3a,
    branch2_3b,
    branch3,
});

impl InceptionC {
    const CHANNELS: usize = 1536;

    pub(super) fn new(device: &Device) -> Self {
        let conv = |from, to, kernel| BasicConv::new(from, to, kernel, 1, device);
        Self {
            branch0: conv(Self::CHANNELS, 256, [1, 1]),
            branch1_0: conv(Self::CHANNELS, 384, [1, 1]),
            branch1_1a: conv(384, 256, [1, 3]),
            branch1_1b: conv(384, 256, [3, 1]),
            branch2_0: conv(Self::CHANNELS, 384, [1, 1]),
            branch2_1: conv(384, 448, [3, 1]),
            branch2_2: conv(448, 512, [1, 3]),
            branch2_3a: conv(512, 256, [1, 3]),
            branch2_3b: conv(512, 256, [3, 1]),
            branch3: PooledProjection::new(Self::CHANNELS, 256, device),
        }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y1 = self.branch1_0.forward(ops, x.clone());
        let y2 = self.branch2_0.forward(ops, x.clone());
        let y2 = self.branch2_1.forward(ops, y2);
        let y2 = self.branch2_2.forward(ops, y2);
        let branches = vec![
            self.branch0.forward(ops, x.clone()),
            self.branch1_1a.forward(ops, y1.clone()),
            self.branch1_1b.forward(ops, y1),
            self.branch2_3a.forward(ops, y2.clone()),
            self.branch2_3b.forward(ops, y2),
            self.branch3.forward(ops, x),
        ];
        ops.concat(branches)
    }
}
