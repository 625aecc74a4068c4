//! What can go wrong with models and their weights.

use std::path::PathBuf;

use pulmo_core::{Sha256Digest, Task};

use crate::Architecture;
use crate::weights::LoadReport;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The architecture is not one of ours.
    #[error("unknown architecture '{name}'; known are {known}")]
    UnknownArchitecture {
        /// What was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Weights are not stored so.
    #[error("unknown precision '{name}'; known are full (32 bits), half (16) and byte (8)")]
    UnknownPrecision {
        /// What was asked for.
        name: String,
    },
    /// A lung network cannot see an X-ray that is masked by its own output.
    #[error(
        "model '{name}' segments {task} and cannot be cascaded; only an infection network can: take scheme parallel"
    )]
    SchemeOfTask {
        /// The model.
        name: String,
        /// What it segments.
        task: Task,
    },
    /// A mask threshold outside [0, 1], with which every pixel or none would belong to the mask.
    #[error(
        "model '{name}' has the mask threshold {value}; it must lie in [0, 1]: correct \"mask_threshold\" in its config.json"
    )]
    MaskThreshold {
        /// The model.
        name: String,
        /// The refused value.
        value: f32,
    },
    /// A network's name has no hyphen between architecture and encoder.
    #[error("network name '{name}' is not of the form <architecture>-<encoder>, for example unet-resnet18")]
    NetworkName {
        /// What was given.
        name: String,
    },
    /// The network would have no output.
    #[error("a network needs at least one output class, not 0")]
    NoClasses,
    /// Options were given of a decoder that the network does not have.
    #[error("{architecture} has no {options}; leave them at their defaults or take {remedy}")]
    DecoderOptions {
        /// Which architecture.
        architecture: Architecture,
        /// The options.
        options: &'static str,
        /// The architectures that have them.
        remedy: &'static str,
    },
    /// The classification head would have no output.
    #[error("a classification head needs at least one label, not 0; leave it out where images have none")]
    NoLabels,
    /// The probability of dropout in the classification head is out of range.
    #[error("dropout probability {probability} of the classification head is not in [0, 1); SMP's is 0.2")]
    LabelDropout {
        /// What was given.
        probability: f64,
    },
    /// Labels were asked of a network that only has masks.
    #[error(
        "the network has no classification head; configure one with `SegmentationConfig::with_classification`"
    )]
    NoClassificationHead,
    /// The input cannot be halved as often as the encoder does.
    #[error(
        "input of {height} x {width} is not divisible by {stride}; pad it to {padded_height} x {padded_width} with `Padding`"
    )]
    InputSize {
        /// Rows given.
        height: usize,
        /// Columns given.
        width: usize,
        /// What both have to be divisible by.
        stride: usize,
        /// The next height that fits.
        padded_height: usize,
        /// The next width that fits.
        padded_width: usize,
    },
    /// An image cannot be padded.
    #[error(
        "cannot pad {height} x {width} to multiples of {stride}; sides and stride have to be from 1 to {largest} pixels"
    )]
    PaddingSize {
        /// Rows given.
        height: usize,
        /// Columns given.
        width: usize,
        /// What both have to become divisible by.
        stride: usize,
        /// The largest side.
        largest: usize,
    },
    /// A tensor is not of the size that its padding was made for.
    #[error(
        "the tensor is {} x {}, but the padding is for {} x {}; make one with `SegmentationConfig::padding`",
        found[0], found[1], expected[0], expected[1]
    )]
    MapSize {
        /// Rows and columns of the tensor.
        found: [usize; 2],
        /// Rows and columns that the padding takes here.
        expected: [usize; 2],
    },
    /// The encoder's configuration is wrong.
    #[error(transparent)]
    Encoder(#[from] pulmo_encoders::Error),
    /// The decoder's configuration is wrong.
    #[error(transparent)]
    Decoder(#[from] pulmo_decoders::Error),
    /// A file could not be read or written, or a value is out of its range.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A file of weights is damaged or of another format.
    #[error("{} is not a usable weight file: {reason}", path.display())]
    WeightFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// This build reads no PyTorch files.
    #[error(
        "{} is a PyTorch file, which this build cannot read; build with the feature `pytorch`, or convert it to safetensors",
        path.display()
    )]
    NoPytorch {
        /// Which file.
        path: PathBuf,
    },
    /// A weight is NaN or infinite.
    #[error(
        "weight '{key}' holds {count} values that are NaN or infinite; the file is damaged, fetch or train it again"
    )]
    NotFinite {
        /// Which tensor.
        key: String,
        /// How many such values.
        count: usize,
    },
    /// The weight of a first convolution cannot be adapted to another number of input channels.
    #[error("cannot adapt '{key}' to {channels} input channels: {reason}")]
    InputWeight {
        /// Which tensor.
        key: String,
        /// How many channels were asked for.
        channels: usize,
        /// Why not.
        reason: String,
    },
    /// Models whose mean was asked for are of different networks.
    #[error(
        "tensor '{key}' is not there in every model, with one shape; only models of the same network can be averaged"
    )]
    Unequal {
        /// The first such tensor; "none" where there are no models.
        key: String,
    },
    /// The weights do not fit the network, and loading was strict.
    #[error("the weights do not fit the network: {0}")]
    Mismatch(Box<LoadReport>),
    /// A tensor could not be read back from its device.
    #[error("cannot read '{key}' from the device: {reason}")]
    Device {
        /// Which tensor.
        key: String,
        /// What the backend says.
        reason: String,
    },
    /// A module does not name one of its tensors, so that no state dict can have it.
    #[error(
        "the network has a tensor of shape {shape:?} that no key belongs to; name it with pulmo_nn::keyed!"
    )]
    Unnamed {
        /// The tensor's shape.
        shape: Vec<usize>,
    },
    /// The configuration of a model folder cannot be understood.
    #[error("{} is not a model configuration: {reason}; correct it, or export the model again", path.display())]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// Which field, and why.
        reason: String,
    },
    /// The model folder was written by a version that this one does not read.
    #[error(
        "{} has schema version {found}; this version of Pulmo reads {supported}; export the model again", path.display()
    )]
    SchemaVersion {
        /// Which file.
        path: PathBuf,
        /// What it says.
        found: u32,
        /// What is supported.
        supported: u32,
    },
    /// The weights of a model folder are not those that its configuration names.
    #[error(
        "{} has SHA-256 {found}, but its configuration says {}; the file was changed or damaged, restore it",
        path.display(), expected.map_or_else(|| "nothing".to_owned(), |digest| digest.to_string())
    )]
    Checksum {
        /// Which file.
        path: PathBuf,
        /// The digest of the file.
        found: Sha256Digest,
        /// The digest that was written down.
        expected: Option<Sha256Digest>,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
