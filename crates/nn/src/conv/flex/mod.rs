//! Pulmo's convolution kernels as an operation of Burn's flex backend, and with the feature `autodiff` its gradients.

#[cfg(feature = "autodiff")]
mod backward;

use burn::backend::flex::FlexTensor;
use burn::backend::ops::ModuleOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, Flex, backend_extension};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Device, Tensor, TensorData};
use pulmo_kernels::{Conv2dShape, DepthwiseShape, Isa, Sums, conv2d_with, depthwise};

use crate::buffers;

/// Whether `x` lives on the flex backend, as `f32`; with gradients only where this build has the kernels' backward passes.
pub(super) fn covers(x: &Tensor<4>, weight: &Tensor<4>) -> bool {
    x.dtype() == DType::F32 && has_operations(&x.device()) && has_operations(&weight.device())
}

/// Whether operations of this crate run on `device`: on the flex backend, and with gradients only where the feature
/// `autodiff` brought their backward passes.
pub(crate) fn has_operations(device: &Device) -> bool {
    is_flex(device) && (cfg!(feature = "autodiff") || !device.is_autodiff())
}

/// Whether `device` is the flex backend, with or without gradients.
pub(crate) fn is_flex(device: &Device) -> bool {
    matches!(device.clone().inner().as_dispatch(), DispatchDevice::Flex(_))
}

/// Convolution of `[N, C_in, H, W]` by `[C_out, C_in / groups, K_h, K_w]`; the caller has checked [`covers`].
pub(super) fn convolve(
    mut x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    mut options: ConvOptions<2>,
) -> Tensor<4> {
    if options.groups == 1 && options.is_asymmetric() {
        // The dense kernels pad both sides alike.
        x = x.pad(std::mem::take(&mut options.padding), 0.0f32);
    }
    let y = Tensor::<4>::from_dispatch(<Dispatch as DirectConv>::direct_conv2d(
        x.into_dispatch(),
        weight.into_dispatch(),
        options,
    ));
    match bias {
        Some(bias) => {
            let [channels] = bias.dims();
            y + bias.reshape([1, channels, 1, 1])
        }
        None => y,
    }
}

/// A convolution without bias or dilation.
#[backend_extension(Flex, Autodiff: cfg(feature = "autodiff"))]
trait DirectConv: Backend {
    fn direct_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        options: ConvOptions<2>,
    ) -> FloatTensor<Self>;
}

impl DirectConv for Flex {
    fn direct_conv2d(x: FlexTensor, weight: FlexTensor, options: ConvOptions<2>) -> FlexTensor {
        Convolution::new(&x, &weight, options).forward(x, weight, Sums::Single)
    }
}

/// One convolution: the kernels that cover it, and what Burn needs where none do.
#[derive(Debug, Clone)]
struct Convolution {
    kernels: Option<Kernels>,
    options: ConvOptions<2>,
}

/// Which of Pulmo's kernels cover a convolution.
#[derive(Debug, Clone, Copy)]
enum Kernels {
    Dense(Conv2dShape),
    Depthwise(DepthwiseShape),
}

impl Kernels {
    /// Those for `x` `[N, C, H, W]` and a weight `[C_out, C / groups, K_h, K_w]`.
    fn of(x: [usize; 4], weight: [usize; 4], options: &ConvOptions<2>) -> Option<Self> {
        let [batch, channels, height, width] = x;
        let kernel = [weight[2], weight[3]];
        if options.groups == 1 && !options.is_asymmetric() {
            let shape = Conv2dShape::new(x, weight, options.stride, options.padding_begin());
            return shape.ok().map(Self::Dense);
        }
        let shape = DepthwiseShape {
            batch,
            channels,
            size: [height, width],
            kernel,
            stride: options.stride,
            before: options.padding_begin(),
            after: options.padding_end(),
        };
        let depthwise = options.groups == channels && weight[..2] == [channels, 1];
        (depthwise && shape.validate().is_ok()).then_some(Self::Depthwise(shape))
    }

    fn forward(&self, x: &[f32], weight: &[f32], sums: Sums) -> Option<FlexTensor> {
        let isa = Isa::detect();
        match self {
            Self::Dense(shape) => {
                let dims = [shape.batch, shape.out_channels, shape.out_height(), shape.out_width()];
                filled(dims, |y| conv2d_with(isa, sums, shape, x, weight, None, y))
            }
            // A handful of products each: sums in double precision would change nothing.
            Self::Depthwise(shape) => {
                let [height, width] = shape.out_size();
                filled([shape.batch, shape.channels, height, width], |y| depthwise(isa, shape, x, weight, y))
            }
        }
    }
}

impl Convolution {
    fn new(x: &FlexTensor, weight: &FlexTensor, options: ConvOptions<2>) -> Self {
        let sizes = |tensor: &FlexTensor| [0, 1, 2, 3].map(|axis| tensor.layout().shape()[axis]);
        Self { kernels: Kernels::of(sizes(x), sizes(weight), &options), options }
    }

    fn forward(&self, x: FlexTensor, weight: FlexTensor, sums: Sums) -> FlexTensor {
        self.with(&x, &weight, |kernels, x, weight| kernels.forward(x, weight, sums))
            .unwrap_or_else(|| Flex::conv2d(x, weight, None, self.options.clone()))
    }

    /// What the kernels make of two tensors; `None` where there are none.
    fn with(
        &self,
        a: &FlexTensor,
        b: &FlexTensor,
        f: impl FnOnce(&Kernels, &[f32], &[f32]) -> Option<FlexTensor>,
    ) -> Option<FlexTensor> {
        let kernels = self.kernels.as_ref()?;
        let (a, b) = (a.to_contiguous(), b.to_contiguous());
        f(kernels, floats(&a)?, floats(&b)?)
    }
}

fn floats(tensor: &FlexTensor) -> Option<&[f32]> {
    tensor.as_slice::<f32>()
}

/// A tensor of `dims` that `fill` has written; `None` where it could not.
fn filled(
    dims: [usize; 4],
    fill: impl FnOnce(&mut [f32]) -> pulmo_kernels::Result<()>,
) -> Option<FlexTensor> {
    let mut values = buffers::take(dims.iter().product());
    fill(&mut values).ok()?;
    Some(FlexTensor::from_data(TensorData::new(values, dims)))
}
