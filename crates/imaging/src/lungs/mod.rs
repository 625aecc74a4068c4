//! What the masks mean: lungs, their sides, and infection.

mod clean;
mod infection;
mod lung;
mod pair;
mod seam;
mod split;

pub use clean::CleanOptions;
pub use infection::InfectionMask;
pub use lung::LungMask;
pub use pair::{LungPair, SplitNote};
