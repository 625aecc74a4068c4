use std::path::PathBuf;

/// Why a report could not be made, written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be written, or a value is out of its range.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A report could not be read.
    #[error("cannot read the report {}: {reason}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// A report is not JSON, or lacks what the schema asks for.
    #[error("the report is not valid: {reason}")]
    Json {
        /// Where and why.
        reason: serde_json::Error,
    },
    /// A report does not say which schema it follows.
    #[error("the report has no schema_version; it was not written by Pulmo")]
    SchemaMissing,
    /// A report's schema version is not of the form `major.minor`.
    #[error("the report's schema_version is {found:?}; it must be of the form \"1.0\"")]
    SchemaMalformed {
        /// What stood there.
        found: String,
    },
    /// A report follows a schema that this version cannot read.
    #[error(
        "the report follows schema {found}, and this version of Pulmo reads {supported_major}.x; read it with the version that wrote it"
    )]
    SchemaUnsupported {
        /// The report's schema version.
        found: String,
        /// The major version that can be read.
        supported_major: u32,
    },
    /// The lungs part of a report contradicts itself.
    #[error(
        "the report's lungs part says found = {found}, but {present} of right, left and both are given; all must be given where lungs were found, and none otherwise"
    )]
    LungsContradictory {
        /// What `found` says.
        found: bool,
        /// How many of right, left and both are given.
        present: usize,
    },
    /// A duration that is negative or not finite.
    #[error("duration is {value} ms; it must be finite and not negative")]
    DurationInvalid {
        /// The refused value, in milliseconds.
        value: f64,
    },
    /// A link target that is not relative to the page.
    #[error(
        "{} is not a relative path; links are relative to the summary's folder, so that it can be moved", path.display()
    )]
    NotRelative {
        /// The refused path.
        path: PathBuf,
    },
    /// A summary could not be put into its form.
    #[error("cannot render the {what}: {reason}")]
    Render {
        /// What was being rendered.
        what: &'static str,
        /// What the renderer said.
        reason: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl From<serde_json::Error> for Error {
    fn from(reason: serde_json::Error) -> Self {
        Self::Json { reason }
    }
}

/// The result of making, writing or reading a report.
pub type Result<T> = std::result::Result<T, Error>;
