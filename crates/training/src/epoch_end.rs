//! What is done between epochs.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use burn::train::EarlyStoppingStrategy;
use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};

use crate::curves::{self, DSC, LOSS};
use crate::schedule::Reduction;
use crate::{EpochFigures, Error, Recipe, Result, RunFolder, RunRecord, Schedule};

/// Keeps the figures of a training and acts on them at the end of every epoch: checkpoints, the learning rate of a
/// plateau, early stopping, curves and the run's record. All of it depends on the figures alone, so that a training that
/// was stopped finds from its logs where it was.
#[derive(Debug, Clone)]
pub(crate) struct EpochEnd {
    folder: RunFolder,
    recipe: Recipe,
    reduction: Reduction,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    epochs: Vec<EpochFigures>,
    /// Epochs whose checkpoints are there.
    kept: BTreeSet<usize>,
    record: RunRecord,
    began: Instant,
    failure: Option<Error>,
}

impl EpochEnd {
    /// For a training of which `done` epochs are done.
    pub(crate) fn new(folder: &RunFolder, recipe: &Recipe, done: usize, record: RunRecord) -> Result<Self> {
        let mut epochs = curves::read_curves(folder.path());
        if epochs.len() < done {
            return Err(Error::LogsMissing { path: folder.path().into(), epoch: epochs.len() + 1, done });
        }
        epochs.truncate(done);
        let mut kept = folder.checkpoints();
        kept.retain(|&epoch| epoch <= done);
        let state = State { epochs, kept, record, began: Instant::now(), failure: None };
        let end = Self {
            folder: folder.clone(),
            recipe: recipe.clone(),
            reduction: Reduction::default(),
            state: Arc::new(Mutex::new(state)),
        };
        end.reduce(&end.state().epochs);
        Ok(end)
    }

    pub(crate) fn reduction(&self) -> &Reduction {
        &self.reduction
    }

    /// Whether enough epochs in a row were no better than the best one.
    pub(crate) fn has_stopped(&self) -> bool {
        let stale = self.recipe.monitor.epochs_since_best(&self.state().epochs);
        self.recipe.patience.is_some_and(|patience| stale >= patience)
    }

    /// The epoch with the best figure.
    pub(crate) fn best(&self) -> Option<usize> {
        self.recipe.monitor.best(&self.state().epochs).map(|best| best.epoch)
    }

    /// The figures of all epochs, unless something could not be written.
    pub(crate) fn finish(&self) -> Result<Vec<EpochFigures>> {
        let mut state = self.state();
        match state.failure.take() {
            Some(failure) => Err(failure),
            None => Ok(state.epochs.clone()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reduce(&self, epochs: &[EpochFigures]) {
        if let Schedule::Plateau(plateau) = self.recipe.schedule {
            let highest = self.recipe.learning_rate;
            let rate = plateau.learning_rate(highest, self.recipe.monitor, epochs);
            self.reduction.set(rate / highest);
        }
    }

    fn add(&self, figures: EpochFigures) -> Result<()> {
        let mut state = self.state();
        state.epochs.push(figures);
        let seconds = state.began.elapsed().as_secs_f64();
        state.began = Instant::now();
        state.record.seconds_per_epoch.push(seconds);
        self.reduce(&state.epochs);
        self.folder.write_record(&state.record)?;
        let best = self.recipe.monitor.best(&state.epochs).map(|best| best.epoch);
        curves::write(&self.folder, &state.epochs, best)
    }

    /// The checkpoints to keep behind `epoch`: the last two, the best, and, as the new ones may yet be torn, the one that
    /// was the best before.
    fn wanted(&self, epoch: usize) -> BTreeSet<usize> {
        let state = self.state();
        let before = state.epochs.len().saturating_sub(1);
        let best = |epochs: &[EpochFigures]| self.recipe.monitor.best(epochs).map(|best| best.epoch);
        let bests = [best(&state.epochs), best(&state.epochs[..before])];
        [epoch, epoch - 1].into_iter().chain(bests.into_iter().flatten()).collect()
    }
}

impl CheckpointingStrategy for EpochEnd {
    fn checkpointing(&mut self, epoch: usize, store: &EventStoreClient) -> Vec<CheckpointingAction> {
        for (name, split) in
            [(LOSS, Split::Train), (DSC, Split::Train), (LOSS, Split::Valid), (DSC, Split::Valid)]
        {
            // Asking waits until the log is written.
            let _ = store.find_metric(name, epoch, Aggregate::Mean, &split);
        }
        let added = match curves::read_epoch(self.folder.path(), epoch) {
            Some(figures) => self.add(figures),
            None => Err(Error::LogsMissing { path: self.folder.path().into(), epoch, done: epoch }),
        };
        if let Err(error) = added {
            self.state().failure.get_or_insert(error);
        }
        let wanted = self.wanted(epoch);
        let mut state = self.state();
        let unwanted: Vec<usize> = state.kept.difference(&wanted).copied().collect();
        state.kept.insert(epoch);
        state.kept.retain(|epoch| wanted.contains(epoch));
        let deleted = unwanted.into_iter().map(CheckpointingAction::Delete);
        std::iter::once(CheckpointingAction::Save).chain(deleted).collect()
    }
}

impl EarlyStoppingStrategy for EpochEnd {
    fn should_stop(&mut self, _: usize, _: &EventStoreClient) -> bool {
        self.has_stopped() || self.state().failure.is_some()
    }
}
