//! Reports of chest X-ray findings: JSON for each case, with the feature `summary` a CSV table and an HTML
//! page for many, and short texts for the overlay's legend and the console.
//!
//! Every file is written whole or not at all.
//!
//! ```
//! use pulmo_findings::Findings;
//! use pulmo_report::{
//!     CaseFiles, CaseOutcome, CaseReport, FileKind, ImageInfo, ModelIdentity, Models,
//!     RelativePath, Sha256Digest, Summary, Timing,
//! };
//!
//! let model = |name: &str| -> pulmo_report::Result<ModelIdentity> {
//!     Ok(ModelIdentity {
//!         name: name.to_owned(),
//!         version: "1.0".to_owned(),
//!         sha256: Sha256Digest::new("0".repeat(64))?,
//!     })
//! };
//! let report = CaseReport::new(
//!     ImageInfo { file: "case.png".to_owned(), width: 256, height: 256 },
//!     &Findings::not_found(),
//!     Models { lung: model("lung")?, infection: model("infection")? },
//!     Timing::default(),
//!     vec!["no lungs were found".to_owned()],
//! );
//! assert_eq!(CaseReport::from_json(&report.to_json()?)?, report);
//!
//! let overlay = FileKind::picture("overlay", "Overlay", "the X-ray with the findings drawn in");
//! let files = CaseFiles::default().with(overlay, RelativePath::new("overlays/case.png")?);
//! let summary = Summary::new(vec![CaseOutcome::done(report, files)]);
//! # #[cfg(feature = "summary")]
//! assert!(summary.to_html()?.contains("overlays/case.png"));
//! # Ok::<(), pulmo_report::Error>(())
//! ```

/// The style sheet of the pages.
#[cfg(feature = "summary")]
pub const STYLE: &str = include_str!("../templates/style.css");

mod case;
pub mod cell;
mod error;
mod files;
mod link;
mod lungs;
mod model;
#[cfg(feature = "summary")]
mod page;
mod schema;
mod summary;
#[cfg(feature = "summary")]
mod summary_files;
#[cfg(feature = "summary")]
mod table;
pub mod text;
mod timing;

pub use case::{CaseReport, ImageInfo};
pub use error::{Error, Result};
pub use files::{CaseFiles, FileKind};
pub use link::RelativePath;
pub use lungs::{LungsReport, Split};
pub use model::Models;
pub use pulmo_core::{ModelIdentity, Sha256Digest};
pub use schema::SchemaVersion;
pub use summary::{CaseOutcome, Summary};
#[cfg(feature = "summary")]
pub use table::SUMMARY_COLUMNS;
pub use timing::{Milliseconds, Timing};
