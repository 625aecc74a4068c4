//! Plans against the networks that they were made from.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::{Module, ModuleMapper, Param};
use burn::prelude::Device;
use burn::tensor::{Distribution, Tensor};
use pulmo_inference::{Error, InferencePlan};
use pulmo_segmentation::{Attention, SegmentationConfig, SegmentationModel};

/// Batch statistics of a fresh network are 0 and 1; these are not.
struct Shaken;

impl ModuleMapper for Shaken {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let device = param.val().device();
        param.map(|tensor| {
            if D > 1 {
                return tensor;
            }
            let shape = tensor.dims();
            tensor.abs() + Tensor::random(shape, Distribution::Uniform(0.02, 0.5), &device)
        })
    }
}

fn network(config: &SegmentationConfig) -> SegmentationModel {
    config.init(&Device::flex()).unwrap().map(&mut Shaken)
}

fn check(config: &SegmentationConfig, images: usize, [height, width]: [usize; 2]) {
    let model = network(config);
    let channels = config.encoder.in_channels;
    let device = Device::flex();
    let x = Tensor::<4>::random([images, channels, height, width], Distribution::Uniform(-1.0, 1.0), &device);
    let expected = model.forward(x.clone()).try_into_vec_as::<f32>().unwrap();
    let plan = InferencePlan::new(&model, [height, width]).unwrap();
    let input = x.try_into_vec_as::<f32>().unwrap();
    let mut logits = plan.logits(&input).unwrap();
    for _ in 0..2 {
        let largest = expected.iter().fold(1f32, |largest, value| largest.max(value.abs()));
        let off = expected.iter().zip(&logits).map(|(a, b)| (a - b).abs()).fold(0f32, f32::max) / largest;
        assert!(off <= 1e-4, "{config} x{images} at {height} x {width}: off by {off:.1e}");
        // Again, in memory that the first run has left behind.
        plan.logits_into(&input, &mut logits).unwrap();
    }
}

#[test]
fn every_architecture_on_every_family() {
    for architecture in ["unet", "unetplusplus", "fpn"] {
        let encoders =
            ["resnet18", "resnet50", "densenet121", "densenet161", "inceptionv4", "efficientnet-b0"];
        for encoder in encoders {
            check(&format!("{architecture}-{encoder}").parse().unwrap(), 1, [64, 96]);
        }
    }
}

#[test]
fn batches_depths_channels_classes_and_attention() {
    let unet: SegmentationConfig = "unet-resnet18".parse().unwrap();
    check(&unet.clone().with_depth(3), 3, [40, 24]);
    check(&unet.clone().with_in_channels(1).with_classes(5), 2, [32, 64]);
    check(&unet.with_attention(Attention::Scse), 2, [64, 32]);
    let plus: SegmentationConfig = "unetplusplus-densenet121".parse().unwrap();
    check(&plus.clone().with_depth(4), 2, [48, 64]);
    check(&plus.with_attention(Attention::Scse), 1, [32, 32]);
    let mobile: SegmentationConfig = "unet-efficientnet-b0".parse().unwrap();
    check(&mobile.clone().with_depth(4).with_in_channels(1), 2, [48, 80]);
    check(&mobile.with_attention(Attention::Scse), 2, [32, 64]);
    let fpn: SegmentationConfig = "fpn-inceptionv4".parse().unwrap();
    check(&fpn.with_depth(4).with_classes(17), 2, [64, 64]);
}

#[test]
fn what_cannot_run_is_refused() {
    let config: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let model = network(&config);
    let error = InferencePlan::new(&model, [64, 65]).unwrap_err();
    assert!(error.to_string().contains("64 x 96"), "{error}");

    let plan = InferencePlan::new(&model, [32, 32]).unwrap();
    assert_eq!((plan.input_size(), plan.output_size()), ([3, 32, 32], [2, 32, 32]));
    for len in [0, 5, 3 * 32 * 32 + 1] {
        assert!(matches!(plan.logits(&vec![0.0; len]), Err(Error::Input { .. })), "{len}");
    }
    let error = plan.logits_into(&[0.0; 3 * 32 * 32], &mut [0.0; 7]).unwrap_err();
    assert!(error.to_string().contains("2048"), "{error}");
}

#[test]
fn weights_that_are_not_numbers_are_refused() {
    struct Poison;
    impl ModuleMapper for Poison {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|tensor| tensor / 0.0)
        }
    }
    let config: SegmentationConfig = "fpn-resnet18".parse().unwrap();
    let model = network(&config).map(&mut Poison);
    assert!(matches!(InferencePlan::new(&model, [32, 32]), Err(Error::NotFinite { .. })));
}
