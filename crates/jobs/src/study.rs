//! Cross-validation, with its progress told as that of other jobs.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use pulmo_study::{Activity, Cell, CellResult, NetworkName, Study, StudyTable};
use pulmo_training::TrainingProgress;

use crate::progress::{count, say, training};
use crate::{Observer, Result};

/// Trains and tests every cell of a study that is not done, as [`Study::run`].
///
/// # Errors
/// As [`Study::run`].
pub fn study(study: &Study, observer: &Observer<'_>) -> Result<StudyTable> {
    let at = Mutex::new(Place { number: 0, total: 0, started: Instant::now() });
    Ok(study.run(&Told { observer, at })?)
}

/// A study's observer that tells a job's.
struct Told<'a> {
    observer: &'a Observer<'a>,
    at: Mutex<Place>,
}

/// Which cell is at work.
#[derive(Debug, Clone, Copy)]
struct Place {
    number: usize,
    total: usize,
    started: Instant,
}

impl pulmo_study::Observer for Told<'_> {
    fn cell(&self, cell: &Cell, number: usize, total: usize) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) =
            Place { number, total, started: Instant::now() };
        say(self.observer, format!("[{number}/{total}] {cell}"));
    }

    fn lungs(&self, network: NetworkName, fold: usize) {
        say(self.observer, format!("lung network of fold {fold}: {network}"));
    }

    fn progress(&self, activity: Activity, done: usize, total: usize) {
        count(self.observer, &activity.to_string(), done, total);
    }

    fn training(&self, progress: &TrainingProgress) {
        training(self.observer, progress);
    }

    fn done(&self, result: &CellResult, earlier: bool) {
        let Place { number, total, started } = *self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let when =
            if earlier { "done before".to_owned() } else { format!("{} s", started.elapsed().as_secs()) };
        say(self.observer, format!("[{number}/{total}] {when}: {result}"));
    }
}
