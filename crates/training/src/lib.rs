//! Training of Pulmo's segmentation networks on burn-train.
//!
//! A [`Recipe`] says everything that a run depends on; a [`Trainer`] runs it into a [`RunFolder`], where every epoch
//! leaves a checkpoint, so that a run that was stopped goes on as if it had not been. A [`Fit`] does all of it, from the
//! first weights to the model folder.

mod batch;
mod curves;
mod epoch_end;
mod error;
mod fit;
mod initialise;
mod learner;
mod loader;
mod metric;
mod needs;
mod optimiser;
mod progress;
mod recipe;
mod renderer;
mod run;
mod schedule;
mod trainer;

pub use batch::SegmentationBatch;
pub use curves::{EpochFigures, read_curves};
pub use error::{Error, Result};
pub use fit::{Fit, Fitted, Start};
pub use initialise::initialise_encoder;
pub use learner::{Learnable, SegmentationOutput};
pub use loader::BatchLoader;
pub use metric::{ConfusionInput, ConfusionMetric};
pub use needs::needs;
pub use optimiser::{FusedAdam, adam, adamw};
pub use progress::{TrainingObserver, TrainingProgress};
pub use recipe::{Clipping, Keep, Monitor, Optimiser, Plateau, Recipe, Schedule};
pub use renderer::ProgressRenderer;
pub use run::{CallRecord, DataRecord, Existing, RunFolder, RunRecord};
pub use trainer::{Trained, Trainer};
