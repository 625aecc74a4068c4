//! What is written unless something else is asked for.

use std::path::Path;

use pulmo_report::FileKind;

use super::{AnalysedCase, CaseOutput, OutputFile};
use crate::Result;

/// `overlay.png`: the X-ray with lungs, infection and a legend.
#[derive(Debug)]
pub(super) struct OverlayPicture;

impl OverlayPicture {
    const FILE: &str = "overlay.png";
}

impl CaseOutput for OverlayPicture {
    fn name(&self) -> &str {
        "overlay"
    }

    fn files(&self) -> Vec<OutputFile> {
        let about = "the X-ray with lungs and infection drawn in";
        vec![OutputFile::new(Self::FILE, FileKind::picture("overlay", "Overlay", about))]
    }

    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
        Ok(case.analysis.drawn_on(case.xray, case.report).save_png(folder.join(Self::FILE))?)
    }
}

/// `lung.png`: the mask of both lungs.
#[derive(Debug)]
pub(super) struct LungMaskFile;

impl LungMaskFile {
    const FILE: &str = "lung.png";
}

impl CaseOutput for LungMaskFile {
    fn name(&self) -> &str {
        "lung"
    }

    fn files(&self) -> Vec<OutputFile> {
        vec![OutputFile::new(Self::FILE, FileKind::link("lung_mask", "Lungs", "the mask of both lungs"))]
    }

    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
        Ok(case.analysis.lungs.both().as_mask().save_png(folder.join(Self::FILE))?)
    }
}

/// `infection.png`: the mask of the infection.
#[derive(Debug)]
pub(super) struct InfectionMaskFile;

impl InfectionMaskFile {
    const FILE: &str = "infection.png";
}

impl CaseOutput for InfectionMaskFile {
    fn name(&self) -> &str {
        "infection"
    }

    fn files(&self) -> Vec<OutputFile> {
        let kind = FileKind::link("infection_mask", "Infection", "the mask of the infection");
        vec![OutputFile::new(Self::FILE, kind)]
    }

    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
        Ok(case.analysis.infection.as_mask().save_png(folder.join(Self::FILE))?)
    }
}

/// `report.json`.
#[derive(Debug)]
pub(super) struct ReportFile;

impl ReportFile {
    const FILE: &str = "report.json";
}

impl CaseOutput for ReportFile {
    fn name(&self) -> &str {
        "report"
    }

    fn files(&self) -> Vec<OutputFile> {
        vec![OutputFile::new(Self::FILE, FileKind::link("report", "JSON", "the findings as JSON"))]
    }

    fn write(&self, case: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
        Ok(case.report.write_json(&folder.join(Self::FILE))?)
    }
}
