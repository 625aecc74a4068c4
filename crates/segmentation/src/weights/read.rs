//! State dicts out of files of either format.

use std::path::Path;

use super::{StateDict, read_pytorch, read_safetensors};
use crate::Result;

/// Endings of files that `torch.save` writes.
const PYTORCH_ENDINGS: [&str; 3] = ["pth", "pt", "bin"];

/// Reads a state dict: a PyTorch file where `path` ends in `.pth`, `.pt` or `.bin`, a safetensors file otherwise.
///
/// # Errors
/// As [`read_pytorch`] and [`read_safetensors`].
pub fn read(path: &Path) -> Result<StateDict> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if PYTORCH_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return read_pytorch(path);
    }
    read_safetensors(path)
}
