//! What networks cost, without running them.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use burn::module::{Module, ModuleVisitor, Param};
use burn::prelude::Device;
use burn::tensor::Tensor;
use pulmo_encoders::EncoderName;
use pulmo_segmentation::weights::collect;
use pulmo_segmentation::{
    Architecture, Attention, ClassificationConfig, Error, Interpolation, Normalisation, SegmentationConfig,
    UnetConfig,
};

fn config(architecture: Architecture) -> SegmentationConfig {
    SegmentationConfig::new(architecture, EncoderName::ResNet18)
}

/// Convolution weights that have been drawn.
fn drawn<M: Module>(module: &M) -> usize {
    struct Visitor(usize);
    impl ModuleVisitor for Visitor {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.0 += usize::from(D > 1 && param.is_initialized());
        }
    }
    let mut visitor = Visitor(0);
    module.visit(&mut visitor);
    visitor.0
}

#[test]
fn nothing_is_drawn_or_computed() {
    let head = ClassificationConfig::new(3);
    for architecture in Architecture::ALL {
        let model = config(architecture).with_classification(head.clone()).init(&Device::flex()).unwrap();
        model.cost(256, 256).unwrap();
        assert_eq!(drawn(&model), 0, "{architecture}");
    }
}

#[test]
fn parameters_are_those_of_the_state_dict() {
    let model = config(Architecture::Unet).init(&Device::flex()).unwrap();
    let dict = collect(&model).unwrap();
    let state = ["running_mean", "running_var", "num_batches_tracked"];
    let trained = dict.keys().filter(|key| !state.iter().any(|suffix| key.ends_with(suffix)));
    let expected: usize = trained.map(|key| dict.get(key).unwrap().1.len()).sum();
    assert_eq!(model.cost(32, 32).unwrap().parameters(), expected as u64);
}

#[test]
fn sizes_are_those_of_a_run() {
    let device = Device::flex();
    for architecture in Architecture::ALL {
        for depth in 3..=5 {
            let model = config(architecture).with_depth(depth).with_classes(4).init(&device).unwrap();
            let cost = model.cost(32, 64).unwrap();
            let x = Tensor::zeros([1, 3, 32, 64], &device);
            let run: Vec<[usize; 4]> = model.encoder().forward(x.clone()).iter().map(Tensor::dims).collect();
            let counted: Vec<[usize; 4]> =
                cost.features().iter().map(|map| [1, map.channels, map.height, map.width]).collect();
            assert_eq!(counted, run);
            let logits = cost.logits();
            assert_eq!([1, logits.channels, logits.height, logits.width], model.forward(x).dims());
        }
    }
}

#[test]
fn multiply_adds_follow_the_options() {
    let cost = |config: SegmentationConfig| config.init(&Device::flex()).unwrap().cost(64, 64).unwrap();
    let plain = cost(config(Architecture::Unet)).multiply_adds();
    let unet = |unet: UnetConfig| cost(config(Architecture::Unet).with_unet(unet)).multiply_adds();
    assert!(unet(UnetConfig::default().with_channels(&[128, 64, 32, 16, 8])) < plain);
    assert!(unet(UnetConfig::default().with_attention(Attention::Scse)) > plain);
    assert_eq!(unet(UnetConfig::default().with_normalisation(Normalisation::LayerNorm)), plain);
    assert_eq!(unet(UnetConfig::default().with_interpolation(Interpolation::Bilinear)), plain);
    let labels = cost(config(Architecture::Unet).with_classification(ClassificationConfig::new(3)));
    assert_eq!(labels.multiply_adds(), plain + 512 * 3);
    // Convolutions cost by area.
    let larger = config(Architecture::Unet).init(&Device::flex()).unwrap().cost(128, 192).unwrap();
    assert_eq!(larger.multiply_adds(), 6 * plain);
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    let model = config(Architecture::Fpn).init(&Device::flex()).unwrap();
    assert!(matches!(model.cost(100, 64), Err(Error::InputSize { .. })));
    assert!(matches!(model.cost(0, 64), Err(Error::PaddingSize { .. })));
}
