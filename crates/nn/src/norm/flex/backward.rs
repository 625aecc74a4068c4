//! The gradients of the normalisations.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::tensor::TensorData;
use pulmo_kernels::{
    Affine, NormGradients, Statistics, normalise_add_relu_gradient, normalise_gradient,
    normalise_relu_gradient,
};

use super::{Call, Normalisation, floats};
use crate::buffers;

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
