//! Encoder, decoder and head as one network.

use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use pulmo_encoders::Encoder;
use pulmo_nn::{Eager, Interpreter};

use crate::SegmentationHead;
use crate::decoder::Decoder;

/// A segmentation network, made by [`SegmentationConfig::init`](crate::SegmentationConfig::init).
#[derive(Module, Debug)]
pub struct SegmentationModel {
    encoder: Encoder,
    decoder: Decoder,
    segmentation_head: SegmentationHead,
}

impl SegmentationModel {
    pub(crate) fn new(encoder: Encoder, decoder: Decoder, segmentation_head: SegmentationHead) -> Self {
        Self { encoder, decoder, segmentation_head }
    }

    /// `[N, C, H, W]` to logits `[N, classes, H, W]`; height and width are divisible by the encoder's stride, as
    /// [`check_input`](crate::SegmentationConfig::check_input) tells.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_with(&mut Eager, x)
    }

    /// The logits as `ops` understands them.
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let features = self.encoder.forward_with(ops, x);
        let decoded = self.decoder.forward(ops, features);
        self.segmentation_head.forward(ops, decoded)
    }

    /// Class probabilities `[N, classes, H, W]` in [0, 1]: the SoftMax over the logits.
    pub fn probabilities(&self, x: Tensor<4>) -> Tensor<4> {
        softmax(self.forward(x), 1)
    }

    /// The encoder alone.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }
}
