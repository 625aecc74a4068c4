//! Whether a case is COVID-19 positive, from its infection probability map.

mod fraction;
mod rule;
mod score;
mod verdict;

pub use fraction::LungFraction;
pub use rule::DetectionRule;
pub use score::DetectionScore;
pub use verdict::Detection;
