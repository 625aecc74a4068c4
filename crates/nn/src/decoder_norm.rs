//! The normalisations that may stand between a decoder's convolution and its activation.

use burn::module::Module;
use burn::nn::{BatchNorm, GroupNorm, GroupNormConfig, LayerNorm, LayerNormConfig};
use burn::prelude::Device;
use serde::{Deserialize, Serialize};

use crate::{Interpreter, batch_norm, keyed};

/// Which normalisation follows a decoder's convolutions: the names of SMP's `decoder_use_norm`.
///
/// All have SMP's keys, and PyTorch's epsilon of 1e-5. `"inplace"` is left out: it is a CUDA extension that saves
/// memory in PyTorch's training and computes a batch normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Normalisation {
    /// Over the batch, per channel: SMP's default, `True` or `"batchnorm"`.
    #[default]
    BatchNorm,
    /// None; the convolution has a bias then: SMP's `False` or `"identity"`.
    Identity,
    /// Over the channels of each pixel, with a scale and a shift per channel.
    ///
    /// SMP's `"layernorm"` has the same parameters, but normalises along the image's columns and refuses to run unless
    /// the map is as wide as it has channels; this is what is meant by it elsewhere, and ours.
    LayerNorm,
    /// Over the pixels of each channel and image, with a scale and a shift per channel: SMP's
    /// `{"type": "instancenorm", "affine": True}`. Its plain `"instancenorm"` cannot be built.
    InstanceNorm,
}

/// A normalisation of `[N, C, H, W]`.
#[derive(Module, Debug)]
pub(crate) enum Norm {
    Batch(BatchNorm),
    Layer(LayerNorm),
    /// An instance normalisation is one in groups of a single channel.
    Instance(GroupNorm),
}

keyed!(
    enum Norm {
        Batch,
        Layer,
        Instance,
    }
);

impl Norm {
    /// The layer over `channels`, where there is one.
    pub(crate) fn new(kind: Normalisation, channels: usize, device: &Device) -> Option<Self> {
        match kind {
            Normalisation::BatchNorm => Some(Self::Batch(batch_norm(channels, device))),
            Normalisation::Identity => None,
            Normalisation::LayerNorm => Some(Self::Layer(LayerNormConfig::new(channels).init(device))),
            Normalisation::InstanceNorm => {
                Some(Self::Instance(GroupNormConfig::new(channels, channels).init(device)))
            }
        }
    }

    /// The normalised map, then ReLU.
    pub(crate) fn forward_relu<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let y = match self {
            Self::Batch(norm) => return ops.batch_norm_relu(norm, x),
            Self::Layer(norm) => ops.layer_norm(norm, x),
            Self::Instance(norm) => ops.group_norm(norm, x),
        };
        ops.relu(y)
    }
}
