#![doc = include_str!("../README.md")]
#![no_std]

/// The model folder's `config.json`: network, task, input, thresholds, digest of the weights.
pub const CONFIG: &str = include_str!("../config.json");

/// The model folder's `model.safetensors`.
pub const WEIGHTS: &[u8] = include_bytes!("../model.safetensors");
