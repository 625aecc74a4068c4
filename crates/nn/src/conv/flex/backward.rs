//! The gradients of the convolution.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::flex::FlexTensor;
use burn::backend::ops::ModuleOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::ops::ConvOptions;
use pulmo_kernels::{
    Isa, Sums, conv2d_input_gradient, conv2d_weight_gradient, depthwise_input_gradient,
    depthwise_weight_gradient,
};

use super::{Convolution, DirectConv, Kernels, filled};
use crate::buffers;

/// A forward pass that is trained on adds up in double precision: batch normalisation subtracts the channel's mean from
/// the sums and a ReLU cuts by their signs, so that their rounding turns gradients, and Adam's first steps are the signs
/// of those. Gradients themselves are rounded harmlessly.
const TRAINED: Sums = Sums::Double;

impl<C: CheckpointStrategy> DirectConv for Autodiff<Flex, C> {
    fn direct_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self> {
        let operation = Convolution::new(x.primitive(), weight.primitive(), options);
        match DirectConvBackward.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let inputs = (prep.checkpoint(&x), prep.checkpoint(&weight));
                let y = operation.forward(x.into_primitive(), weight.into_primitive(), TRAINED);
                prep.finish((inputs.0, inputs.1, operation), y)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(operation.forward(x.into_primitive(), weight.into_primitive(), Sums::Single))
            }
        }
    }
}

#[derive(Debug)]
struct DirectConvBackward;

impl Backward<Flex, 2> for DirectConvBackward {
    type State = (NodeId, NodeId, Convolution);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, checkpointer: &mut Checkpointer) {
        let [node_x, node_weight] = ops.parents;
        let dy = grads.consume::<Flex>(&ops.node);
        let (x, weight, operation) = ops.state;
        let x = checkpointer.retrieve_node_output::<FlexTensor>(x);
        let weight = checkpointer.retrieve_node_output::<FlexTensor>(weight);
        if let Some(node) = node_x {
            let dx = operation.input_gradient(x.clone(), weight.clone(), dy.clone());
            grads.register::<Flex>(node.id, dx);
        }
        if let Some(node) = node_weight {
            grads.register::<Flex>(node.id, operation.weight_gradient(x.clone(), weight, dy.clone()));
        }
        buffers::keep(x);
        buffers::keep(dy);
    }
}

impl Kernels {
    fn input_gradient(&self, weight: &[f32], dy: &[f32]) -> Option<FlexTensor> {
        match self {
            Self::Dense(shape) => {
                let dims = [shape.batch, shape.in_channels, shape.in_height, shape.in_width];
                filled(dims, |dx| conv2d_input_gradient(shape, weight, dy, dx))
            }
            Self::Depthwise(shape) => {
                let [height, width] = shape.size;
                let dims = [shape.batch, shape.channels, height, width];
                filled(dims, |dx| depthwise_input_gradient(Isa::detect(), shape, weight, dy, dx))
            }
        }
    }

    fn weight_gradient(&self, x: &[f32], dy: &[f32]) -> Option<FlexTensor> {
        match self {
            Self::Dense(shape) => {
                let dims = [shape.out_channels, shape.in_channels, shape.kernel[0], shape.kernel[1]];
                filled(dims, |dw| conv2d_weight_gradient(shape, x, dy, dw))
            }
            Self::Depthwise(shape) => {
                let dims = [shape.channels, 1, shape.kernel[0], shape.kernel[1]];
                filled(dims, |dw| depthwise_weight_gradient(Isa::detect(), shape, x, dy, dw))
            }
        }
    }
}

impl Convolution {
    fn input_gradient(&self, x: FlexTensor, weight: FlexTensor, dy: FlexTensor) -> FlexTensor {
        self.with(&weight, &dy, Kernels::input_gradient)
            .unwrap_or_else(|| Flex::conv2d_x_backward(x, weight, dy, self.options.clone()))
    }

    fn weight_gradient(&self, x: FlexTensor, weight: FlexTensor, dy: FlexTensor) -> FlexTensor {
        self.with(&x, &dy, Kernels::weight_gradient)
            .unwrap_or_else(|| Flex::conv2d_weight_backward(x, weight, dy, self.options.clone()))
    }
}
