//! Encoder, decoder and heads as one network.

use burn::module::Module;
use burn::prelude::Device;
use burn::tensor::Tensor;
use burn::tensor::activation::softmax;
use pulmo_encoders::Encoder;
use pulmo_nn::{Eager, Interpreter, keyed};

use crate::decoder::Decoder;
use crate::{ClassificationHead, Error, Result, SegmentationConfig, SegmentationHead};

/// A segmentation network, made by [`SegmentationConfig::init`].
#[derive(Module, Debug)]
pub struct SegmentationModel {
    encoder: Encoder,
    decoder: Decoder,
    segmentation_head: SegmentationHead,
    classification_head: Option<ClassificationHead>,
    #[module(skip)]
    config: SegmentationConfig,
}

keyed!(SegmentationModel { encoder, decoder, segmentation_head, classification_head } without config);

impl SegmentationModel {
    /// The network of a configuration that has been checked.
    pub(crate) fn new(config: &SegmentationConfig, device: &Device) -> Result<Self> {
        let deepest = config.encoder.feature_channels().last().copied().unwrap_or_default();
        let labels = |head| ClassificationHead::new(head, deepest, device);
        Ok(Self {
            encoder: config.encoder.init(device)?,
            decoder: Decoder::new(config, device)?,
            segmentation_head: SegmentationHead::new(config, Decoder::out_channels(config), device),
            classification_head: config.classification.as_ref().map(labels),
            config: config.clone(),
        })
    }

    /// `[N, C, H, W]` to logits `[N, classes, H, W]`; height and width are divisible by the encoder's stride, as
    /// [`check_input`](SegmentationConfig::check_input) tells and [`Padding`](crate::Padding) sees to.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        self.forward_with(&mut Eager, x)
    }

    /// The logits as `ops` understands them.
    pub fn forward_with<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        let features = self.encoder.forward_with(ops, x);
        self.masks(ops, features)
    }

    /// `[N, C, H, W]` to the logits of masks, `[N, classes, H, W]`, and of labels, `[N, labels]`.
    ///
    /// # Errors
    /// [`Error::NoClassificationHead`] where the configuration has none.
    pub fn forward_with_labels(&self, x: Tensor<4>) -> Result<(Tensor<4>, Tensor<2>)> {
        match self.outputs_with(&mut Eager, x) {
            (masks, Some(labels)) => {
                let [n, classes, ..] = labels.dims();
                Ok((masks, labels.reshape([n, classes])))
            }
            (_, None) => Err(Error::NoClassificationHead),
        }
    }

    /// The logits of masks and, where there is a classification head, of labels, `[N, labels, 1, 1]`, as `ops`
    /// understands them.
    pub fn outputs_with<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> (I::Map, Option<I::Map>) {
        let features = self.encoder.forward_with(ops, x);
        let deepest = features.last().cloned();
        let masks = self.masks(ops, features);
        let labels = self.classification_head.as_ref().zip(deepest);
        (masks, labels.map(|(head, deepest)| head.forward(ops, deepest)))
    }

    fn masks<I: Interpreter>(&self, ops: &mut I, features: Vec<I::Map>) -> I::Map {
        let decoded = self.decoder.forward(ops, features);
        self.segmentation_head.forward(ops, decoded)
    }

    /// Class probabilities `[N, classes, H, W]` in [0, 1]: the SoftMax over the logits.
    pub fn probabilities(&self, x: Tensor<4>) -> Tensor<4> {
        softmax(self.forward(x), 1)
    }

    /// The network with an encoder that training leaves alone: no gradients, and batch normalisations that use their
    /// running statistics and do not update them. SMP's `freeze_encoder`.
    #[must_use]
    pub fn freeze_encoder(self) -> Self {
        // In training, the statistics of the last step are kept apart until a copy for validation is taken; without it
        // the frozen encoder would compute with those before.
        let _ = self.encoder.valid();
        Self { encoder: self.encoder.freeze(), ..self }
    }

    /// The network with an encoder that is trained again: SMP's `unfreeze_encoder`.
    #[must_use]
    pub fn unfreeze_encoder(self) -> Self {
        Self { encoder: self.encoder.unfreeze(), ..self }
    }

    /// The encoder alone.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// What the network was built from.
    pub fn config(&self) -> &SegmentationConfig {
        &self.config
    }
}
