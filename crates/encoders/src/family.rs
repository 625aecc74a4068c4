//! What a family of encoders says about itself.

use burn::prelude::Device;

use crate::{Encoder, Preprocessing};

/// One size of a family of encoders: everything that the rest of the workspace asks about it.
///
/// A new family is a folder with its network and an implementation of this trait, and a row of the table in `zoo.rs`.
/// The names of its tensors it declares beside each block, with [`pulmo_nn::keyed!`].
pub(crate) trait Family: Sync {
    /// Channels at strides 2, 4, 8, 16 and 32.
    fn stage_channels(&self) -> [usize; 5];

    /// The network with stages up to stride `2^depth`.
    fn init(&self, in_channels: usize, depth: usize, device: &Device) -> Encoder;

    /// The key of the first convolution's weight, without a prefix.
    fn input_weight(&self) -> &'static str;

    /// What the keys of a published ImageNet network's classifier begin with.
    fn classifier(&self) -> &'static str;

    /// The key that a published file's tensor has in the network today.
    fn key_of_published(&self, key: &str) -> String {
        key.to_owned()
    }

    /// What the published ImageNet weights expect.
    fn preprocessing(&self) -> Preprocessing {
        Preprocessing::IMAGENET
    }
}
