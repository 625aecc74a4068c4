//! What can go wrong on the way from a file to a report.

use std::path::PathBuf;

use pulmo_segmentation::{Scheme, Task};

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A model for one task was given where the other belongs.
    #[error(
        "model '{name}' segments {found}, but a {expected} network is needed; pass a {expected} model folder"
    )]
    Task {
        /// The model.
        name: String,
        /// What it segments.
        found: Task,
        /// What is needed.
        expected: Task,
    },
    /// The network has not two classes.
    #[error("model '{name}' has {classes} classes; background and foreground, 2, are needed")]
    Classes {
        /// The model.
        name: String,
        /// Its classes.
        classes: usize,
    },
    /// Nobody can be meant to look twice by that.
    #[error("flip is '{name}', but has to be stored, none, lung, infection or both")]
    UnknownFlips {
        /// What was asked for.
        name: String,
    },
    /// An ensemble of none.
    #[error("no {task} network was given; give at least one {task} model folder")]
    NoNetworks {
        /// What the networks were to segment.
        task: Task,
    },
    /// Networks that see different things cannot be averaged.
    #[error(
        "model '{first}' is {scheme} and model '{name}' {found}; give an ensemble networks of one scheme"
    )]
    MixedSchemes {
        /// The first model.
        first: String,
        /// Its scheme.
        scheme: Scheme,
        /// Another model.
        name: String,
        /// That one's scheme.
        found: Scheme,
    },
    /// The network's output could not be read from its device.
    #[error("the {task} network gave no usable output: {reason}")]
    Output {
        /// Which network.
        task: Task,
        /// What the backend says.
        reason: String,
    },
    /// An input does not exist.
    #[error("{} does not exist; give image files or folders of them", path.display())]
    NoSuchInput {
        /// What was given.
        path: PathBuf,
    },
    /// A folder cannot be read.
    #[error("cannot read folder {}: {reason}", path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is nothing to do.
    #[error("no images (PNG, JPEG, TIFF, BMP, WebP, DICOM) among the inputs")]
    NothingToDo,
    /// A file or a folder cannot be written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// The name of no output.
    #[error("there is no output '{name}'; choose among {known}, separated by commas")]
    OutputUnknown {
        /// The name asked for.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// An output whose name cannot stand in a list, or stands there already.
    #[error(
        "output '{name}' cannot be added; give each output a name of its own, of letters, digits and hyphens"
    )]
    OutputName {
        /// The name.
        name: String,
    },
    /// An output whose file cannot stand in a case folder, or stands there already.
    #[error(
        "output '{output}' writes '{file}'; give each file of a case a name of its own, without '/' and a dot in front"
    )]
    OutputFileName {
        /// The output.
        output: String,
        /// Its file.
        file: String,
    },
    /// An output whose column a summary already has.
    #[error(
        "output '{output}' has the summary column '{column}'; give each file of a case a column of its own"
    )]
    OutputColumn {
        /// The output.
        output: String,
        /// The column of one of its files.
        column: String,
    },
    /// An image or a mask is not usable.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
    /// An X-ray cannot be opened.
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),
    /// Measuring failed.
    #[error(transparent)]
    Findings(#[from] pulmo_findings::Error),
    /// A report could not be written.
    #[error(transparent)]
    Report(#[from] pulmo_report::Error),
    /// A network cannot be made ready for the CPU.
    #[error(transparent)]
    Inference(#[from] pulmo_inference::Error),
    /// A model is not usable.
    #[error(transparent)]
    Segmentation(#[from] pulmo_segmentation::Error),
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
