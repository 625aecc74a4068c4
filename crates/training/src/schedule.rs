//! A recipe's learning rates as burn-train wants them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::module::ParamGroup;
use burn::optim::LearningRate;
use burn::optim::lr_scheduler::composed::ComposedLrSchedulerConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::optim::lr_scheduler::{LrScheduler, LrSchedulerRecord};

use crate::learner::ENCODER;
use crate::{Error, Recipe, Result, Schedule};

/// The warm-up starts at this share of the highest learning rate.
const WARMUP_START: f64 = 0.04;
/// The key under which burn-train keeps the record of a module's only scheduler.
const ONLY: &str = "0";

/// What a plateau has left of the learning rate: a share that the end of an epoch sets and every step reads.
#[derive(Debug, Clone)]
pub(crate) struct Reduction(Arc<AtomicU64>);

impl Default for Reduction {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(1f64.to_bits())))
    }
}

impl Reduction {
    pub(crate) fn set(&self, share: f64) {
        self.0.store(share.to_bits(), Ordering::Relaxed);
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// The learning rates of a training of `steps` steps.
pub(crate) fn scheduler(recipe: &Recipe, steps: usize, reduction: &Reduction) -> Result<ModuleLrScheduler> {
    let paced = |highest| Paced::new(recipe, highest, steps, reduction.clone());
    let scheduler = ModuleLrScheduler::new(paced(recipe.learning_rate)?);
    if recipe.encoder_rate == 1.0 {
        return Ok(scheduler);
    }
    let encoders = paced(recipe.learning_rate * recipe.encoder_rate)?;
    Ok(scheduler.with_group(ParamGroup::from_predicate(ENCODER), encoders))
}

/// A linear warm-up times what the schedule gives.
#[derive(Clone)]
struct Paced {
    inner: ModuleLrScheduler,
    reduction: Reduction,
}

impl Paced {
    fn new(recipe: &Recipe, highest: f64, steps: usize, reduction: Reduction) -> Result<Self> {
        let warmup = ((steps as f64 * recipe.warmup) as usize).max(1);
        let start = if recipe.warmup == 0.0 { 1.0 } else { WARMUP_START };
        let composed = ComposedLrSchedulerConfig::new();
        let composed = match recipe.schedule {
            Schedule::Cosine => composed.cosine(CosineAnnealingLrSchedulerConfig::new(highest, steps)),
            Schedule::Constant | Schedule::Plateau(_) => composed.constant(highest),
        };
        let inner = composed.linear(LinearLrSchedulerConfig::new(start, 1.0, warmup)).init();
        Ok(Self { inner: inner.map_err(Error::Failed)?, reduction })
    }
}

impl LrScheduler for Paced {
    fn step(&mut self) -> LearningRate {
        self.inner.step().base() * self.reduction.get()
    }

    fn to_record(&self) -> LrSchedulerRecord {
        self.inner.to_record().record(ONLY)
    }

    fn load_record(&mut self, record: LrSchedulerRecord) {
        let record = LrSchedulerRecord::new().with_record(ONLY, record);
        self.inner = self.inner.clone().load_record(record);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use burn::module::ParamId;
    use pulmo_segmentation::{SegmentationConfig, Task};

    use super::*;
    use crate::Plateau;

    fn recipe(schedule: Schedule) -> Recipe {
        let network: SegmentationConfig = "unet-resnet18".parse().unwrap();
        let mut recipe = Recipe::new(Task::Lung, network);
        recipe.schedule = schedule;
        recipe.learning_rate = 0.1;
        recipe
    }

    fn rates(scheduler: &mut ModuleLrScheduler, steps: usize) -> Vec<f64> {
        (0..steps).map(|_| scheduler.step().base()).collect()
    }

    #[test]
    fn a_warm_up_rises_and_is_forgotten() {
        let constant = recipe(Schedule::Constant);
        let found = rates(&mut scheduler(&constant, 40, &Reduction::default()).unwrap(), 40);
        assert!((found[0] - 0.1 * WARMUP_START).abs() < 1e-12);
        assert!(found[..5].is_sorted() && found[1] > found[0]);
        assert!(found[4..].iter().all(|rate| (rate - 0.1).abs() < 1e-12), "{found:?}");
        let without = Recipe { warmup: 0.0, ..constant };
        let found = rates(&mut scheduler(&without, 40, &Reduction::default()).unwrap(), 40);
        assert!(found.iter().all(|rate| *rate == 0.1), "{found:?}");
    }

    #[test]
    fn a_reduction_and_the_encoders_share_hold_from_the_next_step() {
        let mut recipe = recipe(Schedule::Plateau(Plateau::default()));
        recipe.warmup = 0.0;
        recipe.encoder_rate = 0.5;
        let reduction = Reduction::default();
        let mut scheduler = scheduler(&recipe, 10, &reduction).unwrap();
        for share in [1.0, 0.1] {
            reduction.set(share);
            let rates = scheduler.step();
            let rate = |path: &str| rates.lr_from_param(ParamId::new(), Some(path));
            assert_eq!(rate("model.decoder.blocks.0.weight"), 0.1 * share);
            assert_eq!(rate("model.encoder.conv1.weight"), 0.05 * share);
        }
    }

    #[test]
    fn a_record_goes_on_where_it_was() {
        let recipe = Recipe { encoder_rate: 0.5, ..recipe(Schedule::Cosine) };
        let new = || scheduler(&recipe, 20, &Reduction::default()).unwrap();
        let mut whole = new();
        rates(&mut whole, 7);
        let mut resumed = new().load_record(whole.to_record());
        assert_eq!(rates(&mut resumed, 13), rates(&mut whole, 13));
    }
}
