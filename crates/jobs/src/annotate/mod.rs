//! Annotation with networks that learn: a project's images, the networks that propose, the steps between reviews, and a
//! simulation of all of it.

mod collect;
mod proposer;
mod simulation;
mod steps;

pub use collect::{images, seeds};
pub use proposer::{LearningOptions, NeuralProposer};
pub use simulation::{Mean, Rules, SimulatedRound, Simulation, SimulationOptions, simulate};
pub use steps::{Advanced, advance, create};
