//! The whole way from a chest X-ray to an infection report.
//!
//! X-ray → lung network and infection network, in parallel or cascaded (Tahir et al. 2021) → lung mask, cleaned and split into the
//! patient's right and left lung → infection inside the lungs → infected percentage, severity and detection → report.
//!
//! [`LungNetwork`] and [`InfectionNetwork`] are different types: one cannot be passed for the other. Several networks of
//! one task work together as an [`Ensemble`], and each may look at the mirror image too ([`TestTimeFlip`]).
//!
//! ```compile_fail
//! # fn swapped(lung: pulmo_pipeline::LungNetwork, infection: pulmo_pipeline::InfectionNetwork) {
//! let pipeline = pulmo_pipeline::Pipeline::new(infection, lung);
//! # }
//! ```

mod analysis;
#[cfg(feature = "batch")]
mod batch;
#[cfg(feature = "bundled")]
pub mod bundled;
#[cfg(feature = "batch")]
mod case_folder;
mod ensemble;
mod error;
mod flip;
#[cfg(feature = "batch")]
mod inputs;
mod network;
#[cfg(feature = "batch")]
mod output;
mod pipeline;

pub use analysis::Analysis;
#[cfg(feature = "batch")]
pub use batch::{Batch, Progress};
#[cfg(feature = "batch")]
pub use case_folder::CaseFolder;
pub use ensemble::Ensemble;
pub use error::{Error, Result};
pub use flip::{Flips, TestTimeFlip};
#[cfg(feature = "batch")]
pub use inputs::{Input, collect_inputs};
pub use network::{Infection, InfectionNetwork, Lung, LungNetwork, Network, Segments};
#[cfg(feature = "batch")]
pub use output::{AnalysedCase, CaseOutput, OutputFile, Outputs};
pub use pipeline::Pipeline;
pub use pulmo_core::{Decision, MaskGate};
