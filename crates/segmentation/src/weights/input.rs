//! Pretrained first convolutions for another number of input channels.

use super::StateDict;
use crate::{Error, Result};

/// Adapts the weight `key`, `[C_out, C_in, K_h, K_w]`, to `channels` input channels: SMP's `patch_first_conv`.
///
/// One channel takes the sum over the old ones, so that a grey image gives what it gave as equal RGB channels.
/// Any other number repeats the old channels in turn, scaled by `C_in / channels`. The same number changes nothing.
///
/// # Errors
/// [`Error::InputWeight`] where the tensor is not there or not the weight of a convolution, or `channels` is 0.
pub fn adapt_input_channels(mut dict: StateDict, key: &str, channels: usize) -> Result<StateDict> {
    let refuse = |reason: String| Error::InputWeight { key: key.to_owned(), channels, reason };
    let Some((shape, values)) = dict.get(key) else {
        return Err(refuse(
            "it is not among the weights; name the first convolution of the encoder".to_owned(),
        ));
    };
    let &[out_channels, in_channels, rows, columns] = shape else {
        return Err(refuse(format!("its shape is {shape:?}; a convolution's has four dimensions")));
    };
    if channels == 0 || values.is_empty() || values.len() != shape.iter().product::<usize>() {
        return Err(refuse("a convolution has at least one channel on each side".to_owned()));
    }
    if channels == in_channels {
        return Ok(dict);
    }
    let area = rows * columns;
    let mut adapted = Vec::with_capacity(out_channels * channels * area);
    for kernel in values.chunks_exact(in_channels * area) {
        if channels == 1 {
            adapted.extend((0..area).map(|i| kernel.iter().skip(i).step_by(area).sum::<f32>()));
            continue;
        }
        let scale = in_channels as f32 / channels as f32;
        for plane in kernel.chunks_exact(area).cycle().take(channels) {
            adapted.extend(plane.iter().map(|value| value * scale));
        }
    }
    dict.insert(key, &[out_channels, channels, rows, columns], adapted)?;
    Ok(dict)
}
