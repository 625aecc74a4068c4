//! A model as a folder: configuration, weights and model card, versioned and checked.

mod manifest;
mod store;

pub use manifest::ModelManifest;
pub use store::ModelFolder;
