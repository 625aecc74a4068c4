//! Figures of confusion counts as metrics of burn-train.

mod confusion;
mod input;

pub use confusion::ConfusionMetric;
pub use input::ConfusionInput;
