//! Pulmo's convolution kernels as an operation of Burn's flex backend, with its gradients.

use crate::buffers;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::autodiff::{Autodiff, NodeId};
use burn::backend::flex::FlexTensor;
use burn::backend::ops::ModuleOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, Flex, backend_extension};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Device, Tensor, TensorData};
use pulmo_kernels::{Conv2dShape, Isa, Sums, conv2d_input_gradient, conv2d_weight_gradient, conv2d_with};

/// A forward pass that is trained on adds up in double precision: batch normalisation subtracts the channel's mean from
/// the sums and a ReLU cuts by their signs, so that their rounding turns gradients, and Adam's first steps are the signs
/// of those. Gradients themselves are rounded harmlessly.
const TRAINED: Sums = Sums::Double;

/// Whether `x` lives on the flex backend, with or without gradients, as `f32`.
pub(super) fn covers(x: &Tensor<4>) -> bool {
    x.dtype() == DType::F32 && is_flex(&x.device())
}

/// Whether `device` is the flex backend, with or without gradients.
pub(crate) fn is_flex(device: &Device) -> bool {
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// Convolution of `[N, C_in, H, W]` by `[C_out, C_in, K_h, K_w]`; the caller has checked [`covers`].
pub(super) fn convolve(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: [usize; 2],
    padding: [usize; 2],
) -> Tensor<4> {
    let y = Tensor::<4>::from_dispatch(<Dispatch as DirectConv>::direct_conv2d(
        x.into_dispatch(),
        weight.into_dispatch(),
        stride,
        padding,
    ));
    match bias {
        Some(bias) => {
            let [channels] = bias.dims();
            y + bias.reshape([1, channels, 1, 1])
        }
        None => y,
    }
}

/// A direct convolution without bias, dilation or groups.
#[backend_extension(Flex, Autodiff)]
trait DirectConv: Backend {
    fn direct_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: [usize; 2],
        padding: [usize; 2],
    ) -> FloatTensor<Self>;
}

impl DirectConv for Flex {
    fn direct_conv2d(
        x: FlexTensor,
        weight: FlexTensor,
        stride: [usize; 2],
        padding: [usize; 2],
    ) -> FlexTensor {
        Convolution::new(&x, &weight, stride, padding).forward(x, weight, Sums::Single)
    }
}

impl<C: CheckpointStrategy> DirectConv for Autodiff<Flex, C> {
    fn direct_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: [usize; 2],
        padding: [usize; 2],
    ) -> FloatTensor<Self> {
        let operation = Convolution::new(x.primitive(), weight.primitive(), stride, padding);
        match DirectConvBackward.prepare::<C>([x.node(), weight.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut prep) => {
                let state = (prep.checkpoint(&x), prep.checkpoint(&weight), operation);
                let y = operation.forward(x.into_primitive(), weight.into_primitive(), TRAINED);
                prep.finish(state, y)
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

/// One convolution: its geometry where the kernels cover it, and what Burn needs where they do not.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    shape: Option<Conv2dShape>,
    stride: [usize; 2],
    padding: [usize; 2],
}

impl Convolution {
    fn new(x: &FlexTensor, weight: &FlexTensor, stride: [usize; 2], padding: [usize; 2]) -> Self {
        let x = x.layout().shape();
        let weight = weight.layout().shape();
        let shape = Conv2dShape {
            batch: x[0],
            in_channels: x[1],
            in_height: x[2],
            in_width: x[3],
            out_channels: weight[0],
            kernel: [weight[2], weight[3]],
            stride,
            padding,
        };
        let covered = weight[1] == x[1] && shape.validate().is_ok();
        Self { shape: covered.then_some(shape), stride, padding }
    }

    fn options(&self) -> ConvOptions<2> {
        ConvOptions::new(self.stride, self.padding, [1, 1], 1)
    }

    fn forward(&self, x: FlexTensor, weight: FlexTensor, sums: Sums) -> FlexTensor {
        self.shape
            .and_then(|shape| {
                let dims = [shape.batch, shape.out_channels, shape.out_height(), shape.out_width()];
                filled(dims, |y| {
                    let (x, weight) = (x.to_contiguous(), weight.to_contiguous());
                    conv2d_with(Isa::detect(), sums, &shape, floats(&x)?, floats(&weight)?, None, y).ok()
                })
            })
            .unwrap_or_else(|| Flex::conv2d(x, weight, None, self.options()))
    }

    fn input_gradient(&self, x: FlexTensor, weight: FlexTensor, dy: FlexTensor) -> FlexTensor {
        self.shape
            .and_then(|shape| {
                let dims = [shape.batch, shape.in_channels, shape.in_height, shape.in_width];
                filled(dims, |dx| {
                    conv2d_input_gradient(
                        &shape,
                        floats(&weight.to_contiguous())?,
                        floats(&dy.to_contiguous())?,
                        dx,
                    )
                    .ok()
                })
            })
            .unwrap_or_else(|| Flex::conv2d_x_backward(x, weight, dy, self.options()))
    }

    fn weight_gradient(&self, x: FlexTensor, weight: FlexTensor, dy: FlexTensor) -> FlexTensor {
        self.shape
            .and_then(|shape| {
                let dims = [shape.out_channels, shape.in_channels, shape.kernel[0], shape.kernel[1]];
                filled(dims, |dw| {
                    conv2d_weight_gradient(
                        &shape,
                        floats(&x.to_contiguous())?,
                        floats(&dy.to_contiguous())?,
                        dw,
                    )
                    .ok()
                })
            })
            .unwrap_or_else(|| Flex::conv2d_weight_backward(x, weight, dy, self.options()))
    }
}

fn floats(tensor: &FlexTensor) -> Option<&[f32]> {
    tensor.as_slice::<f32>()
}

/// A tensor of `dims` that `fill` has written; `None` where it could not.
fn filled(dims: [usize; 4], fill: impl FnOnce(&mut [f32]) -> Option<()>) -> Option<FlexTensor> {
    let mut values = buffers::take(dims.iter().product());
    fill(&mut values)?;
    Some(FlexTensor::from_data(TensorData::new(values, dims)))
}
