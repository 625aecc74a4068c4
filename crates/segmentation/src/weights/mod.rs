//! Weights as a state dict with SMP's key names, in and out of a network and of files.

mod apply;
mod collect;
mod eight_bit;
mod encoder;
mod file;
mod input;
mod keys;
mod mean;
mod precision;
#[cfg(feature = "pytorch")]
mod pytorch;
mod read;
mod report;
mod state_dict;
mod torchvision;

pub use apply::{Strictness, load};
pub use collect::{collect, key_shapes, parameters};
pub use encoder::load_encoder;
pub use file::{read_safetensors, safetensors_bytes, state_dict_from_safetensors, write_safetensors};
pub use input::adapt_input_channels;
pub use mean::mean;
pub use precision::Precision;
#[cfg(feature = "pytorch")]
pub use pytorch::read_pytorch;
pub use read::read;
pub use report::{LoadReport, ShapeMismatch};
pub use state_dict::StateDict;
pub use torchvision::encoder_of_classifier;
