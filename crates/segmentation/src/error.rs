//! What can go wrong with models and their weights.

use std::path::PathBuf;

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
    /// The task is not one of ours.
    #[error("unknown task '{name}'; known are lung and infection")]
    UnknownTask {
        /// What was asked for.
        name: String,
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
    /// The architecture has no blocks that attention could be in.
    #[error("{architecture} has no decoder blocks with attention; leave it out or take unet or unetplusplus")]
    Attention {
        /// Which architecture.
        architecture: Architecture,
    },
    /// The input cannot be halved as often as the encoder does.
    #[error(
        "input of {height} x {width} is not divisible by {stride}; pad it to {padded_height} x {padded_width}"
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
    /// The encoder's configuration is wrong.
    #[error(transparent)]
    Encoder(#[from] pulmo_encoders::Error),
    /// The decoder's configuration is wrong.
    #[error(transparent)]
    Decoder(#[from] pulmo_decoders::Error),
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// "read" or "write".
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file of weights is damaged or of another format.
    #[error("{} is not a usable weight file: {reason}", path.display())]
    WeightFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
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
    /// The configuration of a model folder cannot be understood.
    #[error("{} is not a model configuration: {source}", path.display())]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
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
        "{} has SHA-256 {found}, but its configuration says {expected}; the file was changed or damaged, restore it",
        path.display()
    )]
    Checksum {
        /// Which file.
        path: PathBuf,
        /// The digest of the file.
        found: String,
        /// The digest that was written down.
        expected: String,
    },
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
