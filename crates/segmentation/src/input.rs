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
    let mut values = Vec::with_capacity(images.len() * channels * size * size);
    for image in images {
        for channel in 0..channels {
            let (mean, std) = preprocessing.channel(channel, channels);
            values.extend(image.iter().map(|value| (value - mean) / std));
        }
    }
    Tensor::from_data(TensorData::new(values, [images.len(), channels, size, size]), device)
}
