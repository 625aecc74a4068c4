use std::path::PathBuf;

use clap::Args;

/// A data set.
#[derive(Debug, Clone, Args)]
pub(crate) struct DataOption {
    /// Data set: COVID-QU-Ex in its published layout, a CSV manifest, or a folder of images and masks
    #[arg(long, value_name = "PATH")]
    pub(crate) data: PathBuf,
}

/// How many of its images.
#[derive(Debug, Clone, Args)]
pub(crate) struct SubsetOption {
    /// Use only so many images, drawn evenly over the classes
    #[arg(long, value_name = "COUNT")]
    pub(crate) subset: Option<usize>,
}
