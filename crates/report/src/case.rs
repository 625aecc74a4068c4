use std::path::Path;

use pulmo_findings::{Detection, Findings, GeographicExtent, Severity};
use serde::{Deserialize, Serialize};

use crate::{Error, LungsReport, Models, Result, SchemaVersion, Timing};

/// The picture that a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageInfo {
    /// Its file, as the user knows it.
    pub file: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Everything that is reported about one X-ray.
///
/// Its JSON form is versioned by `schema_version`; areas are in pixels of the
/// image, percentages in `[0, 100]`, durations in milliseconds, and what has
/// no meaning for the case (the severity of lungs not found) is null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    schema_version: SchemaVersion,
    image: ImageInfo,
    lungs: LungsReport,
    severity: Option<Severity>,
    geographic_extent: Option<GeographicExtent>,
    detection: Option<Detection>,
    model: Models,
    timing_ms: Timing,
    warnings: Vec<String>,
}

impl CaseReport {
    /// Reports `findings`, with `warnings` in the order given.
    #[must_use]
    pub fn new(
        image: ImageInfo,
        findings: &Findings,
        model: Models,
        timing_ms: Timing,
        warnings: Vec<String>,
    ) -> Self {
        Self {
            schema_version: SchemaVersion::of(findings.severity()),
            image,
            lungs: LungsReport::of(findings),
            severity: findings.severity().cloned(),
            geographic_extent: findings.geographic_extent().copied(),
            detection: findings.detection().copied(),
            model,
            timing_ms,
            warnings,
        }
    }

    /// Reads a report from JSON.
    ///
    /// # Errors
    /// [`Error::Json`] if it is not valid, [`Error::SchemaMissing`],
    /// [`Error::SchemaMalformed`] or [`Error::SchemaUnsupported`] if its schema
    /// is not one of this major version.
    pub fn from_json(json: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Envelope {
            schema_version: Option<String>,
        }
        let envelope: Envelope = serde_json::from_str(json)?;
        let version = envelope.schema_version.ok_or(Error::SchemaMissing)?;
        version.parse::<SchemaVersion>()?;
        Ok(serde_json::from_str(json)?)
    }

    /// The report as indented JSON, ending in a newline.
    ///
    /// # Errors
    /// [`Error::Json`] if it cannot be serialised.
    pub fn to_json(&self) -> Result<String> {
        let mut json = serde_json::to_string_pretty(self)?;
        json.push('\n');
        Ok(json)
    }

    /// Reads a report from a JSON file.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, else as
    /// [`from_json`](Self::from_json).
    pub fn read_json(path: &Path) -> Result<Self> {
        let json =
            std::fs::read_to_string(path).map_err(|reason| Error::Read { path: path.to_owned(), reason })?;
        Self::from_json(&json)
    }

    /// Writes the report to a JSON file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Core`] if the file cannot be written; an older file of that
    /// name is then unharmed.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        Ok(pulmo_core::files::write(path, self.to_json()?.as_bytes())?)
    }

    /// The schema that the report follows.
    #[must_use]
    pub fn schema_version(&self) -> SchemaVersion {
        self.schema_version
    }

    /// The picture.
    #[must_use]
    pub fn image(&self) -> &ImageInfo {
        &self.image
    }

    /// The lungs, and how much of each is infected.
    #[must_use]
    pub fn lungs(&self) -> &LungsReport {
        &self.lungs
    }

    /// The severity; `None` if no lungs were found.
    #[must_use]
    pub fn severity(&self) -> Option<&Severity> {
        self.severity.as_ref()
    }

    /// The geographic extent scores; `None` if no lungs were found.
    #[must_use]
    pub fn geographic_extent(&self) -> Option<&GeographicExtent> {
        self.geographic_extent.as_ref()
    }

    /// COVID-19 detection; `None` if none was made.
    #[must_use]
    pub fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
    }

    /// The networks.
    #[must_use]
    pub fn model(&self) -> &Models {
        &self.model
    }

    /// How long it took.
    #[must_use]
    pub fn timing(&self) -> &Timing {
        &self.timing_ms
    }

    /// What the reader should know about the picture or the masks.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
