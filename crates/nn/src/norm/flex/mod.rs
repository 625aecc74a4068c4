//! The normalisations of Pulmo's kernels as operations of Burn's flex backend, and with the feature `autodiff` their gradients.

#[cfg(feature = "autodiff")]
mod backward;

use std::sync::{Arc, OnceLock};

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::nn::{BatchNorm, GroupNorm};
use burn::tensor::{DType, Tensor, TensorData};
use pulmo_kernels::{Affine, NormShape, Pooling, Statistics, normalise, normalise_add_relu, normalise_relu};

use crate::buffers;
use crate::conv::has_operations;

/// What a normalisation needs besides its tensors, and the statistics that it finds.
#[derive(Debug, Clone)]
pub(super) struct Call {
    shape: NormShape,
    epsilon: f64,
    statistics: Arc<OnceLock<Statistics>>,
}

impl Call {
    fn new(x: &Tensor<4>, pooling: Pooling, epsilon: f64, parameters: usize) -> Option<Self> {
        let [batch, channels, height, width] = x.dims();
        let covered = x.dtype() == DType::F32 && parameters == channels && has_operations(&x.device());
        let shape = NormShape::new(batch, channels, height * width, pooling).ok()?;
        covered.then(|| Self { shape, epsilon, statistics: Arc::default() })
    }

    /// A batch normalisation of `x`, where the kernels cover it.
    pub(super) fn of_batch(layer: &BatchNorm, x: &Tensor<4>) -> Option<Self> {
        let [channels] = layer.gamma.shape().dims();
        Self::new(x, Pooling::Batch, layer.epsilon, channels)
    }

    pub(super) fn normalise(self, layer: &BatchNorm, x: Tensor<4>, relu: bool) -> Tensor<4> {
        let statistics = Arc::clone(&self.statistics);
        let y = self.dispatch(x, layer.gamma.val(), layer.beta.val(), relu);
        follow(layer, &statistics, &y);
        y
    }

    pub(super) fn normalise_add_relu(self, layer: &BatchNorm, x: Tensor<4>, other: Tensor<4>) -> Tensor<4> {
        let statistics = Arc::clone(&self.statistics);
        let y = Tensor::from_dispatch(<Dispatch as Normalisation>::norm_add_relu(
            x.into_dispatch(),
            other.into_dispatch(),
            layer.gamma.val().into_dispatch(),
            layer.beta.val().into_dispatch(),
            self,
        ));
        follow(layer, &statistics, &y);
        y
    }

    fn dispatch(self, x: Tensor<4>, gamma: Tensor<1>, beta: Tensor<1>, relu: bool) -> Tensor<4> {
        Tensor::from_dispatch(<Dispatch as Normalisation>::norm(
            x.into_dispatch(),
            gamma.into_dispatch(),
            beta.into_dispatch(),
            self,
            relu,
        ))
    }

    fn affine<'a>(&self, gamma: &'a FlexTensor, beta: &'a FlexTensor) -> Affine<'a> {
        Affine { gamma: floats(gamma), beta: floats(beta), epsilon: self.epsilon }
    }

    /// Runs `write` on a fresh output like `x` and keeps the statistics that it returns.
    fn output(
        &self,
        x: &FlexTensor,
        write: impl FnOnce(&mut [f32]) -> pulmo_kernels::Result<Statistics>,
    ) -> FlexTensor {
        let mut y = buffers::take(self.shape.len());
        match write(&mut y) {
            Ok(statistics) => {
                let _ = self.statistics.set(statistics);
            }
            // Not reached: the shape was made from `x`, so that the lengths fit.
            Err(_) => y.fill(f32::NAN),
        }
        FlexTensor::from_data(TensorData::new(y, x.layout().shape().clone()))
    }
}

/// The running statistics follow those of the batch.
fn follow(layer: &BatchNorm, statistics: &OnceLock<Statistics>, y: &Tensor<4>) {
    if let Some(statistics) = statistics.get() {
        let [n, channels, height, width] = y.dims();
        let tensor = |values: &[f64]| {
            let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
            Tensor::<1>::from_data(TensorData::new(values, [channels]), &y.device())
        };
        super::update(layer, tensor(&statistics.mean), tensor(&statistics.variance), n * height * width);
    }
}

/// A group normalisation with scale and shift, where the kernels cover it.
pub(super) fn group_norm(layer: &GroupNorm, x: &Tensor<4>) -> Option<Tensor<4>> {
    let (gamma, beta) = (layer.gamma.as_ref()?.val(), layer.beta.as_ref()?.val());
    let call = Call::new(x, Pooling::Groups(layer.num_groups), layer.epsilon, layer.num_channels)?;
    Some(call.dispatch(x.clone(), gamma, beta, false))
}

/// Normalisation by the data's own statistics.
#[backend_extension(Flex, Autodiff: cfg(feature = "autodiff"))]
trait Normalisation: Backend {
    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        call: Call,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn norm_add_relu(
        x: FloatTensor<Self>,
        other: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self>;
}

impl Normalisation for Flex {
    fn norm(x: FlexTensor, gamma: FlexTensor, beta: FlexTensor, call: Call, relu: bool) -> FlexTensor {
        let (x, gamma, beta) = (x.to_contiguous(), gamma.to_contiguous(), beta.to_contiguous());
        let affine = call.affine(&gamma, &beta);
        call.output(&x, |y| {
            let normalise = if relu { normalise_relu } else { normalise };
            normalise(&call.shape, affine, floats(&x), y)
        })
    }

    fn norm_add_relu(
        x: FlexTensor,
        other: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        call: Call,
    ) -> FlexTensor {
        let (x, gamma, beta) = (x.to_contiguous(), gamma.to_contiguous(), beta.to_contiguous());
        let other = other.to_contiguous();
        let affine = call.affine(&gamma, &beta);
        call.output(&x, |y| normalise_add_relu(&call.shape, affine, floats(&x), floats(&other), y))
    }
}

/// The values of a contiguous `f32` tensor; of any other none, which the kernels refuse.
fn floats(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().unwrap_or_default()
}
