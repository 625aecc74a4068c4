//! What the masks of a chest X-ray mean: infected percentages, severity,
//! geographic extent and COVID-19 detection, each as a type of its own.
//!
//! Masks come from `pulmo-imaging`; nothing here runs a network. A value that
//! has no meaning, such as the infected share of a missing lung, is `None`
//! rather than 0.
//!
//! ```
//! use pulmo_findings::{FindingRules, Findings, LungExtent};
//! use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask};
//!
//! // Two lungs of 30 x 60 pixels; the lower half of the patient's right one,
//! // on the left of the picture, is infected.
//! let lungs = Mask::from_fn(100, 80, |x, y| {
//!     (10..70).contains(&y) && ((10..40).contains(&x) || (60..90).contains(&x))
//! })?;
//! let infection = InfectionMask::new(Mask::from_fn(100, 80, |x, y| x < 50 && y >= 40)?);
//! let lungs = LungPair::split(&LungMask::new(lungs));
//!
//! let findings = Findings::derive(&lungs, &infection, None, &FindingRules::default())?;
//! let quantification = findings.quantification().ok_or("no lungs")?;
//! assert_eq!(quantification.right().infected().map(|percent| percent.get()), Some(50.0));
//! assert_eq!(quantification.both().infected().map(|percent| percent.get()), Some(25.0));
//! assert_eq!(findings.severity().map(|severity| severity.grade().name()), Some("moderate"));
//! assert_eq!(
//!     findings.geographic_extent().and_then(|extent| extent.right()),
//!     Some(LungExtent::new(2)?)
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod detection;
mod error;
mod extent;
mod findings;
mod lung_finding;
mod operating_point;
mod quantification;
mod severity;
mod threshold_choice;

pub use detection::{Detection, detect, detection_score};
pub use error::{Error, Result};
pub use extent::{GeographicExtent, LungExtent};
pub use findings::{FindingRules, Findings, LungsStatus};
pub use lung_finding::LungFinding;
pub use operating_point::OperatingPoint;
pub use pulmo_core::{DetectionRule, DetectionScore, LungFraction, Percent, Probability, Threshold};
pub use quantification::Quantification;
pub use severity::{Severity, SeverityGrade, SeverityScale};
pub use threshold_choice::{ThresholdChoice, choose_threshold, choose_threshold_at};
