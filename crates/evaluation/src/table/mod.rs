//! The table that evaluations and studies share: its figures, its rows and how they are written.
//!
//! A [`Figure`] is a metric of some masks, or of the decisions; its value over [tested cases](TestedCase) is an estimate with an
//! interval; a [`Row`] sets the paper's figures beside it; a [`Grid`] writes rows as Markdown or CSV. The metrics of masks
//! are those of [`pulmo_metrics::MASK_METRICS`], so that a new one appears in every table.

mod figure;
mod grid;
mod published;
mod row;
mod subject;

pub use figure::{Figure, Over, TestedCase, mean, mean_estimate};
pub use grid::{Column, Grid, number};
pub use published::{Published, published};
pub use row::Row;
pub use subject::Subject;

pub(crate) use figure::{RESAMPLES, SEED, detection};
pub(crate) use published::best;
