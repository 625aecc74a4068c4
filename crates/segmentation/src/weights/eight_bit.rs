//! Weights of 8 bits with a scale for every output channel.

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};

use super::file;

/// The largest weight of a channel in 8 bits; -128 is not used, so that both signs reach equally far.
const LARGEST: f32 = 127.0;
/// What a tensor's scales are called, behind its own key.
const SCALE: &str = ".scale";

/// The key of the scales that belong to `key`.
pub(super) fn scale_key(key: &str) -> String {
    format!("{key}{SCALE}")
}

/// Whether `key` names scales of a tensor of 8 bits.
pub(super) fn is_scale(file: &SafeTensors<'_>, key: &str) -> bool {
    key.strip_suffix(SCALE)
        .and_then(|key| file.tensor(key).ok())
        .is_some_and(|tensor| tensor.dtype() == Dtype::I8)
}

/// The nearest multiples of each channel's scale, and the scales; channels lie along the first axis of `shape`.
pub(super) fn encode(shape: &[usize], values: &[f32]) -> (Vec<u8>, Vec<f32>) {
    let mut bytes = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(shape.first().copied().unwrap_or_default());
    for channel in values.chunks(channel_len(shape)) {
        let largest = channel.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        // A channel of zeros, or of numbers too small to have a scale, is stored as zeros.
        let scale = largest / LARGEST;
        let scale = match scale {
            scale if !scale.is_normal() => 1.0,
            // Rounding may have taken it beyond what can be multiplied back.
            scale if (scale * LARGEST).is_infinite() => scale.next_down(),
            scale => scale,
        };
        let multiple = |value: &f32| (value / scale).round().clamp(-LARGEST, LARGEST) as i8;
        bytes.extend(channel.iter().flat_map(|value| multiple(value).to_le_bytes()));
        scales.push(scale);
    }
    (bytes, scales)
}

/// The values of the tensor `view` of 8 bits, stored as `key`.
pub(super) fn decode(file: &SafeTensors<'_>, key: &str, view: &TensorView<'_>) -> Result<Vec<f32>, String> {
    let channels = view.shape().first().copied().unwrap_or_default();
    let scale_key = scale_key(key);
    let scales = file
        .tensor(&scale_key)
        .ok()
        .and_then(|scales| file::decode(&scales))
        .ok_or_else(|| format!("'{key}' has 8 bits, but its scales '{scale_key}' are missing"))?;
    if scales.len() != channels {
        let found = scales.len();
        return Err(format!("'{scale_key}' holds {found} scales, but '{key}' has {channels} channels"));
    }
    let channels = view.data().chunks(channel_len(view.shape())).zip(&scales);
    Ok(channels
        .flat_map(|(channel, scale)| channel.iter().map(move |&byte| f32::from(byte.cast_signed()) * scale))
        .collect())
}

/// Values of one channel, at least 1.
fn channel_len(shape: &[usize]) -> usize {
    shape.iter().skip(1).product::<usize>().max(1)
}
