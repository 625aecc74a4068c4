//! The normalisations of Pulmo's kernels as operations of Burn's flex backend, with their gradients.

use std::sync::{Arc, OnceLock};

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::nn::{BatchNorm, GroupNorm};
use burn::tensor::{DType, Tensor, TensorData};
use pulmo_kernels::{
    Affine, NormGradients, NormShape, Pooling, Statistics, normalise, normalise_add_relu,
    normalise_add_relu_gradient, normalise_gradient, normalise_relu, normalise_relu_gradient,
};

use crate::buffers;
use crate::conv::is_flex;

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
        let covered = x.dtype() == DType::F32 && parameters == channels && is_flex(&x.device());
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
#[backend_extension(Flex, Autodiff)]
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

impl<C: CheckpointStrategy> Normalisation for Autodiff<Flex, C> {
    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        call: Call,
        relu: bool,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), gamma.node(), beta.node()];
        match NormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let input = prep.checkpoint(&x);
                let (gamma, beta) = (gamma.into_primitive(), beta.into_primitive());
                let y = Flex::norm(x.into_primitive(), gamma.clone(), beta.clone(), call.clone(), relu);
                prep.finish(Saved { input, gamma, beta, call, activation: relu }, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(Flex::norm(
                x.into_primitive(),
                gamma.into_primitive(),
                beta.into_primitive(),
                call,
                relu,
            )),
        }
    }

    fn norm_add_relu(
        x: FloatTensor<Self>,
        other: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), other.node(), gamma.node(), beta.node()];
        match NormAddReluBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let input = prep.checkpoint(&x);
                let (gamma, beta) = (gamma.into_primitive(), beta.into_primitive());
                let (x, other) = (x.into_primitive(), other.into_primitive());
                let y = Flex::norm_add_relu(x, other, gamma.clone(), beta.clone(), call.clone());
                prep.finish(Saved { input, gamma, beta, call, activation: y.clone() }, y)
            }
            OpsKind::UnTracked(prep) => prep.finish(Flex::norm_add_relu(
                x.into_primitive(),
                other.into_primitive(),
                gamma.into_primitive(),
                beta.into_primitive(),
                call,
            )),
        }
    }
}

/// What a backward pass needs of its forward pass; `A` says what came behind the normalisation.
#[derive(Debug, Clone)]
struct Saved<A> {
    input: NodeId,
    gamma: FlexTensor,
    beta: FlexTensor,
    call: Call,
    activation: A,
}

impl<A> Saved<A> {
    /// Parameter gradients from `write(affine, statistics)`.
    fn gradients(
        &self,
        write: impl FnOnce(Affine, &Statistics) -> pulmo_kernels::Result<NormGradients>,
    ) -> [FlexTensor; 2] {
        let (gamma, beta) = (self.gamma.to_contiguous(), self.beta.to_contiguous());
        let channels = self.call.shape.channels();
        let found = self
            .call
            .statistics
            .get()
            .and_then(|statistics| write(self.call.affine(&gamma, &beta), statistics).ok())
            .unwrap_or_else(|| NormGradients { gamma: vec![0.0; channels], beta: vec![0.0; channels] });
        [found.gamma, found.beta].map(|values| FlexTensor::from_data(TensorData::new(values, [channels])))
    }
}

#[derive(Debug)]
struct NormBackward;

impl Backward<Flex, 3> for NormBackward {
    type State = Saved<bool>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        let mut gradient = buffers::contiguous(grads.consume::<Flex>(&ops.node));
        let saved = ops.state;
        let x = buffers::contiguous(checkpointer.retrieve_node_output::<FlexTensor>(saved.input));
        let [gamma, beta] = saved.gradients(|affine, statistics| {
            let backward = if saved.activation { normalise_relu_gradient } else { normalise_gradient };
            backward(&saved.call.shape, affine, statistics, floats(&x), gradient.storage_mut())
        });
        buffers::keep(x);
        register(grads, parents, [gradient, gamma, beta]);
    }
}

#[derive(Debug)]
struct NormAddReluBackward;

impl Backward<Flex, 4> for NormAddReluBackward {
    type State = Saved<FlexTensor>;

    fn backward(self, ops: Ops<Self::State, 4>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let parents = ops.parents.map(|node| node.map(|node| node.id));
        let mut gradient = buffers::contiguous(grads.consume::<Flex>(&ops.node));
        let saved = ops.state;
        let x = buffers::contiguous(checkpointer.retrieve_node_output::<FlexTensor>(saved.input));
        let mut dx = buffers::take(saved.call.shape.len());
        let [gamma, beta] = saved.gradients(|affine, statistics| {
            let (shape, y) = (&saved.call.shape, floats(&saved.activation));
            let gradient = gradient.storage_mut();
            normalise_add_relu_gradient(shape, affine, statistics, floats(&x), y, gradient, &mut dx)
        });
        let dx = FlexTensor::from_data(TensorData::new(dx, x.layout().shape().clone()));
        buffers::keep(x);
        register(grads, parents, [dx, gradient, gamma, beta]);
    }
}

/// Hands every parent that tracks gradients its own.
fn register<const N: usize>(grads: &mut Gradients, parents: [Option<NodeId>; N], values: [FlexTensor; N]) {
    for (node, value) in parents.into_iter().zip(values) {
        if let Some(node) = node {
            grads.register::<Flex>(node, value);
        }
    }
}

/// The values of a contiguous `f32` tensor; of any other none, which the kernels refuse.
fn floats(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().unwrap_or_default()
}
