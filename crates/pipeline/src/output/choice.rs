//! Which outputs are written.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use pulmo_report::{FileKind, SUMMARY_COLUMNS};

use super::probabilities::Probabilities;
use super::standard::{InfectionMaskFile, LungMaskFile, OverlayPicture, ReportFile};
use super::{CaseOutput, OutputFile};
use crate::{Error, Result};

/// The outputs that are written of each case, in the order in which summaries list their files.
///
/// By default `overlay`, `lung`, `infection` and `report`. Read from a text as on the command line, names separated by
/// commas:
///
/// ```
/// use pulmo_pipeline::Outputs;
///
/// let outputs: Outputs = "infection, report".parse()?;
/// assert_eq!(outputs.to_string(), "infection,report");
/// assert!("masks".parse::<Outputs>().is_err());
/// assert_eq!(Outputs::default().to_string(), "overlay,lung,infection,report");
/// # Ok::<(), pulmo_pipeline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outputs(Vec<Arc<dyn CaseOutput>>);

/// An output that comes with Pulmo, and whether it is written unless something else is asked for.
type Known = (fn() -> Arc<dyn CaseOutput>, bool);

impl Outputs {
    /// Every output that comes with Pulmo.
    const ALL: [Known; 5] = [
        (|| Arc::new(OverlayPicture), true),
        (|| Arc::new(LungMaskFile), true),
        (|| Arc::new(InfectionMaskFile), true),
        (|| Arc::new(ReportFile), true),
        (|| Arc::new(Probabilities), false),
    ];

    /// No output.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Every output that comes with Pulmo.
    pub fn all() -> Self {
        Self(Self::ALL.iter().map(|(output, _)| output()).collect())
    }

    /// With another output after these.
    ///
    /// # Errors
    /// [`Error::OutputName`], [`Error::OutputFileName`] and [`Error::OutputColumn`] where its name, one of its files or one
    /// of its columns is not usable, or belongs to another output.
    pub fn with(self, output: impl CaseOutput + 'static) -> Result<Self> {
        self.with_shared(Arc::new(output))
    }

    fn with_shared(mut self, output: Arc<dyn CaseOutput>) -> Result<Self> {
        let name = output.name().to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if name.is_empty() || !name.chars().all(plain) || self.names().any(|other| other == name) {
            return Err(Error::OutputName { name });
        }
        let mut files = self.files();
        for file in output.files() {
            check(&name, &file, &files)?;
            files.push(file);
        }
        self.0.push(output);
        Ok(self)
    }

    /// The outputs' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|output| output.name())
    }

    /// The outputs.
    pub fn iter(&self) -> impl Iterator<Item = &dyn CaseOutput> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The files of all outputs.
    pub fn files(&self) -> Vec<OutputFile> {
        self.iter().flat_map(CaseOutput::files).collect()
    }

    /// What summaries list of each case.
    pub fn kinds(&self) -> Vec<FileKind> {
        self.files().into_iter().map(|file| file.kind).collect()
    }
}

/// Whether a file can stand beside others in a case folder and in a summary.
fn check(output: &str, file: &OutputFile, others: &[OutputFile]) -> Result<()> {
    let output = output.to_owned();
    let same_name = |other: &OutputFile| other.name.eq_ignore_ascii_case(&file.name);
    let is_plain =
        !file.name.is_empty() && !file.name.starts_with('.') && !file.name.contains(['/', '\\', '\0']);
    if !is_plain || others.iter().any(same_name) {
        return Err(Error::OutputFileName { output, file: file.name.clone() });
    }
    let column = &file.kind.column;
    let is_taken = SUMMARY_COLUMNS.iter().any(|(name, _)| name == column);
    if column.is_empty() || is_taken || others.iter().any(|other| other.kind.column == *column) {
        return Err(Error::OutputColumn { output, column: column.to_string() });
    }
    Ok(())
}

impl Default for Outputs {
    fn default() -> Self {
        Self(Self::ALL.iter().filter(|(_, written)| *written).map(|(output, _)| output()).collect())
    }
}

impl FromStr for Outputs {
    type Err = Error;

    /// # Errors
    /// [`Error::OutputUnknown`] for a name that is none of [`Outputs::all`], and [`Error::OutputName`] for one that stands
    /// there twice.
    fn from_str(text: &str) -> Result<Self> {
        text.split(',').map(str::trim).try_fold(Self::none(), |chosen, name| {
            let known = Self::all();
            let Some(output) = known.0.iter().find(|output| output.name() == name) else {
                return Err(Error::OutputUnknown { name: name.to_owned(), known: known.to_string() });
            };
            chosen.with_shared(Arc::clone(output))
        })
    }
}

/// The names, separated by commas.
impl fmt::Display for Outputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(","))
    }
}
