//! What many of Pulmo's crates share and none of them owns. It depends on no image code and on no network code.
//!
//! - [`Task`] and [`Scheme`]: what a network segments, and what an infection network sees.
//! - [`Percent`], [`Probability`], [`Threshold`]: numbers whose range is checked once.
//! - [`DetectionScore`], [`DetectionRule`], [`MaskGate`], [`Decision`]: how an infection network's output becomes a
//!   verdict on COVID-19, as data. `pulmo-findings` computes the scores.
//! - [`Sha256Digest`], [`ModelIdentity`]: which file, and which network.
//! - [`files`]: files that are there whole or not at all, and stay after a power failure.
//! - [`unique_name`]: file names that do not collide.

mod decision;
mod detection;
mod digest;
mod error;
pub mod files;
mod identity;
mod percent;
mod probability;
mod scheme;
mod task;
mod unique_name;

pub use decision::{Decision, MaskGate};
pub use detection::{DetectionRule, DetectionScore, LungFraction};
pub use digest::{Sha256Digest, Sha256Hasher};
pub use error::{Error, Result};
pub use identity::ModelIdentity;
pub use percent::Percent;
pub use probability::{Probability, Threshold};
pub use scheme::Scheme;
pub use task::Task;
pub use unique_name::unique_name;
