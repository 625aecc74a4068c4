//! State dicts as safetensors.

use std::path::Path;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::StateDict;
use super::keys::is_counter;
use crate::write::write_atomically;
use crate::{Error, Result};

/// How floating-point tensors are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: exact.
    Full,
    /// 16 bits for convolutions and linear layers; normalisations stay at 32, since small variances underflow.
    Half,
}

/// Reads a safetensors file of `f32`, `f16` or `bf16` tensors.
///
/// # Errors
/// [`Error::File`], [`Error::WeightFile`] for a damaged file, [`Error::NotFinite`].
pub fn read_safetensors(path: &Path) -> Result<StateDict> {
    let bytes =
        std::fs::read(path).map_err(|source| Error::File { action: "read", path: path.into(), source })?;
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
        if is_counter(&key) {
            continue;
        }
        let values = decode(&view).ok_or_else(|| {
            damaged(format!("'{key}' has element type {:?}; F32, F16 and BF16 are read", view.dtype()))
        })?;
        dict.insert(key, view.shape(), values)?;
    }
    Ok(dict)
}

fn decode(view: &TensorView<'_>) -> Option<Vec<f32>> {
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
/// As [`safetensors_bytes`], and [`Error::File`] where it cannot be written.
pub fn write_safetensors(path: &Path, dict: &StateDict, precision: Precision) -> Result<()> {
    write_atomically(path, &safetensors_bytes(dict, precision)?)
}

/// The state dict as a safetensors file in memory, batch counters as 64-bit integers as PyTorch has them.
///
/// # Errors
/// [`Error::WeightFile`] where the format refuses it.
pub fn safetensors_bytes(dict: &StateDict, precision: Precision) -> Result<Vec<u8>> {
    let stored: Vec<(&str, Dtype, &[usize], Vec<u8>)> = dict
        .iter()
        .map(|(key, tensor)| {
            let half = precision == Precision::Half && tensor.shape.len() > 1;
            let (dtype, bytes) = if is_counter(key) {
                (Dtype::I64, tensor.values.iter().flat_map(|v| (*v as i64).to_le_bytes()).collect())
            } else if half {
                (Dtype::F16, tensor.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect())
            } else {
                (Dtype::F32, tensor.values.iter().flat_map(|v| v.to_le_bytes()).collect())
            };
            (key, dtype, tensor.shape.as_slice(), bytes)
        })
        .collect();
    let refused = |error: safetensors::SafeTensorError| Error::WeightFile {
        path: "memory".into(),
        reason: error.to_string(),
    };
    let mut views = Vec::with_capacity(stored.len());
    for (key, dtype, shape, bytes) in &stored {
        views.push((*key, TensorView::new(*dtype, shape.to_vec(), bytes).map_err(refused)?));
    }
    safetensors::serialize(views, None).map_err(refused)
}
