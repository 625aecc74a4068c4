//! Batches of procedural values, and losses with their gradients.
#![allow(dead_code)]

use burn::prelude::*;
use burn::tensor::TensorData;
use pulmo_losses::{BinaryBatch, Loss, MulticlassBatch, Result};

/// Procedural values in [0, 1): splitmix64 keyed by FNV-1a of the name.
pub(crate) fn uniform(name: &str, n: usize) -> Vec<f32> {
    let key = name
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325u64, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    (1..=n as u64)
        .map(|i| {
            let mut z = key.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 40) as f32 / (1u32 << 24) as f32
        })
        .collect()
}

/// Logits `[N, C, H, W]` and labels `[N, H, W]` on the host.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) shape: [usize; 4],
    pub(crate) logits: Vec<f32>,
    pub(crate) labels: Vec<i64>,
}

/// A loss and its gradient with respect to the case's logits.
#[derive(Debug)]
pub(crate) struct Differentiated {
    pub(crate) value: f32,
    pub(crate) gradient: Vec<f32>,
}

impl Differentiated {
    pub(crate) fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().all(|g| g.is_finite())
    }
}

impl Case {
    pub(crate) fn logits(&self, device: &Device) -> Tensor<4> {
        Tensor::from_data(TensorData::new(self.logits.clone(), self.shape), device)
    }

    pub(crate) fn labels(&self, device: &Device) -> Tensor<3, Int> {
        let [n, _, h, w] = self.shape;
        Tensor::from_data(TensorData::new(self.labels.clone(), [n, h, w]), device)
    }

    /// All channels as classes.
    pub(crate) fn multiclass(
        &self,
        loss: impl FnOnce(&MulticlassBatch) -> Result<Tensor<1>>,
    ) -> Differentiated {
        self.differentiate(|logits, labels| loss(&MulticlassBatch::new(logits, labels)?))
    }

    /// The last channel against background.
    pub(crate) fn binary(&self, loss: impl FnOnce(&BinaryBatch) -> Result<Tensor<1>>) -> Differentiated {
        let [n, c, h, w] = self.shape;
        self.differentiate(|logits, labels| {
            loss(&BinaryBatch::new(logits.slice([0..n, c - 1..c, 0..h, 0..w]), labels)?)
        })
    }

    fn differentiate(
        &self,
        loss: impl FnOnce(Tensor<4>, Tensor<3, Int>) -> Result<Tensor<1>>,
    ) -> Differentiated {
        let device = Device::flex().autodiff();
        let logits = self.logits(&device).require_grad();
        let value = loss(logits.clone(), self.labels(&device)).expect("a loss that fits");
        let gradient = logits.grad(&value.backward());
        Differentiated {
            value: value.into_scalar(),
            gradient: gradient.map_or(vec![0.0; self.logits.len()], |g| g.try_into_vec_as().expect("floats")),
        }
    }

    /// The value of a loss over classes.
    pub(crate) fn value(&self, loss: &impl Loss<MulticlassBatch>) -> f32 {
        self.multiclass(|batch| loss.forward(batch)).value
    }

    /// The value of a loss of the last channel.
    pub(crate) fn binary_value(&self, loss: &impl Loss<BinaryBatch>) -> f32 {
        self.binary(|batch| loss.forward(batch)).value
    }
}
