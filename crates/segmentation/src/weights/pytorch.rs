//! State dicts out of PyTorch's own files.

use std::path::Path;

use burn::store::pytorch_reader::{DType, PytorchReader};
use half::{bf16, f16};

use super::StateDict;
use super::keys::is_counter;
use crate::{Error, Result};

/// Reads a `.pth` or `.pt` file that `torch.save` made of a state dict, with `f64`, `f32`, `f16` or `bf16` tensors.
///
/// No code in the file is run. PyTorch's batch counters are left out, as in safetensors files.
///
/// # Errors
/// [`Error::Core`], [`Error::WeightFile`] for a damaged file or another element type, [`Error::NotFinite`].
pub fn read_pytorch(path: &Path) -> Result<StateDict> {
    std::fs::metadata(path).map_err(pulmo_core::Error::file("read", path))?;
    let damaged = |reason: String| Error::WeightFile { path: path.into(), reason };
    let reader = PytorchReader::new(path).map_err(|error| damaged(error.to_string()))?;
    let mut dict = StateDict::default();
    for (key, tensor) in reader.into_tensors() {
        if is_counter(&key) {
            continue;
        }
        let bytes = tensor.read().map_err(|error| damaged(format!("'{key}': {error}")))?;
        let values = decode(tensor.dtype(), &bytes).ok_or_else(|| {
            damaged(format!("'{key}' has element type {:?}; F64, F32, F16 and BF16 are read", tensor.dtype()))
        })?;
        dict.insert(key, tensor.shape(), values)?;
    }
    if dict.is_empty() {
        return Err(damaged("it holds no tensors; save the state dict alone".to_owned()));
    }
    Ok(dict)
}

fn decode(dtype: DType, bytes: &[u8]) -> Option<Vec<f32>> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let (fours, _) = bytes.as_chunks::<4>();
    let (eights, _) = bytes.as_chunks::<8>();
    match dtype {
        DType::F64 => Some(eights.iter().map(|b| f64::from_le_bytes(*b) as f32).collect()),
        DType::F32 => Some(fours.iter().map(|b| f32::from_le_bytes(*b)).collect()),
        DType::F16 => Some(pairs.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()),
        DType::BF16 => Some(pairs.iter().map(|b| bf16::from_le_bytes(*b).to_f32()).collect()),
        _ => None,
    }
}
