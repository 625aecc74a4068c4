//! Encoders that start from weights trained elsewhere.

use std::collections::BTreeSet;

use burn::module::Module;
use burn::prelude::Device;
use pulmo_encoders::EncoderConfig;

use super::{
    LoadReport, StateDict, Strictness, adapt_input_channels, encoder_of_classifier, key_shapes, load,
};
use crate::{Error, Result, SegmentationModel};

/// The prefix of an encoder's keys in a network.
const PREFIX: &str = "encoder.";

/// Names that wrap an encoder's own keys, the outermost first: PyTorch's `DataParallel`, training frameworks, a whole
/// SMP network.
const WRAPPERS: [&str; 3] = ["module.", "model.", PREFIX];
/// Halvings of the networks that weights are published for.
const FULL_DEPTH: usize = 5;

/// Loads published weights into the encoder of `model`; decoder and heads keep theirs.
///
/// `dict` is an encoder's of SMP, a whole network's of SMP or [`collect`](super::collect) (keys `encoder.*`; the others
/// are left out), or an ImageNet classifier's of torchvision or timm, whose classifier is left out. Its first
/// convolution is adapted to the network's input channels by [`adapt_input_channels`], and the stages that a shallower
/// encoder does not have are left out. Keys in the report are the network's.
///
/// # Errors
/// [`Error::Mismatch`] with the whole report where `strictness` is not met.
pub fn load_encoder(
    model: SegmentationModel,
    dict: StateDict,
    strictness: Strictness,
) -> Result<(SegmentationModel, LoadReport)> {
    let config = model.config().encoder.clone();
    let device = model.devices().into_iter().next().unwrap_or_default();
    let dict = encoder_of_classifier(WRAPPERS.into_iter().fold(dict, unwrapped), config.name);
    let dict = adapted(dict, &config)?;
    let absent = deeper_stages(&config, &device)?;
    let dict = dict.filtered(|key| !absent.contains(key)).renamed(|key| format!("{PREFIX}{key}"));
    let (model, mut report) = load(model, &dict, Strictness::Partial)?;
    report.missing.retain(|key| key.starts_with(PREFIX));
    match strictness {
        Strictness::Strict if !report.is_complete() => Err(Error::Mismatch(Box::new(report))),
        _ => Ok((model, report)),
    }
}

/// The tensors inside `wrapper`, without it; all of them where it does not occur.
fn unwrapped(dict: StateDict, wrapper: &str) -> StateDict {
    if !dict.keys().any(|key| key.starts_with(wrapper)) {
        return dict;
    }
    dict.filtered(|key| key.starts_with(wrapper))
        .renamed(|key| key.strip_prefix(wrapper).unwrap_or(key).to_owned())
}

/// With a first convolution for the encoder's input; one that is missing or misshapen is left to the report.
fn adapted(dict: StateDict, config: &EncoderConfig) -> Result<StateDict> {
    let key = config.name.input_weight();
    match dict.get(key) {
        Some((&[_, channels, _, _], _)) if channels > 0 => {
            adapt_input_channels(dict, key, config.in_channels)
        }
        _ => Ok(dict),
    }
}

/// Keys of the full encoder that one of this depth does not have.
fn deeper_stages(config: &EncoderConfig, device: &Device) -> Result<BTreeSet<String>> {
    let keys = |depth| -> Result<BTreeSet<String>> {
        let encoder = config.clone().with_depth(depth).init(device)?;
        Ok(key_shapes(&encoder)?.into_iter().map(|(key, _)| key).collect())
    };
    if config.depth == FULL_DEPTH {
        return Ok(BTreeSet::new());
    }
    Ok(&keys(FULL_DEPTH)? - &keys(config.depth)?)
}
