//! Pulmo's convolution kernels as an operation of Burn's flex backend, and with the feature `autodiff` its gradients.

#[cfg(feature = "autodiff")]
mod backward;

use burn::backend::flex::FlexTensor;
use burn::backend::ops::ModuleOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, DispatchDevice, Flex, backend_extension};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{DType, Device, Tensor, TensorData};
use pulmo_kernels::{Conv2dShape, Isa, Sums, conv2d_with};

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
#[backend_extension(Flex, Autodiff: cfg(feature = "autodiff"))]
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
