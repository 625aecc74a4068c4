//! The reduction blocks A and B (Szegedy et al. 2017, figures 7 and 8), which halve the size.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::interpret::MaxPool;
use pulmo_nn::{Interpreter, keyed};

use super::conv::{BasicConv, Chain};

/// Reduction-A: 384 to 1024 channels.
#[derive(Module, Debug)]
pub(super) struct ReductionA {
    branch0: BasicConv,
    branch1: Chain,
}

keyed!(ReductionA { branch0, branch1 });

impl ReductionA {
    pub(super) fn new(device: &Device) -> Self {
        Self {
            branch0: BasicConv::new(384, 384, [3, 3], 2, device),
            branch1: Chain::new(384, &[(192, [1, 1]), (224, [3, 3]), (256, [3, 3])], 2, device),
        }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![
            self.branch0.forward(ops, x.clone()),
            self.branch1.forward(ops, x.clone()),
            ops.max_pool(MaxPool::HALVING, x),
        ];
        ops.concat(branches)
    }
}

/// Reduction-B: 1024 to 1536 channels.
#[derive(Module, Debug)]
pub(super) struct ReductionB {
    branch0: Chain,
    branch1: Chain,
}

keyed!(ReductionB { branch0, branch1 });

impl ReductionB {
    pub(super) fn new(device: &Device) -> Self {
        let chain = |layers| Chain::new(1024, layers, 2, device);
        Self {
            branch0: chain(&[(192, [1, 1]), (192, [3, 3])]),
            branch1: chain(&[(256, [1, 1]), (256, [1, 7]), (320, [7, 1]), (320, [3, 3])]),
        }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![
            self.branch0.forward(ops, x.clone()),
            self.branch1.forward(ops, x.clone()),
            ops.max_pool(MaxPool::HALVING, x),
        ];
        ops.concat(branches)
    }
}
