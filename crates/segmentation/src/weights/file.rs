//! State dicts as safetensors.

use std::path::Path;

use half::{bf16, f16};
use pulmo_core::files;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::keys::is_counter;
use super::{Precision, StateDict, eight_bit};
use crate::{Error, Result};

/// Reads a safetensors file of `f32`, `f16` or `bf16` tensors, or of `i8` ones with their scales, as [`Precision::Byte`]
/// writes them.
///
/// # Errors
/// [`Error::Core`], [`Error::WeightFile`] for a damaged file, [`Error::NotFinite`].
pub fn read_safetensors(path: &Path) -> Result<StateDict> {
    let bytes = files::read(path)?;
    state_dict_from_safetensors(&bytes, path)
}

/// The same from memory; `origin` is what error messages name.
///
/// # Errors
/// As [`read_safetensors`].
pub fn state_dict_from_safetensors(bytes: &[u8], origin: &Path) -> Result<StateDict> {
    let damaged = |reason: String| Error::WeightFile { path: origin.into(), reason };
    let file = SafeTensors::deserialize(bytes).map_err(|error| damaged(error.to_string()))?;
    let mut dict = StateDict::default();
    for (key, view) in file.tensors() {
        if is_counter(&key) || eight_bit::is_scale(&file, &key) {
            continue;
        }
        let values = if view.dtype() == Dtype::I8 {
            eight_bit::decode(&file, &key, &view).map_err(damaged)?
        } else {
            decode(&view).ok_or_else(|| {
                let found = view.dtype();
                damaged(format!("'{key}' has element type {found:?}; F32, F16, BF16 and scaled I8 are read"))
            })?
        };
        dict.insert(key, view.shape(), values)?;
    }
    Ok(dict)
}

/// The values of a tensor of floating-point numbers.
pub(super) fn decode(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = view.data();
    let halves = || data.chunks_exact(2).map(|b| [b[0], b[1]]);
    match view.dtype() {
        Dtype::F32 => {
            Some(data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
        }
        Dtype::F16 => Some(halves().map(|b| f16::from_le_bytes(b).to_f32()).collect()),
        Dtype::BF16 => Some(halves().map(|b| bf16::from_le_bytes(b).to_f32()).collect()),
        _ => None,
    }
}

/// Writes a safetensors file; what was there under this name is replaced whole or kept.
///
/// # Errors
/// As [`safetensors_bytes`], and [`Error::Core`] where it cannot be written.
pub fn write_safetensors(path: &Path, dict: &StateDict, precision: Precision) -> Result<()> {
    Ok(files::write(path, &safetensors_bytes(dict, precision)?)?)
}

/// The state dict as a safetensors file in memory, batch counters as 64-bit integers as PyTorch has them.
///
/// # Errors
/// [`Error::WeightFile`] where the format refuses it.
pub fn safetensors_bytes(dict: &StateDict, precision: Precision) -> Result<Vec<u8>> {
    let mut stored: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::with_capacity(dict.len());
    for (key, tensor) in dict.iter() {
        let coarse = if tensor.shape.len() > 1 { precision } else { Precision::Full };
        let (dtype, bytes) = if is_counter(key) {
            (Dtype::I64, tensor.values.iter().flat_map(|v| (*v as i64).to_le_bytes()).collect())
        } else {
            match coarse {
                Precision::Full => (Dtype::F32, floats(&tensor.values)),
                Precision::Half => {
                    (Dtype::F16, tensor.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect())
                }
                Precision::Byte => {
                    let (bytes, scales) = eight_bit::encode(&tensor.shape, &tensor.values);
                    stored.push((eight_bit::scale_key(key), Dtype::F32, vec![scales.len()], floats(&scales)));
                    (Dtype::I8, bytes)
                }
            }
        };
        stored.push((key.to_owned(), dtype, tensor.shape.clone(), bytes));
    }
    let refused = |error: safetensors::SafeTensorError| Error::WeightFile {
        path: "memory".into(),
        reason: error.to_string(),
    };
    let mut views = Vec::with_capacity(stored.len());
    for (key, dtype, shape, bytes) in &stored {
        views.push((key.as_str(), TensorView::new(*dtype, shape.to_vec(), bytes).map_err(refused)?));
    }
    safetensors::serialize(views, None).map_err(refused)
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
