//! The three mixed blocks of the stem (Szegedy et al. 2017, figure 3).

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::interpret::MaxPool;
use pulmo_nn::{Interpreter, keyed};

use super::conv::{BasicConv, Chain};

/// Pooling beside a convolution of stride 2: 64 to 160 channels.
#[derive(Module, Debug)]
pub(super) struct Mixed3a {
    conv: BasicConv,
}

keyed!(Mixed3a { conv });

impl Mixed3a {
    pub(super) fn new(device: &Device) -> Self {
        Self { conv: BasicConv::new(64, 96, [3, 3], 2, device) }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![ops.max_pool(MaxPool::HALVING, x.clone()), self.conv.forward(ops, x)];
        ops.concat(branches)
    }
}

/// A short and a factorised branch: 160 to 192 channels.
#[derive(Module, Debug)]
pub(super) struct Mixed4a {
    branch0: Chain,
    branch1: Chain,
}

keyed!(Mixed4a { branch0, branch1 });

impl Mixed4a {
    pub(super) fn new(device: &Device) -> Self {
        let chain = |layers| Chain::new(160, layers, 1, device);
        Self {
            branch0: chain(&[(64, [1, 1]), (96, [3, 3])]),
            branch1: chain(&[(64, [1, 1]), (64, [1, 7]), (64, [7, 1]), (96, [3, 3])]),
        }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![self.branch0.forward(ops, x.clone()), self.branch1.forward(ops, x)];
        ops.concat(branches)
    }
}

/// A convolution of stride 2 beside pooling: 192 to 384 channels.
#[derive(Module, Debug)]
pub(super) struct Mixed5a {
    conv: BasicConv,
}

keyed!(Mixed5a { conv });

impl Mixed5a {
    pub(super) fn new(device: &Device) -> Self {
        Self { conv: BasicConv::new(192, 192, [3, 3], 2, device) }
    }

    pub(super) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let branches = vec![self.conv.forward(ops, x.clone()), ops.max_pool(MaxPool::HALVING, x)];
        ops.concat(branches)
    }
}
