//! Weights and inputs as functions of their name.

use burn::tensor::{Device, Tensor, TensorData};
use pulmo::segmentation::SegmentationModel;
use pulmo::segmentation::weights::{self, StateDict, Strictness};

/// `n` values in [0, 1), each a multiple of 2^-24: splitmix64 keyed by the FNV-1a hash of `name`.
pub(crate) fn uniform(name: &str, n: usize) -> Vec<f32> {
    let hash = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    let mut state = hash;
    let draw = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 24) as f32
    };
    std::iter::repeat_with(draw).take(n).collect()
}

/// A batch of uniform values, not normalised.
pub(crate) fn input(name: &str, shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(uniform(name, shape.iter().product()), shape), device)
}

/// The weight of a state dict's key.
fn weight(key: &str, shape: &[usize]) -> Vec<f32> {
    let u = uniform(key, shape.iter().product());
    let map = |f: &dyn Fn(f32) -> f32| u.iter().map(|&u| f(u)).collect();
    if key.ends_with("running_var") {
        map(&|u| 0.5 + u)
    } else if key.ends_with("running_mean") {
        map(&|u| (2.0 * u - 1.0) * 0.1)
    } else if shape.len() > 1 {
        let fan_in: usize = shape[1..].iter().product();
        let bound = (6.0 / fan_in as f64).sqrt() as f32;
        map(&|u| (2.0 * u - 1.0) * bound)
    } else if key.ends_with("bias") {
        map(&|u| (2.0 * u - 1.0) * 0.1)
    } else {
        map(&|u| 0.75 + 0.5 * u)
    }
}

/// The network with procedural weights, loaded strictly.
pub(crate) fn with_weights(model: SegmentationModel) -> SegmentationModel {
    let mut dict = StateDict::default();
    for (key, shape) in weights::key_shapes(&model).expect("the network has keys") {
        dict.insert(&key, &shape, weight(&key, &shape)).expect("procedural weights are finite");
    }
    weights::load(model, &dict, Strictness::Strict).expect("the network takes its own keys").0
}
