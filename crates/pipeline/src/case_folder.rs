//! The files that an analysis leaves.

use std::path::{Path, PathBuf};

use pulmo_imaging::{ChestXray, Overlay};
use pulmo_report::{CaseFiles, CaseReport, RelativePath};

use crate::{Analysis, Error, Result};

/// A folder with `lung.png`, `infection.png`, `overlay.png` and `report.json`.
#[derive(Debug, Clone)]
pub struct CaseFolder {
    path: PathBuf,
}

impl CaseFolder {
    /// The lung mask's file name.
    pub const LUNG: &str = "lung.png";
    /// The infection mask's file name.
    pub const INFECTION: &str = "infection.png";
    /// The overlay's file name.
    pub const OVERLAY: &str = "overlay.png";
    /// The report's file name.
    pub const REPORT: &str = "report.json";

    /// Makes the folder.
    ///
    /// # Errors
    /// [`Error::OutputFolder`].
    pub fn create(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path).map_err(|source| Error::OutputFolder { path: path.into(), source })?;
        Ok(Self { path: path.into() })
    }

    /// The files of a case folder called `name`, as a summary in the folder above links to them.
    pub(crate) fn links(name: &str) -> Result<CaseFiles> {
        let link = |file: &str| RelativePath::new(format!("{name}/{file}")).map(Some);
        Ok(CaseFiles {
            overlay: link(Self::OVERLAY)?,
            lung_mask: link(Self::LUNG)?,
            infection_mask: link(Self::INFECTION)?,
            report: link(Self::REPORT)?,
        })
    }

    /// Writes all four files, each whole or not at all, the report last.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn write(&self, xray: &ChestXray, analysis: &Analysis, report: &CaseReport) -> Result<()> {
        analysis.lungs.both().as_mask().save_png(self.path.join(Self::LUNG))?;
        analysis.infection.as_mask().save_png(self.path.join(Self::INFECTION))?;
        Overlay::new(xray)
            .lungs(&analysis.lungs)
            .infection(&analysis.infection)
            .legend(&pulmo_report::text::legend_lines(report))
            .save_png(self.path.join(Self::OVERLAY))?;
        report.write_json(&self.path.join(Self::REPORT))?;
        Ok(())
    }
}
