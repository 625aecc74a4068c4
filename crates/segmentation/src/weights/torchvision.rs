//! Key names of published ImageNet classifiers.

use super::{LoadReport, StateDict, Strictness, load};
use crate::{Error, Result, SegmentationModel};

/// The prefix of encoder keys in a segmentation network.
const PREFIX: &str = "encoder.";

/// Prefixes of the classifiers that segmentation has no use for, by family.
const CLASSIFIERS: [&str; 3] = ["fc.", "classifier.", "last_linear."];
/// Parts of a dense layer that torchvision's published DenseNets name with a dot before the number.
const DOTTED: [&str; 4] = ["norm.1", "norm.2", "conv.1", "conv.2"];

/// A published ImageNet classifier as an encoder's state dict: without the classifier, and with the names that
/// torchvision's DenseNets have today (`denselayer1.norm1` where the files say `denselayer1.norm.1`).
pub fn encoder_of_classifier(dict: StateDict) -> StateDict {
    dict.filtered(|key| !CLASSIFIERS.iter().any(|prefix| key.starts_with(prefix))).renamed(dense_layer_key)
}

/// Loads the weights of an ImageNet classifier, in torchvision's or timm's key names, into the encoder of `model`, whose
/// decoder and head keep their values. The prefix `encoder.` of a segmentation network's keys is accepted.
///
/// # Errors
/// [`Error::Mismatch`] where `strictness` is not met by the encoder alone.
pub fn load_encoder(
    model: SegmentationModel,
    dict: StateDict,
    strictness: Strictness,
) -> Result<(SegmentationModel, LoadReport)> {
    let dict = encoder_of_classifier(dict)
        .renamed(|key| if key.starts_with(PREFIX) { key.to_owned() } else { format!("{PREFIX}{key}") });
    let (model, mut report) = load(model, &dict, Strictness::Partial)?;
    report.missing.retain(|key| key.starts_with(PREFIX));
    match strictness {
        Strictness::Strict if !report.is_complete() => Err(Error::Mismatch(Box::new(report))),
        _ => Ok((model, report)),
    }
}

fn dense_layer_key(key: &str) -> String {
    let Some((before, after)) = key.split_once(".denselayer") else {
        return key.to_owned();
    };
    let Some((number, part)) = after.split_once('.') else {
        return key.to_owned();
    };
    for dotted in DOTTED {
        if let Some(rest) = part.strip_prefix(dotted).filter(|rest| rest.starts_with('.')) {
            return format!("{before}.denselayer{number}.{}{rest}", dotted.replace('.', ""));
        }
    }
    key.to_owned()
}
