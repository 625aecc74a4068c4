//! Upsampling from operations that every backend differentiates.
//!
//! Burn's own bilinear interpolation has no backward pass on GPU backends; these are exact against
//! `torch.nn.functional.interpolate` and differentiable everywhere.

use burn::tensor::{Device, Tensor, TensorData};
#[cfg(feature = "flex")]
use burn::tensor::{
    module::interpolate,
    ops::{InterpolateMode, InterpolateOptions},
};

/// Where bilinear interpolation takes its samples, as PyTorch's `align_corners` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corners {
    /// Corner pixels of input and output coincide (`align_corners=True`; SMP's FPN).
    Aligned,
    /// Pixels are areas; samples lie at half-pixel centres (`align_corners=False`).
    HalfPixel,
}

/// Nearest-neighbour upsampling of `[N, C, H, W]` to `[N, C, H * factor, W * factor]`.
pub fn nearest(x: Tensor<4>, factor: usize) -> Tensor<4> {
    if factor == 1 {
        return x;
    }
    let [n, c, h, w] = x.dims();
    #[cfg(feature = "flex")]
    if crate::conv::is_flex(&x.device()) {
        // Burn's own is right there, and several times as fast as expanding.
        let options =
            InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([h * factor, w * factor]);
        return interpolate(x, options);
    }
    x.reshape([n, c, h, 1, w, 1]).expand([n, c, h, factor, w, factor]).reshape([n, c, h * factor, w * factor])
}

/// Bilinear interpolation of `[N, C, H, W]` to `[N, C, size[0], size[1]]`, as two matrix products.
pub fn bilinear(x: Tensor<4>, size: [usize; 2], corners: Corners) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    if [h, w] == size {
        return x;
    }
    let device = x.device();
    let rows = weights(h, size[0], corners, &device);
    let columns = weights(w, size[1], corners, &device).swap_dims(2, 3);
    rows.matmul(x).matmul(columns)
}

/// The interpolation matrix `[1, 1, to, from]`.
fn weights(from: usize, to: usize, corners: Corners, device: &Device) -> Tensor<4> {
    let mut matrix = vec![0f32; to * from];
    for (i, row) in matrix.chunks_mut(from.max(1)).enumerate() {
        let source = match corners {
            Corners::Aligned if to > 1 => i as f64 * (from - 1) as f64 / (to - 1) as f64,
            Corners::Aligned => 0.0,
            Corners::HalfPixel => ((i as f64 + 0.5) * from as f64 / to as f64 - 0.5).max(0.0),
        };
        let low = (source as usize).min(from - 1);
        let high = (low + 1).min(from - 1);
        let fraction = (source - low as f64) as f32;
        row[low] += 1.0 - fraction;
        row[high] += fraction;
    }
    Tensor::from_data(TensorData::new(matrix, [1, 1, to, from]), device)
}
