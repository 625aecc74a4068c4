//! What can go wrong in a job.

use std::path::PathBuf;

use pulmo_core::Task;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// No device was given.
    #[error("there is no device to train on; give at least one")]
    NoDevice,
    /// The data set has nothing to validate a training on.
    #[error("{} has no validation images; file some under Val", data.display())]
    NoValidationImages {
        /// The data set.
        data: PathBuf,
    },
    /// There is no such split.
    #[error("'{name}' is none of train, val, test, all")]
    UnknownSplit {
        /// What was asked for.
        name: String,
    },
    /// The data set has no image in a split.
    #[error("the data set has no images in {split}; there are:\n{counts}")]
    EmptySplit {
        /// The split.
        split: String,
        /// What there is.
        counts: String,
    },
    /// A threshold was set for networks that have no rule.
    #[error(
        "the infection network has no detection rule that a threshold could belong to; calibrate it on validation images"
    )]
    NoDetectionRule,
    /// The bundled networks cannot be calibrated.
    #[error(
        "the bundled networks cannot be changed; name the model folder of the infection network to calibrate"
    )]
    NothingToCalibrate,
    /// A list of experts' scores cannot be used.
    #[error("{}: {reason}", path.display())]
    Scores {
        /// The list.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// A data set has nothing that X-rays could be compared with.
    #[error("{} has no training or validation images", data.display())]
    NothingToCompare {
        /// The data set.
        data: PathBuf,
    },
    /// There is no model to average.
    #[error("there is no model folder to average; name at least one")]
    NothingToAverage,
    /// A model is of another task than those it was to be averaged with.
    #[error("{} segments {found}, not {expected}; only models of one task can be averaged", path.display())]
    OtherTask {
        /// The model folder.
        path: PathBuf,
        /// Its task.
        found: Task,
        /// The others'.
        expected: Task,
    },
    /// Weights are written as safetensors only.
    #[error("safetensors is written; name it {}", named.display())]
    Ending {
        /// The path with that ending.
        named: PathBuf,
    },
    /// A model would be written over.
    #[error("{} holds a model already; name another folder", path.display())]
    HoldsModel {
        /// The folder.
        path: PathBuf,
    },
    /// The input of a network cannot be used.
    #[error("{}: {reason}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A network's output could not be read from its device.
    #[error("the network gave no usable output: {reason}")]
    Output {
        /// What the backend says.
        reason: String,
    },
    /// There are no figures to check a network with.
    #[cfg(feature = "backend-check")]
    #[error(
        "there is no reference for {network}; `pulmo backend-check` without --networks takes those that have one"
    )]
    NoReference {
        /// The network.
        network: String,
    },
    /// Gradients of different networks were compared.
    #[cfg(feature = "backend-check")]
    #[error("the gradients are not of the same parameters; compare those of one network")]
    OtherParameters,
    /// Somebody else trains the same networks.
    #[error("another program trains the networks in {}; wait until it ends", folder.display())]
    Busy {
        /// Their folder.
        folder: PathBuf,
    },
    /// A network of an annotation project cannot be trained.
    #[error("{name}: {reason}")]
    Network {
        /// The network.
        name: String,
        /// Why.
        reason: Box<Self>,
    },
    /// A network was trained with other options before.
    #[error("{} was trained with another size or depth; give the same", folder.display())]
    OtherOptions {
        /// Its model folder.
        folder: PathBuf,
    },
    /// A folder holds masks where X-rays are meant.
    #[error("'{}' holds masks, not X-rays; give the folder of the X-rays alone, or the whole data set", folder.display())]
    MasksForXrays {
        /// The folder.
        folder: PathBuf,
    },
    /// A rule of simulated reviewers is no share.
    #[error("{name} is {value}, but has to be from 0 to 1")]
    Rule {
        /// Which rule.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// A simulation of other options lies in the folder.
    #[error("{} holds a loop with other options; give another folder", folder.display())]
    OtherSimulation {
        /// The folder.
        folder: PathBuf,
    },
    /// A network or its weights are not usable.
    #[error(transparent)]
    Segmentation(#[from] pulmo_segmentation::Error),
    /// A value could not be serialised.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The data set has problems, all of which are listed.
    #[cfg(any(feature = "train", feature = "evaluate"))]
    #[error(transparent)]
    Problems(#[from] pulmo_data::Problems),
    /// The data are not usable.
    #[cfg(any(feature = "train", feature = "evaluate"))]
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
    /// A network cannot be made ready for the CPU.
    #[cfg(feature = "backend-check")]
    #[error(transparent)]
    Inference(#[from] pulmo_inference::Error),
    /// A training failed.
    #[cfg(feature = "train")]
    #[error(transparent)]
    Training(#[from] pulmo_training::Error),
    /// Networks or images cannot be used together.
    #[cfg(feature = "analyze")]
    #[error(transparent)]
    Pipeline(#[from] pulmo_pipeline::Error),
    /// An X-ray cannot be read.
    #[cfg(any(feature = "annotate", feature = "evaluate"))]
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),
    /// An image or a mask is not usable.
    #[cfg(any(feature = "annotate", feature = "evaluate"))]
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// An evaluation failed.
    #[cfg(feature = "evaluate")]
    #[error(transparent)]
    Evaluation(#[from] pulmo_evaluation::Error),
    /// A study failed.
    #[cfg(feature = "study")]
    #[error(transparent)]
    Study(#[from] pulmo_study::Error),
    /// An annotation project refused something.
    #[cfg(feature = "annotate")]
    #[error(transparent)]
    Annotation(#[from] pulmo_annotation::Error),
}

impl Error {
    /// For `map_err` where a tensor is read from its device.
    #[cfg(any(feature = "backend-check", feature = "convert"))]
    pub(crate) fn output(reason: impl std::fmt::Display) -> Self {
        Self::Output { reason: reason.to_string() }
    }
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
