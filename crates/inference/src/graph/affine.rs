//! A scale and a shift for each channel, which is what a batch normalisation is in inference.

use burn::nn::BatchNorm;
use burn::tensor::Tensor;

use super::Conv;
use crate::{Error, Result};

/// `scale * x + shift`, channel by channel.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Affine {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
}

impl Affine {
    /// What `norm` does with its running statistics, reckoned in double precision.
    pub(crate) fn of(norm: &BatchNorm) -> Result<Self> {
        let gamma = floats(norm.gamma.val(), "batch normalisation scale")?;
        let beta = floats(norm.beta.val(), "batch normalisation shift")?;
        let mean = floats(norm.running_mean.value(), "running mean")?;
        let variance = floats(norm.running_var.value(), "running variance")?;
        let scale: Vec<f64> = gamma
            .iter()
            .zip(&variance)
            .map(|(&gamma, &variance)| f64::from(gamma) / (f64::from(variance) + norm.epsilon).sqrt())
            .collect();
        let shift = beta
            .iter()
            .zip(&mean)
            .zip(&scale)
            .map(|((&beta, &mean), scale)| (f64::from(beta) - f64::from(mean) * scale) as f32);
        Ok(Self { shift: shift.collect(), scale: scale.into_iter().map(|scale| scale as f32).collect() })
    }

    /// The same for the `channels` from `first` on.
    pub(crate) fn part(&self, first: usize, channels: usize) -> Self {
        let part = |values: &[f32]| values.iter().skip(first).take(channels).copied().collect();
        Self { scale: part(&self.scale), shift: part(&self.shift) }
    }

    /// Makes `conv` do this to its result as well.
    pub(crate) fn fold_into(&self, conv: &mut Conv) {
        let per_output: usize = conv.dims[1..].iter().product();
        for (row, scale) in conv.weight.chunks_mut(per_output.max(1)).zip(&self.scale) {
            row.iter_mut().for_each(|weight| *weight *= scale);
        }
        for ((bias, scale), shift) in conv.bias.iter_mut().zip(&self.scale).zip(&self.shift) {
            *bias = *bias * scale + shift;
        }
    }
}

/// The values of a parameter, read back from its device.
pub(super) fn floats<const D: usize>(tensor: Tensor<D>, what: &'static str) -> Result<Vec<f32>> {
    let values = tensor
        .try_into_vec_as::<f32>()
        .map_err(|error| Error::Parameter { what, reason: error.to_string() })?;
    match values.iter().filter(|value| !value.is_finite()).count() {
        0 => Ok(values),
        count => Err(Error::NotFinite { what, count }),
    }
}
