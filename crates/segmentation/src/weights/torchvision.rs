//! Key names of published ImageNet classifiers.

use pulmo_encoders::EncoderName;

use super::StateDict;

/// A published ImageNet network as the state dict of `encoder`: without the classifier, and with the names that the
/// encoder's tensors have today where the files say others (torchvision's DenseNets do).
pub fn encoder_of_classifier(dict: StateDict, encoder: EncoderName) -> StateDict {
    let renamed = |key: &str| encoder.key_of_published(key);
    dict.filtered(|key| renamed(key).is_some()).renamed(|key| renamed(key).unwrap_or_default())
}
