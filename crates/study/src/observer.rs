//! What a study tells of its progress.

use std::fmt;

use pulmo_training::TrainingProgress;

use crate::{Cell, CellResult, NetworkName};

/// What a study is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Looking for near-duplicates.
    Comparing,
    /// Decoding training and validation images, masked by the lung network in the cascaded scheme.
    Reading,
    /// Choosing thresholds on the validation images.
    Calibrating,
    /// Testing on the fold that was held out.
    Testing,
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Comparing => "looking for near-duplicates",
            Self::Reading => "reading",
            Self::Calibrating => "calibrating",
            Self::Testing => "testing",
        })
    }
}

/// Is told of a study's progress; every method may be left out.
pub trait Observer: Sync {
    /// A cell begins, the `number`th of `total`, counted from 1.
    fn cell(&self, _cell: &Cell, _number: usize, _total: usize) {}

    /// A lung network that a fold trains for itself begins; the fold is counted from 0.
    fn lungs(&self, _network: NetworkName, _fold: usize) {}

    /// `done` of `total` images, from any thread.
    fn progress(&self, _activity: Activity, _done: usize, _total: usize) {}

    /// How far the training of a network is.
    fn training(&self, _progress: &TrainingProgress) {}

    /// A cell is done, in this run or an earlier one.
    fn done(&self, _result: &CellResult, _earlier: bool) {}
}

/// Tells nobody.
impl Observer for () {}
