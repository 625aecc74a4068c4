//! What happens around a step of the optimiser.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Clipping, Recipe};

/// Counts backward passes and steps; every copy of a network in training shares the counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Steps {
    /// Backward passes since the last step.
    passes: Arc<AtomicUsize>,
    /// Steps since the beginning of the training.
    taken: Arc<AtomicUsize>,
    pub(super) clipping: Option<Clipping>,
    /// The step behind which the encoder is trained.
    pub(super) thaw: Option<usize>,
    /// Decay of the average of weights.
    pub(super) decay: Option<f64>,
}

impl Steps {
    /// For a training by `recipe`, `per_epoch` steps an epoch, of which `done` epochs are done.
    pub(crate) fn new(recipe: &Recipe, per_epoch: usize, done: usize) -> Self {
        let thaws = (1..recipe.epochs).contains(&recipe.frozen_epochs);
        Self {
            passes: Arc::default(),
            taken: Arc::new(AtomicUsize::new(per_epoch * done)),
            clipping: recipe.clipping,
            thaw: thaws.then_some(recipe.frozen_epochs * per_epoch),
            decay: recipe.average,
        }
    }

    pub(super) fn pass(&self) {
        self.passes.fetch_add(1, Ordering::Relaxed);
    }

    /// How many passes the gradients of this step are the sum of.
    pub(super) fn passes(&self) -> usize {
        self.passes.swap(0, Ordering::Relaxed)
    }

    /// The number of this step, from 1.
    pub(super) fn next(&self) -> usize {
        self.taken.fetch_add(1, Ordering::Relaxed) + 1
    }
}
