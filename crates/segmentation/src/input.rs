//! Images as the tensors that networks take.

use burn::prelude::Device;
use burn::tensor::{Tensor, TensorData};
use pulmo_encoders::Preprocessing;

/// Grey values in [0, 1], each slice a square image of side `size`, as normalised `[N, channels, size, size]`.
///
/// Grey is repeated over the channels, each with its own mean and deviation; a single channel takes the mean of the
/// three.
///
/// # Panics
/// Where a slice does not hold `size * size` values.
pub fn input_tensor(
    images: &[&[f32]],
    size: usize,
    channels: usize,
    preprocessing: &Preprocessing,
    device: &Device,
) -> Tensor<4> {
    let values = input_values(images, channels, preprocessing);
    Tensor::from_data(TensorData::new(values, [images.len(), channels, size, size]), device)
}

/// The values of [`input_tensor`] in row-major order.
pub fn input_values(images: &[&[f32]], channels: usize, preprocessing: &Preprocessing) -> Vec<f32> {
    let pixels: usize = images.iter().map(|image| image.len()).sum();
    let mut values = Vec::with_capacity(pixels * channels);
    for image in images {
        for channel in 0..channels {
            let (mean, std) = preprocessing.channel(channel, channels);
            values.extend(image.iter().map(|value| (value - mean) / std));
        }
    }
    values
}
