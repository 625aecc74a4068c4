//! Studies: which network does how well at which task in which scheme, by cross-validation (Tahir et al. 2021).
//!
//! A [`StudyConfig`] names networks, folds, tasks and schemes; a [`Study`] trains and tests every [`Cell`] of it in a
//! folder, resumes where it was stopped, and ends with one [`StudyTable`].
//!
//! ```no_run
//! use burn::tensor::Device;
//! use pulmo_study::{Study, StudyConfig};
//!
//! # fn main() -> pulmo_study::Result<()> {
//! # let device: Device = unreachable!();
//! let config = StudyConfig::load("study.toml".as_ref())?;
//! let study = Study::open(config, "COVID-QU-Ex".as_ref(), "results".as_ref(), &device)?;
//! let table = study.run(&())?;
//! println!("{}", table.to_markdown());
//! # Ok(())
//! # }
//! ```

mod assess;
mod cell;
mod config;
mod error;
mod figure;
mod identity;
mod lungs;
mod network;
mod observer;
mod page;
mod paper;
mod result;
mod samples;
mod splits;
mod study;
mod table;
mod training;

pub use cell::Cell;
pub use config::{InfectionStudy, LungSource, LungStudy, RecipeOptions, StudyConfig};
pub use error::{Error, Result};
pub use figure::figures_of;
pub use network::NetworkName;
pub use observer::{Activity, Observer};
pub use paper::paper_figure;
pub use result::{CaseResult, CellResult};
pub use study::Study;
pub use table::{SchemeDifference, StudyTable, TableEntry, TableRow};
