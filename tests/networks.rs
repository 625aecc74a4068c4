//! Every network of the zoo against segmentation_models.pytorch, with equal weights: parameters, state dict, every
//! encoder feature and the logits.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/parity.rs"]
mod parity;
mod support;

use std::collections::BTreeMap;

use pulmo::prelude::*;
use pulmo::segmentation::weights;
use serde_json::Value;
use support::oracle;

/// Keys and shapes as the reference has them, and the number of trained parameters among them.
fn check_state_dict(name: &str, model: &SegmentationModel, reference: &Value) {
    let ours: BTreeMap<String, Vec<usize>> = weights::key_shapes(model).unwrap().into_iter().collect();
    let expected: BTreeMap<String, Vec<usize>> = reference["state_dict"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, shape)| (key.clone(), oracle::sizes(shape)))
        .collect();
    let only = |a: &BTreeMap<String, Vec<usize>>, b: &BTreeMap<String, Vec<usize>>| -> Vec<String> {
        a.iter()
            .filter(|(key, shape)| b.get(*key) != Some(shape))
            .map(|(k, s)| format!("{k} {s:?}"))
            .collect()
    };
    assert_eq!(only(&ours, &expected), only(&expected, &ours), "{name}: ours against the reference's");
    let state = ["running_mean", "running_var", "num_batches_tracked"];
    let parameters: usize = ours
        .iter()
        .filter(|(key, _)| !state.iter().any(|suffix| key.ends_with(suffix)))
        .map(|(_, shape)| shape.iter().product::<usize>())
        .sum();
    assert_eq!(parameters as u64, reference["parameters"].as_u64().unwrap(), "{name}: parameters");
}

fn check(name: &str) {
    let device = Device::flex();
    let (_, _, reference) = oracle::network(name);
    let config: SegmentationConfig = name.parse().unwrap();
    assert_eq!(config.to_string(), name);
    check_state_dict(name, &config.init(&device).unwrap(), &reference);
    parity::check(name, &device);
}

macro_rules! networks {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        #[test]
        fn every_network_of_the_reference_is_checked() {
            let files = oracle::NETWORKS.map(|file| oracle::json(&format!("{file}.json")));
            let keys = |file: &Value| -> Vec<String> {
                file["networks"].as_object().unwrap().keys().cloned().collect()
            };
            let mut reference: Vec<String> = files.iter().flat_map(keys).collect();
            let mut checked = vec![$($name),*];
            reference.sort_unstable();
            checked.sort_unstable();
            assert_eq!(checked, reference);
        }
    };
}

networks! {
    unet_resnet18: "unet-resnet18",
    unet_resnet50: "unet-resnet50",
    unet_densenet121: "unet-densenet121",
    unet_densenet161: "unet-densenet161",
    unet_inceptionv4: "unet-inceptionv4",
    unetplusplus_resnet18: "unetplusplus-resnet18",
    unetplusplus_resnet50: "unetplusplus-resnet50",
    unetplusplus_densenet121: "unetplusplus-densenet121",
    unetplusplus_densenet161: "unetplusplus-densenet161",
    unetplusplus_inceptionv4: "unetplusplus-inceptionv4",
    fpn_resnet18: "fpn-resnet18",
    fpn_resnet50: "fpn-resnet50",
    fpn_densenet121: "fpn-densenet121",
    fpn_densenet161: "fpn-densenet161",
    fpn_inceptionv4: "fpn-inceptionv4",
    unet_efficientnet_b0: "unet-efficientnet-b0",
    unetplusplus_efficientnet_b0: "unetplusplus-efficientnet-b0",
    fpn_efficientnet_b0: "fpn-efficientnet-b0",
}
