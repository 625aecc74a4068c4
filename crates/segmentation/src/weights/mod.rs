//! Weights as a state dict with SMP's key names, in and out of a network and of files.

mod apply;
mod collect;
mod file;
mod keys;
mod report;
mod state_dict;

pub use apply::{Strictness, load};
pub use collect::{collect, key_shapes};
pub use file::{Precision, read_safetensors, safetensors_bytes, state_dict_from_safetensors};
pub use report::{LoadReport, ShapeMismatch};
pub use state_dict::StateDict;
