//! Attention inside decoder blocks.

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::{Conv2d, Conv2dConfig, Interpreter, keyed};
use serde::{Deserialize, Serialize};

/// By how much the channel branch narrows in between.
const REDUCTION: usize = 16;

/// Which attention the blocks of a U-Net or U-Net++ have: SMP's `decoder_attention_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Attention {
    /// None: SMP's default.
    #[default]
    None,
    /// Concurrent spatial and channel squeeze and excitation (Roy et al. 2018).
    Scse,
}

impl Attention {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    pub(crate) fn init(self, channels: usize, device: &Device) -> Option<ScseAttention> {
        match self {
            Self::None => None,
            Self::Scse => Some(ScseAttention::new(channels, device)),
        }
    }
}

/// Weighs each channel and each pixel by a gate in [0, 1], and adds both results.
#[derive(Module, Debug)]
pub(crate) struct ScseAttention {
    squeeze: Conv2d,
    excite: Conv2d,
    spatial: Conv2d,
}

keyed!(ScseAttention { squeeze: "attention.cSE.1", excite: "attention.cSE.3", spatial: "attention.sSE.0" });

impl ScseAttention {
    /// Fewer than 16 channels narrow to 1; that is ours, SMP has no such blocks.
    fn new(channels: usize, device: &Device) -> Self {
        let narrow = (channels / REDUCTION).max(1);
        let conv = |from, to| Conv2dConfig::new(from, to, 1).init(device);
        Self { squeeze: conv(channels, narrow), excite: conv(narrow, channels), spatial: conv(channels, 1) }
    }

    /// `[N, C, H, W]` to `[N, C, H, W]`.
    pub(crate) fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let mean = ops.global_average(x.clone());
        let squeezed = ops.conv2d(&self.squeeze, mean);
        let squeezed = ops.relu(squeezed);
        let channel = ops.conv2d(&self.excite, squeezed);
        let channel = ops.sigmoid(channel);
        let pixel = ops.conv2d(&self.spatial, x.clone());
        let pixel = ops.sigmoid(pixel);
        let by_channel = ops.gate(x.clone(), channel);
        let by_pixel = ops.gate(x, pixel);
        ops.add(by_channel, by_pixel)
    }
}
