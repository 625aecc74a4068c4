//! What is written of a case.
//!
//! Each file of a case folder is made by a [`CaseOutput`]. To add one: a file in this folder that implements the trait, and
//! its line in `Outputs::ALL`. A program outside this crate gives its own to [`Outputs::with`].

mod choice;
mod probabilities;
mod standard;

use std::fmt::Debug;
use std::path::Path;

use pulmo_imaging::ChestXray;
use pulmo_report::{CaseReport, FileKind};

use crate::{Analysis, Result};

pub use choice::Outputs;

/// One X-ray with all that was found in it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AnalysedCase<'a> {
    /// The X-ray.
    pub xray: &'a ChestXray,
    /// Masks and probabilities at the X-ray's own size, and the findings.
    pub analysis: &'a Analysis,
    /// What is reported of it.
    pub report: &'a CaseReport,
}

impl<'a> AnalysedCase<'a> {
    /// Puts together what belongs to one X-ray.
    pub fn new(xray: &'a ChestXray, analysis: &'a Analysis, report: &'a CaseReport) -> Self {
        Self { xray, analysis, report }
    }
}

/// A file of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputFile {
    /// Its name in the case folder, such as `lung.png`.
    pub name: String,
    /// What it holds, and how summaries list it.
    pub kind: FileKind,
}

impl OutputFile {
    /// A file of this name and kind.
    pub fn new(name: impl Into<String>, kind: FileKind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// Something that is written of every case, in one file or several.
///
/// ```
/// use std::path::Path;
///
/// use pulmo_pipeline::{AnalysedCase, CaseOutput, OutputFile, Outputs};
/// use pulmo_report::FileKind;
///
/// /// The infected share of both lungs, as a line of text.
/// #[derive(Debug)]
/// struct Share;
///
/// impl CaseOutput for Share {
///     fn name(&self) -> &str {
///         "share"
///     }
///
///     fn files(&self) -> Vec<OutputFile> {
///         vec![OutputFile::new("share.txt", FileKind::link("share", "Share", "the infected share of both lungs"))]
///     }
///
///     fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> pulmo_pipeline::Result<()> {
///         let lungs = case.analysis.findings.quantification();
///         let share = lungs.and_then(|lungs| lungs.both().infected());
///         let text = share.map_or("unknown".to_owned(), |share| share.to_string());
///         Ok(pulmo_core::files::write(&folder.join("share.txt"), text.as_bytes())?)
///     }
/// }
///
/// let outputs = Outputs::default().with(Share)?;
/// assert!(outputs.names().any(|name| name == "share"));
/// # Ok::<(), pulmo_pipeline::Error>(())
/// ```
pub trait CaseOutput: Debug + Send + Sync {
    /// The name that it is chosen by: letters, digits and hyphens.
    fn name(&self) -> &str;

    /// The files that it may write, in the order in which summaries list them.
    fn files(&self) -> Vec<OutputFile>;

    /// Writes its files into `folder`, which is put in the place of the case folder once all outputs are written. A file
    /// that has no meaning for the case can be left out; a summary then does not list it.
    ///
    /// # Errors
    /// A file cannot be made or written. The whole case then fails, and an older case folder is left as it was.
    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()>;
}
