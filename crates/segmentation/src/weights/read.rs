//! State dicts out of files of either format.

use std::path::Path;

use super::{StateDict, read_safetensors};
use crate::Result;

/// Endings of files that `torch.save` writes.
const PYTORCH_ENDINGS: [&str; 3] = ["pth", "pt", "bin"];

/// Reads a state dict: a PyTorch file where `path` ends in `.pth`, `.pt` or `.bin`, a safetensors file otherwise.
///
/// # Errors
/// As [`read_safetensors`] and, with the feature `pytorch`, `read_pytorch`; without it,
/// [`Error::NoPytorch`](crate::Error::NoPytorch) for a PyTorch file.
pub fn read(path: &Path) -> Result<StateDict> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if PYTORCH_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        #[cfg(feature = "pytorch")]
        return super::read_pytorch(path);
        #[cfg(not(feature = "pytorch"))]
        return Err(crate::Error::NoPytorch { path: path.into() });
    }
    read_safetensors(path)
}
