//! Key names of published ImageNet classifiers.

use super::StateDict;

/// Prefixes of the classifiers that segmentation has no use for, by family.
const CLASSIFIERS: [&str; 3] = ["fc.", "classifier.", "last_linear."];
/// Parts of a dense layer that torchvision's published DenseNets name with a dot before the number.
const DOTTED: [&str; 4] = ["norm.1", "norm.2", "conv.1", "conv.2"];

/// A published ImageNet classifier as an encoder's state dict: without the classifier, and with the names that
/// torchvision's DenseNets have today (`denselayer1.norm1` where the files say `denselayer1.norm.1`).
pub fn encoder_of_classifier(dict: StateDict) -> StateDict {
    dict.filtered(|key| !CLASSIFIERS.iter().any(|prefix| key.starts_with(prefix))).renamed(dense_layer_key)
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
