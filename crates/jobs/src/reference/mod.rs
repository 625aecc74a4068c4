//! What networks compute in PyTorch and segmentation_models.pytorch, and the weights and inputs that those figures were made
//! with: functions of their names, so that no checkpoint is needed. The crate's folder `reference` says how.

mod training;

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use pulmo_segmentation::SegmentationModel;
use pulmo_segmentation::weights::{self, StateDict, Strictness, state_dict_from_safetensors};

pub use training::{Gradients, Statistics, Training, gradient_deviation, losses, train};

use crate::Result;

/// Logits of every network of the zoo.
const LOGITS: &[u8] = include_bytes!("../../reference/networks.safetensors");

/// Name and shape `[N, C, H, W]` of the [`input`] that the [`logits`] belong to.
pub const INPUT: (&str, [usize; 4]) = ("input", [2, 3, 64, 96]);

/// The logits `[N, classes, H, W]` of every network that there is a reference of, by its name such as `unet-resnet18`.
///
/// # Errors
/// None, unless the library was built from damaged files.
pub fn logits() -> Result<StateDict> {
    Ok(state_dict_from_safetensors(LOGITS, Path::new("reference/networks.safetensors"))?)
}

/// `n` values in [0, 1), each a multiple of 2^-24: splitmix64 keyed by the FNV-1a hash of `name`.
#[must_use]
pub fn uniform(name: &str, n: usize) -> Vec<f32> {
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

/// A batch `[N, C, H, W]` of [`uniform`] values, not normalised.
#[must_use]
pub fn input(name: &str, shape: [usize; 4], device: &Device) -> Tensor<4> {
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

/// The network with weights that follow from their keys, loaded strictly.
///
/// # Errors
/// The network has weights that cannot be stored.
pub fn with_weights(model: SegmentationModel) -> Result<SegmentationModel> {
    let mut dict = StateDict::default();
    for (key, shape) in weights::key_shapes(&model)? {
        dict.insert(&key, &shape, weight(&key, &shape))?;
    }
    Ok(weights::load(model, &dict, Strictness::Strict)?.0)
}
